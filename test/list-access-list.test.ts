import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { handler } from '../functions/atlas/list-access-list.ts';
import { accessListOf, demo, demoWorld } from '../infra/local/simulators/atlas.ts';
import {
  answered,
  failed,
  httpEvent,
  lambdaContext,
  respond,
  type Systems,
  serviceAccount,
  startSystems,
  triggerNames,
  triggers,
} from './harness.ts';

let systems: Systems;
let connection: string;

const path = `/api/atlas/v2/orgs/${demo.orgId}/serviceAccounts/${demo.clientId}/accessList`;
const defaults = '?includeCount=true&itemsPerPage=100&pageNum=1';

const haveEntries = (count: number) => {
  systems.atlas.organizations.splice(0, 1, ...demoWorld(accessListOf(count)));
};

/** What Atlas's API was asked for during some work. */
async function targetsOf(work: () => Promise<unknown>): Promise<string[]> {
  const { requests } = systems.atlas;
  const before = requests.length;
  await work();
  return requests
    .slice(before)
    .map(({ target }) => target)
    .filter((target) => target.startsWith(path))
    .map((target) => target.slice(path.length));
}

before(async () => {
  systems = await startSystems();
  connection = systems.store(serviceAccount(systems.atlas));
});

afterEach(() => {
  haveEntries(12);
  systems.atlas.settings.totalCountOffset = 0;
});

after(() => systems.stop());

