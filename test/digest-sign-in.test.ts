import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { after, before, type TestContext, test } from 'node:test';
import * as check from '../functions/ops-manager/check-connection.ts';
import * as list from '../functions/ops-manager/list-api-key-access-list.ts';
import { DigestServer, type DigestSettings } from '../infra/local/simulators/digest.ts';
import { demo } from '../infra/local/simulators/ops-manager.ts';
import { answered, calls, failed, opsManagerKey, type Systems, startSystems } from './harness.ts';

// Signing in with HTTP Digest to servers that do what RFC 7616 lets them do, and to some that do what nobody should.

let systems: Systems;

before(async () => {
  systems = await startSystems();
});

after(() => systems.stop());

const { orgId, apiKeyId, publicKey, privateKey } = demo;
const input = { orgId, apiKeyId };

type Serve = (request: IncomingMessage, response: ServerResponse) => void;

interface Upstream {
  connection: string;
  /** The headers of every request so far. */
  seen: IncomingMessage['headers'][];
}

async function upstream(context: TestContext, serve: Serve): Promise<Upstream> {
  const seen: Upstream['seen'] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    serve(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  const url = `http://127.0.0.1:${address.port}`;
  return { connection: systems.store(opsManagerKey({ url }), 'opsManager'), seen };
}

const listOver = ({ connection }: Upstream) => calls.http(list, { connection, input });

const empty = { results: [], totalCount: 0 };

const give = (response: ServerResponse, headers: Record<string, string | string[]> = {}) =>
  response.writeHead(200, headers).end(JSON.stringify({ ...empty, links: [] }));

const refuse = (response: ServerResponse, headers: Record<string, string | string[]>) =>
  response.writeHead(401, headers).end('{}');

const settings = (chosen: Partial<DigestSettings> = {}): DigestSettings => ({
  nonce: { seconds: 60, uses: Number.POSITIVE_INFINITY },
  digestAlgorithm: 'MD5',
  digestQop: 'auth',
  digestRealm: 'MMS Public API',
  ...chosen,
});

/** The server's side, for the one key that there is. */
const digestServer = (chosen?: Partial<DigestSettings>) =>
  new DigestServer(
    (name) => (name === publicKey ? privateKey : undefined),
    settings(chosen),
    () => Date.now(),
  );

/** Serves who has signed; others get the challenge, made into headers. */
const signedOnly =
  (
    server: DigestServer,
    challenged: (challenge: string) => Record<string, string | string[]> = (challenge) => ({
      'www-authenticate': challenge,
    }),
  ): Serve =>
  ({ method = '', url = '', headers }, response) => {
    const signed = server.check(method, url, headers.authorization);
    if ('challenge' in signed) {
      refuse(response, challenged(signed.challenge));
      return;
    }
    give(response);
    signed.done();
  };

test('a realm that holds the word Digest is answered', async (context) => {
  const server = digestServer({ digestRealm: 'HTTP Digest Auth (dc1), "Digest realm"' });
  const there = await upstream(context, signedOnly(server));
  assert.deepEqual(answered(await listOver(there)), empty);
  assert.equal(there.seen.length, 2);
});

test('a challenge among those of other schemes, in headers of their own, is answered', async (context) => {
  const headers = (challenge: string) => ({
    'www-authenticate': ['Negotiate', 'Basic realm="Digest, or not"', `NTLM, ${challenge}`],
  });
  const there = await upstream(context, signedOnly(digestServer(), headers));
  assert.deepEqual(answered(await listOver(there)), empty);
});

test('an affinity cookie goes back with the answer to its challenge, and with the nonce after that', async (context) => {
  // Two servers behind a balancer: without the cookie, requests go to each in turn, and each knows its own nonces only.
  const servers = [digestServer(), digestServer()];
  let turn = 0;
  const there = await upstream(context, (request, response) => {
    const [, named] = /(?:^|; )lb=(\d)/.exec(request.headers.cookie ?? '') ?? [];
    const index = named === undefined ? turn++ % 2 : Number(named);
    const server = servers[index];
    assert.ok(server);
    signedOnly(server, (challenge) => ({
      'www-authenticate': challenge,
      'set-cookie': [`lb=${index}; Path=/; HttpOnly; Secure`, 'other=1; Path=/elsewhere', 'old=; Max-Age=0'],
    }))(request, response);
  });
  for (const _ of [1, 2, 3]) assert.deepEqual(answered(await listOver(there)), empty);
  assert.deepEqual(
    there.seen.map(({ cookie }) => cookie),
    [undefined, 'lb=0', 'lb=0', 'lb=0'],
  );
});

test('a nonce that is called stale is left for the new one, and the credentials are not called refused', async (context) => {
  let stale = 0;
  const server = digestServer();
  const serve = signedOnly(server);
  const there = await upstream(context, (request, response) => {
    if (request.headers.authorization === undefined || stale === 0) {
      serve(request, response);
      return;
    }
    stale--;
    const again = server.check('GET', '/', undefined);
    assert.ok('challenge' in again);
    refuse(response, { 'www-authenticate': again.challenge.replace('stale=false', 'stale=TRUE') });
  });
  for (const count of [1, 2]) {
    stale = count;
    assert.deepEqual(answered(await listOver(there)), empty);
  }
  assert.equal(there.seen.length, 3 + 3);
  stale = Number.POSITIVE_INFINITY;
  const from = there.seen.length;
  const problem = failed(await listOver(there));
  assert.deepEqual([problem.code, problem.status], ['UPSTREAM_SIGN_IN_UNKNOWN', 502]);
  assert.match(problem.detail, /calls every nonce stale/);
  assert.equal(there.seen.length - from, 4);
});

test('the nonce that an answer gives for the next request is used for it', async (context) => {
  const server = digestServer({ nonce: { seconds: 60, uses: 1 } });
  const there = await upstream(context, ({ method = '', url = '', headers }, response) => {
    const signed = server.check(method, url, headers.authorization);
    if ('challenge' in signed) {
      refuse(response, { 'www-authenticate': signed.challenge });
      return;
    }
    signed.done();
    const fresh = server.check('GET', '/', undefined);
    assert.ok('challenge' in fresh);
    const [, nonce] = /nonce="([^"]+)"/.exec(fresh.challenge) ?? [];
    give(response, { 'authentication-info': `nextnonce="${nonce}", qop=auth` });
  });
  for (const _ of [1, 2, 3]) assert.deepEqual(answered(await listOver(there)), empty);
  assert.equal(there.seen.length, 4);
});

