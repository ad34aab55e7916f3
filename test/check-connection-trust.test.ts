import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { handler as checkOpsManager } from '../functions/ops-manager/check-connection.ts';
import { handler as checkSps } from '../functions/sps/check-connection.ts';
import { type OpsManagerSimulator, startOpsManager } from '../infra/local/simulators/ops-manager.ts';
import { demo, type SpsSimulator, startSps } from '../infra/local/simulators/sps.ts';
import { checkReport } from '../lib/check/check.ts';
import { secretIdOf } from '../lib/connections.ts';
import { certify, withoutOpenssl } from './certify.ts';
import {
  answered,
  directOutcome,
  type Handler,
  opsManagerKey,
  type Systems,
  startSystems,
} from './harness.ts';

let systems: Systems;

before(async () => {
  systems = await startSystems();
});

after(() => systems.stop());

let names = 0;

async function check(handler: Handler, system: string, secret: object) {
  const connection = `c${names++}`;
  systems.secretsManager.put(secretIdOf(system, connection), JSON.stringify(secret));
  const { works, steps } = checkReport.parse(
    answered(await directOutcome(handler, { connection, input: {} })),
  );
  const problem = steps.find(({ status }) => status === 'failed')?.problem;
  return { works, failed: steps.find(({ status }) => status === 'failed')?.step, problem };
}

describe('a check looks at the certificate', {
  skip: withoutOpenssl,
}, () => {
  let folder: string;
  let ca: string;
  let opsManager: OpsManagerSimulator;
  let sps: SpsSimulator;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'switchboard-'));
    ca = certify(folder, 'authority').cert;
    const signer = ['-CA', join(folder, 'authority.pem'), '-CAkey', join(folder, 'authority.key')];
    const end = ['-addext', 'subjectAltName=IP:127.0.0.1', '-addext', 'basicConstraints=CA:FALSE'];
    opsManager = await startOpsManager({ tls: certify(folder, 'ops-manager', ...signer, ...end) });
    sps = await startSps({ tls: certify(folder, 'sps', ...signer, ...end) });
  });

  after(async () => {
    await Promise.all([opsManager.close(), sps.close()]);
    rmSync(folder, { recursive: true });
  });

  const connections: [system: string, handler: Handler, secret: () => { baseUrl: string }][] = [
    ['opsManager', checkOpsManager, () => opsManagerKey(opsManager)],
    ['sps', checkSps, () => ({ baseUrl: sps.url, username: demo.username, password: demo.password })],
  ];

  for (const [system, handler, secret] of connections) {
    test(`${system}: a private authority that the connection has is trusted`, async () => {
      assert.equal((await check(handler, system, { ...secret(), ca })).works, true);
    });

    const untrusted: [what: string, change: () => object][] = [
      ['an authority that it lacks', () => ({})],
      ['another authority', () => ({ ca: certify(folder, 'stranger').cert })],
      ['another name', () => ({ ca, baseUrl: secret().baseUrl.replace('127.0.0.1', 'localhost') })],
    ];
    for (const [what, change] of untrusted)
      test(`${system}: ${what} fails the way there, before credentials are sent`, async () => {
        const asked = [...opsManager.requests, ...sps.requests].length;
        const { failed, problem } = await check(handler, system, { ...secret(), ...change() });
        assert.deepEqual([failed, problem?.code], ['reach', 'UPSTREAM_UNTRUSTED']);
        assert.match(problem?.remedy ?? '', /\bca \(PEM\)/);
        assert.equal([...opsManager.requests, ...sps.requests].length, asked);
      });
  }

  test('a certificate that signs itself, for the right name', async () => {
    const alone = await startSps({ tls: certify(folder, 'alone', '-addext', 'subjectAltName=IP:127.0.0.1') });
    const secret = { baseUrl: alone.url, username: demo.username, password: demo.password };
    const { failed, problem } = await check(checkSps, 'sps', secret);
    await alone.close();
    assert.deepEqual([failed, problem?.code], ['reach', 'UPSTREAM_UNTRUSTED']);
  });
});

describe('who signs in may not look, or does not get in', () => {
  test('an Ops Manager that refuses the key', async () => {
    const opsManager = await startOpsManager();
    const secret = { ...opsManagerKey(opsManager), privateKey: 'wrong-key' };
    const { failed, problem } = await check(checkOpsManager, 'opsManager', secret);
    await opsManager.close();
    assert.deepEqual([failed, problem?.code], ['signIn', 'UPSTREAM_CREDENTIALS_REFUSED']);
  });

  test('an Ops Manager whose role does not suffice', async () => {
    const opsManager = await startOpsManager();
    opsManager.settings.refuse = 'USER_UNAUTHORIZED';
    const { failed, problem } = await check(checkOpsManager, 'opsManager', opsManagerKey(opsManager));
    await opsManager.close();
    assert.equal(failed, 'look');
    assert.notEqual(problem?.remedy, '');
  });

  test('an SPS that answers 403 to a look', async () => {
    const sps = await startSps();
    sps.fail({ status: 403, times: 9, on: /GET \/api\/configuration\/alerting/ });
    const secret = { baseUrl: sps.url, username: demo.username, password: demo.password };
    const { failed } = await check(checkSps, 'sps', secret);
    await sps.close();
    assert.equal(failed, 'look');
  });
});
