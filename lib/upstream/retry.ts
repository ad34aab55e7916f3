/** What an attempt came to: an HTTP status, or a connection that broke. */
export interface Attempt {
  /** Retries so far. */
  retries: number;
  /** Absent when the connection broke. */
  status?: number;
  /** The `Retry-After` header, as it came. */
  retryAfter?: string | undefined;
}

const mostRetries = 3;
const pressed = new Set([429, 503]);
const passing = new Set([502, 503, 504]);

/**
 * Milliseconds to wait before an idempotent request is sent again; undefined where trying again is no use.
 *
 * A refusal for too many requests waits at least 1, 2, 4 s and longer where `Retry-After` asks for it: Atlas has
 * answered 0 there, and sometimes sends none. Other passing faults wait some 0.1, 0.2, 0.4 s. The jitter
 * only ever adds to what the upstream asked for.
 */
export function retryDelay(
  { retries, status, retryAfter }: Attempt,
  random: () => number = Math.random,
  now: number = Date.now(),
): number | undefined {
  if (retries >= mostRetries) return undefined;
  if (status !== undefined && status !== 429 && !passing.has(status)) return undefined;
  const asked = status !== undefined && pressed.has(status) ? parseRetryAfter(retryAfter, now) : undefined;
  const floor = (status === 429 ? 1_000 : 100) * 2 ** retries;
  return Math.max(asked ?? 0, floor) * (1 + random() / 2);
}

const longestMs = 24 * 60 * 60_000;

/**
 * `Retry-After` in milliseconds from now, a day at most: seconds or an HTTP date (RFC 9110, section 10.2.3). `undefined`
 * where it is neither.
 */
export function parseRetryAfter(header: string | undefined, now: number = Date.now()): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1_000, longestMs);
  // Date.parse would make a year of any number.
  const date = /^[A-Za-z]{3,9},? .*\d\d:\d\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.min(Math.max(0, date - now), longestMs);
}
