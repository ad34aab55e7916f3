import * as z from 'zod';

// The arguments that operations share, here and in the files beside: one name, one rule and one error text each. Each
// file is for a kind of operation, since every schema that is made costs a cold start its share.

export const flag = () => z.boolean({ error: 'must be true or false' });
export const wholeNumber = () => z.int({ error: 'must be a whole number' });

/** The name of a connection; it becomes part of a secret's name and of an IAM path. */
export const connectionName = z
  .string({ error: 'must be the name of a connection' })
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 letters, digits, ".", "_" or "-"')
  .describe('The connection to use: a named set of credentials for the system.')
  .meta({ examples: ['prod'] });

/** Laid out for people. The HTTP adapter sees to it. */
export const pretty = flag().default(false).describe('Whether the JSON is laid out for people.');