test('a server that wants the user name hashed gets it hashed', async (context) => {
  const there = await upstream(context, (request, response) => {
    const { authorization = '' } = request.headers;
    const hashed = createHash('sha256').update(`${publicKey}:r`).digest('hex');
    const isHashed =
      authorization.includes(`username="${hashed}"`) && authorization.includes('userhash=true');
    if (isHashed && authorization.includes('opaque=""')) {
      give(response);
      return;
    }
    const challenge = 'Digest realm="r", nonce="n", algorithm=SHA-256, qop="auth", opaque="", charset=UTF-8';
    refuse(response, { 'www-authenticate': `${challenge}, userhash=true` });
  });
  assert.deepEqual(answered(await listOver(there)), empty);
});

const unanswerable: [what: string, header: string | string[] | undefined, why: RegExp][] = [
  ['qop=auth-int alone', 'Digest realm="r", nonce="n", qop="auth-int"', /qop=auth-int or another qop/],
  ['an unknown algorithm', 'Digest realm="r", nonce="n", algorithm=WHIRLPOOL', /another algorithm than MD5/],
  ['no nonce', 'Digest realm="r"', /no realm or no nonce/],
  [
    'Basic and Negotiate alone',
    ['Negotiate', 'Basic realm="Digest"'],
    /offers basic, negotiate and not Digest/,
  ],
  ['a scheme that nobody knows', `${privateKey} realm="x"`, /offers an unknown scheme and not Digest/],
  ['no challenge at all', undefined, /does not say how/],
];
for (const [what, header, why] of unanswerable)
  test(`a 401 with ${what} is named for what it is, and not for refused credentials`, async (context) => {
    const there = await upstream(context, (_request, response) => {
      refuse(response, header === undefined ? {} : { 'www-authenticate': header });
    });
    const problem = failed(await listOver(there));
    assert.deepEqual(
      [problem.code, problem.status, problem.retryable],
      ['UPSTREAM_SIGN_IN_UNKNOWN', 502, false],
    );
    assert.match(problem.detail, why);
    assert.doesNotMatch(JSON.stringify(problem), new RegExp(privateKey));
    assert.equal(there.seen.length, 1);
    const report = answered(await calls.http(check, { connection: there.connection, input: {} }));
    assert.partialDeepStrictEqual(report, {
      works: false,
      steps: [
        { status: 'ok' },
        { status: 'ok' },
        { step: 'signIn', status: 'failed' },
        { status: 'notReached' },
      ],
    });
  });
