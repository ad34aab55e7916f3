import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as z from 'zod';
import { bundle } from '../infra/bundle.ts';
import { fanOutDefinition } from '../infra/fan-out-definition.ts';
import { type EventBridgeStandIn, startEventBridge } from '../infra/local/simulators/event-bridge.ts';
import {
  localStateMachineArn,
  type StepFunctionsStandIn,
  startStepFunctions,
} from '../infra/local/simulators/step-functions.ts';
import { stateMachine } from '../infra/local/state-machine.ts';
import { fanOutReport } from '../lib/fan-out/report.ts';
import { lambdaContext, type Systems, startSystems } from './harness.ts';

// A bundle leaves out what it can of the AWS SDK. That each client of it still gets through shows only there.

let folder: string;
let systems: Systems;
let stepFunctions: StepFunctionsStandIn;
let eventBridge: EventBridgeStandIn;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-'));
  systems = await startSystems();
  stepFunctions = await startStepFunctions(stateMachine(fanOutDefinition), async () => ({ done: true }));
  eventBridge = await startEventBridge(['switchboard']);
  systems.secretsManager.put('switchboard/sps/dc1', '{}');
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_EVENTBRIDGE: eventBridge.url,
    AWS_ENDPOINT_URL_SFN: stepFunctions.url,
    EVENT_BUS: 'switchboard',
    FAN_OUT_STATE_MACHINE: localStateMachineArn,
    FAN_OUT_OPERATIONS: 'sps.getSystemAlerts:read',
  });
});

after(async () => {
  await Promise.all([systems.stop(), stepFunctions.close(), eventBridge.close()]);
  await rm(folder, { recursive: true });
});

const withHandler = z.object({ handler: z.custom<(...args: unknown[]) => Promise<unknown>>() });

async function bundled(entry: string) {
  const dir = join(folder, entry.replaceAll(/\W/g, '-'));
  await bundle(join(import.meta.dirname, '..', entry), dir);
  const module: unknown = await import(join(dir, 'index.mjs'));
  return withHandler.parse({ ...(typeof module === 'object' && module) }).handler;
}

test('the publisher of outcomes reaches EventBridge', async () => {
  const publish = await bundled('infra/entries/publish-outcome.ts');
  await publish({
    requestContext: {
      requestId: 'one',
      functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:switchboard-sps-getSystemAlerts:$LATEST',
      condition: 'Success',
    },
    responsePayload: {},
  });
  assert.partialDeepStrictEqual(eventBridge.events, [
    { EventBusName: 'switchboard', DetailType: 'Operation Succeeded' },
  ]);
});

test('a fan-out reaches Secrets Manager and Step Functions', async () => {
  const start = await bundled('functions/fan-out/start.ts');
  const get = await bundled('functions/fan-out/get.ts');
  const operation = 'sps.getSystemAlerts';
  const begun: unknown = await start({ input: { operation, connections: '*' } }, lambdaContext());
  const { id } = z.object({ id: z.string() }).parse(begun);
  await stepFunctions.settled();
  const report = fanOutReport.parse(await get({ input: { operation, id } }, lambdaContext()));
  assert.deepEqual(report.connections, [{ connection: 'dc1', status: 'succeeded', result: { done: true } }]);
});
