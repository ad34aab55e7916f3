import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import type * as z from 'zod';
import { handler } from '../functions/atlas/list-access-list.ts';
import { type AtlasFault, type AtlasSimulator, startAtlas } from '../infra/local/simulators/atlas.ts';
import type { SecretsManagerFault } from '../infra/local/simulators/secrets-manager.ts';
import { secretIdOf } from '../lib/connections.ts';
import type { problemDetails } from '../lib/problems/problem-details.ts';
import {
  answered,
  apiKey,
  failed,
  type Systems,
  serviceAccount,
  startSystems,
  triggerNames,
  triggers,
} from './harness.ts';

let systems: Systems;

before(async () => {
  systems = await startSystems();
});

after(() => systems.stop());

/**
 * A fault, and the problem that it must become over either trigger. Its type is that of its code unless it says another.
 */
interface Case {
  name: string;
  /** Brings the fault about and answers the connection to call. The Atlas is for this test alone, and so is the time. */
  arrange(atlas: AtlasSimulator, time: { left: number }): string;
  input?: Record<string, unknown>;
  /** What the call has left of its time; that does not pass then until the fault says so. */
  remainingMs?: number;
  problem: Partial<z.input<typeof problemDetails>>;
  /** What the texts must tell, and must not. */
  detail?: RegExp;
  remedy?: RegExp;
  never?: RegExp;
}

/** An Atlas for one test, so that tests with faults can run side by side. */
async function ownAtlas(context: TestContext): Promise<AtlasSimulator> {
  const atlas = await startAtlas();
  context.after(() => atlas.close());
  return atlas;
}

/** A connection that works, with this fault of Atlas ahead of it. */
const withFault = (fault: AtlasFault) => (atlas: AtlasSimulator) => {
  atlas.fail({ on: 'api', ...fault });
  return systems.store(serviceAccount(atlas));
};

/** The time is up when the request has come, and not before, however slow the machine is. */
const silence = (time: { left: number }) => ({
  silent: true as const,
  reached: () => {
    time.left = 0;
  },
});

/** A connection that works, with this fault of Secrets Manager ahead of it. */
const withSecretFault = (fault: SecretsManagerFault) => (atlas: AtlasSimulator) => {
  const connection = systems.store(serviceAccount(atlas));
  systems.secretsManager.fail({ ...fault, secretId: secretIdOf('atlas', connection) });
  return connection;
};

/** A connection that signs in well and is refused then, as a caller from 203.0.113.7. */
const withRefusal =
  (
    refuse: AtlasSimulator['settings']['refuse'],
    secret: (atlas: AtlasSimulator) => object = serviceAccount,
  ) =>
  (atlas: AtlasSimulator) => {
    Object.assign(atlas.settings, { refuse, callerAddress: '203.0.113.7' });
    return systems.store(secret(atlas));
  };

/** Too little time for the first retry after a 429. */
const noTimeToRetry = 1_400;

