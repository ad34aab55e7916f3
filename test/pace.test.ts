import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pauseAfter } from '../lib/upstream/pace.ts';

const pauses = (...left: number[]) => left.map((remaining) => pauseAfter('500', String(remaining)));

test('there is no pause while a fifth of the rate limit is left', () => {
  assert.deepEqual(pauses(500, 499, 250, 100), [0, 0, 0, 0]);
});

test('below, the pause grows up to 2 s as what is left shrinks', () => {
  assert.deepEqual(pauses(99, 75, 50, 25, 0), [20, 500, 1_000, 1_500, 2_000]);
});

test('there is no pause where the upstream does not say how much is left', () => {
  assert.equal(pauseAfter(undefined, undefined), 0);
  assert.equal(pauseAfter('500', undefined), 0);
  assert.equal(pauseAfter(undefined, '0'), 0);
  assert.equal(pauseAfter('500;w=60', '0'), 0);
  assert.equal(pauseAfter('0', '0'), 0);
});
