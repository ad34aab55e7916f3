import assert from 'node:assert/strict';
import { after, afterEach, before, describe, mock, test } from 'node:test';
import { handler } from '../functions/atlas/list-access-list.ts';
import { accessListOf, demo, demoWorld } from '../infra/local/simulators/atlas.ts';
import type { LoggedRequest } from '../infra/local/simulators/listen.ts';
import { secretIdOf } from '../lib/connections.ts';
import manifest from '../package.json' with { type: 'json' };
import { answered, apiKey, failed, type Systems, serviceAccount, startSystems, triggers } from './harness.ts';

let systems: Systems;
let usual: Systems['atlas']['settings'];

const call = (connection: string) => triggers.direct(handler, { connection });
const succeed = async (connection: string) => answered(await call(connection));
const manyAtOnce = (connection: string, count: number) =>
  Promise.all(Array.from({ length: count }, () => succeed(connection)));

/** Answers, whenever it is called, the requests that Atlas has got since. */
function watchRequests(): () => LoggedRequest[] {
  const { requests } = systems.atlas;
  const before = requests.length;
  return () => requests.slice(before);
}

/** The requests that Atlas got during some work. */
async function requestsOf(work: () => Promise<unknown>): Promise<LoggedRequest[]> {
  const requests = watchRequests();
  await work();
  return requests();
}

const outline = (requests: LoggedRequest[]): string[] =>
  requests.map(({ method, target, status }) =>
    target === '/api/oauth/token' ? `token ${status}` : `${method} ${status}`,
  );

const readsOf = (connection: string): number =>
  systems.secretsManager.calls.filter(({ secretId }) => secretId === secretIdOf('atlas', connection)).length;

/** Has Atlas settle its answer to the next request, and keep it to itself until told. */
function holdNext(): { reached: Promise<void>; letGo(): void } {
  const reached = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  systems.atlas.fail({ on: 'api', heldUntil: held.promise, reached: reached.resolve });
  return { reached: reached.promise, letGo: held.resolve };
}

/** Lets time pass on the wall clock, for the simulators too: they live in this process. */
const pass = (seconds: number) => mock.timers.tick(seconds * 1_000);

before(async () => {
  // It stands still but for `pass`, and never goes back.
  mock.timers.enable({ apis: ['Date'], now: Date.now() });
  systems = await startSystems();
  usual = { ...systems.atlas.settings, mintsPerMinute: 1_000 };
});

afterEach(() => {
  const { atlas } = systems;
  Object.assign(atlas.settings, usual);
  atlas.organizations.splice(0, 1, ...demoWorld());
  atlas.revokeTokens();
  atlas.recover();
});

after(async () => {
  await systems.stop();
  mock.timers.reset();
});

