import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import { bundle } from '../infra/bundle.ts';
import { type Lambda, lambdaRuntimeMissing, startLambda } from '../infra/local/lambda-runtime.ts';
import { json, type Listener, listen } from '../infra/local/simulators/listen.ts';
import { demo, type SpsSimulator, startSps } from '../infra/local/simulators/sps.ts';
import { type Systems, startSystems } from './harness.ts';
import { administrator, storeSps } from './sps-harness.ts';

// From the log line that a deployed change writes, to the event and the row that the deployed forwarder makes of it.

const put = z.object({
  TableName: z.literal('switchboard-audit'),
  Item: z.record(z.string(), z.record(z.string(), z.string())),
  ConditionExpression: z.literal('attribute_not_exists(auditId)'),
});

const told = z.object({ Entries: z.tuple([z.object({ DetailType: z.string() })]) });

describe('audit records', { skip: lambdaRuntimeMissing ?? false }, () => {
  let folder: string;
  let systems: Systems;
  let sps: SpsSimulator;
  let eventBridge: Listener;
  let dynamo: Listener;
  let operation: Lambda;
  let forwarder: Lambda;
  const events: unknown[] = [];
  const rows = new Map<string, z.output<typeof put>['Item']>();

  const deployed = async (entry: string, env: Record<string, string>) => {
    const bundleDir = join(folder, entry.replaceAll(/\W/g, '-'));
    await bundle(join(import.meta.dirname, '..', entry), bundleDir);
    return startLambda({ bundleDir, env });
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'switchboard-'));
    systems = await startSystems();
    sps = await startSps();
    eventBridge = await listen(async ({ body }) => {
      events.push(JSON.parse(body));
      return json(200, { FailedEntryCount: 0, Entries: [{ EventId: 'one' }] });
    });
    dynamo = await listen(async ({ headers, body }) => {
      assert.equal(headers['x-amz-target'], 'DynamoDB_20120810.PutItem');
      const { Item } = put.parse(JSON.parse(body));
      const key = `${Item['auditId']?.['S']} ${Item['outcome']?.['S']}`;
      if (rows.has(key))
        return json(400, { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException' });
      rows.set(key, Item);
      return json(200, {});
    });
    operation = await deployed('functions/sps/toggle-system-alerts.ts', {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: systems.secretsManager.url,
    });
    forwarder = await deployed('infra/entries/forward-audit.ts', {
      AWS_ENDPOINT_URL_EVENTBRIDGE: eventBridge.url,
      AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
      EVENT_BUS: 'switchboard',
      AUDIT_TABLE: 'switchboard-audit',
    });
  });

  after(async () => {
    await Promise.all([operation.stop(), forwarder.stop()]);
    await Promise.all([systems.stop(), sps.close(), eventBridge.close(), dynamo.close()]);
    await rm(folder, { recursive: true });
  });

  test('get from the log to the bus and, once each, to the table', async () => {
    const connection = storeSps(systems, administrator(sps));
    const actor = 'arn:aws:iam::123456789012:user/ada';
    const input = { alerts: { xcbSwapFull: { email: true } } };
    assert.ok('answer' in (await operation.invoke({ connection, actor, input })));
    // What the filter of the subscription lets through.
    const lines = operation.stdout.filter((line) => JSON.parse(line).auditId !== undefined);
    assert.equal(lines.length, 2);
    const logEvents = lines.map((message) => ({ id: 'one', timestamp: 1, message }));
    const data = gzipSync(JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents })).toString('base64');

    for (const delivery of ['first', 'second'])
      assert.ok('answer' in (await forwarder.invoke({ awslogs: { data } })), delivery);
    const types = events.map((event) => told.parse(event).Entries[0].DetailType).toSorted();
    assert.deepEqual(types, ['Change Intended', 'Change Intended', 'Change Made', 'Change Made']);
    assert.deepEqual(
      [...rows.values()]
        .map(({ outcome, actor, target }) => [outcome?.['S'], actor?.['S'], target?.['S']])
        .toSorted(),
      ['intended', 'made'].map((outcome) => [outcome, actor, `sps/${connection}`]),
    );
    assert.ok(!JSON.stringify([events, ...rows.values(), forwarder.stdout]).includes(demo.password));
  });
});
