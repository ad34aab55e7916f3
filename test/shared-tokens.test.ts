import assert from 'node:assert/strict';
import { after, afterEach, before, describe, mock, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { demo, demoWorld } from '../infra/local/simulators/atlas.ts';
import type { LoggedRequest } from '../infra/local/simulators/listen.ts';
import { keepToken } from '../lib/atlas/token-keeper.ts';
import { secretIdOf } from '../lib/connections.ts';
import { problemDetails } from '../lib/problems/problem-details.ts';
import { credentialsRefusedKind } from '../lib/problems/upstream.ts';
import {
  answered,
  apiKey,
  failed,
  type Handler,
  httpEvent,
  lambdaContext,
  type Outcome,
  respond,
  serviceAccount,
  triggers,
} from './harness.ts';
import { startTokenSystems, type TokenSystems } from './token-harness.ts';

let systems: TokenSystems;
let usual: TokenSystems['atlas']['settings'];

const call = (handler: Handler, connection: string) => triggers.http(handler, { connection });
const succeed = async (handler: Handler, connection: string) => answered(await call(handler, connection));
const freshHandlers = (count: number) =>
  Promise.all(Array.from({ length: count }, () => systems.freshHandler()));

/** What comes of one call in each process, all at once. */
const callAll = (handlers: Handler[], connection: string): Promise<Outcome[]> =>
  Promise.all(handlers.map((handler) => call(handler, connection)));

/** A connection over which some process has signed in already. */
async function storeUsed(secret: object = serviceAccount(systems.atlas)): Promise<string> {
  const connection = systems.store(secret);
  await succeed(await systems.freshHandler(), connection);
  return connection;
}

/** What some work made of requests to Atlas, of mints, and of runs of the function that mints. */
async function costOf(work: () => Promise<unknown>) {
  const { requests } = systems.atlas;
  const [from, minted, runs] = [requests.length, systems.atlas.minted, systems.keeperRuns()];
  await work();
  return {
    requests: outline(requests.slice(from)),
    minted: systems.atlas.minted - minted,
    runs: systems.keeperRuns() - runs,
  };
}

const outline = (requests: LoggedRequest[]): string[] =>
  requests.map(({ method, target, status }) =>
    target === '/api/oauth/token' ? `token ${status}` : `${method} ${status}`,
  );

/** Lets time pass on the wall clock, for the simulators too: they live in this process. */
const pass = (seconds: number) => mock.timers.tick(seconds * 1_000);

async function somebodyThrottled(before: number): Promise<void> {
  while (systems.lambda.throttled === before) await sleep(1);
}

const keep = (event: unknown) => keepToken(event, lambdaContext(10_000));

before(async () => {
  mock.timers.enable({ apis: ['Date'], now: Date.now() });
  systems = await startTokenSystems();
  usual = { ...systems.atlas.settings, mintsPerMinute: 1_000 };
});

afterEach(() => {
  const { atlas, secretsManager } = systems;
  Object.assign(atlas.settings, usual);
  atlas.organizations.splice(0, 1, ...demoWorld());
  atlas.revokeTokens();
  atlas.recover();
  secretsManager.recover();
});

after(async () => {
  await systems.stop();
  mock.timers.reset();
});

describe('a service account', () => {
  test('has its first token minted by the function that does so, which alone reads its secret', async () => {
    const connection = systems.store(serviceAccount(systems.atlas));
    const handlers = await freshHandlers(5);
    // Until another process has found the function busy.
    systems.atlas.fail({ on: 'token', heldUntil: somebodyThrottled(systems.lambda.throttled) });
    const { minted } = await costOf(async () => (await callAll(handlers, connection)).map(answered));
    assert.equal(minted, 1);
    const { own, token } = systems.asked(connection);
    assert.ok(token.includes('CreateSecret'));
    assert.ok(systems.lambda.throttled > 0);
    assert.deepEqual(
      own,
      Array.from({ length: systems.keeperRuns() }, () => 'GetSecretValue'),
    );
  });

  test('costs a cold process two requests: for the token, and for what was asked', async () => {
    const connection = await storeUsed();
    const before = systems.secretsManager.calls.length;
    const handler = await systems.freshHandler();
    const cold = await costOf(() => succeed(handler, connection));
    assert.deepEqual(cold, { requests: ['GET 200'], minted: 0, runs: 0 });
    assert.deepEqual(systems.secretsManager.calls.slice(before), [
      { operation: 'GetSecretValue', secretId: `switchboard/tokens/atlas/${connection}` },
    ]);
  });

  test('costs a warm process one', async () => {
    const handler = await systems.freshHandler();
    const connection = await storeUsed();
    await succeed(handler, connection);
    const before = systems.secretsManager.calls.length;
    const warm = await costOf(() => succeed(handler, connection));
    assert.deepEqual(warm, { requests: ['GET 200'], minted: 0, runs: 0 });
    assert.equal(systems.secretsManager.calls.length, before);
  });

  test('has its token renewed once for all a minute before the end, and never later', async () => {
    const connection = await storeUsed();
    const handlers = await freshHandlers(4);
    for (const outcome of await callAll(handlers, connection)) answered(outcome);
    pass(3_539);
    const before = await costOf(async () => (await callAll(handlers, connection)).map(answered));
    assert.deepEqual([before.minted, new Set(before.requests)], [0, new Set(['GET 200'])]);
    pass(2);
    const late = await costOf(async () => (await callAll(handlers, connection)).map(answered));
    assert.equal(late.minted, 1);
    assert.deepEqual(new Set(late.requests), new Set(['token 200', 'GET 200']));
    const cold = await costOf(async () => succeed(await systems.freshHandler(), connection));
    assert.equal(cold.minted, 0);
  });

  test('has a token that was revoked renewed once, however many processes find out', async () => {
    const connection = await storeUsed();
    const handlers = await freshHandlers(4);
    for (const outcome of await callAll(handlers, connection)) answered(outcome);
    pass(61);
    systems.atlas.revokeTokens();
    const { minted, requests } = await costOf(async () =>
      (await callAll(handlers, connection)).map(answered),
    );
    assert.equal(minted, 1);
    assert.equal(requests.filter((line) => line === 'GET 401').length, 4);
  });

  test('has no token renewed for a 403', async () => {
    const handler = await systems.freshHandler();
    const connection = await storeUsed();
    pass(61);
    systems.atlas.settings.refuse = 'IP_ADDRESS_NOT_ON_ACCESS_LIST';
    const refused = await costOf(async () =>
      assert.equal(failed(await call(handler, connection)).code, 'IP_ADDRESS_NOT_ON_ACCESS_LIST'),
    );
    assert.deepEqual(refused, { requests: ['GET 403'], minted: 0, runs: 0 });
  });

  test('which Atlas refuses whatever its token, gets no more than one a minute', async () => {
    const connection = await storeUsed();
    pass(61);
    systems.atlas.fail({ on: 'api', status: 401, times: Number.POSITIVE_INFINITY });
    const { minted } = await costOf(async () => {
      for (const handler of await freshHandlers(3))
        assert.equal(failed(await call(handler, connection)).code, 'UPSTREAM_CREDENTIALS_REFUSED');
    });
    assert.equal(minted, 1);
  });

  test('signs in with its new secret once Atlas has refused what came from the old one', async () => {
    const handler = await systems.freshHandler();
    const connection = await storeUsed();
    await succeed(handler, connection);
    const clientSecret = 'mdb_sa_sk_rotated';
    for (const { serviceAccounts } of systems.atlas.organizations)
      for (const account of serviceAccounts) account.clientSecret = clientSecret;
    systems.atlas.revokeTokens();
    const secret = { ...serviceAccount(systems.atlas), clientSecret };
    systems.secretsManager.put(secretIdOf('atlas', connection), JSON.stringify(secret));
    const rotated = await costOf(() => succeed(handler, connection));
    assert.deepEqual(rotated.requests, ['GET 401', 'token 200', 'GET 200']);
  });

  test('gets a token of its new secret at once where the function that mints is asked to look', async () => {
    const connection = await storeUsed();
    const same = await costOf(() => keep({ connection }));
    assert.equal(same.minted, 0);
    systems.secretsManager.put(
      secretIdOf('atlas', connection),
      JSON.stringify(serviceAccount(systems.atlas)),
    );
    const anew = await costOf(() => keep({ connection }));
    assert.equal(anew.minted, 1);
  });

  test('with a wrong secret asks Atlas once, however many processes want a token, and all are told', async () => {
    const connection = systems.store({ ...serviceAccount(systems.atlas), clientSecret: 'mdb_sa_sk_wrong' });
    const handlers = await freshHandlers(5);
    const { requests } = await costOf(async () => {
      for (const outcome of await callAll(handlers, connection)) {
        const { code, status, remedy } = failed(outcome);
        assert.deepEqual([code, status], ['UPSTREAM_CREDENTIALS_REFUSED', 502]);
        assert.match(remedy, new RegExp(secretIdOf('atlas', connection)));
      }
    });
    assert.deepEqual(requests, ['token 401']);
    systems.secretsManager.put(
      secretIdOf('atlas', connection),
      JSON.stringify(serviceAccount(systems.atlas)),
    );
    await succeed(await systems.freshHandler(), connection);
  });

  test('that gets no token has its callers told so in their own language', async () => {
    const connection = systems.store({ ...serviceAccount(systems.atlas), clientSecret: 'mdb_sa_sk_wrong' });
    const event = httpEvent({ orgId: demo.orgId, clientId: demo.clientId, connection });
    const headers = { 'accept-language': 'pt-BR' };
    const handler = await systems.freshHandler();
    const { body } = await respond(handler, { ...event, headers });
    const { title, detail } = problemDetails.parse(JSON.parse(body));
    assert.equal(title, credentialsRefusedKind['pt-BR'].title);
    assert.match(detail, new RegExp(`não aceita as credenciais da conexão ${connection}`));
  });

  test('which may have no further token has its callers told when to come back', async () => {
    const connection = systems.store(serviceAccount(systems.atlas));
    systems.atlas.settings.liveTokens = 0;
    const problem = failed(await call(await systems.freshHandler(), connection));
    assert.deepEqual([problem.code, problem.retryAfter], ['ACCESS_TOKEN_REFUSED', 600]);
  });
});

describe('an API key', () => {
  test('is read by the operations themselves: there is no token', async () => {
    const connection = systems.store(apiKey(systems.atlas));
    const handlers = await freshHandlers(2);
    const [first = handlers[0], second = handlers[0]] = handlers;
    assert.ok(first && second);
    await succeed(first, connection);
    const cold = await costOf(() => succeed(second, connection));
    assert.deepEqual(cold, { requests: ['GET 401', 'GET 200'], minted: 0, runs: 0 });
    assert.deepEqual((await costOf(() => succeed(second, connection))).requests, ['GET 200']);
  });

  test('which operations may not read tells of the tag that is missing', async () => {
    const connection = await storeUsed(apiKey(systems.atlas));
    systems.secretsManager.fail({ code: 'AccessDeniedException', secretId: secretIdOf('atlas', connection) });
    const problem = failed(await call(await systems.freshHandler(), connection));
    assert.deepEqual([problem.code, problem.status], ['API_KEY_NOT_READABLE', 500]);
    assert.match(problem.remedy, /tag-resource .*switchboard-sign-in,Value=api-key/);
  });

  test('can become a service account, and a service account an API key', async () => {
    const connection = await storeUsed(apiKey(systems.atlas));
    const store = (secret: object) =>
      systems.secretsManager.put(secretIdOf('atlas', connection), JSON.stringify(secret));
    store(serviceAccount(systems.atlas));
    const account = await costOf(async () => succeed(await systems.freshHandler(), connection));
    assert.deepEqual(account.requests, ['token 200', 'GET 200']);

    const handler = await systems.freshHandler();
    await succeed(handler, connection);
    store(apiKey(systems.atlas));
    systems.atlas.revokeTokens();
    const key = await costOf(() => succeed(handler, connection));
    assert.deepEqual(key.requests, ['GET 401', 'GET 401', 'GET 200']);
  });
});

test('a connection that is not there, or malformed, is told of as ever', async () => {
  const handler = await systems.freshHandler();
  assert.equal(failed(await call(handler, 'missing')).code, 'CONNECTION_NOT_FOUND');
  const malformed = failed(await call(handler, systems.store({ clientId: 'mdb_sa_id_hunter2' })));
  assert.deepEqual(
    [malformed.code, malformed.errors],
    ['CONNECTION_MALFORMED', [{ field: 'clientSecret', detail: 'is required' }]],
  );
});

test('the function that mints does no harm where it runs twice at once all the same', async () => {
  const connection = systems.store(serviceAccount(systems.atlas));
  await Promise.all([keep({ connection }), keep({ connection })]);
  const { minted } = await costOf(async () => succeed(await systems.freshHandler(), connection));
  assert.equal(minted, 0);
});

test('callers are told where the function that mints cannot be reached', async () => {
  const handler = await systems.freshHandler();
  const connection = systems.store(serviceAccount(systems.atlas));
  const name = process.env['ATLAS_TOKEN_FUNCTION'];
  process.env['ATLAS_TOKEN_FUNCTION'] = 'switchboard-nothing';
  const { code, status, retryAfter } = failed(await call(handler, connection));
  process.env['ATLAS_TOKEN_FUNCTION'] = name;
  assert.deepEqual([code, status, retryAfter], ['AWS_UNAVAILABLE', 503, 5]);
});

test('a stored token that nobody can make sense of is written anew', async () => {
  const connection = systems.store(serviceAccount(systems.atlas));
  systems.secretsManager.put(`switchboard/tokens/atlas/${connection}`, 'hunter2');
  const { minted } = await costOf(async () => succeed(await systems.freshHandler(), connection));
  assert.equal(minted, 1);
});

test('no token and no secret shows in a log or an error', async () => {
  const connection = await storeUsed();
  const handler = await systems.freshHandler();
  const left = [await call(handler, connection), await call(handler, 'missing')];
  for (const fault of [{ html: 200 }, { status: 429, retryAfter: '60' }, { body: { token: 'none' } }]) {
    systems.atlas.fail({ on: 'token', ...fault });
    left.push(await call(await systems.freshHandler(), systems.store(serviceAccount(systems.atlas))));
    systems.atlas.recover();
  }
  const secrets = systems.atlas.requests.flatMap(
    ({ headers }) => /^(?:Bearer|Basic) (.+)$/.exec(headers.authorization ?? '')?.[1] ?? [],
  );
  assert.ok(secrets.length > 1);
  const text = JSON.stringify(left) + systems.logLines.join('');
  for (const secret of [demo.clientSecret, demo.privateKey, ...secrets]) assert.ok(!text.includes(secret));
  assert.match(text, /token kept/);
});