describe('a service account', () => {
  const store = () => systems.store(serviceAccount(systems.atlas));

  test('mints one token and reads one secret for 50 cold calls at once', async () => {
    const connection = store();
    const minted = systems.atlas.minted;
    systems.atlas.settings.latencyMs = 20;
    await manyAtOnce(connection, 50);
    assert.equal(systems.atlas.minted - minted, 1);
    assert.equal(readsOf(connection), 1);
  });

  test('needs one request for a warm call', async () => {
    const connection = store();
    const cold = await requestsOf(() => succeed(connection));
    assert.deepEqual(outline(cold), ['token 200', 'GET 200']);
    const warm = await requestsOf(() => succeed(connection));
    assert.deepEqual(outline(warm), ['GET 200']);
    assert.equal(readsOf(connection), 1);
  });

  test('signs in with its id and secret as they are, and names itself and the API version', async () => {
    const [token, list] = await requestsOf(() => succeed(store()));
    const basic = Buffer.from(`${demo.clientId}:${demo.clientSecret}`).toString('base64');
    assert.equal(token?.headers.authorization, `Basic ${basic}`);
    assert.equal(token?.headers['content-type'], 'application/x-www-form-urlencoded');
    assert.equal(token?.headers['user-agent'], `switchboard/${manifest.version}`);
    assert.match(list?.headers.authorization ?? '', /^Bearer \S+$/);
    assert.equal(list?.headers.accept, 'application/vnd.atlas.2024-08-05+json');
    assert.equal(list?.headers['user-agent'], `switchboard/${manifest.version}`);
  });

  test('uses its token until a minute before the end, and never after', async () => {
    const connection = store();
    await succeed(connection);
    pass(3_539);
    assert.deepEqual(outline(await requestsOf(() => succeed(connection))), ['GET 200']);
    pass(2);
    assert.deepEqual(outline(await requestsOf(() => succeed(connection))), ['token 200', 'GET 200']);
  });

  test('gives a token that lives for seconds the last tenth of its life', async () => {
    systems.atlas.settings.tokenSeconds = 10;
    const connection = store();
    await succeed(connection);
    pass(8.9);
    assert.deepEqual(outline(await requestsOf(() => succeed(connection))), ['GET 200']);
    pass(0.2);
    assert.deepEqual(outline(await requestsOf(() => succeed(connection))), ['token 200', 'GET 200']);
  });

  test('mints once more when its token was revoked, however many calls find out', async () => {
    const connection = store();
    await succeed(connection);
    systems.atlas.revokeTokens();
    const one = await requestsOf(() => succeed(connection));
    assert.deepEqual(outline(one), ['GET 401', 'token 200', 'GET 200']);

    systems.atlas.revokeTokens();
    systems.atlas.settings.latencyMs = 20;
    const minted = systems.atlas.minted;
    await manyAtOnce(connection, 10);
    assert.equal(systems.atlas.minted - minted, 1);
    assert.equal(readsOf(connection), 1);
  });

  test('does not throw a new token away for a 401 that the old one met', async () => {
    const connection = store();
    await succeed(connection);
    systems.atlas.revokeTokens();
    const minted = systems.atlas.minted;
    const next = holdNext();
    const late = succeed(connection);
    await next.reached;
    await succeed(connection);
    next.letGo();
    await late;
    assert.equal(systems.atlas.minted - minted, 1);
  });

  test('keeps its token through a 403', async () => {
    const connection = store();
    await succeed(connection);
    for (const refuse of ['IP_ADDRESS_NOT_ON_ACCESS_LIST', 'USER_UNAUTHORIZED'] as const) {
      systems.atlas.settings.refuse = refuse;
      const requests = watchRequests();
      assert.equal(failed(await call(connection)).code, refuse);
      assert.deepEqual(outline(requests()), ['GET 403']);
    }
    systems.atlas.settings.refuse = undefined;
    assert.deepEqual(outline(await requestsOf(() => succeed(connection))), ['GET 200']);
    assert.equal(readsOf(connection), 1);
  });

  test('is told of the limit of live tokens, and does not insist', async () => {
    systems.atlas.settings.liveTokens = 0;
    const requests = watchRequests();
    const problem = failed(await call(store()));
    assert.deepEqual(outline(requests()), ['token 403']);
    assert.deepEqual([problem.code, problem.status], ['ACCESS_TOKEN_REFUSED', 503]);
    assert.equal(problem.upstream?.errorCode, 'access_denied');
    assert.match(problem.remedy, /100 live tokens/);
  });

  test('understands a 429 of the token endpoint, which has the shape of the API', async () => {
    systems.atlas.fail({ on: 'token', status: 429, retryAfter: '60' });
    const problem = failed(await call(store()));
    assert.deepEqual([problem.code, problem.status, problem.retryAfter], ['RATE_LIMITED', 429, 60]);
    assert.equal(problem.upstream?.errorCode, 'RATE_LIMITED');
  });

  test('tries again after a passing fault of the token endpoint', async () => {
    systems.atlas.fail({ on: 'token', status: 503 });
    systems.atlas.fail({ on: 'token', reset: true });
    const requests = await requestsOf(() => succeed(store()));
    assert.deepEqual(outline(requests), ['token 503', 'token undefined', 'token 200', 'GET 200']);
  });
});

describe('an API key', () => {
  const store = () => systems.store(apiKey(systems.atlas));

  test('needs one request for a warm call', async () => {
    const connection = store();
    const cold = await requestsOf(() => succeed(connection));
    assert.deepEqual(outline(cold), ['GET 401', 'GET 200']);
    for (let calls = 0; calls < 3; calls++)
      assert.deepEqual(outline(await requestsOf(() => succeed(connection))), ['GET 200']);
  });

  test('never has one nonce in two requests at once, so that 20 calls at once succeed', async () => {
    const connection = store();
    systems.atlas.settings.latencyMs = 5;
    const first = await requestsOf(() => manyAtOnce(connection, 20));
    const second = await requestsOf(() => manyAtOnce(connection, 20));
    const signed = [...first, ...second].filter(({ headers }) => headers.authorization !== undefined);
    // The simulator refuses a nonce that is in flight, as Atlas does.
    assert.deepEqual(new Set(signed.map(({ status }) => status)), new Set([200]));
    const counts = signed.map(({ headers: { authorization = '' } }) =>
      ['nonce="([^"]+)"', 'nc=(\\w{8})'].map((field) => new RegExp(field).exec(authorization)?.[1]).join(' '),
    );
    assert.equal(counts.length, 40);
    assert.equal(new Set(counts).size, 40);
    assert.deepEqual(new Set(outline(second)), new Set(['GET 200']));
  });

  test('goes on with a new nonce when the old one is stale or used up', async () => {
    const connection = store();
    await succeed(connection);
    pass(61);
    assert.deepEqual(outline(await requestsOf(() => succeed(connection))), ['GET 401', 'GET 200']);
    assert.deepEqual(outline(await requestsOf(() => succeed(connection))), ['GET 200']);
    systems.atlas.settings.nonce = { seconds: 60, uses: 1 };
    assert.deepEqual(outline(await requestsOf(() => succeed(connection))), ['GET 401', 'GET 200']);
  });

  test('keeps its nonce through a 403', async () => {
    const connection = store();
    await succeed(connection);
    systems.atlas.settings.refuse = 'ORG_REQUIRES_ACCESS_LIST';
    assert.equal(failed(await call(connection)).code, 'ORG_REQUIRES_ACCESS_LIST');
    systems.atlas.settings.refuse = undefined;
    assert.deepEqual(outline(await requestsOf(() => succeed(connection))), ['GET 200']);
  });

  test('names itself and the API version', async () => {
    for (const { headers } of await requestsOf(() => succeed(store()))) {
      assert.equal(headers.accept, 'application/vnd.atlas.2024-08-05+json');
      assert.equal(headers['user-agent'], `switchboard/${manifest.version}`);
    }
  });
});

