import { answerTimeoutMs, connectTimeoutMs, reserveMs, tokenMintMs, tokenWaitMs } from '../lib/time-outs.ts';

/** Milliseconds after which Lambda ends a function; API Gateway gives up after 30 s. */
export const functionTimeoutMs = 28_000;

/** The longest that an HTTP API waits for a function. */
const apiTimeoutMs = 30_000;

/** How long each may take who waits for the one before it. */
export const timeOuts: Record<string, number> = {
  'connecting to an upstream': connectTimeoutMs,
  'the function that mints tokens': tokenMintMs,
  'waiting for a token': tokenWaitMs,
  'an answer of an upstream': answerTimeoutMs,
  'an operation': functionTimeoutMs - reserveMs,
  'its Lambda function': functionTimeoutMs,
  'API Gateway': apiTimeoutMs,
};

/** Throws where one who waits gives up no later than the one waited for, whose error would then be lost. */
export function checkTimeOuts(timeOuts: Record<string, number>): void {
  const chain = Object.entries(timeOuts);
  for (const [index, [waiting, waitingMs]] of chain.entries()) {
    const [waitedFor = '', waitedForMs = 0] = chain[index - 1] ?? [];
    if (waitingMs <= waitedForMs)
      throw new Error(
        `The time-outs do not fit together: ${waitedFor} may take ${waitedForMs} ms, but ${waiting} is over after ${waitingMs} ms.`,
      );
  }
}

/** How often a function that calls an upstream may run at once, whoever starts it. */
export const functionConcurrency = 10;

/** Calls a second over HTTP, and how many at once before that counts. Atlas gives back some 8 requests a second. */
export const routeThrottles = {
  read: { rateLimit: 5, burstLimit: 20 },
  change: { rateLimit: 1, burstLimit: 10 },
  destroy: { rateLimit: 1, burstLimit: 5 },
} as const;

/** What API Gateway gives a route that has no limit of its own; each has one. */
export const apiThrottle = { rateLimit: 20, burstLimit: 40 } as const;
