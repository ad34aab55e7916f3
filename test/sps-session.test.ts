import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { promisify } from 'node:util';
import * as getSystemAlerts from '../functions/sps/get-system-alerts.ts';
import * as toggleSystemAlerts from '../functions/sps/toggle-system-alerts.ts';
import type { TlsIdentity } from '../infra/local/simulators/listen.ts';
import {
  demo,
  demoConfiguration,
  type SpsFault,
  type SpsSimulator,
  startSps,
} from '../infra/local/simulators/sps.ts';
import { secretIdOf } from '../lib/connections.ts';
import manifest from '../package.json' with { type: 'json' };
import { answered, failed, type Systems, startSystems } from './harness.ts';
import {
  administrator,
  assertAudited,
  assertIdle,
  call,
  changeOf,
  requestsOf,
  storeSps,
} from './sps-harness.ts';

const start = demoConfiguration().system_alerts;

let systems: Systems;
let sps: SpsSimulator;
let connection: string;

before(async () => {
  systems = await startSystems();
});

after(() => systems.stop());

beforeEach(async () => {
  sps = await startSps();
  connection = storeSps(systems, administrator(sps));
});

afterEach(async () => {
  await sps.close();
  assertIdle(sps);
  assertAudited(systems);
});

const read = () => call(getSystemAlerts, { connection });
const toggle = (email: boolean) =>
  call(toggleSystemAlerts, { connection, input: { alerts: { xcbSwapFull: { email } } } });

/** The administrator's password becomes another one, at SPS only. */
const changePassword = (password: string) => {
  for (const user of sps.users) if (user.name === demo.username) user.password = password;
  sps.expireSessions();
};

const secretReads = () => {
  const id = secretIdOf('sps', connection);
  return systems.secretsManager.calls.filter(({ secretId }) => secretId === id).length;
};

const rotate = (password: string) =>
  systems.secretsManager.put(
    secretIdOf('sps', connection),
    JSON.stringify({ ...administrator(sps), password }),
  );

describe('the credentials', () => {
  test('may have any characters', async () => {
    for (const password of ['señal-ключ-鍵-🔑', 'with:colon and space', '"\\%+/= :;&']) {
      changePassword(password);
      connection = storeSps(systems, { ...administrator(sps), password });
      assert.deepEqual(answered(await read()), start);
    }
  });

  test('that are wrong are a problem of ours, with a remedy, after another look at the secret', async () => {
    changePassword('another');
    const problem = failed(await read());
    assert.deepEqual([problem.status, problem.code], [502, 'UPSTREAM_CREDENTIALS_REFUSED']);
    assert.equal(problem.retryable, false);
    assert.match(problem.remedy, new RegExp(secretIdOf('sps', connection)));
    assert.equal(secretReads(), 2);
    assert.deepEqual(requestsOf(sps), ['GET authentication']);
  });

  for (const [when, on] of Object.entries({
    'before a read': /GET .*system_alerts/,
    'before a transaction': /POST .*transaction/,
    'inside a transaction': /PUT .*system_alerts/,
  }))
    test(`that are rotated ${when} are used at once`, async () => {
      answered(await read());
      sps.fail({
        on,
        meanwhile: () => {
          rotate('rotated-password');
          changePassword('rotated-password');
        },
      });
      changeOf(await toggle(true));
      assert.equal(secretReads(), 2);
      assert.equal(sps.state().configuration.system_alerts['xcbSwapFull']?.email, true);
    });
});

describe('a login', () => {
  test('that sets no cookie is told as such', async () => {
    sps.fail({ on: /authentication/, replaced: { headers: { 'content-type': 'application/json' } } });
    const problem = failed(await read());
    assert.deepEqual([problem.status, problem.code], [502, 'UPSTREAM_ANSWER_UNEXPECTED']);
    assert.match(problem.detail, /session_id/);
  });

  for (const minutes of [30, -45])
    test(`whose session is refused at once names the clock, which is ${minutes} min off`, async () => {
      const date = new Date(Date.now() + minutes * 60_000).toUTCString();
      const headers = { 'set-cookie': 'session_id=over; Path=/', date };
      sps.fail({ on: /authentication/, replaced: { headers } });
      const problem = failed(await toggle(true));
      assert.deepEqual([problem.status, problem.code], [502, 'SESSION_REFUSED']);
      assert.match(problem.detail, new RegExp(`${minutes > 0 ? '\\+' : ''}${minutes} min`));
      assert.match(problem.remedy, /NTP/);
      answered(await read());
    });

  test('whose cookie is over by the clock of a slow SPS is good all the same', async () => {
    sps.settings.clockSkewSeconds = -7_200;
    changeOf(await toggle(true));
  });

  test('is one for all who wait for it', async () => {
    const answers = await Promise.all([read(), read(), read()]);
    for (const answer of answers) answered(answer);
    assert.equal(requestsOf(sps).filter((request) => request === 'GET authentication').length, 1);
  });
});

