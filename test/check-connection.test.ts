import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { handler as checkAtlas } from '../functions/atlas/check-connection.ts';
import { handler as checkOpsManager } from '../functions/ops-manager/check-connection.ts';
import { handler as checkSps } from '../functions/sps/check-connection.ts';
import { gateway } from '../infra/local/gateway.ts';
import { startLambdaStandIn } from '../infra/local/simulators/lambda.ts';
import { type Listener, listen } from '../infra/local/simulators/listen.ts';
import { type OpsManagerSimulator, startOpsManager } from '../infra/local/simulators/ops-manager.ts';
import { demo, type SpsSimulator, startSps } from '../infra/local/simulators/sps.ts';
import { findOperations } from '../infra/operations.ts';
import { keepToken, tokenKeeperName } from '../lib/atlas/token-keeper.ts';
import { checkReport } from '../lib/check/check.ts';
import { secretIdOf } from '../lib/connections.ts';
import { functionNameOf } from '../lib/function-name.ts';
import {
  answered,
  directOutcome,
  type Handler,
  lambdaContext,
  opsManagerKey,
  type Systems,
  serviceAccount,
  startSystems,
  type TimeLeft,
} from './harness.ts';

const run = promisify(execFile);

let systems: Systems;
let opsManager: OpsManagerSimulator;
let sps: SpsSimulator;

const put = (system: string, name: string, value: object | string) =>
  systems.secretsManager.put(
    secretIdOf(system, name),
    typeof value === 'string' ? value : JSON.stringify(value),
  );

before(async () => {
  systems = await startSystems();
  opsManager = await startOpsManager();
  sps = await startSps();
});

after(() => Promise.all([systems.stop(), opsManager.close(), sps.close()]));

afterEach(() => {
  systems.atlas.settings.refuse = undefined;
  opsManager.settings.refuse = undefined;
});

let names = 0;

/** Checks a connection with this secret, and answers each step with its problem's code. */
async function check(handler: Handler, system: string, secret?: object | string, time?: TimeLeft) {
  const connection = `c${names++}`;
  if (secret !== undefined) put(system, connection, secret);
  const report = checkReport.parse(answered(await directOutcome(handler, { connection, input: {} }, time)));
  const steps = report.steps.map(({ step, status, problem }) =>
    [step, status, ...(problem ? [problem.code] : [])].join(' '),
  );
  return { ...report, steps, last: report.steps.at(-1) };
}

const atlasAccount = () => serviceAccount(systems.atlas);
const spsUser = () => ({ baseUrl: sps.url, username: demo.username, password: demo.password });

const well = ['secret ok', 'reach ok', 'signIn ok', 'look ok'];
const upTo = (...steps: string[]) => [
  ...steps,
  ...['secret', 'reach', 'signIn', 'look'].slice(steps.length).map((step) => `${step} notReached`),
];

describe('a connection that works is found to, with what it can see', () => {
  test('to Atlas', async () => {
    const { works, steps, last } = await check(checkAtlas, 'atlas', atlasAccount());
    assert.deepEqual([works, steps], [true, well]);
    assert.match(last?.found ?? '', /Demo \(0123456789abcdef01234567\)/);
  });

  test('to Ops Manager', async () => {
    const { works, steps } = await check(checkOpsManager, 'opsManager', opsManagerKey(opsManager));
    assert.deepEqual([works, steps], [true, well]);
  });

  test('to an SPS', async () => {
    const { works, steps, last } = await check(checkSps, 'sps', spsUser());
    assert.deepEqual([works, steps], [true, well]);
    assert.match(last?.found ?? '', /system_alerts/);
  });
});