const secretCases: Case[] = [
  {
    name: 'a secret that does not exist',
    arrange: () => 'missing',
    problem: { code: 'CONNECTION_NOT_FOUND', status: 404, retryable: false },
    detail: /no connection named missing\b.*switchboard\/atlas\/missing/,
  },
  {
    name: 'a secret without a value',
    arrange: () => systems.store(undefined),
    problem: { code: 'CONNECTION_EMPTY', status: 500, retryable: false },
    detail: /secret switchboard\/atlas\/test-\S+ has no value yet/,
  },
  {
    name: 'an empty secret',
    arrange: () => systems.store(''),
    problem: {
      code: 'CONNECTION_MALFORMED',
      status: 500,
      retryable: false,
      errors: [{ field: '(root)', detail: 'is not a JSON object' }],
    },
  },
  {
    name: 'a secret that is not JSON',
    arrange: () => systems.store('clientSecret=hunter2'),
    problem: {
      code: 'CONNECTION_MALFORMED',
      status: 500,
      retryable: false,
      errors: [{ field: '(root)', detail: 'is not a JSON object' }],
    },
    never: /hunter2/,
  },
  {
    name: 'a secret with a field missing',
    arrange: () => systems.store({ clientId: 'mdb_sa_id_hunter2' }),
    problem: {
      code: 'CONNECTION_MALFORMED',
      status: 500,
      retryable: false,
      errors: [{ field: 'clientSecret', detail: 'is required' }],
    },
    never: /hunter2/,
  },
  {
    name: 'a secret with a field misspelt',
    arrange: () =>
      systems.store({ publicKey: 'hunter2', privateKey: 'hunter2-hunter2', privatKey: 'hunter2' }),
    problem: {
      code: 'CONNECTION_MALFORMED',
      status: 500,
      retryable: false,
      errors: [{ field: 'privatKey', detail: 'is not known here' }],
    },
    never: /hunter2/,
  },
  {
    name: 'a secret with an address in the clear',
    arrange: (atlas) =>
      systems.store({ ...serviceAccount(atlas), baseUrl: 'http://user:hunter2@atlas.example' }),
    problem: { code: 'CONNECTION_MALFORMED', status: 500, retryable: false },
    detail: /baseUrl: must be an https URL/,
    never: /hunter2/,
  },
  {
    name: 'a secret that may not be read',
    arrange: withSecretFault({ code: 'AccessDeniedException' }),
    problem: { code: 'CONNECTION_ACCESS_DENIED', status: 500, retryable: false },
    remedy: /secretsmanager:GetSecretValue on switchboard\/atlas\//,
  },
  {
    name: 'Secrets Manager throttling until the SDK gives up',
    arrange: withSecretFault({ code: 'ThrottlingException', times: 3 }),
    problem: { code: 'SECRETS_MANAGER_UNAVAILABLE', status: 503, retryable: true, retryAfter: 5 },
  },
  {
    name: 'Secrets Manager answering something else',
    arrange: withSecretFault({ html: 502, times: 3 }),
    problem: { code: 'SECRETS_MANAGER_UNAVAILABLE', status: 503, retryable: true, retryAfter: 5 },
  },
  {
    name: 'Secrets Manager silent until the deadline',
    arrange: (atlas, time) => withSecretFault(silence(time))(atlas),
    remainingMs: 700,
    problem: { code: 'DEADLINE_EXCEEDED', status: 504, retryable: true, retryAfter: 5 },
    detail: /waiting for Secrets Manager/,
  },
];

const unexpected = { code: 'UPSTREAM_ANSWER_UNEXPECTED', status: 502, retryable: true, retryAfter: 5 };

const answerCases: Case[] = [
  {
    name: 'HTML',
    arrange: withFault({ html: 200 }),
    problem: { ...unexpected, upstream: { status: 200 } },
    detail: /not JSON/,
    remedy: /proxy or a sign-in page/,
  },
  {
    name: 'an HTML redirect',
    arrange: withFault({ html: 302 }),
    problem: { code: 'UPSTREAM_REFUSED', status: 502, retryable: false, upstream: { status: 302 } },
    detail: /status 302/,
    remedy: /baseUrl of connection test-\S+ leads to Atlas itself/,
  },
  {
    name: 'truncated JSON',
    arrange: withFault({ truncated: true }),
    problem: unexpected,
    detail: /not JSON/,
  },
  {
    name: 'another shape',
    arrange: withFault({ body: { entries: [] } }),
    problem: unexpected,
    detail: /not as documented: results/,
  },
  {
    name: 'no JSON for a token',
    arrange: withFault({ on: 'token', html: 200 }),
    problem: unexpected,
    detail: /not JSON/,
  },
  {
    name: 'a token answer without a token',
    arrange: withFault({ on: 'token', body: { token_type: 'Bearer' } }),
    problem: unexpected,
    detail: /access_token/,
  },
];

const apiError = (status: number, errorCode: string, detail: string, parameters: unknown = null) => ({
  error: status,
  errorCode,
  detail,
  parameters,
  reason: 'Because',
});

