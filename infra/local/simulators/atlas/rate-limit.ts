import type { Response } from '../listen.ts';
import { apiError } from './api-error.ts';

/** A token bucket: `refill` requests are added every `refillSeconds`, up to `capacity`. */
export interface RateLimit {
  capacity: number;
  refill: number;
  refillSeconds: number;
}

export interface RateLimitSettings {
  rateLimit: RateLimit;
  /** What a 429 says of when to come back; Atlas has been seen to leave it out, and to say 0. */
  retryAfter: 'seconds' | 'zero' | 'absent';
}

interface Bucket {
  left: number;
  filledAt: number;
}

/** Atlas's rate limits: one bucket for each endpoint and organization. */
export class RateLimiter {
  readonly #limit: () => RateLimit;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  /** `now` is in milliseconds. */
  constructor(limit: () => RateLimit, now: () => number) {
    this.#limit = limit;
    this.#now = now;
  }

  /** Takes one request out of a bucket; `retryAfter`, in seconds, is there only where it was empty. */
  take(key: string): { remaining: number; retryAfter?: number } {
    const { capacity, refill, refillSeconds } = this.#limit();
    const now = this.#now();
    const period = refillSeconds * 1_000;
    const { left, filledAt } = this.#buckets.get(key) ?? { left: capacity, filledAt: now };
    const refills = Math.floor((now - filledAt) / period);
    const available = Math.min(capacity, left + refills * refill);
    const remaining = Math.max(0, available - 1);
    const bucket = { left: remaining, filledAt: filledAt + refills * period };
    this.#buckets.set(key, bucket);
    if (available > 0) return { remaining };
    return { remaining, retryAfter: Math.ceil((bucket.filledAt + period - now) / 1_000) };
  }
}

/** The 429 of the Admin API; `wait` is in seconds. */
export function rateLimited(
  pathname: string,
  wait: number,
  { rateLimit: { capacity, refill, refillSeconds }, retryAfter }: RateLimitSettings,
): Response {
  const path = pathname.slice(1);
  const seconds = retryAfter === 'zero' ? 0 : wait;
  return apiError(
    429,
    'RATE_LIMITED_TOKEN_BUCKET',
    `Rate limit exceeded for ${path}. Please retry after ${seconds} seconds. Request capacity: ${capacity}. Refill rate: ${refill} per ${refillSeconds} seconds.`,
    [path, seconds, capacity, refill, refillSeconds],
    retryAfter === 'absent' ? undefined : { 'retry-after': String(seconds) },
  );
}
