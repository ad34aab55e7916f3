import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import * as listApiKeyAccessList from '../functions/ops-manager/list-api-key-access-list.ts';
import {
  accessListOf,
  demo,
  demoWorld,
  type OpsManagerSimulator,
  startOpsManager,
} from '../infra/local/simulators/ops-manager.ts';
import { secretIdOf } from '../lib/connections.ts';
import { type ErrorCode, findError } from '../lib/error-catalogue/catalogue.ts';
import { certify, withoutOpenssl } from './certify.ts';
import {
  answered,
  askedOf,
  calls,
  failed,
  opsManagerKey,
  respond,
  type Systems,
  startSystems,
  triggerNames,
  unitEvent,
} from './harness.ts';

let systems: Systems;
let opsManager: OpsManagerSimulator;
let connection: string;

const { orgId, apiKeyId } = demo;
const path = `/orgs/${orgId}/apiKeys/${apiKeyId}/accessList`;
const firstPage = `GET ${path}?includeCount=true&itemsPerPage=100&pageNum=1`;
const nobody = 'f'.repeat(24);

const store = (secret: unknown) => systems.store(secret, 'opsManager');
const haveEntries = (count: number) =>
  opsManager.organizations.splice(0, Number.POSITIVE_INFINITY, ...demoWorld(accessListOf(count)));

/** The entries as they are answered: by the names that they have for API keys, and without links. */
const entriesOf = (count: number) =>
  accessListOf(count).map(({ createdAt, lastUsedAt, requestCount, ...addresses }) => ({
    ...addresses,
    created: createdAt,
    ...(lastUsedAt !== undefined && { lastUsed: lastUsedAt }),
    count: requestCount,
  }));

/** The catalogue's remedy, and then whose credential it is about and what it needs. */
function assertRemedy(remedy: string, code: ErrorCode): void {
  const known = findError(code)?.en.remedy ?? '';
  assert.ok(known !== '' && remedy.startsWith(known), remedy);
  for (const named of [connection, 'API key', 'Organization Owner'])
    assert.ok(remedy.includes(named), remedy);
}

before(async () => {
  systems = await startSystems();
  opsManager = systems.opsManager;
  connection = store(opsManagerKey(opsManager));
});

afterEach(() => {
  opsManager.recover();
  haveEntries(12);
  Object.assign(opsManager.settings, {
    refuse: undefined,
    digestAlgorithm: 'MD5',
    digestQop: 'auth',
    totalCountOffset: 0,
  });
});

after(() => systems.stop());

