import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import * as z from 'zod';
import * as getError from '../functions/errors/get.ts';
import * as toggleSystemAlerts from '../functions/sps/toggle-system-alerts.ts';
import * as updateSnmpAgent from '../functions/sps/update-snmp-agent.ts';
import { type SpsSimulator, startSps } from '../infra/local/simulators/sps.ts';
import { findOperations } from '../infra/operations.ts';
import { mostBodyBytes } from '../lib/adapters/body.ts';
import { handlerFor } from '../lib/handler.ts';
import { type ProblemDetails, problemDetails } from '../lib/problems/problem-details.ts';
import { sentencesOfZod } from './distorted.ts';
import {
  directOutcome,
  failed,
  type Handler,
  lambdaContext,
  respond,
  type Systems,
  startSystems,
  type Unit,
  unitEvent,
} from './harness.ts';
import { administrator, storeSps } from './sps-harness.ts';

// What comes in, in shapes that no API Gateway makes and in those that it does: each is taken, or refused with a reason.

let systems: Systems;
let sps: SpsSimulator;
let connection: string;
let handlers: Handler[];

before(async () => {
  systems = await startSystems();
  sps = await startSps();
  connection = storeSps(systems, administrator(sps));
  handlers = (await findOperations()).map(({ handler }) => handler);
});

beforeEach(() => {
  systems.logLines.length = 0;
});

after(async () => {
  await sps.close();
  await systems.stop();
});

/** An object with a member of its own of that name. */
const own = (name: string) => JSON.parse(`{"${name}":"1"}`);

/** A change of an SPS's alerts, with parts of the event made others. */
const changeEvent = (other: Record<string, unknown> = {}) => ({
  ...unitEvent(toggleSystemAlerts, { connection, input: { alerts: { xcbDiskFull: { email: false } } } }),
  ...other,
});

const agentEvent = (body: Buffer | string) => ({
  ...unitEvent(updateSnmpAgent, { connection }),
  ...(typeof body === 'string'
    ? { body, isBase64Encoded: false }
    : { body: body.toString('base64'), isBase64Encoded: true }),
});

async function refused({ handler }: Pick<Unit, 'handler'>, event: unknown): Promise<ProblemDetails> {
  const { statusCode, headers, body } = await respond(handler, event);
  assert.equal(headers['content-type'], 'application/problem+json');
  const problem = problemDetails.parse(JSON.parse(body));
  assert.equal(problem.status, statusCode);
  assert.notEqual(problem.code, 'INTERNAL_ERROR');
  assert.doesNotMatch(JSON.stringify(problem.errors ?? []), sentencesOfZod);
  return problem;
}

const written = () => sps.state().configuration;

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe('a body is refused, and nothing is written, that', () => {
  const location = (text: string) => `{"system_location":"${text}"}`;
  const cases: [what: string, body: Buffer | string, status: number, detail: RegExp][] = [
    ['is ISO-8859-1', Buffer.from(location('São Paulo'), 'latin1'), 400, /UTF-8/],
    ['is UTF-16', Buffer.from(`\u{FEFF}${location('x')}`, 'utf16le'), 400, /UTF-8|JSON/],
    ['is cut in the middle of a character', Buffer.from(location('São')).subarray(0, 22), 400, /UTF-8/],
    ['has what was not UTF-8 on the way here', location('S\u{FFFD}o Paulo'), 400, /UTF-8/],
    ['has half of a character', location('\\ud800'), 400, /half of a character/],
    ['has half of a character as a name', '{"\\udc00": 1}', 400, /half of a character/],
    ['is nested 70 deep', `{"system_location":${nested(70)}}`, 400, /levels deep/],
    ['is nested 5,000 deep', `{"system_location":${nested(5_000)}}`, 400, /levels deep/],
    ['is nested 100,000 deep', nested(100_000), 400, /levels deep/],
    ['is too large', location('x'.repeat(mostBodyBytes)), 413, /256 kB/],
    ['is too large in bytes, and not in characters', location('ü'.repeat(mostBodyBytes / 2)), 413, /256 kB/],
    ['is too large in Base64', Buffer.from(location('ü'.repeat(mostBodyBytes / 2))), 413, /256 kB/],
    ['is no JSON', '{', 400, /JSON/],
    ['is a list', '[]', 400, /object/],
    ['is null', 'null', 400, /object|required/],
    ['is the name of what every object has', '{"__proto__":{"x":1}}', 400, /__proto__/],
    ['has a constructor', '{"constructor":{"x":1}}', 400, /constructor/],
  ];
  for (const [what, body, status, detail] of cases)
    test(what, async () => {
      const untouched = written();
      const problem = await refused(updateSnmpAgent, agentEvent(body));
      assert.equal(problem.status, status);
      assert.match(problem.detail, detail);
      assert.deepEqual(written(), untouched);
      assert.equal(sps.requests.filter(({ method }) => method === 'PUT').length, 0);
    });

  test('is too large, in both languages, before it is parsed', async () => {
    const event = agentEvent(nested(mostBodyBytes));
    const english = await refused(updateSnmpAgent, event);
    const headers = { ...event.headers, 'accept-language': 'pt-BR' };
    const portuguese = await refused(updateSnmpAgent, { ...event, headers });
    assert.deepEqual([english.code, portuguese.code], ['BODY_TOO_LARGE', 'BODY_TOO_LARGE']);
    assert.notEqual(english.detail, portuguese.detail);
  });
});

