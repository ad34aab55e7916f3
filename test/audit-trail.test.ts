import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ConditionalCheckFailedException, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import * as z from 'zod';
import * as toggle from '../functions/sps/toggle-system-alerts.ts';
import { handler } from '../infra/entries/forward-audit.ts';
import { type SpsSimulator, startSps } from '../infra/local/simulators/sps.ts';
import { answered, failed, type Systems, startSystems } from './harness.ts';
import { actor, administrator, call, storeSps } from './sps-harness.ts';

const eventBridge = mockClient(EventBridgeClient);
const dynamo = mockClient(DynamoDBClient);

let systems: Systems;
let sps: SpsSimulator;
let connection: string;

before(async () => {
  systems = await startSystems();
  sps = await startSps();
  process.env['EVENT_BUS'] = 'switchboard';
});

after(async () => {
  await sps.close();
  await systems.stop();
});

beforeEach(() => {
  connection = storeSps(systems, administrator(sps));
  systems.logLines.length = 0;
  process.env['AUDIT_TABLE'] = 'switchboard-audit';
  eventBridge.reset();
  dynamo.reset();
  eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: 'one' }] });
  dynamo.on(PutItemCommand).resolves({});
});

/** What CloudWatch Logs hands over of log lines. */
const subscribed = (lines: string[]) => ({
  awslogs: {
    data: gzipSync(
      JSON.stringify({
        messageType: 'DATA_MESSAGE',
        owner: '123456789012',
        logGroup: 'log',
        logStream: 'stream',
        subscriptionFilters: ['audit'],
        logEvents: lines.map((message, index) => ({ id: String(index), timestamp: 1, message })),
      }),
    ).toString('base64'),
  },
});

let email = false;

/** The log lines of a change that is really made. */
async function changed(): Promise<string[]> {
  email = !email;
  answered(await call(toggle, { connection, input: { alerts: { xcbSwapFull: { email } } } }));
  return [...systems.logLines];
}

const entry = z.strictObject({
  EventBusName: z.literal('switchboard'),
  Source: z.literal('switchboard'),
  Time: z.date(),
  DetailType: z.string(),
  Detail: z.string().transform((json) => z.record(z.string(), z.unknown()).parse(JSON.parse(json))),
});

const told = () =>
  eventBridge
    .commandCalls(PutEventsCommand)
    .flatMap(({ args }) => args[0].input.Entries ?? [])
    .map((one) => entry.parse(one));

const kept = () => dynamo.commandCalls(PutItemCommand).map(({ args }) => args[0].input);

describe('of a change', () => {
  test('the bus is told twice: of the intent and of the outcome, under one id', async () => {
    await handler(subscribed(await changed()));
    const [intent, outcome, ...others] = told();
    assert.deepEqual([intent?.DetailType, outcome?.DetailType], ['Change Intended', 'Change Made']);
    assert.equal(intent?.Detail['auditId'], outcome?.Detail['auditId']);
    assert.partialDeepStrictEqual(outcome?.Detail, {
      operation: 'sps.toggleSystemAlerts',
      connection,
      actor,
      before: { xcbSwapFull: { email: !email } },
      after: { xcbSwapFull: { email } },
    });
    // The line of the invocation is none.
    assert.deepEqual(others, []);
  });

  test('the table gets both, each only where it is not there yet', async () => {
    await handler(subscribed(await changed()));
    for (const { TableName, ConditionExpression } of kept())
      assert.deepEqual(
        [TableName, ConditionExpression],
        ['switchboard-audit', 'attribute_not_exists(auditId)'],
      );
    const [intent, outcome] = kept().map(({ Item }) => Item);
    assert.deepEqual([intent?.['outcome'], outcome?.['outcome']], [{ S: 'intended' }, { S: 'made' }]);
    assert.partialDeepStrictEqual(outcome, {
      auditId: intent?.['auditId'],
      target: { S: `sps/${connection}` },
      actor: { S: actor },
      operation: { S: 'sps.toggleSystemAlerts' },
    });
    assert.partialDeepStrictEqual(JSON.parse(outcome?.['after']?.S ?? ''), { xcbSwapFull: { email } });
    assert.ok(outcome?.['durationMs']?.N);
  });

  test('that failed, the event has why', async () => {
    sps.fail({ on: /PUT \/api\/transaction$/, body: { error: { type: 'Broken' } }, html: 400, times: 3 });
    email = !email;
    const { code } = failed(
      await call(toggle, { connection, input: { alerts: { xcbSwapFull: { email } } } }),
    );
    sps.recover();
    email = !email;
    await handler(subscribed(systems.logLines));
    assert.equal(told().at(-1)?.DetailType, 'Change Failed');
    assert.equal(told().at(-1)?.Detail['code'], code);
  });

  test('that was so already, there is one record', async () => {
    await changed();
    systems.logLines.length = 0;
    answered(await call(toggle, { connection, input: { alerts: { xcbSwapFull: { email } } } }));
    await handler(subscribed(systems.logLines));
    assert.deepEqual(
      told().map(({ DetailType }) => DetailType),
      ['Change Not Needed'],
    );
  });
});

