import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import * as z from 'zod';
import { handler, operation as listAccessList } from '../functions/atlas/list-access-list.ts';
import { demo } from '../infra/local/simulators/atlas.ts';
import { openApi } from '../infra/openapi.ts';
import { findOperations, pathParameters } from '../infra/operations.ts';
import { connectionName } from '../lib/arguments/shared.ts';
import { answered, failed, type Systems, serviceAccount, startSystems, triggers } from './harness.ts';

const { orgId, clientId, clientSecret } = demo;
const operations = (await findOperations()).map(({ operation }) => operation);
const description = openApi(operations);

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
ajv.addSchema(description, 'switchboard');

/** Fails with what is wrong unless the value has the schema's shape. */
function assertValid(validate: ValidateFunction, value: unknown): void {
  assert.ok(validate(value), JSON.stringify({ errors: validate.errors, value }).slice(0, 1_000));
}

let systems: Systems;
let connection: string;

before(async () => {
  systems = await startSystems();
  connection = systems.store(serviceAccount(systems.atlas));
});

after(() => systems.stop());

const describedAt = (path: string, method: string) => {
  const found = description.paths[path]?.[method.toLowerCase()];
  assert.ok(found, `${method} ${path}`);
  return found;
};

test('the description is valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(description));
  assert.ok(valid, JSON.stringify(errors));
});