const statusCases: Case[] = [
  {
    name: '400 with bad fields',
    arrange: withFault({
      status: 400,
      body: {
        ...apiError(400, 'VALIDATION_ERROR', 'No good.'),
        badRequestDetail: { fields: [{ field: 'itemsPerPage', description: 'is odd' }] },
      },
    }),
    problem: {
      type: '/errors/UPSTREAM_BAD_REQUEST',
      code: 'VALIDATION_ERROR',
      status: 400,
      retryable: false,
      errors: [{ field: 'itemsPerPage', detail: 'is odd' }],
      upstream: { status: 400, errorCode: 'VALIDATION_ERROR', detail: 'No good.' },
    },
    detail: /^Atlas refused .*\(No good\.\)/,
  },
  {
    name: '401 with UNEXPECTED_ERROR, again and again',
    arrange: withFault({ status: 401, times: 4 }),
    problem: { code: 'UPSTREAM_CREDENTIALS_REFUSED', status: 502, retryable: false },
    detail: /credentials of connection test-/,
    remedy:
      /expired, were deleted or lack the role .*Organization Read Only.* secret switchboard\/atlas\/test-/,
  },
  {
    name: '403 for the address of the caller',
    arrange: withRefusal('IP_ADDRESS_NOT_ON_ACCESS_LIST'),
    problem: {
      code: 'IP_ADDRESS_NOT_ON_ACCESS_LIST',
      status: 502,
      retryable: false,
      parameters: ['203.0.113.7'],
    },
    detail:
      /service account of connection test-\S+ in, but that service account's own access list lacks .*203\.0\.113\.7/,
    remedy: /Add .*203\.0\.113\.7\) to the access list of the service account of connection test-/,
  },
  {
    name: '403 for the address of an API key',
    arrange: withRefusal('IP_ADDRESS_NOT_ON_ACCESS_LIST', apiKey),
    problem: { code: 'IP_ADDRESS_NOT_ON_ACCESS_LIST', status: 502, retryable: false },
    detail: /API key of connection test-\S+ in, but that API key's own access list lacks .*203\.0\.113\.7/,
  },
  {
    name: '403 because the organization wants an access list',
    arrange: withRefusal('ORG_REQUIRES_ACCESS_LIST'),
    problem: { code: 'ORG_REQUIRES_ACCESS_LIST', status: 502, retryable: false },
    detail: /organization demands access lists.*203\.0\.113\.7/,
  },
  {
    name: '403 for a missing role',
    arrange: withRefusal('USER_UNAUTHORIZED'),
    problem: { code: 'USER_UNAUTHORIZED', status: 502, retryable: false },
    remedy: /connection test-\S+ \(service account; .*Organization Read Only/,
  },
  {
    name: '403 without a code of its own',
    arrange: withFault({ status: 403 }),
    problem: { code: 'UPSTREAM_PERMISSION_DENIED', status: 502, retryable: false },
  },
  {
    name: '404 with UNEXPECTED_ERROR',
    arrange: withFault({ status: 404 }),
    problem: {
      code: 'NOT_FOUND',
      status: 404,
      retryable: false,
      upstream: { status: 404, errorCode: 'UNEXPECTED_ERROR', detail: 'This fault was asked for.' },
    },
  },
  {
    name: '404 for a service account that is not there',
    arrange: (atlas) => systems.store(serviceAccount(atlas)),
    input: { clientId: 'mdb_sa_id_ffffffffffffffffffffffff' },
    problem: { type: '/errors/NOT_FOUND', code: 'RESOURCE_NOT_FOUND', status: 404, retryable: false },
    detail: /mdb_sa_id_ffffffffffffffffffffffff/,
    remedy: /Check the ids/,
  },
  {
    name: '406 for the API version',
    arrange: withFault({
      status: 406,
      body: apiError(406, 'INVALID_VERSION_DATE', 'Invalid accept header or version date.'),
    }),
    problem: {
      type: '/errors/UPSTREAM_VERSION_REFUSED',
      code: 'INVALID_VERSION_DATE',
      status: 502,
      retryable: false,
    },
    remedy: /Update Switchboard/,
  },
  {
    name: '410 for the API version',
    arrange: withFault({ status: 410 }),
    problem: { code: 'UPSTREAM_VERSION_REFUSED', status: 502, retryable: false },
  },
  {
    name: '429 with Retry-After',
    arrange: withFault({ status: 429, retryAfter: '40' }),
    problem: { code: 'RATE_LIMITED', status: 429, retryable: true, retryAfter: 40 },
  },
  {
    name: '429 without Retry-After',
    arrange: withFault({ status: 429 }),
    remainingMs: noTimeToRetry,
    problem: { code: 'RATE_LIMITED', status: 429, retryable: true, retryAfter: 10 },
  },
  {
    name: '429 with a Retry-After of 0',
    arrange: withFault({ status: 429, retryAfter: '0' }),
    remainingMs: noTimeToRetry,
    problem: { code: 'RATE_LIMITED', status: 429, retryable: true, retryAfter: 10 },
  },
  {
    name: '500',
    arrange: withFault({ status: 500 }),
    problem: { code: 'UPSTREAM_ERROR', status: 502, retryable: true, retryAfter: 10 },
    detail: /Atlas failed with status 500/,
  },
  {
    name: '503 to the end',
    arrange: withFault({ html: 503, times: 4 }),
    problem: { code: 'UPSTREAM_ERROR', status: 503, retryable: true, retryAfter: 10 },
  },
  {
    name: '502 on the second page of everything',
    arrange: (atlas) => {
      const connection = systems.store(serviceAccount(atlas));
      const results = Array.from({ length: 500 }, () => ({ requestCount: 0 }));
      atlas.fail({ on: 'api', body: { results } });
      atlas.fail({ on: 'api', html: 502, times: 4 });
      return connection;
    },
    input: { all: true },
    problem: { code: 'UPSTREAM_ERROR', status: 502, retryable: true },
  },
];