describe('a body is taken', () => {
  for (const [what, body] of [
    ['with a byte order mark', '\u{FEFF}{"system_location":"São Paulo"}'],
    ['with a byte order mark in Base64', Buffer.from('\u{FEFF}{"system_location":"São Paulo"}')],
    ['with NUL in a text', '{"system_location":"a\\u0000b"}'],
  ] as const)
    test(what, async () => {
      const event = { ...agentEvent(body), queryStringParameters: { dryRun: 'true' } };
      const { statusCode, body: answer } = await respond(updateSnmpAgent.handler, event);
      const { after } = z.looseObject({ after: z.unknown() }).parse(JSON.parse(answer));
      assert.equal(statusCode, 200);
      assert.partialDeepStrictEqual(after, {
        system_location: what === 'with NUL in a text' ? 'a\0b' : 'São Paulo',
      });
    });
});

describe('an event is refused by name that', () => {
  const { requestContext, ...plain } = unitEvent(toggleSystemAlerts, { connection: 'dc1' });
  const rest = { resource: '/', httpMethod: 'GET', requestContext: { identity: {} }, headers: null };
  const cases: [what: string, event: Record<string, unknown>, field: RegExp][] = [
    ['is of a REST API', rest, /version: must be 2\.0/],
    ['is of payload format 1.0', { ...rest, version: '1.0' }, /version: must be 2\.0/],
    ['is of a load balancer', { requestContext: { elb: {} }, httpMethod: 'GET' }, /version/],
    ['is of a WebSocket', { requestContext: { connectionId: 'x' } }, /version/],
    ['has a number as its version', { ...changeEvent(), version: 2 }, /version/],
    ['has no context', { ...plain, requestContext: null }, /requestContext: must be an object/],
    ['has a list as its context', { ...plain, requestContext: [] }, /requestContext/],
    ['has text as its authorizer', changeEvent({ requestContext: { authorizer: 'x' } }), /authorizer/],
    [
      'has a number as its ARN',
      changeEvent({ requestContext: { authorizer: { iam: { userArn: 1 } } } }),
      /userArn/,
    ],
    ['has numbers in its headers', changeEvent({ headers: { host: 1 } }), /headers/],
    ['has a list as its headers', changeEvent({ headers: ['a'] }), /headers/],
    ['has lists in its query', changeEvent({ queryStringParameters: { dryRun: ['true'] } }), /queryString/],
    ['has a number as its body', changeEvent({ body: 1 }), /body: must be text/],
    ['has an object as its body', changeEvent({ body: {} }), /body: must be text/],
    ['says in words that it is Base64', changeEvent({ isBase64Encoded: 'yes' }), /isBase64Encoded/],
    ['repeats a switch', changeEvent({ queryStringParameters: { dryRun: 'true,false' } }), /dryRun/],
    ['has __proto__ in its query', changeEvent({ queryStringParameters: own('__proto__') }), /__proto__/],
    [
      'has constructor in its query',
      changeEvent({ queryStringParameters: own('constructor') }),
      /constructor/,
    ],
    [
      'has constructor for a switch',
      changeEvent({ queryStringParameters: { dryRun: 'constructor' } }),
      /dryRun/,
    ],
    [
      'has half of a character in its path',
      changeEvent({ pathParameters: { connection: '\ud800' } }),
      /half of/,
    ],
    ['has NUL in its path', changeEvent({ pathParameters: { connection: 'a\0' } }), /connection/],
    ['has no path', changeEvent({ pathParameters: null }), /connection/],
  ];
  for (const [what, event, field] of cases)
    test(what, async () => {
      const { status, code, detail } = await refused(toggleSystemAlerts, event);
      assert.deepEqual([status, code], [400, 'INVALID_INPUT']);
      assert.match(detail, field);
    });
});

