import * as z from 'zod';
import { planDigest } from '../arguments/change.ts';
import { connectionName } from '../arguments/shared.ts';
import { orMissing } from '../field-errors.ts';

/** The operation to run. */
export const operationName = z
  .string({ error: 'must be the name of an operation' })
  .regex(/^[A-Za-z]+\.[A-Za-z]+$/, 'must be the name of an operation, as in sps.getSystemAlerts')
  .describe('The operation, by its name.')
  .meta({ examples: ['sps.getSystemAlerts'] });

/** Each is looked at by a request of its own, so there is a bound. */
const mostConnections = 100;

const listOrAll = {
  error: orMissing(`must be "*" or a list of 1 to ${mostConnections} different connections`),
};

export const connections = z
  .union([
    z.literal('*', listOrAll),
    z
      .array(connectionName, listOrAll)
      .min(1, listOrAll)
      .max(mostConnections, listOrAll)
      .refine((names) => new Set(names).size === names.length, listOrAll),
  ])
  .describe('The connections to run it over: their names, or "*" for all that there are to its system.')
  .meta({ examples: ['*'] });

/** Whether there are more connections than one fan-out takes. */
export const tooMany = (names: string[]): boolean => names.length > mostConnections;

export const input = z
  .record(z.string(), z.unknown(), { error: 'must be an object' })
  .default({})
  .describe('The arguments of the operation, the same for every connection.')
  .meta({ examples: [{}] });

export const digests = z
  .record(connectionName, planDigest, { error: 'must be an object of digests by connection' })
  .optional()
  .describe(
    'By connection, the digest that a dry run of the operation answered there: over it, just what was shown then is done.',
  );

export const toleratedFailurePercentage = z
  .number({ error: 'must be a number' })
  .min(0, 'must be at least 0')
  .max(100, 'must be at most 100')
  .default(0)
  .describe(
    'How many of the connections may fail, in percent. When more have failed, no further one is begun and the fan-out has failed.',
  );

export const id = z
  .string({ error: 'must be the id of a fan-out' })
  .regex(/^[A-Za-z0-9-]{1,80}$/, 'must be 1 to 80 letters, digits or "-"')
  .describe('The id that the fan-out was given when it was begun.');
