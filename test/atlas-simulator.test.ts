import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, afterEach, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import * as z from 'zod';
import {
  type AtlasSimulator,
  alertConfigsOf,
  alertKinds,
  demo,
  demoWorld,
  startAtlas,
} from '../infra/local/simulators/atlas.ts';
import { authorization, parseChallenge } from '../lib/upstream/digest.ts';

let atlas: AtlasSimulator;
let token: string;

const accept = 'application/vnd.atlas.2025-03-12+json';
const api = '/api/atlas/v2';
const linkTokens = `${api}/orgs/${demo.orgId}/liveMigrations/linkTokens`;
const alertConfigs = `${api}/groups/${demo.groupId}/alertConfigs`;
const accessList = `${api}/orgs/${demo.orgId}/serviceAccounts/${demo.clientId}/accessList`;
const nobody = 'f'.repeat(24);

interface Reply {
  status: number;
  headers: Headers;
  body: unknown;
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const response = await fetch(atlas.url + path, {
    method,
    headers: {
      accept,
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text && JSON.parse(text) };
}

/** The project and the organization of the demo world as they are now. */
function world() {
  const [organization] = atlas.organizations;
  const [group] = organization?.groups ?? [];
  assert.ok(organization && group);
  return { organization, group };
}

function firstConfig() {
  const [config] = world().group.alertConfigs;
  assert.ok(config);
  return { config, path: `${alertConfigs}/${config.id}` };
}

function assertError({ status, headers, body }: Reply, expected: Record<string, unknown>): void {
  const { error, errorCode } = z.looseObject({ error: z.int(), errorCode: z.string() }).parse(body);
  assert.equal(error, status);
  assert.equal(headers.get('x-error-code'), errorCode);
  assert.equal(headers.get('content-type'), 'application/json');
  assert.partialDeepStrictEqual(body, expected);
}

const list = z.object({ results: z.array(z.unknown()), totalCount: z.int() });
const idOf = z.looseObject({ id: z.string() });

before(async () => {
  atlas = await startAtlas();
  const response = await fetch(`${atlas.url}/api/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${demo.clientId}:${demo.clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  token = z.object({ access_token: z.string() }).parse(await response.json()).access_token;
});

afterEach(() => {
  atlas.recover();
  atlas.organizations.splice(0, Number.POSITIVE_INFINITY, ...demoWorld());
});

after(() => atlas.close());

describe('link tokens', () => {
  test('a link goes once, and is then not to be found', async () => {
    const gone = await call('DELETE', linkTokens);
    assert.equal(gone.status, 204);
    assert.equal(gone.body, '');
    assert.equal(gone.headers.get('content-type'), 'application/vnd.atlas.2023-01-01+json;charset=utf-8');
    assertError(await call('DELETE', linkTokens), {
      error: 404,
      errorCode: 'UNEXPECTED_ERROR',
      detail: 'Could not find the requested external organization link.',
      parameters: null,
    });
  });

  test('a new link is a token of its own each time', async () => {
    const [first, second] = [await call('POST', linkTokens, {}), await call('POST', linkTokens, {})];
    assert.equal(first.status, 201);
    assert.notDeepEqual(first.body, second.body);
    assert.equal((await call('DELETE', linkTokens)).status, 204);
  });

  test('a link stays while migrations run, and the answer names their projects', async () => {
    const migratingGroupIds = [demo.groupId, nobody];
    world().organization.link = { linkToken: 'x', migratingGroupIds };
    const reply = await call('DELETE', linkTokens);
    assertError(reply, {
      error: 409,
      errorCode: 'CANNOT_DELETE_ORG_ACTIVE_LIVE_MIGRATION_ATLAS_ORG_LINK',
      reason: 'Conflict',
    });
    for (const id of migratingGroupIds) assert.ok(JSON.stringify(reply.body).includes(id));
    assert.ok(world().organization.link);
  });
});

describe('alert configurations', () => {
  test('a dozen, of several events, some disabled', async () => {
    const { body } = await call('GET', alertConfigs);
    const { results, totalCount } = list.parse(body);
    const config = z.looseObject({
      id: z.string().regex(/^[a-f0-9]{24}$/),
      groupId: z.literal(demo.groupId),
      eventTypeName: z.string(),
      enabled: z.boolean(),
    });
    const parsed = results.map((result) => config.parse(result));
    assert.equal(totalCount, 12);
    assert.equal(new Set(parsed.map(({ id }) => id)).size, 12);
    assert.ok(new Set(parsed.map(({ eventTypeName }) => eventTypeName)).size > 5);
    assert.equal(new Set(parsed.map(({ enabled }) => enabled)).size, 2);
  });

  test('pages hold all of them, each once', async () => {
    world().group.alertConfigs = alertConfigsOf(demo.groupId, alertKinds, 500);
    const ids: string[] = [];
    for (let pageNum = 1; pageNum <= 4; pageNum++) {
      const { body } = await call('GET', `${alertConfigs}?itemsPerPage=150&pageNum=${pageNum}`);
      ids.push(...list.parse(body).results.map((result) => idOf.parse(result).id));
    }
    assert.equal(ids.length, 500);
    assert.equal(new Set(ids).size, 500);
  });

  test('PATCH sets the state, and setting it twice is no harm', async () => {
    const { path, config } = firstConfig();
    for (const enabled of [false, false, true, true]) {
      const { status, body } = await call('PATCH', path, { enabled });
      assert.equal(status, 200);
      assert.partialDeepStrictEqual(body, { id: config.id, enabled });
      assert.deepEqual((await call('GET', path)).body, body);
    }
    assert.notEqual(firstConfig().config.updated, demoWorld()[0]?.groups[0]?.alertConfigs[0]?.updated);
  });

  test('PATCH refuses a state that is missing, no boolean, or not alone', async () => {
    const { path } = firstConfig();
    const bodies = { '{': 'INVALID_JSON', '[]': 'INVALID_JSON', '{}': 'MISSING_ATTRIBUTE' };
    for (const [body, errorCode] of Object.entries(bodies))
      assertError(await call('PATCH', path, body), { error: 400, errorCode });
    for (const body of [{ enabled: 'false' }, { enabled: false, eventTypeName: 'HOST_DOWN' }])
      assertError(await call('PATCH', path, body), { error: 400, errorCode: 'INVALID_ATTRIBUTE' });
    assertError(await call('PATCH', path, '{"enabled":false}', { 'content-type': 'text/plain' }), {
      error: 415,
    });
    assert.equal(firstConfig().config.enabled, true);
  });

  test('PUT disables a configuration where its body leaves `enabled` out', async () => {
    const { config, path } = firstConfig();
    const { eventTypeName, notifications, created, groupId, id } = config;
    const { status, body } = await call('PUT', path, { eventTypeName, notifications });
    assert.equal(status, 200);
    assert.partialDeepStrictEqual(body, { id, groupId, created, eventTypeName, enabled: false });
    assert.equal(firstConfig().config.enabled, false);
    assertError(await call('PUT', path, { eventTypeName }), {
      errorCode: 'MISSING_ATTRIBUTE',
      parameters: ['notifications'],
    });
  });

  test('what does not exist is said in words of its own', async () => {
    assertError(await call('GET', `${api}/groups/${nobody}/alertConfigs`), {
      detail: `No group with ID ${nobody} exists.`,
      error: 404,
      errorCode: 'GROUP_NOT_FOUND',
      parameters: [nobody],
      reason: 'Not Found',
    });
    assertError(await call('PATCH', `${alertConfigs}/${nobody}`, { enabled: true }), {
      error: 404,
      errorCode: 'ALERT_CONFIG_NOT_FOUND',
      parameters: [nobody, demo.groupId],
    });
    assertError(await call('GET', `${alertConfigs}/NOT-AN-ID`), {
      error: 400,
      errorCode: 'PATH_PARAM_PARSE_ERROR',
    });
  });

  test("another organization's project is refused", async () => {
    const [other] = demoWorld();
    assert.ok(other);
    const groupId = '9'.repeat(24);
    atlas.organizations.push({
      ...other,
      orgId: nobody,
      serviceAccounts: [],
      apiKeys: [],
      groups: [{ groupId, alertConfigs: [] }],
    });
    assertError(await call('GET', `${api}/groups/${groupId}/alertConfigs`), {
      error: 403,
      errorCode: 'USER_UNAUTHORIZED',
    });
  });
});

test('an envelope holds one resource as content, and takes the status into a list', async () => {
  const { path, config } = firstConfig();
  const one = await call('GET', `${path}?envelope=true`);
  assert.partialDeepStrictEqual(one.body, { status: 200, content: { id: config.id } });
  const created = await call('POST', `${linkTokens}?envelope=true`, {});
  assert.partialDeepStrictEqual(created.body, { status: 201, content: {} });
  const all = await call('GET', `${alertConfigs}?envelope=true`);
  assert.partialDeepStrictEqual(all.body, { status: 200, totalCount: 12 });
});

test('a version that is too old, or none, gets 406', async () => {
  for (const old of ['application/json', '*/*', 'application/vnd.atlas.2022-12-31+json'])
    assertError(await call('DELETE', linkTokens, undefined, { accept: old }), {
      error: 406,
      errorCode: 'INVALID_VERSION_DATE',
    });
  assert.ok(world().organization.link);
});

describe('faults on demand', () => {
  test('an answer is lost after the request was carried out', async () => {
    atlas.fail({ lost: true });
    await assert.rejects(call('DELETE', linkTokens));
    assertError(await call('DELETE', linkTokens), { error: 404 });
  });

  test('a connection that breaks at once leaves everything as it was', async () => {
    atlas.fail({ reset: true });
    await assert.rejects(call('DELETE', linkTokens));
    assert.equal((await call('DELETE', linkTokens)).status, 204);
  });

  test('any error can be asked for, and nothing is carried out', async () => {
    atlas.fail({ times: 2, status: 403, errorCode: 'ANY_CODE', detail: 'Any text.', parameters: ['a', 1] });
    for (let time = 0; time < 2; time++)
      assertError(await call('DELETE', linkTokens), {
        detail: 'Any text.',
        error: 403,
        errorCode: 'ANY_CODE',
        parameters: ['a', 1],
        reason: 'Forbidden',
      });
    assert.equal((await call('DELETE', linkTokens)).status, 204);
  });

  test('a fault waits for the signed request, not for the one that asks for a challenge', async () => {
    atlas.fail({ lost: true });
    const asked = await call('DELETE', linkTokens, undefined, { authorization: '' });
    assert.equal(asked.status, 401);
    const challenge = parseChallenge(asked.headers.get('www-authenticate') ?? '');
    assert.ok(challenge);
    const request = { method: 'DELETE', path: linkTokens };
    const signature = authorization(challenge, 1, request, demo.publicKey, demo.privateKey);
    await assert.rejects(call('DELETE', linkTokens, undefined, { authorization: signature }));
    assert.equal(world().organization.link, undefined);
  });
});

describe("Atlas's own API description", () => {
  const file = fileURLToPath(import.meta.resolve('../../shared/facts/atlas-openapi-subset.json'));
  const skip = existsSync(file) ? false : 'the API description is not here';

  const schema = z.record(z.string(), z.unknown());
  const content = z.record(z.string(), z.object({ schema: schema.optional() }));
  const parameter = z.union([z.object({ in: z.string(), name: z.string() }), z.object({ $ref: z.string() })]);
  const operation = z.object({
    parameters: z.array(parameter),
    responses: z.record(z.string(), z.object({ content: content.optional() })),
  });
  const description = z.object({
    paths: z.record(z.string(), z.record(z.string(), operation)),
    components: z.looseObject({
      parameters: z.record(z.string(), z.object({ in: z.string(), name: z.string() })),
      schemas: z.record(
        z.string(),
        z.looseObject({
          enum: z.array(z.unknown()).optional(),
          properties: z
            .record(
              z.string(),
              z.looseObject({ type: z.string().optional(), enum: z.array(z.unknown()).optional() }),
            )
            .default({}),
        }),
      ),
    }),
  });

  // `answered` is the status in the description; Atlas itself differs from it for a new link token.
  const operations = [
    { method: 'GET', path: '/orgs/{orgId}/serviceAccounts/{clientId}/accessList', answered: '200' },
    { method: 'POST', path: '/orgs/{orgId}/liveMigrations/linkTokens', answered: '200', body: {} },
    { method: 'DELETE', path: '/orgs/{orgId}/liveMigrations/linkTokens', answered: '204' },
    { method: 'GET', path: '/groups/{groupId}/alertConfigs', answered: '200' },
    { method: 'GET', path: '/groups/{groupId}/alertConfigs/{alertConfigId}', answered: '200' },
    {
      method: 'PATCH',
      path: '/groups/{groupId}/alertConfigs/{alertConfigId}',
      answered: '200',
      body: { enabled: false },
    },
    {
      method: 'PUT',
      path: '/groups/{groupId}/alertConfigs/{alertConfigId}',
      answered: '200',
      body: { eventTypeName: 'NO_PRIMARY', notifications: [{ typeName: 'GROUP', roles: ['GROUP_OWNER'] }] },
    },
  ];
  // What Atlas sends and its description wrongly refuses: alternatives that overlap, an event name that is said to be
  // an object, and operators and units in another spelling than everywhere else in it.
  const read = () => {
    const text = readFileSync(file, 'utf8').replaceAll('"oneOf"', '"anyOf"');
    const { paths, components } = description.parse(JSON.parse(text));
    delete components.schemas['DefaultAlertConfigViewForNdsGroup']?.properties['eventTypeName']?.type;
    for (const { properties } of Object.values(components.schemas))
      if (properties['units']?.enum?.includes('million minutes')) delete properties['units'].enum;
    delete components.schemas['Operator']?.enum;
    return { paths, components };
  };
  // Some of its patterns hold escapes that the `u` flag forbids.
  const validator = (schema: object) => {
    const ajv = formats.default(new Ajv({ strict: false, unicodeRegExp: false }));
    const validate = ajv.compile(schema);
    return (value: unknown) => assert.ok(validate(value), ajv.errorsText(validate.errors));
  };
  const filled = (path: string) =>
    `${api}${path}`.replace(/\{(\w+)\}/g, (_, name: string) =>
      String({ ...demo, alertConfigId: firstConfig().config.id }[name]),
    );

  for (const { method, path, answered, body } of operations)
    test(`${method} ${path}: type, body and query parameters`, { skip }, async () => {
      const { paths, components } = read();
      const described = paths[`${api}${path}`]?.[method.toLowerCase()];
      assert.ok(described);
      // Its patterns for addresses know no short IPv6.
      const [account] = world().organization.serviceAccounts;
      account?.accessList.splice(3);

      const reply = await call(method, filled(path), body);
      assert.equal(reply.status, method === 'POST' ? 201 : Number(answered));
      const contents = Object.entries(described.responses[answered]?.content ?? {});
      const [mediaType, { schema } = {}] = contents.at(-1) ?? [];
      assert.equal(reply.headers.get('content-type'), `${mediaType};charset=utf-8`);
      if (schema) validator({ ...schema, components })(reply.body);

      const known = described.parameters
        .map((one) => ('$ref' in one ? components.parameters[one.$ref.split('/').at(-1) ?? ''] : one))
        .filter((one) => one?.in === 'query')
        .map((one) => one?.name);
      const values = {
        envelope: 'false',
        pretty: 'false',
        includeCount: 'true',
        itemsPerPage: '1',
        pageNum: '1',
      };
      for (const [name, value] of Object.entries({ ...values, stranger: '1' })) {
        atlas.organizations.splice(0, 1, ...demoWorld());
        const { status } = await call(method, `${filled(path)}?${name}=${value}`, body);
        assert.equal(status !== 400, known.includes(name), name);
      }
    });

  test('errors: all but the parameters, which are no objects on the wire', { skip }, async () => {
    const { components } = read();
    const assertValid = validator({ $ref: '#/components/schemas/ApiError', components });
    world().organization.link = undefined;
    const errors = [
      await call('DELETE', linkTokens),
      await call('GET', `${api}/groups/${nobody}/alertConfigs`),
      await call('GET', accessList, undefined, { authorization: '' }),
      await call('GET', `${accessList}?pageNum=0`),
    ];
    assert.deepEqual(
      errors.map(({ status }) => status),
      [404, 404, 401, 400],
    );
    for (const { body } of errors) {
      const { parameters, ...rest } = z.record(z.string(), z.unknown()).parse(body);
      assertValid(rest);
    }
  });
});
