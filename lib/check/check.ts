import * as z from 'zod';
import type { Call } from '../connections.ts';
import { deadlineExceededKind, problemOf } from '../problems/call.ts';
import {
  connectionAccessDeniedKind,
  connectionEmptyKind,
  connectionMalformedKind,
  connectionNotFoundKind,
  secretsManagerUnavailableKind,
} from '../problems/connection.ts';
import { problemDetails } from '../problems/problem-details.ts';
import { CredentialsRefused, upstreamUnreachableKind, upstreamUntrustedKind } from '../problems/upstream.ts';
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
  { language, requestId }: Call,
): Promise<CheckReport> {
  try {
    const found = await use(look);
    return {
      works: true,
      steps: stepNames.map((step) => ({ step, status: 'ok', ...(step === 'look' && { found }) })),
    };
  } catch (error) {
    const failed = stepNames.indexOf(failedStep(error));
    const problem = problemOf(error).for(requestId, language);
    return {
      works: false,
      steps: stepNames.map((step, index) => {
        if (index === failed) return { step, status: 'failed', problem };
        return { step, status: index < failed ? 'ok' : 'notReached' };
      }),
    };
  }
}

const codes = (kinds: { code: string }[]): Set<string> => new Set(kinds.map(({ code }) => code));

const ofSecret = codes([
  connectionNotFoundKind,
  connectionEmptyKind,
  connectionAccessDeniedKind,
  connectionMalformedKind,
  secretsManagerUnavailableKind,
  // lib/atlas/problems.ts: a secret that is not marked as what it is.
  { code: 'API_KEY_NOT_READABLE' },
]);

const ofReach = codes([upstreamUnreachableKind, upstreamUntrustedKind, deadlineExceededKind]);

function failedStep(error: unknown): StepName {
  if (error instanceof CredentialsRefused) return 'signIn';
  const { code } = problemOf(error).details;
  if (ofSecret.has(code)) return 'secret';
  return ofReach.has(code) ? 'reach' : 'look';
}
