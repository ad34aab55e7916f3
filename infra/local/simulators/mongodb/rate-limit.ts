/** A token bucket: `refill` requests are added every `refillSeconds`, up to `capacity`. */
export interface RateLimit {
  capacity: number;
  refill: number;
  refillSeconds: number;
}

interface Bucket {
  left: number;
  filledAt: number;
}

/** Rate limits with a bucket for each key. */
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
