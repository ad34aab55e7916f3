import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRetryAfter, retryDelay } from '../lib/upstream/retry.ts';

const calm = () => 0;
const wild = () => 1;
const delays = (attempt: { status?: number; retryAfter?: string }, random = calm) =>
  [0, 1, 2, 3].map((retries) => retryDelay({ retries, ...attempt }, random));

test('a refusal for too many requests waits 1, 2, 4 s and then gives up', () => {
  assert.deepEqual(delays({ status: 429 }), [1_000, 2_000, 4_000, undefined]);
});

test('Retry-After: 0 does not lead to a hot loop', () => {
  assert.deepEqual(delays({ status: 429, retryAfter: '0' }), [1_000, 2_000, 4_000, undefined]);
});

test('a longer Retry-After is honoured, and jitter only adds to it', () => {
  assert.equal(retryDelay({ retries: 0, status: 429, retryAfter: '7' }, calm), 7_000);
  assert.equal(retryDelay({ retries: 0, status: 429, retryAfter: '7' }, wild), 10_500);
  assert.equal(retryDelay({ retries: 0, status: 503, retryAfter: '7' }, calm), 7_000);
});

test('a gateway fault or a broken connection waits 0.1, 0.2, 0.4 s', () => {
  for (const status of [502, 503, 504]) assert.deepEqual(delays({ status }), [100, 200, 400, undefined]);
  assert.deepEqual(delays({}), [100, 200, 400, undefined]);
  assert.deepEqual(delays({}, wild), [150, 300, 600, undefined]);
});

test('answers that the same request would get again are not repeated', () => {
  for (const status of [200, 400, 401, 403, 404, 409, 500])
    assert.equal(retryDelay({ retries: 0, status }), undefined, String(status));
});

test('Retry-After is read as seconds or as a date', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  assert.equal(parseRetryAfter('12', now), 12_000);
  assert.equal(parseRetryAfter('Thu, 01 Jan 2026 00:00:30 GMT', now), 30_000);
  assert.equal(parseRetryAfter('Wed, 31 Dec 2025 23:00:00 GMT', now), 0);
  assert.equal(parseRetryAfter('soon', now), undefined);
  assert.equal(parseRetryAfter(undefined, now), undefined);
});