test('without a table, only the bus is told', async () => {
  delete process.env['AUDIT_TABLE'];
  await handler(subscribed(await changed()));
  assert.deepEqual([told().length, kept().length], [2, 0]);
});

describe('what goes wrong on the way', () => {
  test('at the bus fails the invocation, and the table has the records all the same', async () => {
    eventBridge.on(PutEventsCommand).resolves({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' }],
    });
    await assert.rejects(handler(subscribed(await changed())), /ThrottlingException/);
    assert.equal(kept().length, 2);
  });

  test('at the table fails the invocation, and the bus is told all the same', async () => {
    dynamo.on(PutItemCommand).rejects(new Error('no table'));
    await assert.rejects(handler(subscribed(await changed())), /no table/);
    assert.equal(told().length, 2);
  });

  test('is nothing where the table has a record already: it was delivered again', async () => {
    const there = new ConditionalCheckFailedException({ message: 'there', $metadata: {} });
    dynamo.on(PutItemCommand).rejects(there);
    await handler(subscribed(await changed()));
  });
});

test('lines that are no records are left out', async () => {
  await handler(subscribed(['hello', '{"auditId": 1}', '{"auditId": "one"}']));
  assert.deepEqual([told(), kept()], [[], []]);
});

const record = {
  timestamp: '2026-11-25T07:00:00.000Z',
  auditId: 'one',
  outcome: 'made',
  operation: 'sps.updateSnmpTrap',
  connection: 'dc1',
  actor: '',
  requestId: 'two',
};

test('an actor that is empty stays out of the table, whose index takes none', async () => {
  await handler(subscribed([JSON.stringify(record)]));
  assert.equal(kept()[0]?.Item?.['actor'], undefined);
});

test('a state that is too large is cut', async () => {
  const before = { comment: 'ü'.repeat(100_000) };
  await handler(subscribed([JSON.stringify({ ...record, before, after: before })]));
  for (const name of ['before', 'after'])
    assert.match(String(told()[0]?.Detail[name]), /^Cut: \{"comment":"ü+/);
  const [call] = eventBridge.commandCalls(PutEventsCommand);
  assert.ok(Buffer.byteLength(call?.args[0].input.Entries?.[0]?.Detail ?? '') < 256 * 1024 - 1024);
});

test('neither events nor rows nor the log have a secret', async () => {
  const before = { community: 'shown-1618-once' };
  await handler(subscribed([JSON.stringify({ ...record, before, after: { plain: 'given-3141-plain' } })]));
  const all = JSON.stringify([told(), kept(), systems.logLines]);
  assert.equal(told().length, 1);
  for (const secret of ['shown-1618-once', 'given-3141-plain']) assert.ok(!all.includes(secret), secret);
});