test('the description has the operations, all of them and nothing else', () => {
  const ids = Object.values(description.paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
  assert.deepEqual(ids.toSorted(), operations.map(({ name }) => name).toSorted());
});

// Values around every rule that an argument has so far.
const samples = [
  ...[true, false, 0, 1, -1, 1.5, 100, 500, 501, 2 ** 31, null, [], {}],
  ...['', 'true', '1', 'prod', 'a/b', '.a', 'x'.repeat(64), 'x'.repeat(65), orgId, orgId.toUpperCase()],
  ...[
    `${orgId}\n`,
    clientId,
    clientId.toUpperCase(),
    `mdb_sa_id_${'F'.repeat(24)}`,
    `mdb_sa_id_${'g'.repeat(24)}`,
  ],
];

for (const { name, http, input, system } of operations)
  describe(name, () => {
    const { parameters, requestBody } = describedAt(http.path, http.method);
    const fields: Record<string, unknown> = {
      ...(system.secret && { connection: connectionName }),
      ...input.shape,
    };

    test('has a parameter for each argument, in the path or in the query', () => {
      const inPath = pathParameters(http.path);
      assert.deepEqual(
        [...parameters.map((parameter) => parameter.name), ...[http.body ?? []].flat()].toSorted(),
        Object.keys(fields).toSorted(),
      );
      assert.equal(requestBody?.required, http.body && true);
      for (const parameter of parameters) {
        const isInPath = inPath.includes(parameter.name);
        assert.equal(parameter.in, isInPath ? 'path' : 'query', parameter.name);
        assert.equal(parameter.required, isInPath, parameter.name);
        assert.ok(parameter.description);
      }
    });

    test('describes for each parameter just what the operation takes', () => {
      for (const { name, schema } of parameters) {
        const field = fields[name];
        assert.ok(field instanceof z.ZodType);
        const isDescribed = ajv.compile(schema);
        for (const sample of samples)
          assert.equal(
            isDescribed(sample),
            field.safeParse(sample).success,
            `${name}: ${JSON.stringify(sample)}`,
          );
        const otherwise = field.safeParse(undefined);
        assert.equal(schema.default, otherwise.success ? otherwise.data : undefined, name);
      }
    });
  });

describe('what atlas.listAccessList answers', () => {
  const at = (place: string) => {
    const path = listAccessList.http.path.replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D');
    const validate = ajv.getSchema(`switchboard#/paths/${path}/get/responses/${place}/schema`);
    assert.ok(validate, place);
    return validate;
  };

  test('is as described', async () => {
    for (const input of [{}, { envelope: true }, { includeCount: false }, { all: true }, { pageNum: 9 }])
      assertValid(
        at('200/content/application~1json'),
        answered(await triggers.http(handler, { connection, input })),
      );
  });

  test('is as described when it is a problem', async () => {
    const faults = [400, 404, 429, 500, 503].map((status) => async () => {
      systems.atlas.fail({ on: 'api', status, times: 4 });
      const problem = failed(await triggers.http(handler, { connection, remainingMs: { left: 1_400 } }));
      systems.atlas.recover();
      return problem;
    });
    const invalid = async () => failed(await triggers.http(handler, { connection, input: { pageNum: 0 } }));
    for (const fail of [...faults, invalid]) {
      const problem = await fail();
      assertValid(at(`${problem.status}/content/application~1problem+json`), problem);
    }
  });
});

const facts = join(import.meta.dirname, '..', '..', 'shared', 'facts', 'atlas-openapi-subset.json');
const factsMissing = existsSync(facts)
  ? false
  : "left out: MongoDB's API description is not beside this repository";

describe("held against MongoDB's own description", { skip: factsMissing }, () => {
  const path = '/api/atlas/v2/orgs/{orgId}/serviceAccounts/{clientId}/accessList';
  const reference = z.object({ $ref: z.string() });
  const parameter = z.object({
    name: z.string(),
    in: z.string(),
    schema: z.object({
      type: z.string(),
      default: z.unknown().optional(),
      minimum: z.number().optional(),
      maximum: z.number().optional(),
      pattern: z.string().optional(),
    }),
  });
  const described = z.object({
    parameters: z.array(z.union([reference, parameter])),
    responses: z.record(z.string(), z.unknown()),
    'x-rolesRequirements': z.array(z.string()),
  });
  const record = z.record(z.string(), z.unknown());
  const patterned = z.object({
    properties: z.record(z.string(), z.looseObject({ pattern: z.string().optional() })),
  });

  let document: Record<string, unknown>;
  let theirs: z.output<typeof described>;
  let validator: Ajv;

  /** What a path of names leads to in their document. */
  const find = (...names: string[]): unknown =>
    names.reduce<unknown>((value, name) => record.parse(value)[name], document);

  const schemaAt = (pointer: string): ValidateFunction => {
    const validate = validator.getSchema(`atlas#${pointer}`);
    assert.ok(validate, pointer);
    return validate;
  };

  const entries = () => schemaAt('/components/schemas/PaginatedServiceAccountIPAccessEntryView');
  const apiError = () => schemaAt('/components/schemas/ApiError');

  before(async () => {
    document = record.parse(JSON.parse(await readFile(facts, 'utf8')));
    theirs = described.parse(find('paths', path, 'get'));
    // Their address patterns refuse ::1 and 2001:db8::/32, and take 999.9.9.9/999.
    const entry = patterned.parse(find('components', 'schemas', 'ServiceAccountIPAccessListEntry'));
    for (const field of ['ipAddress', 'cidrBlock']) delete entry.properties[field]?.pattern;
    // Objects by their schema, but strings, numbers or null on the wire.
    const error = z.object({ properties: record }).parse(find('components', 'schemas', 'ApiError'));
    const schemas = {
      ...record.parse(find('components', 'schemas')),
      ServiceAccountIPAccessListEntry: { type: 'object', ...entry },
      ApiError: {
        type: 'object',
        required: ['error', 'errorCode'],
        properties: { ...error.properties, parameters: { type: 'array', nullable: true } },
      },
    };
    // Some of their patterns do not compile under the u flag, which Ajv sets unless told otherwise.
    validator = new Ajv({ strict: false, unicodeRegExp: false });
    addFormats.default(validator);
    validator.addSchema(
      { ...document, components: { ...record.parse(document['components']), schemas } },
      'atlas',
    );
  });

  test('the operation has every parameter, with its type, default, bounds and pattern', () => {
    const { parameters } = describedAt(listAccessList.http.path, listAccessList.http.method);
    const ours = new Map(parameters.map((parameter) => [parameter.name, parameter]));
    const given = theirs.parameters.map((one) =>
      '$ref' in one ? parameter.parse(find(...one.$ref.split('/').slice(1))) : one,
    );
    assert.deepEqual(
      [...ours.keys()].filter((name) => !given.some((one) => one.name === name)),
      ['connection', 'all'],
    );
    for (const { name, in: place, schema } of given) {
      const own = ours.get(name);
      assert.ok(own, name);
      assert.equal(own.in, place, name);
      assert.equal(own.schema.type, schema.type, name);
      assert.equal(own.schema.default, schema.default, name);
      assert.equal(own.schema.minimum, schema.minimum, name);
      if (schema.maximum !== undefined) assert.equal(own.schema.maximum, schema.maximum, name);
      if (schema.pattern !== undefined) {
        const [isOurs, isTheirs] = [ajv.compile(own.schema), validator.compile(schema)];
        for (const sample of samples) assert.equal(isOurs(sample), isTheirs(sample), `${name}: ${sample}`);
      }
    }
  });

  test('the operation asks for the role that they say', () => {
    assert.deepEqual([listAccessList.role], theirs['x-rolesRequirements']);
  });

  test('our answers are of their shape', async () => {
    for (const input of [{}, { includeCount: false }, { all: true }, { envelope: true }, { pageNum: 9 }])
      assertValid(entries(), answered(await triggers.http(handler, { connection, input })));
  });

  test('their null is no fault to us', () => {
    const nulls = { cidrBlock: null, ipAddress: null, lastUsedAddress: null, lastUsedAt: null };
    assertValid(entries(), { results: [nulls] });
    assert.ok(listAccessList.output.safeParse({ results: [nulls] }).success);
  });

  describe('the simulator', () => {
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    const target = path.replace('{orgId}', orgId).replace('{clientId}', clientId);

    /** Asks the simulator as their API is asked, with a token. */
    async function ask(target: string, accept = 'application/vnd.atlas.2024-08-05+json'): Promise<Response> {
      const minted = await fetch(`${systems.atlas.url}/api/oauth/token`, {
        method: 'POST',
        headers: { authorization: basic, 'content-type': 'application/x-www-form-urlencoded' },
        body: 'grant_type=client_credentials',
      });
      const { access_token } = z.object({ access_token: z.string() }).parse(await minted.json());
      return fetch(systems.atlas.url + target, {
        headers: { authorization: `Bearer ${access_token}`, accept },
      });
    }

    test('answers lists of their shape, type and headers', async () => {
      const success = z.object({ content: record, headers: record }).parse(theirs.responses['200']);
      for (const query of [
        '',
        '?itemsPerPage=5&pageNum=2',
        '?includeCount=false&envelope=true&pretty=true',
      ]) {
        const response = await ask(target + query);
        assert.equal(response.status, 200);
        assert.ok((response.headers.get('content-type') ?? '').split(';')[0] ?? '' in success.content);
        for (const name of Object.keys(success.headers))
          assert.match(response.headers.get(name) ?? '', /^\d+$/);
        assertValid(entries(), await response.json());
      }
    });

    const refusals: [status: number, bring: () => Promise<Response>][] = [
      [401, () => fetch(systems.atlas.url + target)],
      [
        403,
        async () => {
          systems.atlas.settings.refuse = 'IP_ADDRESS_NOT_ON_ACCESS_LIST';
          const response = await ask(target);
          systems.atlas.settings.refuse = undefined;
          return response;
        },
      ],
      [404, () => ask(target.replace(clientId, 'mdb_sa_id_ffffffffffffffffffffffff'))],
      [
        429,
        async () => {
          const { rateLimit } = systems.atlas.settings;
          systems.atlas.settings.rateLimit = { ...rateLimit, capacity: 0 };
          const response = await ask(target);
          systems.atlas.settings.rateLimit = rateLimit;
          return response;
        },
      ],
      [
        500,
        () => {
          systems.atlas.fail({ on: 'api', status: 500 });
          return ask(target);
        },
      ],
    ];
    for (const [status, bring] of refusals)
      test(`answers ${status} in their shape, and it is one of their statuses`, async () => {
        assert.ok(status in theirs.responses);
        const response = await bring();
        assert.equal(response.status, status);
        assert.equal(response.headers.get('content-type'), 'application/json');
        const error = z.looseObject({ error: z.int(), errorCode: z.string() }).parse(await response.json());
        assertValid(apiError(), error);
        assert.equal(error.error, status);
        assert.equal(response.headers.get('x-error-code'), error.errorCode);
      });

    test('refuses the plain media type, as they do', async () => {
      const response = await ask(target, 'application/json');
      assert.equal(response.status, 406);
      assertValid(apiError(), await response.json());
    });
  });
});