const networkCases: Case[] = [
  {
    name: 'a connection that breaks every time',
    arrange: withFault({ reset: true, times: 4 }),
    problem: { code: 'UPSTREAM_UNREACHABLE', status: 502, retryable: true, retryAfter: 5 },
    detail: /ECONNRESET|UND_ERR_SOCKET/,
  },
  {
    name: 'nobody at the address',
    // Port 1 is reserved and never served.
    arrange: (atlas) => systems.store({ ...serviceAccount(atlas), baseUrl: 'http://127.0.0.1:1' }),
    problem: { code: 'UPSTREAM_UNREACHABLE', status: 502, retryable: true, retryAfter: 5 },
    detail: /ECONNREFUSED/,
  },
  {
    name: 'silence until the deadline',
    arrange: (atlas, time) => withFault(silence(time))(atlas),
    remainingMs: 700,
    problem: { code: 'DEADLINE_EXCEEDED', status: 504, retryable: true, retryAfter: 5 },
    detail: /waiting for Atlas/,
  },
  {
    name: 'silence of the token endpoint until the deadline',
    arrange: (atlas, time) => withFault({ on: 'token', ...silence(time) })(atlas),
    remainingMs: 700,
    problem: { code: 'DEADLINE_EXCEEDED', status: 504, retryable: true, retryAfter: 5 },
    detail: /waiting for Atlas/,
  },
  {
    name: 'no time left at all',
    arrange: (atlas) => systems.store(serviceAccount(atlas)),
    remainingMs: 400,
    problem: { code: 'DEADLINE_EXCEEDED', status: 504, retryable: true },
  },
];

const groups = {
  'Secrets Manager and what it holds': secretCases,
  'answers that are none': answerCases,
  'error answers': statusCases,
  'the network': networkCases,
};

for (const [group, cases] of Object.entries(groups))
  describe(group, { concurrency: true }, () => {
    for (const { name, arrange, problem, detail, remedy, never, input = {}, remainingMs } of cases)
      for (const trigger of triggerNames)
        test(`${name}, over ${trigger}`, async (context) => {
          const time = { left: remainingMs ?? 0 };
          const connection = arrange(await ownAtlas(context), time);
          const call = { connection, input, ...(remainingMs !== undefined && { remainingMs: time }) };
          const given = failed(await triggers[trigger](handler, call));
          assert.deepEqual({ ...given, ...problem }, given);
          assert.equal(given.type, problem.type ?? `/errors/${given.code}`);
          assert.equal(given.system, 'atlas');
          assert.match(given.instance ?? '', /^urn:uuid:[\da-f-]{36}$/);
          for (const text of [given.title, given.detail, given.remedy]) assert.notEqual(text, '');
          if (detail) assert.match(given.detail, detail);
          if (remedy) assert.match(given.remedy, remedy);
          if (never) assert.doesNotMatch(JSON.stringify(given) + systems.logLines.join(''), never);
        });
  });

