import { createHmac, timingSafeEqual } from 'node:crypto';

/** A request as Slack signed it: the exact bytes of its body, and the two headers about them. */
export interface SignedRequest {
  body: Buffer;
  timestamp: string | undefined;
  signature: string | undefined;
}

/** Seconds by which a request may be older, or newer, than the clock here. */
export const freshSeconds = 5 * 60;

/** A signature of Slack's over a body: https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const signatureOf = (signingSecret: string, timestamp: string, body: Buffer | string): string =>
  `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(body).digest('hex')}`;

/** Whether Slack has signed a request just now. `now` is in milliseconds. */
export function isSignedBySlack(
  { body, timestamp, signature }: SignedRequest,
  signingSecret: string,
  now: number,
): boolean {
  if (!isFresh(timestamp, now) || !signature) return false;
  const given = Buffer.from(signature);
  const expected = Buffer.from(signatureOf(signingSecret, timestamp, body));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Whether a time-stamp, in seconds, is near enough to `now`, in milliseconds. Says nothing of who made it. */
export const isFresh = (timestamp: string | undefined, now: number): timestamp is string =>
  timestamp !== undefined &&
  /^\d{1,12}$/.test(timestamp) &&
  Math.abs(Math.floor(now / 1_000) - Number(timestamp)) <= freshSeconds;
