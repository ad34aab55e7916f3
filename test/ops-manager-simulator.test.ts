import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as z from 'zod';
import {
  accessListOf,
  demo,
  demoWorld,
  type OpsManagerSimulator,
  startOpsManager,
} from '../infra/local/simulators/ops-manager.ts';
import { authorization, parseChallenge } from '../lib/upstream/digest.ts';

const run = promisify(execFile);

const api = '/api/public/v1.0';
const accessList = `${api}/orgs/${demo.orgId}/apiKeys/${demo.apiKeyId}/accessList`;
const migrationLink = `${api}/orgs/${demo.orgId}/liveExport/migrationLink`;
const alertConfigs = `${api}/groups/${demo.groupId}/alertConfigs`;
const nobody = 'f'.repeat(24);
const schemes = [
  { digestAlgorithm: 'MD5', digestQop: 'auth' },
  { digestAlgorithm: 'SHA-256', digestQop: 'auth' },
  { digestAlgorithm: 'MD5', digestQop: 'absent' },
] as const;

let opsManager: OpsManagerSimulator;

async function send(method: string, path: string, signature?: string, body?: unknown) {
  const response = await fetch(opsManager.url + path, {
    method,
    headers: {
      ...(signature !== undefined && { authorization: signature }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const { status, headers } = response;
  const text = await response.text();
  const json: unknown = text && JSON.parse(text);
  return { status, headers, body: json, challenge: headers.get('www-authenticate') ?? '' };
}

interface Signing {
  method?: string;
  path?: string;
  count?: number;
  password?: string;
}

/** The signature that answers a challenge: that of the first GET of the access list unless told otherwise. */
function sign(
  header: string,
  { method = 'GET', path = accessList, count = 1, password = demo.privateKey }: Signing = {},
): string {
  const challenge = parseChallenge(header);
  assert.ok(challenge, header);
  return authorization(challenge, count, { method, path }, demo.publicKey, password);
}

/** One call, signed with the demo world's API key. */
async function call(method: string, path: string, body?: unknown) {
  const { challenge } = await send(method, path);
  return send(method, path, sign(challenge, { method, path }), body);
}

function world() {
  const [organization] = opsManager.organizations;
  const [config] = organization?.groups[0]?.alertConfigs ?? [];
  assert.ok(organization && config);
  return { organization, config, path: `${alertConfigs}/${config.id}` };
}

before(async () => {
  opsManager = await startOpsManager();
});

afterEach(() => {
  opsManager.recover();
  opsManager.organizations.splice(0, Number.POSITIVE_INFINITY, ...demoWorld());
  Object.assign(opsManager.settings, {
    ...schemes[0],
    refuse: undefined,
    nonce: { seconds: 60, uses: Number.POSITIVE_INFINITY },
    rateLimit: { capacity: 10_000, refill: 10_000, refillSeconds: 60 },
  });
});

after(() => opsManager.close());

describe('Digest', () => {
  test('the challenge, and the one 401 for whatever is wrong with the credentials', async () => {
    const { status, headers, body, challenge } = await send('GET', accessList);
    assert.equal(status, 401);
    assert.match(
      challenge,
      /^Digest realm="MMS Public API", domain="", nonce="[\w+/=]{32}", algorithm=MD5, qop="auth", stale=false$/,
    );
    assert.equal(headers.get('content-type'), 'application/json');
    assert.deepEqual(body, {
      error: 401,
      reason: 'Unauthorized',
      detail: 'You are not authorized for this resource.',
      errorCode: 'UNEXPECTED_ERROR',
    });
    const wrong = await send('GET', accessList, sign(challenge, { password: 'wrong' }));
    assert.deepEqual(wrong.body, body);
    assert.match(wrong.challenge, /stale=false/);
  });

  for (const scheme of schemes)
    test(`${scheme.digestAlgorithm}, qop ${scheme.digestQop}: a nonce serves many requests`, async () => {
      Object.assign(opsManager.settings, scheme);
      const { challenge } = await send('GET', accessList);
      assert.equal(challenge.includes('qop='), scheme.digestQop === 'auth');
      assert.ok(challenge.includes(`algorithm=${scheme.digestAlgorithm}`));
      for (const count of [1, 2, 5])
        assert.equal((await send('GET', accessList, sign(challenge, { count }))).status, 200);
      assert.equal((await send('GET', accessList, sign(challenge, { count: 6, password: 'x' }))).status, 401);
    });

  test('a count that was used, or is not above it, is a replay', async () => {
    const { challenge } = await send('GET', accessList);
    const signature = sign(challenge, { count: 2 });
    assert.equal((await send('GET', accessList, signature)).status, 200);
    for (const replayed of [signature, sign(challenge, { count: 1 })]) {
      const refused = await send('GET', accessList, replayed);
      assert.equal(refused.status, 401);
      assert.match(refused.challenge, /stale=false/);
    }
    assert.equal((await send('GET', accessList, sign(challenge, { count: 3 }))).status, 200);
  });

  test('a nonce that is busy with one request is refused to another', async () => {
    const { challenge } = await send('GET', accessList);
    opsManager.settings.latencyMs = 2_000;
    const before = opsManager.requests.length;
    const first = send('GET', accessList, sign(challenge));
    while (opsManager.requests.length === before) await sleep(1);
    opsManager.settings.latencyMs = 0;
    assert.equal((await send('GET', accessList, sign(challenge, { count: 2 }))).status, 401);
    assert.equal((await first).status, 200);
    assert.equal((await send('GET', accessList, sign(challenge, { count: 3 }))).status, 200);
  });

  test('a signature is good for one method and one target, the query included', async () => {
    const { challenge } = await send('GET', accessList);
    const path = `${accessList}?pageNum=1`;
    assert.equal((await send('GET', path, sign(challenge))).status, 401);
    assert.equal((await send('POST', accessList, sign(challenge))).status, 401);
    assert.equal((await send('GET', path, sign(challenge, { path }))).status, 200);
  });

  for (const scheme of schemes)
    test(`${scheme.digestAlgorithm}, qop ${scheme.digestQop}: an old nonce is stale, but only with the right key`, async () => {
      Object.assign(opsManager.settings, scheme);
      const { challenge } = await send('GET', accessList);
      opsManager.advance(61);
      const wrong = await send('GET', accessList, sign(challenge, { password: 'wrong' }));
      assert.match(wrong.challenge, /stale=false/);
      const old = await send('GET', accessList, sign(challenge, { count: 2 }));
      assert.equal(old.status, 401);
      assert.match(old.challenge, /stale=true/);
      assert.equal((await send('GET', accessList, sign(old.challenge))).status, 200);
    });
});

describe('curl --digest', () => {
  const skip = spawnSync('curl', ['--version']).status === 0 ? false : 'there is no curl here';

  async function curl(...words: string[]) {
    const key = `${demo.publicKey}:${demo.privateKey}`;
    const common = ['-q', '-sS', '--noproxy', '*', '--max-time', '20', '--digest', '--user', key];
    const { stdout } = await run('curl', [...common, '--write-out', '\n%{http_code}', ...words]);
    const [status = '', ...body] = stdout.split('\n').reverse();
    return { status, body: body.reverse().join('\n') };
  }

  for (const scheme of schemes)
    test(`${scheme.digestAlgorithm}, qop ${scheme.digestQop}: GET, PATCH and DELETE`, { skip }, async () => {
      Object.assign(opsManager.settings, scheme);
      const { config, path } = world();
      const got = await curl(`${opsManager.url}${path}?pretty=false`);
      assert.equal(got.status, '200');
      assert.partialDeepStrictEqual(JSON.parse(got.body), { id: config.id, enabled: true });

      const json = ['--header', 'Content-Type: application/json', '--data', '{"enabled":false}'];
      const patched = await curl('--request', 'PATCH', ...json, opsManager.url + path);
      assert.equal(patched.status, '200');
      assert.partialDeepStrictEqual(JSON.parse(patched.body), { id: config.id, enabled: false });

      const deleted = await curl('--request', 'DELETE', opsManager.url + migrationLink);
      assert.equal(deleted.status, '204');
      assert.equal(world().organization.link, undefined);
    });

  test('signs again where its nonce was stale', { skip }, async () => {
    const start = opsManager.requests.length;
    const seen = () => opsManager.requests.slice(start).map(({ status }) => status);
    opsManager.settings.nonce = {
      get seconds() {
        return seen().length > 2 ? 60 : 0;
      },
      uses: Number.POSITIVE_INFINITY,
    };
    assert.equal((await curl(opsManager.url + accessList)).status, '200');
    assert.deepEqual(seen(), [401, 401, 200]);
  });

  test('a wrong key is refused and not tried for ever', { skip }, async () => {
    const [organization] = opsManager.organizations;
    const [key] = organization?.apiKeys ?? [];
    assert.ok(key);
    key.privateKey = 'rotated';
    assert.equal((await curl(opsManager.url + accessList)).status, '401');
  });
});

describe('the access list of an API key', () => {
  const entry = z.strictObject({
    cidrBlock: z.string(),
    ipAddress: z.string().optional(),
    count: z.int(),
    created: z.iso.datetime(),
    lastUsed: z.iso.datetime().optional(),
    lastUsedAddress: z.string().optional(),
    links: z.tuple([z.object({ href: z.url(), rel: z.literal('self') })]),
  });
  const list = z.strictObject({
    links: z.array(z.object({ href: z.url(), rel: z.string() })),
    results: z.array(entry),
    totalCount: z.int().optional(),
    status: z.int().optional(),
  });

  test('pages, with entries as Ops Manager names them', async () => {
    const [key] = world().organization.apiKeys;
    assert.ok(key);
    key.accessList = accessListOf(7);
    const seen: string[] = [];
    for (let pageNum = 1; pageNum <= 3; pageNum++) {
      const { status, headers, body } = await call('GET', `${accessList}?itemsPerPage=3&pageNum=${pageNum}`);
      assert.equal(status, 200);
      assert.equal(headers.get('content-type'), 'application/json');
      const page = list.parse(body);
      assert.equal(page.totalCount, 7);
      assert.deepEqual(
        page.links.map(({ rel }) => rel),
        [
          ['self', 'next'],
          ['self', 'previous', 'next'],
          ['self', 'previous'],
        ][pageNum - 1],
      );
      seen.push(...page.results.map(({ cidrBlock }) => cidrBlock));
    }
    assert.deepEqual(
      seen,
      accessListOf(7).map(({ cidrBlock }) => cidrBlock),
    );
  });

  test('an envelope takes the status in; a count can be left out', async () => {
    const { body } = await call('GET', `${accessList}?envelope=true&includeCount=false`);
    const page = list.parse(body);
    assert.equal(page.status, 200);
    assert.equal(page.totalCount, undefined);
    assert.equal(page.results.length, 12);
  });

  test('an unknown key is a bad request, an unknown organization is not found', async () => {
    const key = await call('GET', accessList.replace(demo.apiKeyId, nobody));
    assert.equal(key.status, 400);
    assert.partialDeepStrictEqual(key.body, { errorCode: 'API_KEY_NOT_FOUND', parameters: [nobody] });
    const organization = await call('GET', accessList.replace(demo.orgId, nobody));
    assert.equal(organization.status, 404);
    assert.partialDeepStrictEqual(organization.body, { errorCode: 'ORG_NOT_FOUND', parameters: [nobody] });
  });
});

test('a migration link is made, looked at and removed', async () => {
  const states = [
    await call('GET', `${migrationLink}/status`),
    await call('DELETE', migrationLink),
    await call('GET', `${migrationLink}/status`),
    await call('DELETE', migrationLink),
    await call('POST', migrationLink, {}),
    await call('POST', migrationLink, { linkToken: 'x' }),
    await call('GET', `${migrationLink}/status?envelope=true`),
  ];
  assert.deepEqual(
    states.map(({ status }) => status),
    [200, 204, 200, 404, 400, 200, 200],
  );
  const [synced, removed, unsynced, missing, invalid, made, enveloped] = states.map(({ body }) => body);
  assert.deepEqual(synced, { status: 'SYNCED' });
  assert.equal(removed, '');
  assert.deepEqual(unsynced, { status: 'NOT_SYNCED' });
  assert.partialDeepStrictEqual(missing, { error: 404, reason: 'Not Found' });
  assert.partialDeepStrictEqual(invalid, { errorCode: 'MISSING_ATTRIBUTE', parameters: ['linkToken'] });
  assert.deepEqual(made, { status: 'SYNCED' });
  assert.deepEqual(enveloped, { status: 200, content: { status: 'SYNCED' } });
});

describe('alert configurations', () => {
  test('PATCH sets the state; PUT without one disables', async () => {
    const { config, path } = world();
    for (const enabled of [false, false, true]) {
      const { status, body } = await call('PATCH', path, { enabled });
      assert.equal(status, 200);
      assert.partialDeepStrictEqual(body, { id: config.id, enabled });
    }
    const { eventTypeName, notifications } = config;
    assert.equal((await call('PUT', path, { eventTypeName, notifications })).status, 200);
    assert.partialDeepStrictEqual((await call('GET', path)).body, { id: config.id, enabled: false });
  });

  test('ids that do not exist, and ids that cannot, have codes of their own', async () => {
    const cases = {
      [`${alertConfigs}/${nobody}`]: 'ALERT_CONFIG_NOT_FOUND',
      [`${alertConfigs}/short`]: 'INVALID_ALERT_CONFIG_ID',
      [alertConfigs.replace(demo.groupId, nobody)]: 'GROUP_NOT_FOUND',
      [alertConfigs.replace(demo.groupId, 'short')]: 'INVALID_GROUP_ID',
    };
    for (const [path, errorCode] of Object.entries(cases)) {
      const { status, body } = await call('GET', path);
      assert.equal(status, 404, path);
      assert.partialDeepStrictEqual(body, { error: 404, errorCode });
    }
  });
});

describe('refusals, limits and faults', () => {
  test('a missing role is a 401 that asks for no signature', async () => {
    opsManager.settings.refuse = 'USER_UNAUTHORIZED';
    const { status, body, challenge } = await call('GET', accessList);
    assert.equal(status, 401);
    assert.partialDeepStrictEqual(body, { error: 401, errorCode: 'USER_UNAUTHORIZED' });
    assert.equal(challenge, '');
  });

  test('an address that is not on the access list is a 403', async () => {
    Object.assign(opsManager.settings, {
      refuse: 'IP_ADDRESS_NOT_ON_ACCESS_LIST',
      callerAddress: '192.0.2.7',
    });
    const { status, body } = await call('GET', accessList);
    assert.equal(status, 403);
    assert.partialDeepStrictEqual(body, { parameters: ['192.0.2.7'] });
  });

  test('requests over the limit are refused until the minute is over', async () => {
    opsManager.settings.rateLimit = { capacity: 2, refill: 2, refillSeconds: 60 };
    const path = alertConfigs;
    const statuses = [];
    for (let time = 0; time < 3; time++) statuses.push((await call('GET', path)).status);
    assert.deepEqual(statuses, [200, 200, 429]);
    const { body } = await call('GET', path);
    assert.deepEqual(body, {
      detail: `Resource ${path} is limited to 2 requests every 1 minutes.`,
      error: 429,
      errorCode: 'RATE_LIMITED',
      parameters: [path, 2, 1],
      reason: 'Too Many Requests',
    });
    opsManager.advance(60);
    assert.equal((await call('GET', path)).status, 200);
  });

  test('an answer is lost after the request was carried out', async () => {
    opsManager.fail({ lost: true });
    await assert.rejects(call('DELETE', migrationLink));
    assert.equal((await call('DELETE', migrationLink)).status, 404);
  });

  test('any error can be asked for, and nothing is carried out', async () => {
    opsManager.fail({ status: 409, errorCode: 'NO_GROUP_SSH_KEY', detail: 'Any text.', parameters: ['a'] });
    assert.deepEqual((await call('DELETE', migrationLink)).body, {
      detail: 'Any text.',
      error: 409,
      errorCode: 'NO_GROUP_SSH_KEY',
      parameters: ['a'],
      reason: 'Conflict',
    });
    assert.ok(world().organization.link);
  });
});
