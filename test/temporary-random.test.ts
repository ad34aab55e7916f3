import { test } from 'node:test';
import { tryBatches } from './random-batches.ts';
import { times } from './soak.ts';

// Random interleavings of changes for a while and for good, of restores before their time and of time that passes, by
// several callers, over SPS alerts and Atlas alert configurations.

test('every switch ends as its last change for good says, once all time has passed', (context) =>
  tryBatches(context, new URL('temporary-random/worker.ts', import.meta.url), {
    sequences: times(200, 1_000),
  }));
