import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { bundle } from '../infra/bundle.ts';
import { type Lambda, lambdaRuntimeMissing, startLambda } from '../infra/local/lambda-runtime.ts';
import { type DynamoDbStandIn, startDynamoDb } from '../infra/local/simulators/dynamodb.ts';
import { type EventBridgeStandIn, startEventBridge } from '../infra/local/simulators/event-bridge.ts';
import { demo, type SpsSimulator, startSps } from '../infra/local/simulators/sps.ts';
import { type Systems, startSystems } from './harness.ts';
import { administrator, storeSps } from './sps-harness.ts';

// From the log line that a deployed change writes, to the event and the row that the deployed forwarder makes of it.

describe('audit records', { skip: lambdaRuntimeMissing ?? false }, () => {
  let folder: string;
  let systems: Systems;
  let sps: SpsSimulator;
  let eventBridge: EventBridgeStandIn;
  let dynamo: DynamoDbStandIn;
  let operation: Lambda;
  let forwarder: Lambda;

  const deployed = async (entry: string, env: Record<string, string>) => {
    const bundleDir = join(folder, entry.replaceAll(/\W/g, '-'));
    await bundle(join(import.meta.dirname, '..', entry), bundleDir);
    return startLambda({ bundleDir, env });
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'switchboard-'));
    systems = await startSystems();
    sps = await startSps();
    eventBridge = await startEventBridge(['switchboard']);
    dynamo = await startDynamoDb('switchboard-audit', ['auditId', 'outcome']);
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
    const types = eventBridge.events.map(({ DetailType }) => DetailType).toSorted();
    assert.deepEqual(types, ['Change Intended', 'Change Intended', 'Change Made', 'Change Made']);
    assert.deepEqual(
      [...dynamo.items.values()]
        .map(({ outcome, actor, target }) =>
          [outcome, actor, target].map((one) => one && 'S' in one && one.S),
        )
        .toSorted(),
      ['intended', 'made'].map((outcome) => [outcome, actor, `sps/${connection}`]),
    );
    assert.ok(
      !JSON.stringify([eventBridge.events, ...dynamo.items.values(), forwarder.stdout]).includes(
        demo.password,
      ),
    );
  });
});