for (const trigger of triggerNames) {
  const call = (input: Record<string, unknown> = {}, named = connection) =>
    calls[trigger](listApiKeyAccessList, {
      connection: named,
      input: { orgId, apiKeyId, ...input },
    });

  /** What came of some work, and all requests that Ops Manager got by it: the status of each. */
  async function watched<T>(work: Promise<T>): Promise<[outcome: T, statuses: (number | undefined)[]]> {
    const from = opsManager.requests.length;
    return [await work, opsManager.requests.slice(from).map(({ status }) => status)];
  }

  describe(`opsManager.listApiKeyAccessList over ${trigger}`, () => {
    test('answers the entries by their own names, and nothing else', async () => {
      const from = opsManager.requests.length;
      assert.deepEqual(answered(await call()), { results: entriesOf(12), totalCount: 12 });
      assert.deepEqual(askedOf(opsManager, from), [firstPage]);
    });

    const queries: [input: Record<string, unknown>, upstream: string][] = [
      [{ includeCount: false }, '?includeCount=false&itemsPerPage=100&pageNum=1'],
      [{ itemsPerPage: 5, pageNum: 3 }, '?includeCount=true&itemsPerPage=5&pageNum=3'],
      [{ envelope: true, pretty: true }, '?includeCount=true&itemsPerPage=100&pageNum=1'],
    ];
    for (const [input, upstream] of queries)
      test(`asks for ${upstream} on ${JSON.stringify(input)}`, async () => {
        const from = opsManager.requests.length;
        answered(await call(input));
        assert.deepEqual(askedOf(opsManager, from), [`GET ${path}${upstream}`]);
      });

    test('asks for plain JSON: there are no versions here', async () => {
      answered(await call());
      assert.equal(opsManager.requests.at(-1)?.headers['accept'], 'application/json');
    });

    test('puts the status beside the results with envelope=true, by itself', async () => {
      const enveloped = answered(await call({ envelope: true }));
      assert.deepEqual(enveloped, { results: entriesOf(12), totalCount: 12, status: 200 });
    });

    for (const [entries, requests] of [
      [0, 1],
      [499, 1],
      [501, 2],
    ] as const)
      test(`all=true answers ${entries} entries in ${requests} request(s), whatever their count`, async () => {
        haveEntries(entries);
        opsManager.settings.totalCountOffset = -1;
        const from = opsManager.requests.length;
        assert.deepEqual(answered(await call({ all: true })), {
          results: entriesOf(entries),
          totalCount: entries,
        });
        assert.equal(askedOf(opsManager, from).length, requests);
      });

    const wrong: [field: string, value: unknown, detail: RegExp][] = [
      ['orgId', 'x', /24 lower-case hexadecimal/],
      ['apiKeyId', demo.publicKey, /24 lower-case hexadecimal/],
      ['itemsPerPage', 501, /at most 500/],
      ['baseUrl', 'https://evil.example', /is not known here/],
    ];
    for (const [field, value, detail] of wrong)
      test(`refuses ${field}=${value} by name and asks nobody`, async () => {
        const [outcome, statuses] = await watched(call({ [field]: value }));
        const { code, errors } = failed(outcome);
        assert.equal(code, 'INVALID_INPUT');
        assert.equal(errors?.[0]?.field, field);
        assert.match(errors?.[0]?.detail ?? '', detail);
        assert.deepEqual(statuses, []);
      });

    test('a key that does not exist is told by its code', async () => {
      const problem = failed(await call({ apiKeyId: nobody }));
      assert.deepEqual([problem.code, problem.status], ['API_KEY_NOT_FOUND', 400]);
      assert.equal(problem.type, '/errors/API_KEY_NOT_FOUND');
      assert.ok(problem.detail.includes(nobody));
    });
  });

  describe(`signing in to Ops Manager over ${trigger}`, () => {
    for (const scheme of [
      { digestAlgorithm: 'MD5', digestQop: 'auth' },
      { digestAlgorithm: 'SHA-256', digestQop: 'auth' },
      { digestAlgorithm: 'MD5', digestQop: 'absent' },
    ] as const)
      test(`${scheme.digestAlgorithm}, qop ${scheme.digestQop}: two requests cold, one warm`, async () => {
        Object.assign(opsManager.settings, scheme);
        const fresh = store(opsManagerKey(opsManager));
        const [cold, coldStatuses] = await watched(call({}, fresh));
        assert.deepEqual(answered(cold), { results: entriesOf(12), totalCount: 12 });
        assert.deepEqual(coldStatuses, [401, 200]);
        for (let calls = 1; calls <= 3; calls++) {
          const [warm, warmStatuses] = await watched(call({}, fresh));
          answered(warm);
          assert.deepEqual(warmStatuses, [200]);
        }
        const sent = opsManager.requests.at(-1)?.headers.authorization ?? '';
        assert.ok(sent.includes(`algorithm=${scheme.digestAlgorithm}`));
        assert.equal(/\bqop=auth, nc=00000004$/.test(sent), scheme.digestQop === 'auth');
      });

    test('an old nonce costs one request more', async () => {
      answered(await call());
      opsManager.advance(61);
      const [outcome, statuses] = await watched(call());
      answered(outcome);
      assert.deepEqual(statuses, [401, 200]);
    });

    test('concurrent calls do not share a nonce', async () => {
      const fresh = store(opsManagerKey(opsManager));
      opsManager.settings.latencyMs = 20;
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => call({}, fresh)));
      opsManager.settings.latencyMs = 0;
      for (const outcome of outcomes) answered(outcome);
    });

    test('a wrong key is the fault of the connection, not of the caller', async () => {
      const named = store({ ...opsManagerKey(opsManager), privateKey: 'not the private key' });
      const [outcome, statuses] = await watched(call({}, named));
      const problem = failed(outcome);
      assert.deepEqual([problem.code, problem.status], ['UPSTREAM_CREDENTIALS_REFUSED', 502]);
      assert.equal(problem.retryable, false);
      assert.deepEqual([problem.upstream?.status, problem.upstream?.errorCode], [401, 'UNEXPECTED_ERROR']);
      assert.ok(problem.remedy.includes(secretIdOf('opsManager', named)));
      assert.ok(problem.remedy.includes('Organization Owner'));
      assert.match(problem.detail, /^Ops Manager /);
      assert.deepEqual(statuses, [401, 401]);
    });

    test('a key that was replaced is read again, and the call goes on', async () => {
      const named = store({ ...opsManagerKey(opsManager), privateKey: 'the former private key' });
      failed(await call({}, named));
      systems.secretsManager.put(secretIdOf('opsManager', named), JSON.stringify(opsManagerKey(opsManager)));
      answered(await call({}, named));
    });

    const codes: ErrorCode[] = ['USER_UNAUTHORIZED', 'NOT_IN_GROUP', 'NOT_ORG_ADMIN'];
    for (const errorCode of codes)
      test(`${errorCode} is a refusal and no wrong key, though its status is 401`, async () => {
        answered(await call());
        const read = systems.secretsManager.calls.length;
        opsManager.fail({ status: 401, errorCode, detail: 'You may not.', parameters: [] });
        const [outcome, statuses] = await watched(call());
        const problem = failed(outcome);
        assert.deepEqual([problem.code, problem.status], [errorCode, 502]);
        assert.equal(problem.type, `/errors/${errorCode}`);
        assertRemedy(problem.remedy, errorCode);
        assert.deepEqual(problem.upstream, { status: 401, errorCode, detail: 'You may not.' });
        assert.deepEqual(statuses, [401]);
        assert.equal(systems.secretsManager.calls.length, read);
      });

    test("what the simulator's own refusals amount to", async () => {
      for (const refuse of ['USER_UNAUTHORIZED', 'IP_ADDRESS_NOT_ON_ACCESS_LIST'] as const) {
        opsManager.settings.refuse = refuse;
        const problem = failed(await call());
        assert.deepEqual([problem.code, problem.status], [refuse, 502]);
        assertRemedy(problem.remedy, refuse);
      }
    });
  });
}

