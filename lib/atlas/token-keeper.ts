import { randomUUID } from 'node:crypto';
import { CreateSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { failureForCallers } from '../adapters/direct.ts';
import { connectionName } from '../arguments/shared.ts';
import { madeOfSecret, readConnection } from '../connections.ts';
import { Deadline } from '../deadline.ts';
import { fieldErrors } from '../field-errors.ts';
import { causeOf } from '../foreign/cause.ts';
import { log } from '../log.ts';
import { invalidInput, problemOf } from '../problems/call.ts';
import type { Problem } from '../problems/problem.ts';
import { secretProblem } from '../problems/secret.ts';
import { secretsManager } from '../secrets.ts';
import { reserveMs } from '../time-outs.ts';
import { HttpClient } from '../upstream/http-client.ts';
import { credentials } from './credentials.ts';
import { readSignIn, type SignIn, signInSecretIdOf } from './sign-in.ts';
import { mintToken } from './token.ts';

/** The name of the function that does it, as operations have names. */
export const tokenKeeperName = 'atlas.token';

const asked = z.strictObject({
  connection: connectionName,
  /** The id of a token that Atlas has refused. */
  refused: z.string().optional(),
});

/** A token that is refused so soon is not made good by another one. */
const youngMs = 60_000;
const longestFailureMs = 60_000;

/** What was minted and could not be written: not minted once more while it is good. */
const unwritten = new Map<string, SignIn>();
const failures = new Map<string, { problem: Problem; madeOf: string; until: number }>();

/**
 * Keeps the access tokens of service accounts, for all processes to share: answers the one that is stored, and mints
 * another only where that is old, was refused, or comes from another version of the connection's secret. It is the
 * only function that reads client secrets, and is meant to run once at a time. Fails as operations do.
 */
export async function keepToken(event: unknown, context: Context): Promise<SignIn> {
  const requestId = context.awsRequestId;
  try {
    using deadline = new Deadline(() => context.getRemainingTimeInMillis() - reserveMs);
    const { data, error } = asked.safeParse(event);
    if (!data) throw invalidInput(fieldErrors(error.issues, Object.keys(asked.shape)));
    const { connection, refused } = data;
    const [secret, stored] = await Promise.all([readConnection('atlas', connection), readSignIn(connection)]);
    const { versionId: madeOf = '' } = secret;
    if (stored?.madeOf === madeOf && isGood(stored, refused)) return stored;

    const failure = failures.get(connection);
    if (failure?.madeOf === madeOf && Date.now() < failure.until) throw failure.problem;
    try {
      const left = unwritten.get(connection);
      const signIn: SignIn =
        left?.madeOf === madeOf && isGood(left, refused)
          ? left
          : {
              id: randomUUID(),
              madeOf,
              writtenAt: Date.now(),
              ...(await make(connection, secret, deadline)),
            };
      unwritten.set(connection, signIn);
      await write(connection, signIn);
      unwritten.delete(connection);
      failures.delete(connection);
      log('INFO', 'token kept', { connection, requestId, minted: 'value' in signIn });
      return signIn;
    } catch (error) {
      const problem = problemOf(error);
      const waitMs = Math.min((problem.details.retryAfter ?? 5) * 1_000, longestFailureMs);
      // Each of those who wait would try again, and meet the same.
      failures.set(connection, { problem, madeOf, until: Date.now() + waitMs });
      throw problem;
    }
  } catch (error) {
    const { details, cause } = problemOf(error);
    const { code, detail, upstream } = details;
    log('ERROR', 'token not kept', {
      requestId,
      code,
      detail,
      upstream,
      cause: causeOf(cause),
    });
    throw failureForCallers(error, requestId);
  }
}

function isGood(stored: SignIn, refused: string | undefined): boolean {
  if (!('value' in stored)) return true;
  if (Date.now() >= stored.renewAt) return false;
  return stored.id !== refused || Date.now() - stored.writtenAt < youngMs;
}

async function make(
  connection: string,
  stored: Awaited<ReturnType<typeof readConnection>>,
  deadline: Deadline,
) {
  const secret = madeOfSecret('atlas', connection, stored, (value) => credentials.parse(value));
  if (!('clientId' in secret)) return { signsInWith: 'apiKey' as const };
  const { baseUrl, ca } = secret;
  const http = new HttpClient({
    system: 'atlas',
    baseUrl,
    ca,
  });
  const caller = {
    system: 'atlas' as const,
    connectionName: connection,
    principal: 'service account' as const,
  };
  try {
    const { value, renewAt } = await mintToken(http, secret, caller, deadline);
    return { baseUrl, value, renewAt, ...(ca !== undefined && { ca }) };
  } finally {
    void http.close();
  }
}

/** A connection is added by storing its secret; the one for its token is created with the first. */
async function write(connection: string, signIn: SignIn): Promise<void> {
  const secretId = signInSecretIdOf(connection);
  const text = JSON.stringify(signIn);
  const put = (): Promise<unknown> =>
    secretsManager().send(new PutSecretValueCommand({ SecretId: secretId, SecretString: text }));
  const create = (): Promise<unknown> =>
    secretsManager().send(
      new CreateSecretCommand({
        Name: secretId,
        // With AWS's own key unless the stack has one.
        KmsKeyId: process.env['SECRETS_KMS_KEY'],
        SecretString: text,
        Description: `The access token of connection ${connection} to Atlas, renewed by Switchboard.`,
      }),
    );
  try {
    await put().catch(
      onlyOn('ResourceNotFoundException', () => create().catch(onlyOn('ResourceExistsException', put))),
    );
  } catch (error) {
    throw secretProblem('atlas', secretId, error);
  }
}

const onlyOn = (name: string, next: () => Promise<unknown>) => (error: unknown) => {
  if (error instanceof Error && error.name === name) return next();
  throw error;
};
