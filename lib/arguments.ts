import * as z from 'zod';
import { duration } from './temporary/duration.ts';

// The arguments that operations share: one name, one rule and one error text each.

const flag = () => z.boolean({ error: 'must be true or false' });
export const wholeNumber = () => z.int({ error: 'must be a whole number' });

/** The name of a connection; it becomes part of a secret's name and of an IAM path. */
export const connectionName = z
  .string({ error: 'must be the name of a connection' })
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 letters, digits, ".", "_" or "-"')
  .describe('The connection to use: a named set of credentials for the system.')
  .meta({ examples: ['prod'] });

/** The id of something in Atlas or Ops Manager. */
export const objectId = (what: string) =>
  z
    .string({ error: `must be the id of ${what}` })
    .regex(/^[a-f0-9]{24}$/, 'must be 24 lower-case hexadecimal digits');

export const orgId = objectId('an organization').describe('The organization.');

export const groupId = objectId('a project').describe('The project, which the APIs call a group.');

export const apiKeyId = objectId('an API key').describe('The API key, by its id and not its public half.');

export const clientId = z
  .string({ error: 'must be the client id of a service account' })
  .regex(/^mdb_sa_id_[a-fA-F\d]{24}$/, 'must be mdb_sa_id_ followed by 24 hexadecimal digits')
  .describe('The service account, by its client id.');

/** How a list is cut into pages; the bounds are Atlas's and Ops Manager's. */
const paging = {
  includeCount: flag().default(true).describe('Whether the answer tells totalCount.'),
  itemsPerPage: wholeNumber()
    .min(1, 'must be at least 1')
    .max(500, 'must be at most 500')
    .default(100)
    .describe('How many entries a page holds.'),
  pageNum: wholeNumber().min(1, 'must be at least 1').default(1).describe('The page, counted from 1.'),
};

/** Every entry in one answer, instead of a page. */
const all = flag()
  .default(false)
  .describe('Whether to answer every entry at once; itemsPerPage and pageNum are left out then.');

/** Laid out for people. The HTTP adapter sees to it. */
export const pretty = flag().default(false).describe('Whether the JSON is laid out for people.');

/** How an answer of Atlas or Ops Manager is presented. The adapters see to it; neither is sent upstream. */
const presentation = {
  envelope: flag()
    .default(false)
    .describe('Whether the answer carries its HTTP status in its body, for clients that cannot see it.'),
  pretty,
};

/** What every list takes besides the ids of what it is a list of. */
export const list = { ...paging, all, ...presentation };

/** Adds the rule that a page and every entry cannot both be asked for. */
export const pageOrAll = <Schema extends z.ZodType<{ all: boolean; pageNum: number }>>(schema: Schema) =>
  schema.refine(({ all, pageNum }) => !all || pageNum === 1, {
    path: ['pageNum'],
    error: 'cannot be combined with all=true',
  });

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
