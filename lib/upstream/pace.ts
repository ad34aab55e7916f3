import type { Deadline } from '../deadline.ts';

const scarce = 0.2;
const longestPauseMs = 2_000;

/**
 * Milliseconds to leave between an answer and the next request: none while a fifth of the rate limit is left, then
 * the longer the less is left. Nothing where the upstream does not say.
 */
export function pauseAfter(limit: string | undefined, remaining: string | undefined): number {
  const share = Math.max(0, Number(remaining) / (Number(limit) * scarce));
  return share < 1 ? Math.round(longestPauseMs * (1 - share)) : 0;
}

/** Slows the requests to one upstream down before it refuses them: by what its latest answer says is left. */
export class Pace {
  #nextAt = 0;

  /** Is told what an answer says of the rate limit: the headers `RateLimit-Limit` and `RateLimit-Remaining`. */
  observe(limit: string | undefined, remaining: string | undefined): void {
    const pause = pauseAfter(limit, remaining);
    this.#nextAt = pause === 0 ? 0 : Date.now() + pause;
  }

  /** Milliseconds until the next request may go, and never more than half of the time that is left. */
  pause(deadline: Deadline): number {
    if (this.#nextAt === 0) return 0;
    return Math.max(0, Math.min(this.#nextAt - Date.now(), deadline.remaining() / 2));
  }
}