const kinds = {
  'a service account': {
    secret: serviceAccount,
    wrong: { clientSecret: 'mdb_sa_sk_wrong' },
    rotated: { clientSecret: 'mdb_sa_sk_rotated' },
    refused: ['token 401'],
    rotate: (to: string) => {
      for (const { serviceAccounts } of systems.atlas.organizations)
        for (const account of serviceAccounts) account.clientSecret = to;
    },
  },
  'an API key': {
    secret: apiKey,
    wrong: { privateKey: 'wrong-key' },
    rotated: { privateKey: 'rotated-key' },
    refused: ['GET 401', 'GET 401'],
    rotate: (to: string) => {
      for (const { apiKeys } of systems.atlas.organizations) for (const key of apiKeys) key.privateKey = to;
    },
  },
};

for (const [kind, { secret, wrong, refused, rotated, rotate }] of Object.entries(kinds))
  describe(`the secret of ${kind}`, () => {
    test('is read again, once, when it was rotated', async () => {
      const connection = systems.store(secret(systems.atlas));
      await succeed(connection);
      const [value = ''] = Object.values(rotated);
      rotate(value);
      systems.atlas.revokeTokens();
      systems.secretsManager.put(
        secretIdOf('atlas', connection),
        JSON.stringify({ ...secret(systems.atlas), ...rotated }),
      );
      pass(61);
      await manyAtOnce(connection, 5);
      assert.equal(readsOf(connection), 2);
      await succeed(connection);
      assert.equal(readsOf(connection), 2);
    });

    test('is read again, once, when it is wrong, and the caller is told', async () => {
      const connection = systems.store({ ...secret(systems.atlas), ...wrong });
      const requests = watchRequests();
      const problem = failed(await call(connection));
      assert.deepEqual(outline(requests()), refused);
      assert.deepEqual([problem.code, problem.status], ['UPSTREAM_CREDENTIALS_REFUSED', 502]);
      assert.equal(problem.upstream?.status, 401);
      assert.match(problem.remedy, new RegExp(secretIdOf('atlas', connection)));
      assert.equal(readsOf(connection), 2);
    });

    test('is replaced without harm to a call that goes on with the old one', async () => {
      systems.atlas.organizations.splice(0, 1, ...demoWorld(accessListOf(501)));
      const connection = systems.store(secret(systems.atlas));
      await succeed(connection);
      const next = holdNext();
      const twoPages = triggers.direct(handler, { connection, input: { all: true } });
      await next.reached;
      pass(300);
      systems.secretsManager.put(secretIdOf('atlas', connection), JSON.stringify(secret(systems.atlas)));
      await succeed(connection);
      assert.equal(readsOf(connection), 2);
      next.letGo();
      assert.deepEqual(answered(await twoPages), { results: accessListOf(501), totalCount: 501 });
    });

    test('is read again when it is 5 minutes old, and nothing else changes', async () => {
      systems.atlas.settings.nonce = { seconds: 3_600, uses: Number.POSITIVE_INFINITY };
      const connection = systems.store(secret(systems.atlas));
      await succeed(connection);
      pass(299);
      await succeed(connection);
      assert.equal(readsOf(connection), 1);
      pass(1);
      assert.deepEqual(outline(await requestsOf(() => succeed(connection))), ['GET 200']);
      assert.equal(readsOf(connection), 2);
    });
  });

for (const fault of [{ reset: true }, { lost: true }] as const)
  test(`a secret is read once more where the connection to Secrets Manager breaks: ${Object.keys(fault)}`, async () => {
    const connection = systems.store(serviceAccount(systems.atlas));
    systems.secretsManager.fail(fault);
    await succeed(connection);
    assert.equal(readsOf(connection), 2);
  });

test('two connections to one system never share a token', async () => {
  const [one, other] = [serviceAccount, serviceAccount].map((secret) => systems.store(secret(systems.atlas)));
  const requests = await requestsOf(() => Promise.all([succeed(one ?? ''), succeed(other ?? '')]));
  const tokens = requests
    .filter(({ method }) => method === 'GET')
    .map(({ headers }) => headers.authorization);
  assert.equal(new Set(tokens).size, 2);
});
