import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { accessListOf, demo, startAtlas } from '../infra/local/simulators/atlas.ts';
import { findOperations } from '../infra/operations.ts';
import { problemDetails } from '../lib/problems/problem-details.ts';
import * as program from './program.ts';

const run = promisify(execFile);
/** Runs it where it is to end by itself. */
const complain = (...words: string[]) => program.run(folder, 'main.ts', ...words);

let folder: string;

const fileOf = async (name: string, content: unknown): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-'));
});

after(() => rm(folder, { recursive: true }));

describe('npm start', () => {
  let running: program.Program;

  before(async () => {
    running = await program.startMain(folder);
  });

  afterEach((test) => running.showWhereFailed(test));

  after(() => running.stop());

  const get = (path: string, init?: RequestInit) => fetch(running.url + path, init);
  /** The address that is printed to paste behind `curl` for the access list. */
  const printedCall = () =>
    /^atlas\.listAccessList: .+\n {2}curl '(http:[^']+)'$/m.exec(running.printed)?.[1] ?? '';

  test('prints each operation with a call to paste, and where the reference is', async () => {
    for (const { operation } of await findOperations())
      assert.match(running.printed, new RegExp(`^${operation.name}: .+\n {2}curl .*'http:.+'$`, 'm'));
    assert.match(running.printed, new RegExp(`^API reference: ${running.url}/$`, 'm'));
    assert.match(
      running.printed,
      /aws secretsmanager get-secret-value --region us-east-1 --endpoint-url http:\/\/127\.0\.0\.1/,
    );
  });

  test('answers the call as it is printed', async () => {
    const response = await fetch(printedCall());
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { results: accessListOf(12), totalCount: 12 });
  });

  test('keeps the token for Atlas where all processes would find it', async () => {
    await fetch(printedCall());
    const printed = Object.fromEntries(
      ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'endpoint-url'].map((name) => [
        name,
        new RegExp(`${name}[= ](\\S+)`).exec(running.printed)?.[1] ?? '',
      ]),
    );
    const client = new SecretsManagerClient({
      region: 'us-east-1',
      endpoint: printed['endpoint-url'] ?? '',
      credentials: {
        accessKeyId: printed['AWS_ACCESS_KEY_ID'] ?? '',
        secretAccessKey: printed['AWS_SECRET_ACCESS_KEY'] ?? '',
        sessionToken: printed['AWS_SESSION_TOKEN'] ?? '',
      },
    });
    const { SecretString = '' } = await client.send(
      new GetSecretValueCommand({ SecretId: 'switchboard/tokens/atlas/demo' }),
    );
    client.destroy();
    assert.match(SecretString, /"value":"eyJ/);
  });

  test('answers a problem with its status over HTTP', async () => {
    const path = `/atlas/demo/orgs/${demo.orgId}/serviceAccounts/${demo.clientId}/accessList`;
    const [repeated, elsewhere] = await Promise.all([
      get(`${path}?pageNum=1&pageNum=2`),
      get(path.replace('demo', 'other')),
    ]);
    assert.deepEqual([repeated.status, elsewhere.status], [400, 404]);
    const { errors } = problemDetails.parse(await repeated.json());
    assert.deepEqual(errors, [{ field: 'pageNum', detail: 'must be a whole number' }]);
    assert.equal(problemDetails.parse(await elsewhere.json()).code, 'CONNECTION_NOT_FOUND');
  });

  test('describes itself', async () => {
    const response = await get('/openapi.json');
    const { openapi, paths } = z
      .object({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) })
      .parse(await response.json());
    assert.equal(openapi, '3.1.0');
    assert.ok('/atlas/{connection}/orgs/{orgId}/serviceAccounts/{clientId}/accessList' in paths);
  });

  test('serves its reference with everything that the page needs, from here only', async () => {
    const page = await get('/');
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    assert.match(page.headers.get('content-security-policy') ?? '', /^default-src 'self'/);
    const html = await page.text();
    const needed = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, path = '']) => path);
    assert.ok(needed.length >= 3);
    for (const path of needed.filter((path) => path !== 'data:,')) {
      assert.match(path, /^\/[^/]/);
      const asset = await get(path);
      assert.equal(asset.status, 200, path);
      assert.notEqual((await asset.text()).length, 0, path);
    }
    assert.match(await (await get('/reference/start.js')).text(), /url: '\/openapi\.json'/);
  });

  test('refuses a route that it does not have, and a method that a route does not have', async () => {
    const unknown = await get('/atlas/demo/nothing');
    assert.equal(unknown.status, 404);
    assert.equal(unknown.headers.get('content-type'), 'application/problem+json');
    assert.equal(problemDetails.parse(await unknown.json()).code, 'ROUTE_NOT_FOUND');
    const wrong = await get(new URL(printedCall()).pathname, { method: 'DELETE' });
    assert.equal(wrong.status, 405);
    assert.match(problemDetails.parse(await wrong.json()).detail, /it takes GET/);
    assert.equal((await get('/', { method: 'POST' })).status, 404);
    assert.equal((await get('/atlas/%zz/orgs/a/serviceAccounts/b/accessList')).status, 400);
  });
});

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  test(`ends well on ${signal}, also with connections open`, async (context) => {
    const running = await program.startMain(folder);
    context.after(() => running.stop());
    // fetch keeps its connection alive.
    await (await fetch(`${running.url}/openapi.json`)).text();
    assert.equal(await running.stop(signal), 0);
    await assert.rejects(fetch(running.url));
  });

