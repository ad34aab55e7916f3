import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import * as z from 'zod';

// Random interleavings of changes for a while and for good, of restores before their time and of time that passes, by
// several callers, over SPS alerts and Atlas alert configurations. They come in batches, each with a seed of its own. A
// failure names the seed; TEMPORARY_RANDOM_SEED=<seed> tries that batch alone, and makes the failing sequence smaller.
const perBatch = 50;
const { TEMPORARY_RANDOM_SEED: given, TEMPORARY_RANDOM_SEQUENCES: sequences = '1000' } = process.env;
const cores = 2;

const failures = z.array(z.object({ seed: z.int(), message: z.string() }));

const tryIn = async (seeds: number[], shrink: boolean) => {
  const workerData = { seeds, sequences: perBatch, shrink };
  const worker = new Worker(new URL('temporary-random/worker.ts', import.meta.url), { workerData });
  const [message]: unknown[] = await once(worker, 'message');
  return failures.parse(message);
};

test('every switch ends as its last change for good says, once all time has passed', async (t) => {
  const first = given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
  const batches = given === undefined ? Math.ceil(Number(sequences) / perBatch) : 1;
  const seeds = Array.from({ length: batches }, (_, batch) => (first + batch) | 0);
  t.diagnostic(`${batches * perBatch} sequences, TEMPORARY_RANDOM_SEED ${seeds[0]} to ${seeds.at(-1)}`);
  const perWorker = Math.ceil(batches / cores);
  const shares = Array.from({ length: cores }, () => seeds.splice(0, perWorker)).filter(
    (share) => share.length > 0,
  );
  const failed = (await Promise.all(shares.map((share) => tryIn(share, given !== undefined)))).flat();
  const report = failed.map(({ seed, message }) => `TEMPORARY_RANDOM_SEED=${seed}\n${message}`);
  assert.equal(failed.length, 0, report.join('\n\n'));
});
