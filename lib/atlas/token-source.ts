import { setTimeout as sleep } from 'node:timers/promises';
import { readConnection } from '../connections.ts';
import { Deadline } from '../deadline.ts';
import { connectionAccessDeniedKind } from '../problems/connection.ts';
import { CredentialsRefused, upstreamAnswerUnexpected } from '../problems/upstream.ts';
import type { StoredSecret } from '../secrets.ts';
import { tokenWaitMs } from '../time-outs.ts';
import { apiKeyNotReadable } from './problems.ts';
import { readSignIn, type SharedToken, type SignIn, signIn } from './sign-in.ts';

/** The function that mints for all; a process that knows of none is alone, and mints for itself. */
export const tokenFunction = (): string | undefined => process.env['ATLAS_TOKEN_FUNCTION'];

/**
 * What a connection is made of where tokens are shared: the token, or for an API key the connection's own secret. Its
 * version is that of the connection's secret either way, so that a new token is no new connection.
 */
export async function readShared(connectionName: string): Promise<StoredSecret> {
  using deadline = new Deadline(tokenWaitMs);
  const found = await currentSignIn(connectionName, deadline);
  if ('value' in found) return asSecret(found);
  const apiKey = await readApiKey(connectionName);
  if (apiKey?.versionId === found.madeOf) return apiKey;
  // The connection has changed since: perhaps it is a service account now.
  const renewed = await currentSignIn(connectionName, deadline, found);
  if ('value' in renewed) return asSecret(renewed);
  if (!apiKey) throw apiKeyNotReadable(connectionName);
  return apiKey;
}

/** A token other than the one that was refused, where there is any. */
export async function currentToken(
  connectionName: string,
  deadline: Deadline,
  refused?: SharedToken,
): Promise<SharedToken> {
  const found = await currentSignIn(connectionName, deadline, refused);
  if ('value' in found) return found;
  // It is an API key now; this has the connection read anew.
  throw new CredentialsRefused('atlas', connectionName, { status: 401 });
}

const asSecret = (token: SharedToken): StoredSecret => ({
  text: JSON.stringify(token),
  versionId: token.madeOf,
});

/** The secret of a connection that is an API key; `undefined` where this function may not read it. */
async function readApiKey(connectionName: string): Promise<StoredSecret | undefined> {
  try {
    return await readConnection('atlas', connectionName);
  } catch (error) {
    if (error instanceof Error && error.name === connectionAccessDeniedKind.code) return undefined;
    throw error;
  }
}

/**
 * How to sign in now. What is stored is good for most calls; else the one function that mints is asked. It runs once
 * at a time: who finds it busy looks again at what is stored, where the answer soon is.
 */
async function currentSignIn(connectionName: string, deadline: Deadline, refused?: SignIn): Promise<SignIn> {
  for (let pauseMs = 100; ; pauseMs = Math.min(2 * pauseMs, 1_000)) {
    const stored = await readSignIn(connectionName);
    if (stored && stored.id !== refused?.id && isFresh(stored)) return stored;
    // Most processes never need it, and their start does without.
    const { busy, invokeUnlessBusy } = await import('../lambda.ts');
    const event = { connection: connectionName, ...(refused && { refused: refused.id }) };
    const answer = await invokeUnlessBusy(tokenFunction() ?? '', event, deadline);
    if (answer !== busy) return parsed(answer);
    await sleep(Math.min(pauseMs * (0.5 + Math.random()), deadline.remaining()));
  }
}

const isFresh = (found: SignIn): boolean => !('value' in found) || Date.now() < found.renewAt;

function parsed(answer: unknown): SignIn {
  const { data } = signIn.safeParse(answer);
  if (data) return data;
  throw upstreamAnswerUnexpected('atlas', noToken, { status: 200 });
}

const noToken = {
  en: 'the function that mints its tokens gave none',
  'pt-BR': 'a função que cria os tokens dele não deu nenhum',
};