test('null in the place of what may be missing is as nothing', async () => {
  const { statusCode } = await respond(getError.handler, {
    ...unitEvent(getError, { input: { code: 'ALERT_NOT_FOUND' } }),
    headers: null,
    queryStringParameters: null,
    body: null,
    requestContext: { authorizer: { iam: null, jwt: null } },
  });
  assert.equal(statusCode, 200);
});

test('header names are read in any case', async () => {
  const event = unitEvent(getError, { input: { code: 'NO_SUCH' }, headers: { 'Accept-LANGUAGE': 'pt-BR' } });
  const { headers } = await respond(getError.handler, event);
  assert.equal(headers['content-language'], 'pt-BR');
});

describe('a direct invocation is refused by name with', () => {
  const deep = JSON.parse(nested(5_000));
  const cases: [what: string, event: unknown, field: RegExp][] = [
    ['null', null, /must be an object/],
    ['text', 'x', /must be an object/],
    ['a list', [], /must be an object/],
    ['a number', 1, /must be an object/],
    ['the records of a queue', { Records: [{ body: '{}' }] }, /Records: is not known here/],
    ['input that is text', { connection: 'dc1', input: 'x' }, /must be an object/],
    ['input that is a list', { connection: 'dc1', input: [] }, /must be an object/],
    ['input that is nested 5,000 deep', { connection: 'dc1', input: { alerts: deep } }, /alerts: is nested/],
    ['a connection that is nested 5,000 deep', { connection: deep }, /connection: is nested/],
    ['an actor that is an object', { connection: 'dc1', actor: {} }, /actor: must be text/],
    ['a restore that is text', { connection: 'dc1', restore: 'x' }, /restore: must be an object/],
    ['a restore without its id', { connection: 'dc1', restore: {} }, /restore\.id/],
    [
      'a restore by no time',
      { connection: 'dc1', restore: { id: 'x', dueBy: 'soon' } },
      /dueBy: must be a time/,
    ],
    ['__proto__ in its input', { connection: 'dc1', input: own('__proto__') }, /__proto__/],
  ];
  for (const [what, event, field] of cases)
    test(what, async () => {
      const { code, detail } = failed(await directOutcome(toggleSystemAlerts.handler, event));
      assert.equal(code, 'INVALID_INPUT');
      assert.match(detail, field);
      assert.doesNotMatch(detail, sentencesOfZod);
    });
});

describe('a token', () => {
  const calledWith = async (claims: unknown, scopes?: unknown) => {
    const event = changeEvent({ queryStringParameters: { dryRun: 'true' } });
    const { requestContext } = event;
    return respond(toggleSystemAlerts.handler, {
      ...event,
      requestContext: { ...requestContext, authorizer: { jwt: { claims, scopes } } },
    });
  };
  const logged = () => z.looseObject({ actor: z.unknown() }).parse(JSON.parse(systems.logLines.at(-1) ?? ''));

  for (const [claims, actor] of [
    [{ sub: 'ada', azp: 'ci' }, 'ada'],
    [{ azp: 'ci', scope: 'switchboard/change' }, 'azp:ci'],
    [{ client_id: 'ci', iss: 'https://idp' }, 'client_id:ci'],
    [{ sub: ' ', username: 'ada', client_id: 'ci' }, 'username:ada'],
    [{ sub: null, appid: 7 }, 'appid:7'],
    [{ sub: 'ada\n2026 sps made' }, 'ada\u{FFFD}2026 sps made'],
    [{ sub: 'ada', scope: ['one', 2, ['three']], scp: { a: 1 } }, 'ada'],
  ] as const)
    test(`with ${JSON.stringify(claims)} is ${actor}`, async () => {
      assert.equal((await calledWith(claims)).statusCode, 200);
      assert.equal(logged().actor, actor);
    });

  for (const claims of [{}, null, [], 'x', { scope: 'openid' }, { sub: {} }, { sub: '' }])
    test(`with the claims ${JSON.stringify(claims)} names nobody, and is refused`, async () => {
      const { statusCode, body } = await calledWith(claims);
      assert.deepEqual([statusCode, JSON.parse(body).code], [403, 'TOKEN_UNNAMED']);
    });
});

