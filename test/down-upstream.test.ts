import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { after, before, describe, type TestContext, test } from 'node:test';
import { handler } from '../functions/atlas/list-access-list.ts';
import { handler as getSystemAlerts } from '../functions/sps/get-system-alerts.ts';
import { startAtlas } from '../infra/local/simulators/atlas.ts';
import { startSps } from '../infra/local/simulators/sps.ts';
import {
  answered,
  apiKey,
  directOutcome,
  failed,
  lambdaContext,
  type Systems,
  serviceAccount,
  startSystems,
  triggers,
} from './harness.ts';
import { administrator } from './sps-harness.ts';

// What an upstream that is down, or about to refuse, costs its callers.

let systems: Systems;

before(async () => {
  systems = await startSystems();
});

after(() => systems.stop());

/** Something that takes connections and never says a word. */
async function silentServer(context: TestContext): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  return `127.0.0.1:${address.port}`;
}

describe('an upstream that is down', { concurrency: true }, () => {
  test('is asked again ten times for all calls of a process, and then once in ten calls', async (context) => {
    const atlas = await startAtlas();
    context.after(() => atlas.close());
    const connection = systems.store(apiKey(atlas));
    answered(await triggers.direct(handler, { connection }));
    const before = atlas.requests.length;
    atlas.fail({ html: 503, times: Number.POSITIVE_INFINITY });
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, () => triggers.direct(handler, { connection })),
    );
    for (const outcome of outcomes) {
      const { code, retryable, retryAfter } = failed(outcome);
      assert.deepEqual([code, retryable, retryAfter], ['UPSTREAM_ERROR', true, 10]);
    }
    // What fetches a Digest challenge gets through.
    const tries = atlas.requests.slice(before).filter(({ headers }) => headers.authorization).length;
    assert.ok(tries > 40 && tries <= 40 + 10 + 40 / 10, `${tries} tries`);
  });

  test('is asked again no more often for a read of an SPS either', async (context) => {
    const sps = await startSps();
    context.after(() => sps.close());
    const connection = systems.store(administrator(sps), 'sps');
    const read = () => directOutcome(getSystemAlerts, { connection });
    answered(await read());
    const before = sps.requests.length;
    sps.fail({ reset: true, times: Number.POSITIVE_INFINITY });
    for (let calls = 0; calls < 30; calls++) assert.equal(failed(await read()).retryAfter, 5);
    const tries = sps.requests.length - before;
    assert.ok(tries > 30 && tries <= 30 + 10 + tries / 10, `${tries} tries`);
  });

  test('which does not even shake hands is given up long before an answer would be', async (context) => {
    const baseUrl = `https://${await silentServer(context)}`;
    const connection = systems.store({ ...serviceAccount(systems.atlas), baseUrl });
    const problem = failed(await triggers.direct(handler, { connection }));
    assert.deepEqual([problem.code, problem.retryAfter], ['UPSTREAM_UNREACHABLE', 5]);
    assert.match(problem.detail, /UND_ERR_CONNECT_TIMEOUT/);
  });

  test('which takes a request and stays silent is given up while there is time for more', async (context) => {
    const baseUrl = `http://${await silentServer(context)}`;
    const connection = systems.store({ ...apiKey(systems.atlas), baseUrl });
    const lambda = lambdaContext();
    const event = { connection, input: { orgId: 'f'.repeat(24), clientId: `mdb_sa_id_${'f'.repeat(24)}` } };
    await assert.rejects(handler(event, lambda), { name: 'DEADLINE_EXCEEDED' });
    assert.ok(lambda.getRemainingTimeInMillis() > 5_000);
  });
});

describe('an upstream whose rate limit runs out', { concurrency: true }, () => {
  test('is asked more slowly, so that it refuses nothing', async (context) => {
    const atlas = await startAtlas({ rateLimit: { capacity: 10, refill: 1, refillSeconds: 0.5 } });
    context.after(() => atlas.close());
    const connection = systems.store(serviceAccount(atlas));
    for (let calls = 0; calls < 14; calls++) answered(await triggers.direct(handler, { connection }));
    assert.deepEqual(
      atlas.requests.filter(({ status }) => status !== 200),
      [],
    );
  });

  test('never makes a call wait beyond its deadline', async (context) => {
    const atlas = await startAtlas({ rateLimit: { capacity: 1, refill: 1, refillSeconds: 0.1 } });
    context.after(() => atlas.close());
    const connection = systems.store(serviceAccount(atlas));
    for (let calls = 0; calls < 3; calls++)
      answered(await triggers.direct(handler, { connection, remainingMs: 2_400 }));
  });
});