describe('refuses to start, and says why,', { concurrency: 2 }, () => {
  test('when the port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert.ok(typeof address === 'object' && address);
    const { code, stdout, stderr } = await complain('--port', String(address.port));
    server.close();
    assert.deepEqual([code, stdout], [1, '']);
    assert.equal(stderr, `Port ${address.port} is in use. Choose another: npm start -- --port <port>\n`);
  });

  const refused: [what: string, content: unknown, complaint: RegExp][] = [
    ['is not JSON', '{"atlas": hunter2', /my-\d\.json is not JSON\.\n$/],
    ['breaks off', '{"atlas": {},\n}', /my-\d\.json is not JSON \(line 2, column 1\)\.\n$/],
    [
      'has a ca that is none',
      {
        sps: {
          dc1: { baseUrl: 'https://sps.example', username: 'a', password: 'hunter2-hunter2', ca: 'hunter2' },
        },
      },
      /\n {2}sps\.dc1\.ca: is not a certificate as PEM\n$/,
    ],
    [
      'has a field misspelt',
      { atlas: { prod: { clientId: 'hunter2', clientSecret: 'hunter2-hunter2', clientSecrets: 'hunter2' } } },
      /my-\d\.json is not a connections file:\n {2}atlas\.prod\.clientSecrets: is not known here/,
    ],
    [
      'lacks a field',
      { atlas: { prod: { clientId: 'hunter2' } } },
      /\n {2}atlas\.prod\.clientSecret: is required\n$/,
    ],
    [
      'has a field of another type',
      { atlas: { prod: { publicKey: 'hunter2', privateKey: 12345678 } } },
      /\n {2}atlas\.prod\.privateKey: must be text\n$/,
    ],
    [
      'has an address in the clear',
      {
        atlas: { prod: { baseUrl: 'http://atlas.example', clientId: 'a', clientSecret: 'hunter2-hunter2' } },
      },
      /\n {2}atlas\.prod\.baseUrl: must be an https URL/,
    ],
    [
      'names a system that is not there',
      { atlsa: {} },
      /\n {2}atlsa: is not known here \(did you mean atlas\?\)/,
    ],
    [
      'names a connection badly',
      { atlas: { 'a b': { clientId: 'hunter2', clientSecret: 'hunter2-hunter2' } } },
      /a b: must be 1 to 64/,
    ],
  ];
  for (const [index, [what, content, complaint]] of refused.entries())
    test(`when the connections file ${what}`, async () => {
      const file = await fileOf(`my-${index}.json`, content);
      const { code, stdout, stderr } = await complain('--port', '0', '--connections', file);
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, complaint);
      assert.doesNotMatch(stderr, /hunter2|12345678|\n {4}at /);
    });

  test('when the connections file is not there, and when an option is none', async () => {
    const missing = await complain('--connections', join(folder, 'missing.json'));
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /missing\.json cannot be read: ENOENT/);
    const unknown = await complain('--prot', '1');
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /--prot.*\n\nUsage: npm start/s);
    const port = await complain('--port', 'http');
    assert.deepEqual([port.code, port.stderr], [1, '--port must be a number from 0 to 65535, not http.\n']);
  });
});

test('a connections file of one serves its own systems, and nothing simulated', async (context) => {
  const atlas = await startAtlas();
  context.after(() => atlas.close());
  const { clientId, clientSecret, publicKey, privateKey } = demo;
  const file = await fileOf('own.json', {
    atlas: {
      accounts: { baseUrl: atlas.url, clientId, clientSecret },
      keys: { baseUrl: `${atlas.url}/`, publicKey, privateKey },
    },
  });
  const running = await program.startMain(folder, '--connections', file);
  context.after(() => running.stop());
  for (const connection of ['accounts', 'keys']) {
    assert.match(running.printed, new RegExp(`curl '${running.url}/atlas/${connection}/orgs/<orgId>/`));
    const path = `/atlas/${connection}/orgs/${demo.orgId}/serviceAccounts/${clientId}/accessList`;
    const response = await fetch(running.url + path);
    assert.deepEqual(await response.json(), { results: accessListOf(12), totalCount: 12 });
  }
  assert.doesNotMatch(running.printed, new RegExp(`${clientSecret}|${privateKey}|/demo/`));
  const chat = await fetch(`${running.url}/chat/slack/commands`, { method: 'POST', body: 'text=help' });
  assert.equal(chat.status, 404, 'the file has no Slack');
  assert.equal(atlas.requests.filter(({ method, status }) => method === 'GET' && status === 200).length, 2);
  assert.equal(await running.stop('SIGINT'), 0);
});

test('with --sigv4 it asks for signatures, and prints calls that have one', async (context) => {
  const running = await program.startMain(folder, '--sigv4');
  context.after(() => running.stop());
  const [, words = '', url = ''] =
    /^sps\.getSystemAlerts: .+\n {2}curl (--aws-sigv4 \S+ --user \S+) '(http:[^']+)'$/m.exec(
      running.printed,
    ) ?? [];
  assert.equal((await fetch(url)).status, 403);
  assert.match(running.printed, /^errors\.list: .+\n {2}curl 'http/m);
  const signed = await run('curl', ['--silent', '--fail', ...words.split(' '), url]).catch((error) => error);
  if (signed.code === 'ENOENT') context.skip('there is no curl here');
  else assert.ok('xcbDiskFull' in JSON.parse(signed.stdout), signed.stderr);
});
