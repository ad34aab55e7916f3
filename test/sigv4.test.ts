import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, beforeEach, describe, test } from 'node:test';
import { promisify } from 'node:util';
import * as z from 'zod';
import { gateway } from '../infra/local/gateway.ts';
import { type Signer, signedFor } from '../infra/local/sigv4.ts';
import { type Listener, listen, type Request } from '../infra/local/simulators/listen.ts';
import { demo, type SpsSimulator, startSps } from '../infra/local/simulators/sps.ts';
import { findOperations } from '../infra/operations.ts';
import { problemDetails } from '../lib/problems/problem-details.ts';
import { type Systems, startSystems } from './harness.ts';

const run = promisify(execFile);

const signer: Signer = {
  accessKeyId: 'LOCALSIGNER',
  secretAccessKey: 'a secret of the tests',
  arn: 'arn:aws:iam::000000000000:user/ada',
};

/** Why curl cannot be used here; undefined where it can. SigV4 came with 7.75; before 7.86, given headers stayed unsigned. */
const curlMissing = await run('curl', ['--version']).then(
  ({ stdout }) => {
    const [, major = 0, minor = 0] = /^curl (\d+)\.(\d+)/.exec(stdout)?.map(Number) ?? [];
    return major > 7 || minor >= 86 ? undefined : 'curl is older than 7.86';
  },
  () => 'there is no curl here',
);

let systems: Systems;
let sps: SpsSimulator;
let api: Listener;
/** Changes requests on their way to the gateway. */
let tamper: (request: Request) => Request;

before(async () => {
  systems = await startSystems();
  sps = await startSps();
  const { username, password } = demo;
  systems.secretsManager.put('switchboard/sps/dc1', JSON.stringify({ baseUrl: sps.url, username, password }));
  const answer = gateway(await findOperations(), {}, [], signer);
  api = await listen((request) => answer(tamper(request)));
});

after(() => Promise.all([api.close(), sps.close(), systems.stop()]));

beforeEach(() => {
  tamper = (request) => request;
});

interface Call {
  secret?: string;
  service?: string;
  words?: string[];
}

/** Calls with `curl --aws-sigv4`, and answers the status and the body. */
async function curl(path: string, { secret = signer.secretAccessKey, service, words = [] }: Call = {}) {
  const { stdout } = await run('curl', [
    ...['--silent', '--max-time', '20', '--write-out', '\n%{http_code}'],
    ...['--aws-sigv4', `aws:amz:${signedFor.region}:${service ?? signedFor.service}`],
    ...['--user', `${signer.accessKeyId}:${secret}`],
    ...words,
    api.url + path,
  ]);
  const [, body = '', status] = /^(.*)\n(\d+)$/s.exec(stdout) ?? [];
  return { status: Number(status), body: z.record(z.string(), z.unknown()).parse(JSON.parse(body)) };
}

const alerts = '/sps/dc1/alerting/system_alerts';
const off = ['-X', 'PATCH', '-H', 'content-type: application/json', '-d', '{"xcbDiskFull":{"email":false}}'];

/** That a call is refused with a reason, and that no operation hears of it. */
async function refused(calling: Promise<{ status: number; body: unknown }>, reason: RegExp): Promise<void> {
  const reads = systems.secretsManager.calls.length;
  const [requests, lines] = [sps.requests.length, systems.logLines.length];
  const { status, body } = await calling;
  const problem = problemDetails.parse(body);
  assert.deepEqual([status, problem.code], [403, 'FORBIDDEN']);
  assert.match(problem.detail, reason);
  assert.doesNotMatch(JSON.stringify(body), new RegExp(signer.secretAccessKey));
  const now = [systems.secretsManager.calls.length, sps.requests.length, systems.logLines.length];
  assert.deepEqual(now, [reads, requests, lines]);
}

test('CI has a curl that signs', () => {
  if (process.env['CI']) assert.equal(curlMissing, undefined);
});

describe('curl --aws-sigv4', { skip: curlMissing ?? false }, () => {
  test('is let in to read, with a query too', async () => {
    const { status, body } = await curl(`${alerts}?pretty=true`);
    assert.equal(status, 200);
    assert.ok('xcbDiskFull' in body);
  });

  test('is let in to change, and its ARN is in the audit and in the log', async () => {
    const lines = systems.logLines.length;
    const { status, body } = await curl(alerts, { words: off });
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal(body['changed'], true);
    const logged = systems.logLines.slice(lines).map((line) => JSON.parse(line));
    assert.deepEqual(
      logged.map(({ message, actor }) => [message, actor]),
      ['change intended', 'change made', 'operation succeeded'].map((message) => [message, signer.arn]),
    );
  });

  test('is refused with another secret', () =>
    refused(curl(alerts, { secret: 'not it' }), /another secret, or something changed/));

  test('is refused with a signature for another service', () =>
    refused(curl(alerts, { service: 's3' }), /not one of LOCALSIGNER for \d{8}, us-east-1 and execute-api/));

  test('is refused where the clocks are more than five minutes apart, either way', async (context) => {
    const minutes = 60_000;
    for (const apart of [-6 * minutes, 6 * minutes]) {
      context.mock.timers.enable({ apis: ['Date'], now: Date.now() + apart });
      await refused(curl(alerts), /more than five minutes from now/);
      context.mock.timers.reset();
    }
    context.mock.timers.enable({ apis: ['Date'], now: Date.now() + 4 * minutes });
    assert.equal((await curl(alerts)).status, 200);
  });

  const tampered: [what: string, change: (request: Request) => Partial<Request>][] = [
    ['method', () => ({ method: 'GET' })],
    ['path', ({ target }) => ({ target: target.replace('system', 'traffic') })],
    ['query', ({ target }) => ({ target: `${target}?dryRun=false` })],
    ['body', ({ body }) => ({ body: body.replace('email', 'snmp') })],
    ['header', ({ headers }) => ({ headers: { ...headers, 'content-type': 'text/plain' } })],
    ['host', ({ headers }) => ({ headers: { ...headers, host: 'localhost:1' } })],
  ];
  for (const [what, change] of tampered)
    test(`is refused where its ${what} was changed on the way`, async () => {
      tamper = (request) => {
        const changed = { ...request, ...change(request) };
        return { ...changed, url: new URL(changed.target, request.url) };
      };
      await refused(curl(alerts, { words: off }), /something changed on the way/);
    });

  test('is refused where a header of the signature was added on the way', async () => {
    tamper = (request) => ({ ...request, headers: { ...request.headers, 'x-amz-meta-more': 'yes' } });
    await refused(curl(alerts), /Header x-amz-meta-more is not signed/);
  });

  test('is refused where the hash that it sends is not that of the body', async () => {
    const words = [...off, '-H', `X-Amz-Content-Sha256: ${'0'.repeat(64)}`];
    await refused(curl(alerts, { words }), /x-amz-content-sha256 is not that of the body/);
  });
});

describe('without a signature', () => {
  const get = async (path: string, headers = {}) => {
    const response = await fetch(api.url + path, { headers });
    return { status: response.status, body: await response.json() };
  };

  test('nobody is let in', async () => {
    await refused(get(alerts), /is not signed/);
    await refused(get(alerts, { authorization: 'Bearer abc' }), /no Signature Version 4/);
  });

  test('what is public is answered', async () => {
    assert.equal((await get('/errors/CONNECTION_EMPTY')).status, 200);
  });
});
