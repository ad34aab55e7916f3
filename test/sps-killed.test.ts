import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { operation } from '../functions/sps/toggle-system-alerts.ts';
import { bundle } from '../infra/bundle.ts';
import { type Lambda, lambdaRuntimeMissing, startLambda } from '../infra/local/lambda-runtime.ts';
import { demoConfiguration, type SpsSimulator, startSps } from '../infra/local/simulators/sps.ts';
import { problemDetails } from '../lib/problems/problem-details.ts';
import { httpResponse, type Systems, startSystems } from './harness.ts';
import { administrator, assertIdle, changeOf, spsEvent, storeSps } from './sps-harness.ts';

const start = demoConfiguration();
const alerts = { '*': { email: false, snmp: true } };
const made = Object.fromEntries(Object.keys(start.system_alerts).map((name) => [name, alerts['*']]));

describe('a toggle killed in the middle', { skip: lambdaRuntimeMissing ?? false }, () => {
  let systems: Systems;
  let folder: string;
  let bundleDir: string;
  let sps: SpsSimulator;
  let connection: string;

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

  const toggle = (lambda: Lambda) => lambda.invoke(spsEvent(operation, connection, { alerts }));

  const responseOf = async (lambda: Lambda) => {
    const outcome = await toggle(lambda);
    assert.ok('answer' in outcome);
    return httpResponse.parse(outcome.answer);
  };

  const assertWhole = (expected: unknown) => {
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
    test(`as SPS has taken ${on.source}: nothing half-written is committed, and the next one recovers`, async () => {
      sps = await startSps();
      connection = storeSps(systems, administrator(sps));
      const killed = await startToggle();
      sps.fail({ on, meanwhile: () => killed.process.kill('SIGKILL') });
      const outcome = await toggle(killed);
      await killed.stop();
      assert.ok('error' in outcome);
      assert.equal(outcome.error.errorType, 'Runtime.ExitError');

      const isCommitted = on.source.includes('PUT \\/api\\/transaction');
      assertWhole(isCommitted ? made : start.system_alerts);
      assert.equal(sps.state().lock?.holder, locked ? 'session' : undefined);

      if (locked) {
        const early = await startToggle(2_000);
        const { statusCode, body } = await responseOf(early);
        await early.stop();
        assert.equal(statusCode, 423);
        assert.equal(problemDetails.parse(JSON.parse(body)).code, 'CONFIGURATION_LOCKED');
        assertWhole(start.system_alerts);
        sps.advance(sps.settings.txSeconds);
      }
      const next = await startToggle();
      const { statusCode, body } = await responseOf(next);
      await next.stop();
      await sps.close();
      assert.equal(statusCode, 200);
      assert.equal(changeOf({ answer: JSON.parse(body) }).changed, !isCommitted);
      assertWhole(made);
      assertIdle(sps);
      assert.equal(sps.state().revision, 2);
    });

  test('at any moment of a slow SPS: all is made, or nothing', async () => {
    const latencyMs = 20;
    for (const afterMs of [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5].map((turn) => turn * latencyMs)) {
      sps = await startSps({ latencyMs });
      connection = storeSps(systems, administrator(sps));
      const killed = await startToggle();
      sps.fail({ meanwhile: () => setTimeout(() => killed.process.kill('SIGKILL'), afterMs) });
      await toggle(killed);
      await killed.stop();
      const { revision } = sps.state();
      assertWhole(revision === 1 ? start.system_alerts : made);
      assert.ok(revision <= 2);
      sps.advance(sps.settings.txSeconds);
      assertIdle(sps);
      await sps.close();
    }
  });
});
