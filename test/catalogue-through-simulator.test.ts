import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as listInAtlas from '../functions/atlas/list-alert-configs.ts';
import * as listInOpsManager from '../functions/ops-manager/list-alert-configs.ts';
import * as atlas from '../infra/local/simulators/atlas.ts';
import * as opsManager from '../infra/local/simulators/ops-manager.ts';
import { secretIdOf } from '../lib/connections.ts';
import {
  type CatalogueError,
  catalogueErrors,
  type ErrorCode,
  findError,
} from '../lib/error-catalogue/catalogue.ts';
import type { Language } from '../lib/language.ts';
import { type ProblemDetails, problemDetails } from '../lib/problems/problem-details.ts';
import {
  apiKey,
  httpResponse,
  lambdaContext,
  opsManagerKey,
  type Systems,
  startSystems,
  unitEvent,
} from './harness.ts';

// What comes out when Ops Manager or Atlas answers with each of the codes there are.

const languages: Language[] = ['en', 'pt-BR'];
const secretKey = '0123456789abcdefdeadbeef00112233';

let systems: Systems;
const connections = { atlas: '', opsManager: '' };
/** All that came out of the handlers. */
const left: string[] = [];

before(async () => {
  systems = await startSystems();
  connections.atlas = systems.store(apiKey(systems.atlas));
  connections.opsManager = systems.store(opsManagerKey(systems.opsManager), 'opsManager');
});

after(() => systems.stop());

const sides = {
  atlas: { unit: listInAtlas, groupId: atlas.demo.groupId },
  opsManager: { unit: listInOpsManager, groupId: opsManager.demo.groupId },
};

interface Fault {
  status: number;
  errorCode?: string;
  detail?: string;
  parameters?: (string | number)[];
  retryAfter?: string;
}

/** The problem that the upstream's error comes out as, over HTTP. */
async function problemOf(
  system: keyof typeof sides,
  fault: Fault,
  language: Language = 'en',
): Promise<ProblemDetails> {
  const { unit, groupId } = sides[system];
  systems[system].fail(fault);
  const call = {
    connection: connections[system],
    input: { groupId },
    headers: { 'accept-language': language },
  };
  // So short that nothing is tried again: what passes would otherwise be waited for.
  const given = await unit.handler(unitEvent(unit, call), lambdaContext({ left: 1_500 }));
  systems[system].recover();
  left.push(JSON.stringify(given));
  const { statusCode, headers, body } = httpResponse.parse(given);
  assert.equal(headers['content-type'], 'application/problem+json', fault.errorCode);
  assert.equal(headers['content-language'], language, fault.errorCode);
  const problem = problemDetails.strict().required({ instance: true }).parse(JSON.parse(body));
  assert.equal(problem.status, statusCode, fault.errorCode);
  return problem;
}

/** A value for each parameter that is like no other text. */
const valuesFor = ({ parameters }: CatalogueError): string[] =>
  parameters.map((name, position) => (name === 'key' ? secretKey : `Value${position}Of${name}`));

/** The status that a caller gets: neither our own credentials nor the upstream's failures are the caller's. */
const statusFor = (upstream: number): number => ([401, 403, 500].includes(upstream) ? 502 : upstream);

async function assertExplained(
  system: keyof typeof sides,
  error: CatalogueError,
  status: number,
): Promise<void> {
  const { code } = error;
  const values = valuesFor(error);
  const detail = `What ${system} itself says of ${code}: ${values.join(', ')}.`;
  for (const language of languages) {
    const problem = await problemOf(
      system,
      { status, errorCode: code, detail, parameters: values },
      language,
    );
    const named = (text: string) => (system === 'atlas' ? text.replaceAll('Ops Manager', 'Atlas') : text);
    const what = `${code} ${language}`;
    assert.equal(problem.code, code, what);
    assert.equal(problem.type, `/errors/${code}`, what);
    assert.equal(problem.system, system, what);
    assert.equal(problem.status, statusFor(status), what);
    const remedy = named(error[language].remedy);
    assert.equal(problem.remedy.slice(0, remedy.length), remedy, what);
    assertNamesCredential(system, error, problem.remedy.slice(remedy.length));
    assert.equal(problem.retryable, error.retry === 'afterWaiting', what);
    assert.equal(problem.retryAfter !== undefined, error.retry === 'afterWaiting', what);
    // Its own sentence, with each value in its place.
    let expected = named(error[language].message);
    for (const [position, name] of error.parameters.entries()) {
      const value = name === 'key' ? `…${secretKey.slice(-4)}` : (values[position] ?? '');
      expected = expected.replaceAll(`{${name}}`, value);
      assert.ok(problem.detail.includes(value), what);
    }
    assert.equal(problem.detail, expected, what);
    const said = detail.replaceAll(secretKey, '[redacted]');
    assert.deepEqual(problem.upstream, { status, errorCode: code, detail: said }, what);
    if (system === 'atlas')
      assert.doesNotMatch(`${problem.title} ${problem.detail} ${problem.remedy}`, /Ops Manager/, what);
  }
}

