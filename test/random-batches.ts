import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { Worker } from 'node:worker_threads';
import * as z from 'zod';
import { givenSeed } from './soak.ts';

// Random sequences come in batches, each with a seed of its own. A failure names the seed and has the log of its
// sequence; SEED=<seed> tries that batch alone, and makes the failing sequence smaller.

const perBatch = 50;
const workersAtOnce = 2;

/** What a worker is told, as its `workerData`. */
export const batches = z.object({ seeds: z.array(z.int()), sequences: z.int(), shrink: z.boolean() });

/** What it posts in the end: the batches that failed. */
const failures = z.array(z.object({ seed: z.int(), message: z.string() }));

/** Has workers try so many sequences, none of them more than `mostBatches` batches, and fails where any fails. */
export async function tryBatches(
  context: TestContext,
  worker: URL,
  { sequences, mostBatches = Number.POSITIVE_INFINITY }: { sequences: number; mostBatches?: number },
): Promise<void> {
  const first = givenSeed ?? Math.floor(Math.random() * 2 ** 31);
  const count = givenSeed === undefined ? Math.ceil(sequences / perBatch) : 1;
  const seeds = Array.from({ length: count }, (_, batch) => (first + batch) | 0);
  context.diagnostic(`${count * perBatch} sequences, SEED ${seeds[0]} to ${seeds.at(-1)}`);
  const perWorker = Math.min(mostBatches, Math.ceil(count / workersAtOnce));
  const failed: z.infer<typeof failures> = [];
  const oneAfterTheOther = async () => {
    for (let some = seeds.splice(0, perWorker); some.length > 0; some = seeds.splice(0, perWorker)) {
      const workerData = { seeds: some, sequences: perBatch, shrink: givenSeed !== undefined };
      failed.push(...failures.parse(await messageOf(worker, workerData)));
    }
  };
  await Promise.all(Array.from({ length: workersAtOnce }, oneAfterTheOther));
  const report = failed.map(({ seed, message }) => `SEED=${seed}\n${message}`);
  assert.equal(failed.length, 0, report.join('\n\n'));
}

/** What a worker posts; rejects with all that it wrote where it ends without. */
async function messageOf(file: URL, workerData: z.infer<typeof batches>): Promise<unknown> {
  const worker = new Worker(file, { workerData, stdout: true, stderr: true });
  const written: string[] = [];
  for (const stream of [worker.stdout, worker.stderr])
    stream.on('data', (chunk) => written.push(String(chunk)));
  const ended = once(worker, 'exit').then(([code]) =>
    Promise.reject(new Error(`Its exit code was ${code}.`)),
  );
  try {
    const [message]: unknown[] = await Promise.race([once(worker, 'message'), ended]);
    return message;
  } catch (error) {
    const why = error instanceof Error ? error.stack : String(error);
    throw new Error(
      `The worker for the seeds from ${workerData.seeds[0]} on failed: ${why}\n${written.join('')}`,
    );
  } finally {
    ended.catch(() => {});
  }
}
