import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { handler } from '../functions/atlas/list-access-list.ts';
import { Deadline } from '../lib/deadline.ts';
import { deadlineExceeded } from '../lib/problems/call.ts';
import { Turns } from '../lib/turns.ts';
import { failed, type Systems, serviceAccount, startSystems, triggers } from './harness.ts';

// Whoever runs out of time while another call has the way is told for whom it waited.

const never = new Promise<never>(() => {});
const late = () => deadlineExceeded('sps');

describe('out of time', () => {
  test('before there was any to wait', async () => {
    using deadline = new Deadline(0);
    await assert.rejects(deadline.race(never, late), { name: 'DEADLINE_EXCEEDED' });
  });

  test('while others do the work', async () => {
    using deadline = new Deadline(10);
    await assert.rejects(deadline.race(never, late), { name: 'DEADLINE_EXCEEDED' });
  });

  test('while others have their turn, and the next one still has its own', async () => {
    const turns = new Turns();
    using short = new Deadline(10);
    using long = new Deadline(60_000);
    const first = Promise.withResolvers<void>();
    const begun = turns.take(() => first.promise, long, late);
    await assert.rejects(
      turns.take(async () => assert.fail('began out of time'), short, late),
      { name: 'DEADLINE_EXCEEDED' },
    );
    const last = turns.take(async () => 'done', long, late);
    first.resolve();
    await begun;
    assert.equal(await last, 'done');
  });
});

describe('a call that waits for what another call began', () => {
  let systems: Systems;
  before(async () => {
    systems = await startSystems();
  });
  afterEach(() => {
    systems.secretsManager.recover();
    systems.atlas.recover();
  });
  after(() => systems.stop());

  /** Two calls at once, whose time is up when what they wait for has been asked. */
  const both = (silence: (fault: { silent: true; times: number; reached(): void }) => void) => {
    const connection = systems.store(serviceAccount(systems.atlas));
    const remainingMs = { left: 1_200 };
    const reached = () => {
      remainingMs.left = 0;
    };
    silence({ silent: true, times: 9, reached });
    return Promise.all([1, 2].map(() => triggers.direct(handler, { connection, remainingMs })));
  };

  test('is told that it waited for Secrets Manager', async () => {
    for (const outcome of await both((fault) => systems.secretsManager.fail(fault))) {
      const { code, detail, retryable } = failed(outcome);
      assert.deepEqual([code, retryable], ['DEADLINE_EXCEEDED', true]);
      assert.match(detail, /waiting for Secrets Manager/);
    }
  });

  test('is told that it waited for Atlas, whose token they share', async () => {
    for (const outcome of await both((fault) => systems.atlas.fail({ on: 'token', ...fault }))) {
      const { code, detail } = failed(outcome);
      assert.equal(code, 'DEADLINE_EXCEEDED');
      assert.match(detail, /waiting for Atlas/);
    }
  });
});
