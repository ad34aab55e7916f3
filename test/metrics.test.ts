import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import * as z from 'zod';
import * as listAccessList from '../functions/atlas/list-access-list.ts';
import * as listErrors from '../functions/errors/list.ts';
import * as toggle from '../functions/sps/toggle-system-alerts.ts';
import { demo } from '../infra/local/simulators/atlas.ts';
import { startSps } from '../infra/local/simulators/sps.ts';
import { countRequest, metricNamespace, takeCounted } from '../lib/metrics.ts';
import { answered, calls, failed, type Systems, serviceAccount, startSystems } from './harness.ts';
import { administrator, storeSps } from './sps-harness.ts';

let systems: Systems;

before(async () => {
  process.env['AWS_LAMBDA_FUNCTION_NAME'] = 'test';
  systems = await startSystems();
});

after(() => systems.stop());

beforeEach(() => {
  systems.logLines.length = 0;
});

// What CloudWatch asks of a line from which it is to take metrics.
const metricLine = z.looseObject({
  requestId: z.string(),
  _aws: z.strictObject({
    Timestamp: z.int().positive(),
    CloudWatchMetrics: z.array(
      z.strictObject({
        Namespace: z.literal(metricNamespace),
        Dimensions: z.tuple([z.array(z.string())]),
        Metrics: z
          .array(z.strictObject({ Name: z.string(), Unit: z.enum(['Count', 'Milliseconds']) }))
          .min(1),
      }),
    ),
  }),
});

const value = z.union([z.number(), z.array(z.number()).min(1).max(100)]);

/** The metrics that CloudWatch takes from the lines since: by name and dimensions, their values. */
function metrics(): Record<string, z.output<typeof value>> {
  const found: Record<string, z.output<typeof value>> = {};
  for (const text of systems.logLines) {
    const line = metricLine.safeParse(JSON.parse(text)).data;
    for (const { Dimensions, Metrics } of line?._aws.CloudWatchMetrics ?? []) {
      const where = Dimensions[0].map((name) => `${name}=${z.string().min(1).parse(line?.[name])}`);
      for (const { Name } of Metrics) found[[Name, ...where].join(' ')] = value.parse(line?.[Name]);
    }
  }
  return found;
}

const input = { orgId: demo.orgId, clientId: demo.clientId };

test('outside Lambda, where people read the lines, they say nothing to CloudWatch', async () => {
  delete process.env['AWS_LAMBDA_FUNCTION_NAME'];
  await calls.direct(listErrors, { input: {} });
  process.env['AWS_LAMBDA_FUNCTION_NAME'] = 'test';
  assert.equal(systems.logLines.length, 1);
  assert.doesNotMatch(systems.logLines.join(''), /_aws/);
});

describe('the line of an invocation has, for CloudWatch,', () => {
  for (const trigger of ['http', 'direct'] as const)
    test(`the call, how long it took and what the upstream took of it, over ${trigger}`, async () => {
      const connection = systems.store(serviceAccount(systems.atlas));
      answered(await calls[trigger](listAccessList, { connection, input }));
      const { durationMs, 'upstreamMs system=atlas': upstreamMs, ...rest } = metrics();
      assert.deepEqual(rest, { 'calls operation=atlas.listAccessList': 1 });
      assert.equal(typeof durationMs, 'number');
      // The token, and the list.
      assert.equal([upstreamMs].flat().length, 2);
    });

  test('retries, and what was retried', async () => {
    const connection = systems.store(serviceAccount(systems.atlas));
    systems.atlas.fail({ on: 'api', status: 503, times: 2 });
    answered(await calls.http(listAccessList, { connection, input }));
    assert.equal(metrics()['retries system=atlas'], 2);
    assert.equal([metrics()['upstreamMs system=atlas']].flat().length, 4);
  });

  test("failures by code, and what is not the caller's doing as an error", async () => {
    const connection = systems.store(serviceAccount(systems.atlas));
    systems.atlas.fail({ on: 'api', status: 403 });
    const { code } = failed(await calls.http(listAccessList, { connection, input }));
    assert.partialDeepStrictEqual(metrics(), {
      'calls operation=atlas.listAccessList': 1,
      'errors operation=atlas.listAccessList': 1,
      [`failures system=atlas code=${code}`]: 1,
    });
    systems.logLines.length = 0;
    failed(await calls.http(listAccessList, { connection, input: { ...input, orgId: 'none' } }));
    assert.equal(metrics()['failures system=atlas code=INVALID_INPUT'], 1);
    assert.equal(metrics()['errors operation=atlas.listAccessList'], undefined);
  });

  test('a refused sign-in, whichever system refuses it', async (context) => {
    const sps = await startSps();
    context.after(() => sps.close());
    const refused = [
      [
        listAccessList,
        systems.store({ ...serviceAccount(systems.atlas), clientSecret: 'of-yesterday' }),
        input,
      ],
      [
        toggle,
        storeSps(systems, { ...administrator(sps), password: 'of-yesterday' }),
        { alerts: { xcbSwapFull: { email: true } } },
      ],
    ] as const;
    for (const [unit, connection, input] of refused) {
      systems.logLines.length = 0;
      failed(await calls.http(unit, { connection, input }));
      assert.equal(metrics()['signInsRefused'], 1, unit.operation.name);
    }
  });

  test("the wait for somebody else's lock", async (context) => {
    const sps = await startSps();
    context.after(() => sps.close());
    const connection = storeSps(systems, administrator(sps));
    const change = { connection, input: { alerts: { xcbHWError: { email: false } } } };
    sps.lock('bob');
    sps.fail({ on: /^POST \/api\/transaction$/, skip: 1, meanwhile: () => sps.unlock() });
    answered(await calls.http(toggle, change));
    assert.ok(Number(metrics()['lockWaitMs']) > 0);
    systems.logLines.length = 0;
    answered(await calls.http(toggle, change));
    assert.equal(metrics()['lockWaitMs'], undefined);
  });

  test('no upstream where there is none', async () => {
    answered(await calls.http(listErrors, {}));
    const { durationMs: _any, ...rest } = metrics();
    assert.deepEqual(rest, { 'calls operation=errors.list': 1 });
  });

  test('no more values of a metric than CloudWatch takes', async () => {
    for (let count = 0; count < 250; count++) countRequest(1);
    assert.equal(takeCounted().upstreamMs?.length, 100);
    assert.deepEqual(takeCounted(), {});
  });
});
