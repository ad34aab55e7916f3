import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { operation } from '../functions/sps/toggle-system-alerts.ts';
import { bundle } from '../infra/bundle.ts';
import { type Lambda, lambdaRuntimeMissing, startLambda } from '../infra/local/lambda-runtime.ts';
import {
  demoConfiguration,
  type SpsOptions,
  type SpsSimulator,
  startSps,
} from '../infra/local/simulators/sps.ts';
import { problemDetails } from '../lib/problems/problem-details.ts';
import { httpResponse, type Systems, startSystems } from './harness.ts';
import { administrator, assertIdle, changeOf, spsEvent, storeSps } from './sps-harness.ts';

const start = demoConfiguration();
const alerts = { '*': { email: false, snmp: true } };
const made = Object.fromEntries(Object.keys(start.system_alerts).map((name) => [name, alerts['*']]));

describe('a toggle killed in the middle', { skip: lambdaRuntimeMissing ?? false, concurrency: 3 }, () => {
  let systems: Systems;
  let folder: string;
  let bundleDir: string;

  before(async () => {
    systems = await startSystems();
    folder = await mkdtemp(join(tmpdir(), 'switchboard-'));
    bundleDir = join(folder, operation.name);
    const entry = join(import.meta.dirname, '..', 'functions', 'sps', 'toggle-system-alerts.ts');
    await bundle(entry, bundleDir);
  });

  after(async () => {
    await rm(folder, { recursive: true });
    await systems.stop();
  });

  const startToggle = (timeoutMs?: number): Promise<Lambda> =>
    startLambda({
      bundleDir,
      ...(timeoutMs !== undefined && { timeoutMs }),
      env: {
        AWS_ENDPOINT_URL_SECRETS_MANAGER: systems.secretsManager.url,
      },
    });

  /** An SPS for one test, and how to switch its alerts. */
  const ownSps = async (context: TestContext, options: SpsOptions = {}) => {
    const sps = await startSps(options);
    context.after(() => sps.close());
    const connection = storeSps(systems, administrator(sps));
    const toggle = (lambda: Lambda) => lambda.invoke(spsEvent(operation, connection, { alerts }));
    return { sps, toggle };
  };

  /** What a process answers that is started for it. */
  const responseOf = async (toggle: (lambda: Lambda) => ReturnType<Lambda['invoke']>, timeoutMs?: number) => {
    const lambda = await startToggle(timeoutMs);
    const outcome = await toggle(lambda);
    await lambda.stop();
    assert.ok('answer' in outcome, `${JSON.stringify(outcome)}\n${lambda.stdout.join('\n')}`);
    return httpResponse.parse(outcome.answer);
  };

  const assertWhole = (sps: SpsSimulator, expected: unknown) => {
    const { system_alerts, ...others } = sps.state().configuration;
    const { system_alerts: before, ...same } = start;
    assert.deepEqual(others, same);
    assert.deepEqual(system_alerts, expected);
  };

  // Of a cold toggle; the look at the trap, which is only read, is left out.
  const steps = [
    { on: /GET \/api\/authentication/, locked: false },
    { on: /GET .*system_alerts/, locked: false },
    { on: /POST \/api\/transaction/, locked: true },
    { on: /PUT .*system_alerts/, locked: true },
    { on: /GET .*changes/, locked: true },
    { on: /PUT \/api\/transaction/, locked: false },
  ];

  for (const { on, locked } of steps)
    test(`as SPS has taken ${on.source}: nothing half-written is committed, and the next one recovers`, async (context) => {
      const { sps, toggle } = await ownSps(context);
      const killed = await startToggle();
      sps.fail({ on, meanwhile: () => killed.process.kill('SIGKILL') });
      const outcome = await toggle(killed);
      await killed.stop();
      assert.ok('error' in outcome);
      assert.equal(outcome.error.errorType, 'Runtime.ExitError');

      const isCommitted = on.source.includes('PUT \\/api\\/transaction');
      assertWhole(sps, isCommitted ? made : start.system_alerts);
      assert.equal(sps.state().lock?.holder, locked ? 'session' : undefined);

      if (locked) {
        // It waits for the lock for half of that.
        const { statusCode, body } = await responseOf(toggle, 8_000);
        assert.equal(statusCode, 423);
        assert.equal(problemDetails.parse(JSON.parse(body)).code, 'CONFIGURATION_LOCKED');
        assertWhole(sps, start.system_alerts);
        sps.advance(sps.settings.txSeconds);
      }
      const { statusCode, body } = await responseOf(toggle);
      assert.equal(statusCode, 200);
      assert.equal(changeOf({ answer: JSON.parse(body) }).changed, !isCommitted);
      assertWhole(sps, made);
      assertIdle(sps);
      assert.equal(sps.state().revision, 2);
    });

  test('at any moment of a slow SPS: all is made, or nothing', async (context) => {
    const latencyMs = 20;
    for (const afterMs of [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5].map((turn) => turn * latencyMs)) {
      const { sps, toggle } = await ownSps(context, { latencyMs });
      const killed = await startToggle();
      sps.fail({ meanwhile: () => setTimeout(() => killed.process.kill('SIGKILL'), afterMs) });
      await toggle(killed);
      await killed.stop();
      const { revision } = sps.state();
      assertWhole(sps, revision === 1 ? start.system_alerts : made);
      assert.ok(revision <= 2);
      sps.advance(sps.settings.txSeconds);
      assertIdle(sps);
    }
  });
});
