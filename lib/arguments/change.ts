import * as z from 'zod';
import { duration } from '../temporary/duration.ts';
import { flag, pretty } from './shared.ts';

export const dryRun = flag()
  .default(false)
  .describe('Whether to answer the change that would be made and leave everything as it is.');

/** What a dry run answers, so that just what it showed can be asked for. */
export const planDigest = z
  .string({ error: 'must be the digest of a dry run' })
  .regex(/^[\da-f]{64}$/, 'must be 64 lower-case hexadecimal digits, as a dry run answers them');

/** What everything takes that does more than look. */
const action = {
  pretty,
  dryRun,
  digest: planDigest
    .optional()
    .describe(
      'Makes the change only where the state is still the one that a dry run answered this digest for.',
    ),
};

/** What every change takes besides its own arguments. */
export const change = {
  ...action,
  for: duration
    .optional()
    .describe(
      'For how long, as an ISO 8601 duration such as PT2H (1 minute to 31 days): the change is put back then.',
    ),
};

export type ChangeArguments = typeof action;

/** What everything that cannot be undone takes besides: the confirmation is the id of what it is done to. */
export const destroy = {
  ...action,
  confirm: z
    .string({ error: 'must be text' })
    .optional()
    .describe('The same id again: this cannot be undone. Not wanted for a dry run.'),
};