describe('as an HTTP API event', () => {
  const send = (input: Record<string, unknown> = {}) =>
    respond(
      listApiKeyAccessList.handler,
      unitEvent(listApiKeyAccessList, { connection, input: { orgId, apiKeyId, ...input } }),
    );

  test('is laid out for people with pretty=true only', async () => {
    const [plain, pretty] = [await send(), await send({ pretty: true })];
    assert.doesNotMatch(plain.body, /\n/);
    assert.match(pretty.body, /^\{\n {2}"results": \[\n {4}\{\n {6}"/);
    assert.deepEqual(JSON.parse(pretty.body), JSON.parse(plain.body));
  });
});

describe('the connection', () => {
  const malformed: [what: string, secret: Record<string, unknown>, field: string][] = [
    ['no address', { baseUrl: undefined }, 'baseUrl'],
    ['plain http to another machine', { baseUrl: 'http://ops.example' }, 'baseUrl'],
    ['no private key', { privateKey: undefined }, 'privateKey'],
    ['a name that is unknown', { clientId: 'x' }, 'clientId'],
  ];
  for (const [what, change, field] of malformed)
    test(`with ${what} is malformed`, async () => {
      const named = store({ ...opsManagerKey(opsManager), ...change });
      const call = { connection: named, input: { orgId, apiKeyId } };
      const { code, errors } = failed(await calls.direct(listApiKeyAccessList, call));
      assert.equal(code, 'CONNECTION_MALFORMED');
      assert.equal(errors?.[0]?.field, field);
    });
});

describe('over https', {
  skip: withoutOpenssl,
}, () => {
  let secured: OpsManagerSimulator;
  let folder: string;
  let ca: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'switchboard-'));
    ca = certify(folder, 'authority').cert;
    const signer = ['-CA', join(folder, 'authority.pem'), '-CAkey', join(folder, 'authority.key')];
    const names = ['-addext', 'subjectAltName=IP:127.0.0.1', '-addext', 'basicConstraints=CA:FALSE'];
    secured = await startOpsManager({ tls: certify(folder, 'server', ...signer, ...names) });
  });

  after(async () => {
    await secured.close();
    rmSync(folder, { recursive: true });
  });

  const call = (secret: Record<string, unknown>) =>
    calls.direct(listApiKeyAccessList, {
      connection: store({ ...opsManagerKey(secured), ...secret }),
      input: { orgId, apiKeyId },
    });

  test('a private authority is trusted where the connection has its certificate', async () => {
    assert.match(secured.url, /^https:/);
    assert.deepEqual(answered(await call({ ca })), { results: entriesOf(12), totalCount: 12 });
  });

  const untrusted: [what: string, secret: () => Record<string, unknown>][] = [
    ['without it', () => ({})],
    ['with that of another authority', () => ({ ca: certify(folder, 'stranger').cert })],
    [
      'under a name that the certificate lacks',
      () => ({
        ca,
        baseUrl: secured.url.replace('127.0.0.1', 'localhost'),
      }),
    ],
  ];
  for (const [what, secret] of untrusted)
    test(`and not ${what}; nothing is sent then`, async () => {
      const from = secured.requests.length;
      const problem = failed(await call(secret()));
      assert.deepEqual([problem.code, problem.status], ['UPSTREAM_UNTRUSTED', 502]);
      assert.equal(problem.retryable, false);
      assert.match(problem.remedy, /\bca \(PEM\)/);
      assert.equal(secured.requests.length, from);
    });
});
