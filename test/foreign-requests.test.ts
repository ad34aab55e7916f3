import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { type ClientRequestArgs, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, beforeEach, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { gateway } from '../infra/local/gateway.ts';
import { startLambdaStandIn } from '../infra/local/simulators/lambda.ts';
import { type Listener, listen } from '../infra/local/simulators/listen.ts';
import { demo, type SpsSimulator, startSps } from '../infra/local/simulators/sps.ts';
import { findOperations } from '../infra/operations.ts';
import { type Systems, startSystems } from './harness.ts';

// A laptop has a browser, and any page in it can send requests to 127.0.0.1. None of them does anything.

const run = promisify(execFile);

let systems: Systems;
let sps: SpsSimulator;
let api: Listener;
let hooked: number;

before(async () => {
  systems = await startSystems();
  sps = await startSps();
  const { username, password } = demo;
  systems.secretsManager.put(
    'switchboard/sps/demo',
    JSON.stringify({ baseUrl: sps.url, username, password }),
  );
  const handler = async () => {
    hooked++;
    return { statusCode: 200, headers: {}, body: '' };
  };
  const hook = {
    method: 'POST',
    path: '/chat/slack/commands',
    name: 'hook',
    handler,
    isPublic: true,
  } as const;
  api = await listen(gateway(await findOperations(), {}, [hook]));
});

beforeEach(() => {
  hooked = 0;
});

after(async () => {
  await Promise.all([api.close(), sps.close()]);
  await systems.stop();
});

interface Sent {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

const alerts = '/sps/demo/alerting/system_alerts';
const json = { 'content-type': 'application/json' };
const off = '{"xcbDiskFull":{"email":false}}';

/** Sends a request as it is given: `fetch` would not let a header like Host be another. */
async function send({ method = 'PATCH', path = alerts, headers = json, body }: Sent, to = api) {
  const options: ClientRequestArgs = { method, path, headers };
  const asked = request(to.url, options).end(body);
  const [response] = await once(asked, 'response');
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

const port = () => new URL(api.url).port;

describe('nothing is done, and no page of it can be read, for', () => {
  const cases: [what: string, sent: () => Sent, status: number][] = [
    [
      'a page that posts text to begin a fan-out',
      () => ({
        method: 'POST',
        path: '/fanOut/sps.toggleSystemAlerts',
        headers: {
          'content-type': 'text/plain',
          origin: 'https://evil.example',
          'sec-fetch-site': 'cross-site',
        },
        body: `{"connections":["demo"],"input":{"alerts":${off}}}`,
      }),
      403,
    ],
    ['a page elsewhere', () => ({ headers: { ...json, origin: 'https://evil.example' }, body: off }), 403],
    ['a page without an origin', () => ({ headers: { ...json, origin: 'null' }, body: off }), 403],
    [
      'a page on another port',
      () => ({ headers: { ...json, origin: 'http://127.0.0.1:1' }, body: off }),
      403,
    ],
    [
      'a page over https',
      () => ({ headers: { ...json, origin: `https://127.0.0.1:${port()}` }, body: off }),
      403,
    ],
    ...['cross-site', 'same-site', 'odd'].map((site): [string, () => Sent, number] => [
      `a request that is ${site}`,
      () => ({ headers: { ...json, 'sec-fetch-site': site }, body: off }),
      403,
    ]),
    [
      'an image of a page elsewhere',
      () => ({ method: 'GET', headers: { 'sec-fetch-site': 'cross-site' } }),
      403,
    ],
    [
      'a page elsewhere that reads an error',
      () => ({ method: 'GET', path: '/no', headers: { origin: 'https://evil.example' } }),
      403,
    ],
    [
      'a page elsewhere that reads the reference',
      () => ({ method: 'GET', path: '/', headers: { origin: 'https://evil.example' } }),
      403,
    ],
    [
      'a name that was made to point here',
      () => ({ headers: { ...json, host: `evil.example:${port()}` }, body: off }),
      421,
    ],
    [
      'a name that begins like ours',
      () => ({ headers: { ...json, host: `127.0.0.1.evil.example:${port()}` }, body: off }),
      421,
    ],
    [
      'a name that ends like ours',
      () => ({ headers: { ...json, host: `evil.localhost:${port()}` }, body: off }),
      421,
    ],
    [
      'a name that was made to point here, for reading',
      () => ({ method: 'GET', headers: { host: 'evil.example' } }),
      421,
    ],
    ['another port', () => ({ headers: { ...json, host: '127.0.0.1:1' }, body: off }), 421],
    ['no port', () => ({ headers: { ...json, host: 'localhost' }, body: off }), 421],
    [
      'a form',
      () => ({
        method: 'POST',
        path: '/fanOut/sps.getSystemAlerts',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: '{"connections":"*"}',
      }),
      415,
    ],
    [
      'a form of parts',
      () => ({ headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: off }),
      415,
    ],
    ['text', () => ({ headers: { 'content-type': 'text/plain;charset=UTF-8' }, body: off }), 415],
    [
      'what only begins like JSON',
      () => ({ headers: { 'content-type': 'application/jsonp' }, body: off }),
      415,
    ],
    ['a body of no type', () => ({ headers: {}, body: off }), 415],
    ['a post of nothing', () => ({ method: 'POST', path: '/changes/temporary/x/restore', headers: {} }), 415],
    [
      'a preflight',
      () => ({
        method: 'OPTIONS',
        headers: { origin: 'https://evil.example', 'access-control-request-method': 'PATCH' },
      }),
      403,
    ],
    [
      'a page that posts to the chat',
      () => ({
        method: 'POST',
        path: '/chat/slack/commands',
        headers: { origin: 'https://evil.example' },
        body: 'text=help',
      }),
      403,
    ],
    ['an address that is none', () => ({ method: 'GET', path: '*' }), 400],
  ];
  for (const [what, sent, status] of cases)
    test(what, async () => {
      const [requests, lines] = [sps.requests.length, systems.logLines.length];
      const answer = await send(sent());
      assert.equal(answer.status, status, answer.body);
      for (const name of Object.keys(answer.headers)) assert.doesNotMatch(name, /^access-control/);
      assert.deepEqual([sps.requests.length, systems.logLines.length, hooked], [requests, lines, 0]);
    });
});

test('no preflight is granted, not even to our own page', async () => {
  const { status, headers } = await send({ method: 'OPTIONS', headers: { origin: api.url } });
  assert.equal(status, 405);
  for (const name of Object.keys(headers)) assert.doesNotMatch(name, /^access-control/);
});

describe('a change is made for', () => {
  const cases: [what: string, sent: () => Sent][] = [
    ['curl, and any program', () => ({})],
    ['our own page', () => ({ headers: { ...json, origin: api.url, 'sec-fetch-site': 'same-origin' } })],
    [
      'our own page by another name',
      () => {
        const host = `localhost:${port()}`;
        return { headers: { ...json, host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' } };
      },
    ],
    [
      'who says how JSON is written',
      () => ({ headers: { 'content-type': 'Application/JSON; charset=utf-8' } }),
    ],
  ];
  for (const [what, sent] of cases)
    test(what, async () => {
      const answer = await send({ path: `${alerts}?dryRun=true`, body: off, ...sent() });
      assert.equal(answer.status, 200, answer.body);
    });
});

test('a page can be opened by typing its address', async () => {
  const headers = { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' };
  assert.equal((await send({ method: 'GET', path: '/', headers })).status, 200);
});

test('Slack sends forms, and is let in without saying JSON', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  await send({ method: 'POST', path: '/chat/slack/commands', headers, body: 'text=help' });
  assert.equal(hooked, 1);
});

test('a body comes to the handler as the bytes that it is', async () => {
  const agent = '/sps/demo/local_services/snmp_agent';
  const before = sps.state().configuration;
  const latin = Buffer.from('{"system_location":"São Paulo"}', 'latin1');
  const refused = await send({ method: 'PUT', path: agent, body: latin });
  assert.equal(refused.status, 400);
  assert.match(refused.body, /UTF-8/);
  assert.deepEqual(sps.state().configuration, before);
  const taken = await send({
    method: 'PUT',
    path: `${agent}?dryRun=true`,
    body: Buffer.from('\u{FEFF}{"system_location":"São Paulo"}'),
  });
  assert.match(taken.body, /"system_location":"São Paulo"/);
});

test('a body is refused above what an operation takes, and is not read to its end above what the API takes', async () => {
  const large = await send({ body: ' '.repeat(300 * 1_024) });
  assert.deepEqual([large.status, JSON.parse(large.body).code], [413, 'BODY_TOO_LARGE']);
  const asked = request(api.url, { method: 'PATCH', path: alerts, headers: json });
  asked.on('error', () => {});
  asked.write(Buffer.alloc(11 * 1_024 * 1_024));
  const [response] = await once(asked, 'response');
  assert.equal(response.statusCode, 413);
  asked.destroy();
});

test('curl --json is let in', async (context) => {
  const words = ['--silent', '-X', 'PATCH', '--json', off, `${api.url}${alerts}?dryRun=true`];
  const { stdout } = await run('curl', words).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { stdout: undefined };
    throw error;
  });
  if (stdout === undefined) return context.skip('there is no curl here');
  assert.equal(JSON.parse(stdout).dryRun, true);
});

test('the stand-ins refuse pages as well', async (context) => {
  let ran = 0;
  const lambda = await startLambdaStandIn(async () => ran++);
  context.after(() => lambda.close());
  const headers = { origin: 'https://evil.example' };
  const path = '/2015-03-31/functions/switchboard-sps-toggleSystemAlerts/invocations';
  assert.equal((await send({ method: 'POST', path, headers, body: '{}' }, lambda)).status, 403);
  assert.equal((await send({ method: 'GET', path: '/api/authentication', headers }, sps)).status, 403);
  assert.equal(ran, 0);
});
