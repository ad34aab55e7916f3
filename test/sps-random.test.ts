import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import * as z from 'zod';

// Random sequences of calls, of several at a time over two sessions, through the exported handlers against a simulated
// SPS that fails, ends sessions and has a colleague who locks and commits. They come in batches, each with an appliance
// and a seed of its own. A failure names the seed; SPS_RANDOM_SEED=<seed> tries that batch alone, and makes the failing
// sequence smaller. How calls meet each other depends on time too, so now and then it takes more than one try.
//
// All ten thousand take 72 s on two busy cores, most of it waiting; SPS_RANDOM_SEQUENCES asks for fewer.
const perBatch = 50;
const { SPS_RANDOM_SEED: given, SPS_RANDOM_SEQUENCES: sequences = '10000' } = process.env;
const cores = 2;
// A process remembers each secret it ever met, session ids too, and so gets slower: each worker has some batches.
const mostPerWorker = 50;

const failures = z.array(z.object({ seed: z.int(), message: z.string() }));

const tryIn = async (seeds: number[], shrink: boolean) => {
  const workerData = { seeds, sequences: perBatch, shrink };
  const worker = new Worker(new URL('sps-random/worker.ts', import.meta.url), { workerData });
  const [message]: unknown[] = await once(worker, 'message');
  return failures.parse(message);
};

test('after any sequence of calls and troubles SPS is as the answers say, and no lock is left', async (t) => {
  const first = given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
  const batches = given === undefined ? Math.ceil(Number(sequences) / perBatch) : 1;
  const seeds = Array.from({ length: batches }, (_, batch) => (first + batch) | 0);
  t.diagnostic(`${batches * perBatch} sequences, SPS_RANDOM_SEED ${seeds[0]} to ${seeds.at(-1)}`);
  const perWorker = Math.min(mostPerWorker, Math.ceil(batches / cores));
  const failed: z.infer<typeof failures> = [];
  const oneAfterTheOther = async () => {
    for (let some = seeds.splice(0, perWorker); some.length > 0; some = seeds.splice(0, perWorker))
      failed.push(...(await tryIn(some, given !== undefined)));
  };
  await Promise.all(Array.from({ length: cores }, oneAfterTheOther));
  const report = failed.map(({ seed, message }) => `SPS_RANDOM_SEED=${seed}\n${message}`);
  assert.equal(failed.length, 0, report.join('\n\n'));
});
