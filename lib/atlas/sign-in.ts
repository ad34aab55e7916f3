import * as z from 'zod';
import { secretIdOf } from '../connections.ts';
import { fromJson } from '../json.ts';
import { readSecret } from '../secrets.ts';
import { baseUrl } from '../upstream/base-url.ts';
import { certificates } from '../upstream/certificates.ts';

const written = {
  /** Tells one from the next. */
  id: z.string(),
  /** The version of the connection's secret that it came from. */
  madeOf: z.string(),
  /** By `Date.now()`, as all times here. */
  writtenAt: z.number(),
};

/** The access token of a service account, which all processes share. */
export const sharedToken = z.strictObject({
  ...written,
  baseUrl,
  ca: certificates.optional(),
  value: z.string(),
  renewAt: z.number(),
});

/** What stands in the token's place where the connection is an API key: there is nothing to share. */
const noToken = z.strictObject({ ...written, signsInWith: z.literal('apiKey') });

/** How processes that share tokens sign in over a connection. */
export const signIn = z.union([sharedToken, noToken]);

export type SharedToken = z.output<typeof sharedToken>;
export type SignIn = z.output<typeof signIn>;

/** The secret that holds how to sign in over a connection. */
export const signInSecretIdOf = (connectionName: string): string =>
  secretIdOf('tokens', `atlas/${connectionName}`);

/** Reads how to sign in over a connection; `undefined` where nobody has written it yet, or not so that it can be read. */
export async function readSignIn(connectionName: string): Promise<SignIn | undefined> {
  const secret = await readSecret('atlas', signInSecretIdOf(connectionName));
  return secret && parseSignIn(secret.text);
}

/** How to sign in, from its JSON; `undefined` where it is none. */
export const parseSignIn = (text = ''): SignIn | undefined => signIn.safeParse(fromJson(text)).data;