for (const trigger of triggerNames) {
  const call = (input: Record<string, unknown> = {}) => triggers[trigger](handler, { connection, input });

  describe(`over ${trigger}`, () => {
    test('answers the entries and their count, and nothing else', async () => {
      assert.deepEqual(answered(await call()), { results: accessListOf(12), totalCount: 12 });
    });

    const queries: [input: Record<string, unknown>, upstream: string][] = [
      [{}, defaults],
      [{ includeCount: true }, defaults],
      [{ includeCount: false }, '?includeCount=false&itemsPerPage=100&pageNum=1'],
      [{ itemsPerPage: 1 }, '?includeCount=true&itemsPerPage=1&pageNum=1'],
      [{ itemsPerPage: 500 }, '?includeCount=true&itemsPerPage=500&pageNum=1'],
      [{ pageNum: 2 }, '?includeCount=true&itemsPerPage=100&pageNum=2'],
      [{ envelope: true, pretty: true }, defaults],
      [{ envelope: false, pretty: false, all: false }, defaults],
    ];
    for (const [input, upstream] of queries)
      test(`asks Atlas for ${upstream} on ${JSON.stringify(input)}`, async () => {
        assert.deepEqual(await targetsOf(async () => answered(await call(input))), [upstream]);
      });

    test('leaves totalCount out with includeCount=false', async () => {
      assert.deepEqual(answered(await call({ includeCount: false })), { results: accessListOf(12) });
    });

    test('cuts pages, and answers an empty one beyond the last', async () => {
      const third = answered(await call({ itemsPerPage: 5, pageNum: 3 }));
      assert.deepEqual(third, { results: accessListOf(12).slice(10), totalCount: 12 });
      const fourth = answered(await call({ itemsPerPage: 5, pageNum: 4 }));
      assert.deepEqual(fourth, { results: [], totalCount: 12 });
    });

    test('adds the status with envelope=true', async () => {
      const enveloped = answered(await call({ envelope: true }));
      assert.deepEqual(enveloped, { results: accessListOf(12), totalCount: 12, status: 200 });
    });

    test('takes the fields that Atlas may send as null', async () => {
      const [entry = { createdAt: '', requestCount: 0 }] = accessListOf(1);
      const unused = { ...entry, ipAddress: null, lastUsedAddress: null, lastUsedAt: null };
      const other = { ...entry, cidrBlock: null };
      systems.atlas.fail({ body: { results: [unused, other], totalCount: 2 } });
      assert.deepEqual(answered(await call()), { results: [unused, other], totalCount: 2 });
    });

    const pages = (count: number) =>
      Array.from(
        { length: count },
        (_, index) => `?includeCount=false&itemsPerPage=500&pageNum=${index + 1}`,
      );
    for (const [entries, requests] of [
      [0, 1],
      [200, 1],
      [499, 1],
      [500, 2],
      [501, 2],
      [1_000, 3],
    ] as const)
      test(`all=true answers ${entries} entries in ${requests} request(s)`, async () => {
        haveEntries(entries);
        const targets = await targetsOf(async () =>
          assert.deepEqual(answered(await call({ all: true })), {
            results: accessListOf(entries),
            totalCount: entries,
          }),
        );
        assert.deepEqual(targets, pages(requests));
      });

    test("all=true does not rely on Atlas's count", async () => {
      haveEntries(501);
      for (const offset of [-400, 400]) {
        systems.atlas.settings.totalCountOffset = offset;
        const everything = { results: accessListOf(501), totalCount: 501 };
        assert.deepEqual(answered(await call({ all: true })), everything);
      }
    });

    test('all=true goes with the other parameters, except for a page number', async () => {
      const input = { all: true, itemsPerPage: 1, includeCount: false, envelope: true };
      assert.deepEqual(answered(await call(input)), { results: accessListOf(12), status: 200 });
      const { errors } = failed(await call({ all: true, pageNum: 2 }));
      assert.deepEqual(errors, [{ field: 'pageNum', detail: 'cannot be combined with all=true' }]);
    });

    const wrong: [field: string, value: unknown, detail: RegExp][] = [
      ['orgId', '0123456789ABCDEF01234567', /24 lower-case hexadecimal/],
      ['orgId', '0123', /24 lower-case hexadecimal/],
      ['orgId', '../../orgs', /24 lower-case hexadecimal/],
      ['clientId', '0123456789abcdef01234567', /mdb_sa_id_ followed by/],
      ['clientId', `${demo.clientId}0`, /mdb_sa_id_ followed by/],
      ['itemsPerPage', 0, /at least 1/],
      ['itemsPerPage', 501, /at most 500/],
      ['itemsPerPage', 1.5, /whole number/],
      ['itemsPerPage', 'ten', /whole number/],
      ['itemsPerPage', '', /whole number/],
      ['pageNum', 0, /at least 1/],
      ['pageNum', -1, /at least 1/],
      ['pageNum', '1e3', /whole number/],
      ['includeCount', 'yes', /true or false/],
      ['envelope', 1, /true or false/],
      ['pretty', 'TRUE', /true or false/],
      ['all', '', /true or false/],
      ['itemPerPage', 10, /is not known here \(did you mean itemsPerPage\?\); known are orgId,/],
      ['baseUrl', 'https://evil.example', /is not known here/],
      ['constructor', 'x', /is not known here/],
    ];
    for (const [field, value, detail] of wrong)
      test(`refuses ${field}=${JSON.stringify(value)} by name and asks nobody`, async () => {
        const asked = systems.atlas.requests.length + systems.secretsManager.calls.length;
        const problem = failed(await call({ [field]: value }));
        assert.equal(problem.code, 'INVALID_INPUT');
        assert.equal(problem.status, 400);
        assert.deepEqual(
          problem.errors?.map((error) => error.field),
          [field],
        );
        assert.match(problem.errors?.[0]?.detail ?? '', detail);
        assert.equal(systems.atlas.requests.length + systems.secretsManager.calls.length, asked);
      });

    test('names every bad field at once', async () => {
      const input = { orgId: 'x', itemsPerPage: 0, pageNum: 0, colour: 'blue' };
      const problem = failed(await triggers[trigger](handler, { connection: 'a/b', input }));
      assert.deepEqual(problem.errors?.map(({ field }) => field).toSorted(), [
        'colour',
        'connection',
        'itemsPerPage',
        'orgId',
        'pageNum',
      ]);
    });

    for (const name of ['', '.hidden', 'a/b', '../sps/prod', 'a b', 'a*', 'x'.repeat(65)])
      test(`refuses ${JSON.stringify(name)} as the name of a connection`, async () => {
        const problem = failed(await triggers[trigger](handler, { connection: name }));
        assert.equal(problem.status, 400);
        assert.deepEqual(
          problem.errors?.map(({ field }) => field),
          ['connection'],
        );
      });

    test('writes one log line: who called what, and how it went', async () => {
      systems.logLines.length = 0;
      await call();
      const [line = '', ...more] = systems.logLines;
      assert.deepEqual(more, []);
      const { operation, effect, connection: named, level, ...rest } = JSON.parse(line);
      assert.deepEqual(
        [operation, effect, named, level],
        ['atlas.listAccessList', 'read', connection, 'INFO'],
      );
      assert.equal(rest.trigger, trigger);
    });
  });
}

