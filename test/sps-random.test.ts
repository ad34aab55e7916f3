import { test } from 'node:test';
import { tryBatches } from './random-batches.ts';
import { times } from './soak.ts';

// Random sequences of calls, of several at a time over two sessions, through the exported handlers against a simulated
// SPS that fails, ends sessions and has a colleague who locks and commits. Each batch has an appliance of its own. How
// calls meet each other depends on time too, so now and then it takes more than one try to see a failure again.

test('after any sequence of calls and troubles SPS is as the answers say, and no lock is left', (context) =>
  tryBatches(context, new URL('sps-random/worker.ts', import.meta.url), {
    sequences: times(1_000, 10_000),
    // Its batches are tried side by side.
    mostBatches: 50,
  }));