/** What follows the catalogue's remedy: whose credential was refused and what it needs; nothing elsewhere. */
function assertNamesCredential(system: keyof typeof sides, { code, category }: CatalogueError, rest: string) {
  const connection = connections[system];
  const named = {
    authentication: [connection, secretIdOf(system, connection)],
    authorization: [connection, 'API key', 'Project Read Only'],
  };
  if (category !== 'authentication' && category !== 'authorization') return assert.equal(rest, '', code);
  for (const word of named[category]) assert.ok(rest.includes(word), `${code}: ${rest}`);
  assert.doesNotMatch(rest, /[{}]|\(\s*\)/, code);
}

const statusOf = ({ status }: CatalogueError): number => (status === 'unknown' ? 400 : status);

describe('from Ops Manager', () => {
  test('each of the 206 codes comes out with its own message and remedy, in both languages', async () => {
    assert.equal(catalogueErrors.length, 206);
    for (const error of catalogueErrors) await assertExplained('opsManager', error, statusOf(error));
  });

  test('a code without its parameters still reads whole', async () => {
    for (const error of catalogueErrors.filter(({ parameters }) => parameters.length > 0))
      for (const language of languages) {
        const fault = { status: statusOf(error), errorCode: error.code };
        const { detail, parameters } = await problemOf('opsManager', fault, language);
        assert.doesNotMatch(detail, /[{}]|\(\s*\)|undefined|null/, error.code);
        assert.equal(parameters, undefined, error.code);
      }
  });

  test('parameters go out in their order, numbers as numbers', async () => {
    const fault = { status: 404, errorCode: 'ALERT_NOT_FOUND', parameters: ['5f1', 7] };
    assert.deepEqual((await problemOf('opsManager', fault)).parameters, ['5f1', 7]);
  });

  test('the status that comes decides over the one of the catalogue', async () => {
    const fault = { status: 409, errorCode: 'GROUP_NOT_FOUND' };
    const problem = await problemOf('opsManager', fault);
    assert.deepEqual([problem.code, problem.status], ['GROUP_NOT_FOUND', 409]);
  });
});

describe('from Atlas', () => {
  const elsewhere = catalogueErrors.filter(({ atlasStatus }) => atlasStatus !== undefined);

  test('the five codes that have another status there come out with that one', async () => {
    assert.equal(elsewhere.length, 5);
    for (const error of elsewhere) await assertExplained('atlas', error, error.atlasStatus ?? 0);
  });

  // What is known of Atlas says more than the catalogue does about these; the tests below are theirs.
  const special: ErrorCode[] = ['IP_ADDRESS_NOT_ON_ACCESS_LIST', 'RESOURCE_NOT_FOUND', 'UNEXPECTED_ERROR'];

  test('the other codes come out as they do from Ops Manager, and under the name of Atlas', async () => {
    for (const error of catalogueErrors)
      if (!elsewhere.includes(error) && !special.includes(error.code))
        await assertExplained('atlas', error, statusOf(error));
  });

  test('the address that is not on the access list has a remedy of its own', async () => {
    for (const language of languages) {
      const fault = { status: 403, errorCode: 'IP_ADDRESS_NOT_ON_ACCESS_LIST', parameters: ['192.0.2.7'] };
      const { code, type, status, remedy } = await problemOf('atlas', fault, language);
      assert.deepEqual([code, type, status], [fault.errorCode, `/errors/${fault.errorCode}`, 502]);
      assert.ok(remedy.includes('192.0.2.7'));
      assert.match(remedy, /NAT/);
    }
  });

  test('RESOURCE_NOT_FOUND, which is about an id there, sends people to the ids', async () => {
    for (const language of languages) {
      const fault = { status: 404, errorCode: 'RESOURCE_NOT_FOUND', detail: 'Cannot find resource x.' };
      const { code, type, status, detail, remedy } = await problemOf('atlas', fault, language);
      assert.deepEqual([code, type, status], ['RESOURCE_NOT_FOUND', '/errors/NOT_FOUND', 404]);
      assert.ok(detail.includes('Cannot find resource x.'));
      assert.match(remedy, /\bids\b/);
    }
  });

  for (const [former, current] of [
    ['ADDRESS_ALREADY_IN_WHITELIST', 'ADDRESS_ALREADY_IN_ACCESS_LIST'],
    ['API_KEY_WHITELIST_NOT_FOUND', 'API_KEY_ACCESS_LIST_NOT_FOUND'],
  ])
    test(`${former}, as ${current} was called, is known`, async () => {
      const error = findError(current ?? '');
      assert.ok(error);
      for (const language of languages) {
        const fault = { status: statusOf(error), errorCode: former ?? '', parameters: valuesFor(error) };
        const problem = await problemOf('atlas', fault, language);
        // The code stays what the upstream said, and leads to where it is explained.
        assert.equal(problem.code, former);
        assert.equal(problem.type, `/errors/${current}`);
        assert.equal(problem.remedy, error[language].remedy);
      }
    });

  const onlyThere: [errorCode: string, status: number, ours: number, kind: string][] = [
    ['RATE_LIMITED_TOKEN_BUCKET', 429, 429, 'UPSTREAM_RATE_LIMITED'],
    ['INVALID_VERSION_DATE', 406, 502, 'UPSTREAM_VERSION_REFUSED'],
    ['VERSION_GONE', 410, 502, 'UPSTREAM_VERSION_REFUSED'],
    ['PATH_PARAM_PARSE_ERROR', 400, 400, 'UPSTREAM_BAD_REQUEST'],
    ['ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND', 404, 404, 'NOT_FOUND'],
    ['NOBODY_HAS_SEEN_THIS', 403, 502, 'UPSTREAM_PERMISSION_DENIED'],
    ['NOBODY_HAS_SEEN_THIS', 409, 409, 'CONFLICT'],
    ['NOBODY_HAS_SEEN_THIS', 418, 502, 'UPSTREAM_REFUSED'],
    ['NOBODY_HAS_SEEN_THIS', 500, 502, 'UPSTREAM_ERROR'],
    ['NOBODY_HAS_SEEN_THIS', 401, 502, 'UPSTREAM_CREDENTIALS_REFUSED'],
  ];
  for (const [errorCode, status, ours, kind] of onlyThere)
    test(`${errorCode} with ${status}, which the catalogue lacks, is carried through as ${kind}`, async () => {
      for (const language of languages) {
        const detail = `Atlas's own words on ${errorCode}.`;
        const fault = { status, errorCode, detail, parameters: ['one', 2] };
        const problem = await problemOf('atlas', fault, language);
        assert.equal(problem.type, `/errors/${kind}`);
        assert.equal(problem.status, ours);
        assert.deepEqual(problem.upstream, { status, errorCode, detail });
        if (status !== 401) {
          assert.equal(problem.code, errorCode);
          assert.deepEqual(problem.parameters, ['one', 2]);
          assert.ok(problem.detail.includes(detail), problem.detail);
        }
      }
    });

  test('a 429 tells how long to wait, whatever Atlas says of it', async () => {
    const limited = { status: 429, errorCode: 'RATE_LIMITED_TOKEN_BUCKET' };
    for (const [retryAfter, seconds] of [
      [undefined, 10],
      ['0', 10],
      ['55', 55],
    ] as const) {
      const fault = { ...limited, ...(retryAfter !== undefined && { retryAfter }) };
      assert.equal((await problemOf('atlas', fault)).retryAfter, seconds);
    }
  });
});