describe('a fault that passes', { concurrency: true }, () => {
  const passing: Record<string, AtlasFault[]> = {
    '502, then 504': [{ html: 502 }, { status: 504 }],
    '503 with a date that is over': [{ status: 503, retryAfter: 'Thu, 01 Jan 2026 00:00:00 GMT' }],
    'a connection that breaks twice': [{ reset: true }, { reset: true }],
    'a 429': [{ status: 429, retryAfter: '0' }],
  };
  for (const [name, faults] of Object.entries(passing))
    test(`${name}: the call succeeds`, async (context) => {
      const atlas = await ownAtlas(context);
      const connection = systems.store(serviceAccount(atlas));
      answered(await triggers.direct(handler, { connection }));
      for (const fault of faults) atlas.fail({ on: 'api', ...fault });
      const before = atlas.requests.length;
      answered(await triggers.http(handler, { connection }));
      assert.equal(atlas.requests.length - before, faults.length + 1);
    });

  test('Secrets Manager throttling once: the call succeeds', async (context) => {
    const atlas = await ownAtlas(context);
    const connection = withSecretFault({ code: 'ThrottlingException' })(atlas);
    answered(await triggers.http(handler, { connection }));
  });

  test('a secret that was malformed is used once it is stored anew', async (context) => {
    const atlas = await ownAtlas(context);
    const connection = systems.store('not JSON');
    failed(await triggers.http(handler, { connection }));
    const secret = JSON.stringify(serviceAccount(atlas));
    systems.secretsManager.put(secretIdOf('atlas', connection), secret);
    answered(await triggers.http(handler, { connection }));
  });
});

describe('a fault that does not pass', { concurrency: true }, () => {
  for (const status of [400, 403, 404, 500])
    test(`${status} is not tried again`, async (context) => {
      const atlas = await ownAtlas(context);
      const connection = systems.store(serviceAccount(atlas));
      answered(await triggers.direct(handler, { connection }));
      atlas.fail({ on: 'api', status });
      const before = atlas.requests.length;
      failed(await triggers.direct(handler, { connection }));
      assert.equal(atlas.requests.length - before, 1);
    });

  test('one call out of time does not fail those that wait for the same token', async (context) => {
    const atlas = await ownAtlas(context);
    const connection = systems.store(serviceAccount(atlas));
    const time = { left: 700 };
    const gaveUp = Promise.withResolvers<void>();
    const minting = Promise.withResolvers<void>();
    atlas.fail({ on: 'token', heldUntil: gaveUp.promise, reached: minting.resolve });
    const hasty = triggers.direct(handler, { connection, remainingMs: time });
    const patient = triggers.direct(handler, { connection });
    await minting.promise;
    time.left = 0;
    assert.equal(failed(await hasty).code, 'DEADLINE_EXCEEDED');
    gaveUp.resolve();
    answered(await patient);
    assert.equal(atlas.minted, 1);
  });
});

describe('a certificate that nobody vouches for', () => {
  const run = promisify(execFile);
  const missing = run('openssl', ['version']).then(
    () => undefined,
    () => 'there is no openssl here',
  );

  for (const trigger of triggerNames)
    test(`is refused, over ${trigger}`, async (context) => {
      const reason = await missing;
      if (reason) {
        context.skip(reason);
        return;
      }
      const dir = await mkdtemp(join(tmpdir(), 'switchboard-'));
      context.after(() => rm(dir, { recursive: true }));
      const [keyFile, certFile] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
      const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
      const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
      await run('openssl', ['req', '-x509', ...curve, '-keyout', keyFile, '-out', certFile, ...subject]);
      let asked = 0;
      const server = createServer(
        { key: await readFile(keyFile), cert: await readFile(certFile) },
        (_, response) => {
          asked++;
          response.end('{}');
        },
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      context.after(() => server.close());
      const address = server.address();
      assert.ok(typeof address === 'object' && address);
      const baseUrl = `https://127.0.0.1:${address.port}`;
      const connection = systems.store({ ...serviceAccount(systems.atlas), baseUrl });
      const problem = failed(await triggers[trigger](handler, { connection }));
      assert.deepEqual([problem.code, problem.status], ['UPSTREAM_UNTRUSTED', 502]);
      assert.equal(problem.retryable, false);
      assert.match(problem.detail, /SELF_SIGNED/);
      assert.equal(asked, 0);
    });
});