describe('what is wrong is told where it is', () => {
  const failing = async (checking: ReturnType<typeof check>, steps: string[]) => {
    const report = await checking;
    assert.deepEqual(report.steps, steps);
    assert.equal(report.works, false);
  };

  test('no secret', () => failing(check(checkAtlas, 'atlas'), upTo('secret failed CONNECTION_NOT_FOUND')));

  test('a secret of another shape', () =>
    failing(
      check(checkSps, 'sps', { baseUrl: 'https://sps.example.com' }),
      upTo('secret failed CONNECTION_MALFORMED'),
    ));

  test('a secret that is no JSON', () =>
    failing(check(checkAtlas, 'atlas', 'hunter2'), upTo('secret failed CONNECTION_MALFORMED')));

  test('a port that nobody listens at', () =>
    failing(
      check(checkSps, 'sps', { ...spsUser(), baseUrl: 'http://127.0.0.1:1' }),
      upTo('secret ok', 'reach failed UPSTREAM_UNREACHABLE'),
    ));

  test('a name that does not resolve', () =>
    failing(
      check(checkOpsManager, 'opsManager', {
        ...opsManagerKey(opsManager),
        baseUrl: 'https://switchboard.invalid',
      }),
      upTo('secret ok', 'reach failed UPSTREAM_UNREACHABLE'),
    ));

  test('a wrong client secret', () =>
    failing(
      check(checkAtlas, 'atlas', { ...atlasAccount(), clientSecret: 'mdb_sa_sk_wrong' }),
      upTo('secret ok', 'reach ok', 'signIn failed UPSTREAM_CREDENTIALS_REFUSED'),
    ));

  test('a wrong password', () =>
    failing(
      check(checkSps, 'sps', { ...spsUser(), password: 'wrong-horse' }),
      upTo('secret ok', 'reach ok', 'signIn failed UPSTREAM_CREDENTIALS_REFUSED'),
    ));

  test('a client secret that the function for tokens finds wrong', async () => {
    const keeper = functionNameOf(tokenKeeperName);
    const lambda = await startLambdaStandIn((name, event) =>
      name === keeper ? keepToken(event, lambdaContext()) : undefined,
    );
    Object.assign(process.env, { AWS_ENDPOINT_URL_LAMBDA: lambda.url, ATLAS_TOKEN_FUNCTION: keeper });
    try {
      await failing(
        check(checkAtlas, 'atlas', { ...atlasAccount(), clientSecret: 'mdb_sa_sk_wrong' }),
        upTo('secret ok', 'reach ok', 'signIn failed UPSTREAM_CREDENTIALS_REFUSED'),
      );
    } finally {
      delete process.env['ATLAS_TOKEN_FUNCTION'];
      await lambda.close();
    }
  });

  test('no further token', async () => {
    const { liveTokens } = systems.atlas.settings;
    systems.atlas.settings.liveTokens = 0;
    const { steps } = await check(checkAtlas, 'atlas', atlasAccount());
    systems.atlas.settings.liveTokens = liveTokens;
    assert.deepEqual(steps, upTo('secret ok', 'reach ok', 'signIn failed ACCESS_TOKEN_REFUSED'));
  });

  test('a sign-in that fails for another reason than the credentials', async () => {
    systems.atlas.fail({ on: 'token', status: 500 });
    sps.fail({ on: /authentication/, status: 403 });
    for (const [checking, code] of [
      [check(checkAtlas, 'atlas', atlasAccount()), 'UPSTREAM_ERROR'],
      [check(checkSps, 'sps', spsUser()), 'UPSTREAM_PERMISSION_DENIED'],
    ] as const) {
      const { steps } = await checking;
      assert.deepEqual(steps, upTo('secret ok', 'reach ok', `signIn failed ${code}`));
    }
  });

  test('an address that leads to a page, or nowhere below', async () => {
    const page = await listen(async () => ({
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: '<html>sign in</html>',
    }));
    const nothing = await listen(async () => ({ status: 404, body: 'no' }));
    for (const { url } of [page, nothing]) {
      const { steps } = await check(checkSps, 'sps', { ...spsUser(), baseUrl: url });
      assert.deepEqual(steps, upTo('secret ok', 'reach failed UPSTREAM_ANSWER_UNEXPECTED'));
    }
    await Promise.all([page.close(), nothing.close()]);
  });

  test('a Secrets Manager, or a system, that says nothing', async () => {
    const time = { left: 1_200 };
    const silent = { silent: true, times: 9, reached: () => Object.assign(time, { left: 0 }) } as const;
    systems.secretsManager.fail(silent);
    const unread = await check(checkAtlas, 'atlas', atlasAccount(), time);
    systems.secretsManager.recover();
    assert.deepEqual(unread.steps, upTo('secret failed DEADLINE_EXCEEDED'));
    time.left = 1_200;
    systems.atlas.fail({ on: 'token', ...silent });
    const unreached = await check(checkAtlas, 'atlas', atlasAccount(), time);
    systems.atlas.recover();
    assert.deepEqual(unreached.steps, upTo('secret ok', 'reach failed DEADLINE_EXCEEDED'));
  });

  test('a role that is missing', async () => {
    systems.atlas.settings.refuse = 'USER_UNAUTHORIZED';
    await failing(check(checkAtlas, 'atlas', atlasAccount()), [
      'secret ok',
      'reach ok',
      'signIn ok',
      'look failed USER_UNAUTHORIZED',
    ]);
  });

  test('an address that is not on the access list', async () => {
    systems.atlas.settings.refuse = 'IP_ADDRESS_NOT_ON_ACCESS_LIST';
    const report = await check(checkAtlas, 'atlas', atlasAccount());
    assert.equal(report.steps.at(-1), 'look failed IP_ADDRESS_NOT_ON_ACCESS_LIST');
  });
});