describe('UNEXPECTED_ERROR, which says nothing', () => {
  for (const system of ['atlas', 'opsManager'] as const)
    for (const [status, ours, code] of [
      [400, 400, 'UPSTREAM_BAD_REQUEST'],
      [401, 502, 'UPSTREAM_CREDENTIALS_REFUSED'],
      [403, 502, 'UPSTREAM_PERMISSION_DENIED'],
      [404, 404, 'NOT_FOUND'],
    ] as const)
      test(`with ${status} from ${system} is told by its status`, async () => {
        for (const language of languages) {
          const fault = { status, errorCode: 'UNEXPECTED_ERROR', detail: 'Something.' };
          const problem = await problemOf(system, fault, language);
          assert.deepEqual([problem.code, problem.status, problem.type], [code, ours, `/errors/${code}`]);
          assert.equal(problem.upstream?.errorCode, 'UNEXPECTED_ERROR');
        }
      });

  test("with 500 from Atlas is told by its status, too: the catalogue's remedy is in a log there", async () => {
    for (const language of languages) {
      const problem = await problemOf('atlas', { status: 500, errorCode: 'UNEXPECTED_ERROR' }, language);
      assert.deepEqual([problem.code, problem.type], ['UPSTREAM_ERROR', '/errors/UPSTREAM_ERROR']);
    }
  });

  test("with 500 from Ops Manager is the system's own failure, with the catalogue's remedy", async () => {
    for (const language of languages) {
      const problem = await problemOf('opsManager', { status: 500, errorCode: 'UNEXPECTED_ERROR' }, language);
      assert.equal(problem.type, '/errors/UNEXPECTED_ERROR');
      assert.equal(problem.remedy, findError('UNEXPECTED_ERROR')?.[language].remedy);
    }
  });
});

test('an API key that an error names shows nowhere, in no answer and no log line', () => {
  const forms = [secretKey, Buffer.from(secretKey).toString('base64')];
  assert.ok(left.some((text) => text.includes('GROUP_API_KEY_NOT_FOUND')));
  for (const form of forms) {
    assert.ok(!left.join('\n').includes(form));
    assert.ok(!systems.logLines.join('').includes(form));
  }
  assert.match(systems.logLines.join(''), /GROUP_API_KEY_NOT_FOUND/);
});