describe('who calls is recorded as claimed', () => {
  const auditOf = () =>
    systems.logLines.map((line) => JSON.parse(line)).filter(({ auditId }) => auditId !== undefined);
  let email = false;

  test('by an event that looks like one of the API, which can be looked up in its access log', async () => {
    email = !email;
    const forged = unitEvent(toggleSystemAlerts, {
      connection,
      input: { alerts: { xcbSwapFull: { email } } },
    });
    forged.requestContext.authorizer.iam.userArn = 'arn:aws:iam::123456789012:root';
    await respond(toggleSystemAlerts.handler, forged);
    const records = auditOf();
    assert.equal(records.length, 2);
    for (const record of records)
      assert.partialDeepStrictEqual(record, {
        actor: 'arn:aws:iam::123456789012:root',
        actorProven: false,
        apiRequestId: forged.requestContext.requestId,
      });
  });

  test('by a direct invocation, which the API knows nothing of', async () => {
    email = !email;
    const input = { alerts: { xcbSwapFull: { email } } };
    await directOutcome(toggleSystemAlerts.handler, { connection, input, actor: 'schedule:nightly' });
    for (const record of auditOf()) {
      assert.partialDeepStrictEqual(record, {
        actor: 'schedule:nightly',
        actorProven: false,
        trigger: 'direct',
      });
      assert.equal(record.apiRequestId, undefined);
    }
  });

  test('and a direct invocation cannot say that it came over HTTP', async () => {
    for (const extra of [{ trigger: 'http' }, { apiRequestId: 'x' }, { actorProven: true }])
      failed(
        await directOutcome(toggleSystemAlerts.handler, { connection, input: { alerts: {} }, ...extra }),
      );
  });
});

describe('an answer above what Lambda hands on', () => {
  const { operation } = getError;
  const large = handlerFor({
    ...operation,
    run: async (_client, input, call) => ({
      ...(await operation.run(undefined, operation.input.parse(input), call)),
      note: 'ü"'.repeat(2_000_000),
    }),
  });

  test('is a problem that says that the work is done, and is logged once', async () => {
    const event = unitEvent(getError, { input: { code: 'ALERT_NOT_FOUND' } });
    assert.equal((await refused({ handler: large }, event)).code, 'ANSWER_TOO_LARGE');
    assert.equal(systems.logLines.length, 1);
    const direct = await directOutcome(large, { input: { code: 'ALERT_NOT_FOUND' } });
    assert.equal(failed(direct).code, 'ANSWER_TOO_LARGE');
  });
});

test('no event of any shape is a defect', async () => {
  const name = fc.oneof(
    fc.constantFrom(
      ...['version', 'headers', 'pathParameters', 'queryStringParameters', 'body', 'isBase64Encoded'],
      ...['requestContext', 'authorizer', 'iam', 'jwt', 'claims', 'userArn', 'sub', 'scope', 'connection'],
      ...['input', 'actor', 'restore', 'id', 'dryRun', 'for', 'digest', '__proto__', 'constructor', 'code'],
      ...[
        'alerts',
        'settings',
        'enabled',
        'all',
        'alertConfigIds',
        'orgId',
        'groupId',
        'clientId',
        'switches',
      ],
    ),
    fc.string({ unit: 'binary', maxLength: 5 }),
  );
  const { any } = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom<unknown>(null, '2.0', '', 'true', '\ud800', '\0', '%', '{}', '{"a":', 0, true, 'dc1'),
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.double(),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(name, tie('any'), { maxKeys: 6 }),
    ),
  }));
  const like = fc
    .tuple(fc.constantFrom(changeEvent(), { connection: 'dc1', input: {} }), any)
    .map(([event, other]) => ({ ...event, ...(typeof other === 'object' && other) }));
  await fc.assert(
    fc.asyncProperty(fc.oneof(any, like), fc.nat({ max: handlers.length - 1 }), async (event, index) => {
      systems.logLines.length = 0;
      await handlers[index]?.(event, lambdaContext()).catch((error: unknown) => {
        assert.ok(error instanceof Error);
        assert.notEqual(error.name, 'INTERNAL_ERROR', error.message);
        problemDetails.parse(JSON.parse(error.message));
      });
      for (const line of systems.logLines) assert.doesNotMatch(line, /INTERNAL_ERROR/);
    }),
    { numRuns: 2_000 },
  );
});