describe('what SPS says no to', () => {
  const cases: Record<string, [SpsFault, number, string]> = {
    'a user without the right to read': [
      { on: /system_alerts/, status: 403, body: { error: { type: 'Unauthorized', message: 'No.' } } },
      502,
      'UPSTREAM_PERMISSION_DENIED',
    ],
    'a user without the right to use REST': [
      { on: /authentication/, status: 403 },
      502,
      'UPSTREAM_PERMISSION_DENIED',
    ],
    'a path that this version has not': [{ on: /system_alerts/, status: 404 }, 404, 'NOT_FOUND'],
    'a login while it starts': [{ on: /authentication/, html: 503, times: 4 }, 503, 'UPSTREAM_ERROR'],
    'a read while it starts': [{ on: /system_alerts/, html: 503, times: 4 }, 503, 'UPSTREAM_ERROR'],
  };

  for (const [what, [fault, status, code]] of Object.entries(cases))
    test(`is told: ${what}`, async () => {
      sps.fail(fault);
      const problem = failed(await read());
      assert.deepEqual([problem.status, problem.code], [status, code]);
      assert.equal(problem.retryable, status === 503);
      assert.equal(problem.retryAfter, status === 503 ? 30 : undefined);
      assert.equal(problem.upstream?.status, status === 502 ? 403 : status);
    });

  test('is a change by a user who may only read', async () => {
    connection = storeSps(systems, {
      ...administrator(sps),
      username: demo.readOnlyUsername,
      password: demo.readOnlyPassword,
    });
    assert.deepEqual(answered(await read()), start);
    const problem = failed(await toggle(true));
    assert.deepEqual([problem.status, problem.code], [502, 'UPSTREAM_PERMISSION_DENIED']);
    assert.match(problem.remedy, /write rights/);
    assert.equal(sps.state().revision, 1);
    assert.deepEqual(sps.state().transactions, []);
  });
});

describe('the requests', () => {
  for (const requireXToken of [false, 'browser-ua'] as const)
    test(`are as SPS wants them, X-Token asked for: ${requireXToken}`, async () => {
      sps.settings.requireXToken = requireXToken;
      changeOf(await toggle(true));
      for (const { method, target, headers } of sps.requests) {
        assert.equal(headers['user-agent'], `switchboard/${manifest.version}`);
        assert.equal(headers.accept, 'application/json');
        assert.equal(headers.expect, undefined);
        assert.equal(headers['transfer-encoding'], undefined, `${method} ${target}`);
        if (method !== 'GET') assert.equal(headers['content-type'], 'application/json');
      }
      const opening = sps.requests.find(({ method }) => method === 'POST');
      assert.equal(opening?.headers['content-length'], '0');
    });
});

describe('over https', async () => {
  const run = promisify(execFile);
  const missing = await run('openssl', ['version']).then(
    () => false as const,
    () => 'there is no openssl here',
  );

  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'switchboard-'));
  });

  after(() => rm(folder, { recursive: true }));

  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
  const files = (name: string) => ({ key: join(folder, `${name}.key`), cert: join(folder, `${name}.pem`) });

  const authority = async (name: string): Promise<string> => {
    const { key, cert } = files(name);
    await run('openssl', ['req', '-x509', ...curve, '-subj', `/CN=${name}`, '-keyout', key, '-out', cert]);
    return readFile(cert, 'utf8');
  };

  /** A key and a certificate for a server on loopback, signed by an authority. */
  const identity = async (by: string): Promise<TlsIdentity> => {
    const { key, cert } = files('server');
    const issuer = files(by);
    await run('openssl', [
      ...['req', '-x509', ...curve, '-subj', '/CN=SPS', '-addext', 'subjectAltName=IP:127.0.0.1'],
      ...['-addext', 'basicConstraints=critical,CA:FALSE', '-CA', issuer.cert, '-CAkey', issuer.key],
      ...['-keyout', key, '-out', cert],
    ]);
    return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
  };

  test('the authority of the secret is trusted, and no other', { skip: missing }, async () => {
    const [ca, otherCa] = await Promise.all([authority('ours'), authority('other')]);
    const secure = await startSps({ tls: await identity('ours') });
    try {
      connection = storeSps(systems, { ...administrator(secure), ca });
      changeOf(await toggle(true));
      for (const wrong of [{ ca: otherCa }, {}]) {
        const { length } = secure.requests;
        connection = storeSps(systems, { ...administrator(secure), ...wrong });
        const problem = failed(await read());
        assert.deepEqual([problem.status, problem.code], [502, 'UPSTREAM_UNTRUSTED']);
        assert.equal(problem.retryable, false);
        assert.match(problem.remedy, /\bca\b/);
        assert.equal(secure.requests.length, length);
      }
      assertIdle(secure);
    } finally {
      await secure.close();
    }
  });
});
