import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import * as checkConnection from '../functions/sps/check-connection.ts';
import * as getSystemAlerts from '../functions/sps/get-system-alerts.ts';
import * as toggleSystemAlerts from '../functions/sps/toggle-system-alerts.ts';
import { demoConfiguration, type SpsSimulator, startSps } from '../infra/local/simulators/sps.ts';
import { checkReport } from '../lib/check/check.ts';
import { secretIdOf } from '../lib/connections.ts';
import { answered, failed, type Systems, startSystems } from './harness.ts';
import { administrator, call, changeOf, requestsOf, storeSps } from './sps-harness.ts';

// An SPS may have several login methods, of which one is taken where a login names none.

const start = demoConfiguration().system_alerts;

let systems: Systems;
let sps: SpsSimulator;

before(async () => {
  systems = await startSystems();
});

after(() => systems.stop());

beforeEach(async () => {
  sps = await startSps({
    loginMethods: [
      { name: 'local', type: 'password' },
      { name: 'Büro & Werk', type: 'password' },
    ],
    defaultLoginMethod: 'Büro & Werk',
  });
});

afterEach(() => sps.close());

const connectBy = (loginMethod?: unknown) => storeSps(systems, { ...administrator(sps), loginMethod });
const read = (connection: string) => call(getSystemAlerts, { connection });

describe('loginMethod', () => {
  test('is asked for by name at the login, and at nothing else', async () => {
    const connection = connectBy('local');
    assert.deepEqual(answered(await read(connection)), start);
    const input = { alerts: { xcbHWError: { email: false } } };
    changeOf(await call(toggleSystemAlerts, { connection, input }));
    assert.deepEqual(
      requestsOf(sps).filter((request) => request.includes('login_method')),
      ['GET authentication?login_method=local'],
    );
  });

  test('may have any characters', async () => {
    for (const user of sps.users) user.loginMethod = 'Büro & Werk';
    assert.deepEqual(answered(await read(connectBy('Büro & Werk'))), start);
    assert.deepEqual(answered(await read(connectBy())), start);
  });

  test('left out is for users of the default one; where that is another, the remedy names the field', async () => {
    const problem = failed(await read(connectBy()));
    assert.deepEqual([problem.status, problem.code], [502, 'UPSTREAM_CREDENTIALS_REFUSED']);
    assert.match(problem.remedy, /loginMethod/);
  });

  test('that the SPS does not have is told with those that it has, and as soon as it is right it is used', async () => {
    const connection = connectBy('radius');
    const problem = failed(await read(connection));
    assert.deepEqual([problem.status, problem.code], [502, 'LOGIN_METHOD_UNKNOWN']);
    assert.match(problem.detail, /radius.*local, Büro & Werk/);
    assert.ok(problem.remedy.includes(secretIdOf('sps', connection)));
    systems.secretsManager.put(
      secretIdOf('sps', connection),
      JSON.stringify({ ...administrator(sps), loginMethod: 'local' }),
    );
    assert.deepEqual(answered(await read(connection)), start);
  });

  test('that the SPS does not have is told where it refuses the request for it, too', async () => {
    for (const status of [400, 404]) {
      sps.fail({ on: /authentication$/, status });
      assert.equal(failed(await read(connectBy('radius'))).code, 'LOGIN_METHOD_UNKNOWN');
    }
  });

  test('that is right leaves a wrong password a wrong password', async () => {
    const secret = { ...administrator(sps), password: 'not the password', loginMethod: 'local' };
    const problem = failed(await read(storeSps(systems, secret)));
    assert.equal(problem.code, 'UPSTREAM_CREDENTIALS_REFUSED');
    assert.match(problem.remedy, /\(here local\)/);
  });

  for (const [what, prepare] of Object.entries({
    'has no list of them': () => {
      sps.settings.profile = '6.0';
    },
    'gives no answer about them': () => sps.fail({ on: /login_methods/, reset: true }),
    'answers with something else': () => sps.fail({ on: /login_methods/, html: 200 }),
  }))
    test(`is not called unknown by an SPS that ${what}`, async () => {
      prepare();
      assert.equal(failed(await read(connectBy('radius'))).code, 'UPSTREAM_CREDENTIALS_REFUSED');
    });

  test('that the SPS lists by an id, or as bare names, is known', async () => {
    for (const login_methods of [
      ['local'],
      [{ id: 'local', name: 'Local users' }],
      [{ id: 'local', type: 7 }],
    ]) {
      sps.fail({ on: /login_methods/, body: { login_methods } });
      const secret = { ...administrator(sps), password: 'not the password', loginMethod: 'local' };
      assert.equal(failed(await read(storeSps(systems, secret))).code, 'UPSTREAM_CREDENTIALS_REFUSED');
    }
  });

  test('that is no text is told as a bad field of the secret', async () => {
    const problem = failed(await read(connectBy(7)));
    assert.equal(problem.code, 'CONNECTION_MALFORMED');
    assert.match(problem.detail, /loginMethod/);
  });

  test('that is wrong is found by the check of the connection, at the sign-in', async () => {
    const { works, steps } = checkReport.parse(
      answered(await call(checkConnection, { connection: connectBy('radius') })),
    );
    assert.equal(works, false);
    const found = steps.find(({ status }) => status === 'failed');
    assert.deepEqual([found?.step, found?.problem?.code], ['signIn', 'LOGIN_METHOD_UNKNOWN']);
  });
});

test('a login without a method is as it always was', async () => {
  sps.settings.defaultLoginMethod = 'local';
  assert.deepEqual(answered(await read(connectBy())), start);
  assert.equal(requestsOf(sps)[0], 'GET authentication');
});
