import * as z from 'zod';
import type { Call } from '../connections.ts';
import { causeOf } from '../foreign/cause.ts';
import { log } from '../log.ts';
import { Problem } from '../problems/problem.ts';
import { problemDetails } from '../problems/problem-details.ts';
import { CredentialsRefused, upstreamAnswerUnexpected } from '../problems/upstream.ts';
import type { System } from '../system.ts';

// Whether a connection works, found out by using it: the steps are those that every call takes.

const stepNames = ['secret', 'reach', 'signIn', 'look'] as const;

type StepName = (typeof stepNames)[number];

/** What a check answers. */
export const checkReport = z.object({
  works: z.boolean().describe('Whether every step went well.'),
  steps: z
    .array(
      z.object({
        step: z
          .enum(stepNames)
          .describe(
            'secret: there is one, in the right shape. reach: the system answers, over TLS that holds. signIn: it takes the credentials. look: they may look at something.',
          ),
        status: z.enum(['ok', 'failed', 'notReached']),
        found: z.string().optional().describe('What it found.'),
        problem: problemDetails.optional().describe('What is wrong, and what to do.'),
      }),
    )
    .describe('One after the other; what comes after a failed step was not reached.'),
});

export type CheckReport = z.output<typeof checkReport>;

/** Does work over the connection of a call. Throws what using it throws, its secret's problems included. */
type Looking<Client> = <T>(work: (client: Client) => Promise<T>) => Promise<T>;

/** A system for operations that are about a connection itself: they get a way to use it, not a client. */
export const checking = <Name extends string, Client>(
  system: System<Name, Client>,
): System<Name, Looking<Client>> => ({
  ...system,
  use: (call, work) => work((looking) => system.use(call, looking)),
});

/** Checks a connection by looking at something over it; `look` answers in words what it found. */
export async function checked<Client>(
  use: Looking<Client>,
  look: (client: Client) => Promise<string>,
  { language, requestId, operation, connectionName }: Call,
): Promise<CheckReport> {
  let isRead = false;
  try {
    const found = await use((client) => {
      isRead = true;
      return look(client);
    });
    return {
      works: true,
      steps: stepNames.map((step) => ({ step, status: 'ok', ...(step === 'look' && { found }) })),
    };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    // Before there is a client, all waiting is for the secret or the token that stands for it.
    const step = error.details.code === 'DEADLINE_EXCEEDED' && !isRead ? 'secret' : failedStep(error);
    const { system, upstream } = error.details;
    const told =
      step === 'reach' && system && upstream?.status === 404
        ? upstreamAnswerUnexpected(system, noApi, upstream)
        : error;
    const { code, status } = told.details;
    log('WARN', 'connection does not work', {
      operation,
      connection: connectionName,
      requestId,
      code,
      status,
      upstream,
      cause: causeOf(error.cause),
    });
    const failed = stepNames.indexOf(step);
    const problem = told.for(requestId, language);
    return {
      works: false,
      steps: stepNames.map((step, index) => {
        if (index === failed) return { step, status: 'failed', problem };
        return { step, status: index < failed ? 'ok' : 'notReached' };
      }),
    };
  }
}

const noApi = { en: 'its API is not there', 'pt-BR': 'a API dele não está lá' };

// By their codes: a problem that the function for tokens has told is no longer of the class that it was thrown as.
const stepOf: Record<string, StepName> = {
  CONNECTION_NOT_FOUND: 'secret',
  CONNECTION_EMPTY: 'secret',
  CONNECTION_ACCESS_DENIED: 'secret',
  CONNECTION_MALFORMED: 'secret',
  CONNECTION_DELETED: 'secret',
  SECRET_KEY_UNUSABLE: 'secret',
  SECRET_REFUSED: 'secret',
  AWS_CREDENTIALS_REFUSED: 'secret',
  AWS_NOT_CONFIGURED: 'secret',
  SECRETS_MANAGER_UNAVAILABLE: 'secret',
  API_KEY_NOT_READABLE: 'secret',
  // The function that reads the secret and mints a token could not be asked.
  AWS_UNAVAILABLE: 'secret',
  UPSTREAM_UNREACHABLE: 'reach',
  UPSTREAM_UNTRUSTED: 'reach',
  PROXY_FAILED: 'reach',
  DEADLINE_EXCEEDED: 'reach',
  // What answers is another system, or a page before it.
  UPSTREAM_ANSWER_UNEXPECTED: 'reach',
  UPSTREAM_CREDENTIALS_REFUSED: 'signIn',
  UPSTREAM_SIGN_IN_UNKNOWN: 'signIn',
  ACCESS_TOKEN_REFUSED: 'signIn',
  SESSION_REFUSED: 'signIn',
};

function failedStep(error: Problem): StepName {
  const { code, upstream } = error.details;
  if (error instanceof CredentialsRefused) return 'signIn';
  const step = stepOf[code];
  if (step) return step;
  // What is asked is there wherever the address is right, and no API redirects.
  if (upstream?.status === 404 || (upstream && upstream.status >= 300 && upstream.status < 400))
    return 'reach';
  return upstream?.during ?? 'look';
}