describe('npm run doctor', () => {
  const doctor = join(import.meta.dirname, '..', 'infra', 'local', 'doctor.ts');
  let api: Listener;

  before(async () => {
    put('sps', 'good', spsUser());
    put('sps', 'bad', { ...spsUser(), password: 'wrong-horse' });
    api = await listen(gateway(await findOperations(), {}));
  });

  after(() => api.close());

  const consult = async (...words: string[]) =>
    run(process.execPath, [doctor, ...words], { env: process.env }).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
        code,
        stdout,
        stderr,
      }),
    );

  test('says that all is well, and ends well', async () => {
    const { code, stdout } = await consult('--connection', 'sps/good', '--url', api.url);
    assert.equal(code, 0);
    assert.equal(stdout.match(/✓/g)?.length, 4);
  });

  test('says what is wrong and what to do, and ends with 1', async () => {
    const { code, stdout } = await consult('--connection', 'sps/bad', '--url', api.url);
    assert.equal(code, 1);
    assert.match(stdout, /✗ It takes the credentials\n.*UPSTREAM_CREDENTIALS_REFUSED/);
    assert.match(stdout, /What to do: /);
    assert.doesNotMatch(stdout, /wrong-horse/);
  });

  test('asks the function where it is deployed', async () => {
    const lambda = await startLambdaStandIn((name, event) =>
      name === 'switchboard-sps-checkConnection' ? checkSps(event, lambdaContext()) : undefined,
    );
    process.env['AWS_ENDPOINT_URL_LAMBDA'] = lambda.url;
    const { code, stdout } = await consult('--connection', 'sps/good', '--deployed');
    const other = await consult('--connection', 'atlas/good', '--deployed');
    await lambda.close();
    assert.equal(code, 0);
    assert.match(stdout, /system_alerts/);
    assert.equal(other.code, 2);
    assert.match(other.stderr, /switchboard-atlas-checkConnection could not be asked/);
  });

  test('says what it takes to ask AWS, where there is no region', async () => {
    const names = ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE', 'AWS_CONFIG_FILE'];
    const before = names.map((name) => [name, process.env[name]] as const);
    for (const name of names) delete process.env[name];
    process.env['AWS_CONFIG_FILE'] = '/dev/null';
    const { code, stderr } = await consult('--connection', 'sps/good', '--deployed');
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    assert.equal(code, 2);
    assert.match(stderr, /AWS_REGION/);
  });

  test('names what is wrong with what it was told', async () => {
    for (const words of [[], ['--connection', 'sps'], ['--connection', 'foo/bar'], ['--what']]) {
      const { code, stderr } = await consult(...words);
      assert.equal(code, 2);
      assert.match(stderr, /connection|system|--what/);
    }
    const { code, stderr } = await consult('--connection', 'sps/good', '--url', 'http://127.0.0.1:1');
    assert.equal(code, 2);
    assert.match(stderr, /does not answer.*Is npm start running/);
  });
});
