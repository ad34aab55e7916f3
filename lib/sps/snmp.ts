import * as z from 'zod';
import { ipAddress } from '../addresses.ts';
import { orMissing } from '../field-errors.ts';

// What the trap and the agent share: SNMP's credentials, in SPS's words. Rules by SPS's REST API guide for 7.1.1.

const text = (what: string) => z.string({ error: orMissing(`must be ${what}`) }).min(1, 'must not be empty');

/** A password as it is given: a reference to one that SPS has (its key, or as it was read), or a new one. */
const password = z
  .union(
    [
      text('a password').transform((key) => ({ key })),
      z.strictObject({ key: text('a key'), meta: z.unknown().optional() }).transform(({ key }) => ({ key })),
      z.strictObject({
        plain: z
          .string()
          .min(8, 'must have at least 8 characters')
          .max(150, 'must have at most 150 characters')
          .regex(
            /^[a-zA-Z0-9 !"#$%&'()*+,;<=@[\\\]^`{|}_./:?-]*$/,
            'may hold letters, digits, space and !"#$%&\'()*+,;<=@[\\]^`{|}_./:?-',
          ),
      }),
    ],
    { error: orMissing('must be the key of a password, {"key": …} or {"plain": …}') },
  )
  .describe('The key of a password that SPS has, or {"plain": "…"} for a new one.');

/** A password as it is shown: never more than its key, which SPS gives out when it is stored. */
const shownPassword = z
  .union([z.object({ key: z.string() }), z.object({ plain: z.string() }).transform(() => ({ key: '(new)' }))])
  .describe('The key of a password that SPS has.');

export const shownCommunity = z.string().describe('The community, which works like a password.');

/** A community as it is given; left out, it stays as it is. */
export const community = text('a community')
  .optional()
  .describe('The community, which works like a password. Left out, it stays as it is.');

const authMethods = ['md5', 'sha', 'sha1'] as const;
const encryptionMethods = ['none', 'aes', 'des'] as const;

/** Someone who signs in by SNMP v3. */
export const user = {
  // SPS's guide lists sha1 in its tables, and reads and writes sha in all of its examples: sha is what it surely takes.
  auth_method: z
    .enum(authMethods, { error: orMissing('must be md5 or sha') })
    .transform((method) => (method === 'sha1' ? ('sha' as const) : method))
    .describe('md5 or sha; sha1 means sha.'),
  auth_password: password,
  encryption_method: z.enum(encryptionMethods, { error: orMissing('must be none, aes or des') }),
  encryption_password: password.nullable().describe('null where, and only where, encryption_method is none.'),
  username: text('a user name'),
};

/** Adds the rule that the encryption password is null exactly where there is no encryption. */
export const withEncryptionRule = <
  Schema extends z.ZodType<{ encryption_method: string; encryption_password: unknown }>,
>(
  schema: Schema,
) =>
  schema.refine(
    ({ encryption_method, encryption_password }) =>
      (encryption_method === 'none') === (encryption_password === null),
    {
      path: ['encryption_password'],
      error: 'must be null with the method none, and a password with any other',
    },
  );

export const shownUser = {
  auth_method: z.string(),
  auth_password: shownPassword,
  encryption_method: z.string(),
  encryption_password: shownPassword.nullable(),
  username: z.string(),
};

/** An SNMP server, by address or by name. */
export const server = z.discriminatedUnion(
  'selection',
  [
    z.strictObject({ selection: z.literal('ip'), value: ipAddress }),
    z.strictObject({
      selection: z.literal('fqdn'),
      value: text('a host name').regex(
        /^(?=.{1,253}$)([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)*[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/,
        'is not a host name',
      ),
    }),
  ],
  { error: orMissing('must have selection ip or fqdn, and value') },
);

export const engineId = text('an engine id')
  .regex(
    /^(0x)?[\da-fA-F]{10,}$/,
    'must be a hexadecimal number of at least 10 digits, such as 0x0123456789ABCDEF',
  )
  .transform((id) => (id.startsWith('0x') ? id : `0x${id}`))
  .describe('The engine id: at least 10 hexadecimal digits.');