describe('as an HTTP API event', () => {
  const { orgId, clientId } = demo;
  const send = (query: string, body?: string) =>
    respond(handler, httpEvent({ orgId, clientId, connection }, query, body));

  test('is answered with JSON that nobody keeps', async () => {
    const { statusCode, headers } = await send('');
    assert.equal(statusCode, 200);
    assert.deepEqual(headers, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  });

  test('is laid out for people with pretty=true only, problems too', async () => {
    const [plain, pretty] = [await send(''), await send('pretty=true')];
    assert.doesNotMatch(plain.body, /\n/);
    assert.match(pretty.body, /^\{\n {2}"results": \[\n {4}\{\n {6}"/);
    assert.deepEqual(JSON.parse(pretty.body), JSON.parse(plain.body));
    assert.match((await send('pretty=true&pageNum=0')).body, /^\{\n {2}"type": /);
  });

  const refused: [what: string, query: string, body: string | undefined, field: string][] = [
    ['a repeated parameter', 'itemsPerPage=5&itemsPerPage=6', undefined, 'itemsPerPage'],
    ['a repeated flag', 'pretty=true&pretty=true', undefined, 'pretty'],
    ['a body', '', '{"itemsPerPage":5}', 'body'],
    ['a path parameter in the query', 'orgId=fedcba987654321001234567', undefined, 'orgId'],
    ['another connection in the query', 'connection=other', undefined, 'connection'],
  ];
  for (const [what, query, body, field] of refused)
    test(`is refused with ${what}, by name`, async () => {
      const response = await send(query, body);
      assert.equal(response.statusCode, 400);
      assert.equal(response.headers['content-type'], 'application/problem+json');
      const { code, errors } = JSON.parse(response.body);
      assert.equal(code, 'INVALID_INPUT');
      assert.equal(errors[0].field, field);
    });

  test('tells the log which principal called', async () => {
    systems.logLines.length = 0;
    const event = httpEvent({ orgId, clientId, connection });
    const userArn = 'arn:aws:iam::123456789012:user/ada';
    const signed = {
      ...event,
      requestContext: { ...event.requestContext, authorizer: { iam: { userArn } } },
    };
    await respond(handler, signed);
    assert.equal(JSON.parse(systems.logLines[0] ?? '').actor, userArn);
  });
});

describe('as a direct invocation', () => {
  const { orgId, clientId } = demo;
  const refused: [what: string, event: unknown, fields: string[]][] = [
    ['nothing', null, ['(root)']],
    ['text', 'list', ['(root)']],
    ['an unknown member', { input: { orgId, clientId }, conection: 'prod' }, ['conection']],
    ['an actor that is not text', { input: { orgId, clientId }, actor: 1 }, ['actor']],
    ['no connection', { input: { orgId, clientId } }, ['connection']],
    ['no input', { connection: 'prod' }, ['orgId', 'clientId']],
    ['input that is text', { connection: 'prod', input: 'all' }, ['(root)']],
    [
      'numbers as text',
      { connection: 'prod', input: { orgId, clientId, itemsPerPage: '5' } },
      ['itemsPerPage'],
    ],
  ];
  for (const [what, event, fields] of refused)
    test(`throws on ${what}, by name`, async () => {
      await assert.rejects(handler(event, lambdaContext()), (error: Error) => {
        assert.equal(error.name, 'INVALID_INPUT');
        const { errors } = JSON.parse(error.message);
        assert.deepEqual(
          errors.map(({ field }: { field: string }) => field),
          fields,
        );
        return true;
      });
    });

  test('tells the log who caused it', async () => {
    systems.logLines.length = 0;
    await handler({ connection, input: { orgId, clientId }, actor: 'U024BE7LH' }, lambdaContext());
    assert.equal(JSON.parse(systems.logLines[0] ?? '').actor, 'U024BE7LH');
  });
});
