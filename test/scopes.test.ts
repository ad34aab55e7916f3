import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  DescribeExecutionCommand,
  ListMapRunsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import * as listTemporary from '../functions/changes/list-temporary.ts';
import * as restoreNow from '../functions/changes/restore-now.ts';
import * as fanOutGet from '../functions/fan-out/get.ts';
import * as fanOutStart from '../functions/fan-out/start.ts';
import * as toggleSystemAlerts from '../functions/sps/toggle-system-alerts.ts';
import { fanOutEnvironment } from '../infra/fan-out-definition.ts';
import { demo, startSps } from '../infra/local/simulators/sps.ts';
import { findOperations } from '../infra/operations.ts';
import { problemDetails } from '../lib/problems/problem-details.ts';
import {
  calls,
  respond,
  type Systems,
  startSystems,
  type Unit,
  type UnitCall,
  unitEvent,
} from './harness.ts';

const stepFunctions = mockClient(SFNClient);
const scheduler = mockClient(SchedulerClient);
const lambda = mockClient(LambdaClient);

let systems: Systems;

before(async () => {
  systems = await startSystems();
  const operations = (await findOperations()).map(({ operation }) => operation);
  const machine = 'arn:aws:states:us-east-1:000000000000:stateMachine:switchboard-fan-out';
  Object.assign(process.env, fanOutEnvironment(machine, operations), {
    RESTORE_GROUP: 'switchboard-temporary',
    RESTORE_ROLE_ARN: 'arn:aws:iam::000000000000:role/restore',
    FUNCTION_ARN_PREFIX: 'arn:aws:lambda:us-east-1:000000000000:function:',
  });
});

after(() => systems.stop());

beforeEach(() => {
  stepFunctions.on(StartExecutionCommand).resolves({});
});

afterEach(() => {
  for (const client of [stepFunctions, scheduler, lambda]) client.reset();
});

/** Calls as somebody with a token, as API Gateway tells of one. */
const callWith = (claims: Record<string, string>, unit: Unit, call: UnitCall) => {
  const event = unitEvent(unit, call);
  const jwt = { claims: { sub: 'ada@example.com', ...claims }, scopes: null };
  return respond(unit.handler, {
    ...event,
    requestContext: { ...event.requestContext, authorizer: { jwt } },
  });
};

const refusalOf = ({ statusCode, body }: { statusCode: number; body: string }) => {
  const { code, remedy, status } = problemDetails.parse(JSON.parse(body));
  assert.deepEqual([statusCode, status, code], [403, 403, 'SCOPE_MISSING']);
  return remedy;
};

describe('an operation over many connections is begun', () => {
  const start = (scope: string, operation: string) =>
    callWith({ scope }, fanOutStart, { input: { operation, connections: ['dc1'] } });

  const cases: [operation: string, scope: string, begins: boolean][] = [
    ['sps.getSystemAlerts', 'switchboard/change switchboard/read', true],
    ['sps.getSystemAlerts', 'switchboard/fanOut/change switchboard/sps/read', true],
    ['sps.getSystemAlerts', 'switchboard/change', false],
    ['sps.getSystemAlerts', 'switchboard/fanOut/change switchboard/atlas/read', false],
    ['sps.toggleSystemAlerts', 'switchboard/change', true],
    ['sps.toggleSystemAlerts', 'switchboard/fanOut/change', false],
    ['sps.toggleSystemAlerts', 'switchboard/fanOut/change switchboard/sps/read', false],
    ['atlas.deleteLinkTokens', 'switchboard/change switchboard/destroy', true],
    ['atlas.deleteLinkTokens', 'switchboard/fanOut/change switchboard/atlas/destroy', true],
    ['atlas.deleteLinkTokens', 'switchboard/read switchboard/change', false],
    ['atlas.deleteLinkTokens', 'switchboard/change switchboard/opsManager/destroy', false],
    ['atlas.deleteLinkTokens', 'switchboard/change xswitchboard/destroy switchboard/destroyx', false],
    ['atlas.deleteLinkTokens', '', false],
  ];
  for (const [operation, scope, begins] of cases)
    test(`${begins ? 'for' : 'not for'} ${operation} with "${scope}"`, async () => {
      const response = await start(scope, operation);
      assert.equal(stepFunctions.commandCalls(StartExecutionCommand).length, begins ? 1 : 0);
      if (begins) assert.equal(response.statusCode, 202);
      else assert.match(refusalOf(response), /switchboard\/\w+, switchboard\/(sps|atlas)\/\w+\.$/);
    });

  test('with scopes in scp, as some issuers have them, text or list', async () => {
    for (const scp of [
      'switchboard/change switchboard/destroy',
      '[switchboard/change switchboard/destroy]',
    ]) {
      const call = { input: { operation: 'atlas.deleteLinkTokens', connections: ['prod'] } };
      assert.equal((await callWith({ scp }, fanOutStart, call)).statusCode, 202, scp);
    }
  });

  test('under the subject of the token, which each run then has as its actor', async () => {
    await start('switchboard/change', 'sps.toggleSystemAlerts');
    const [call] = stepFunctions.commandCalls(StartExecutionCommand);
    assert.equal(JSON.parse(call?.args[0].input.input ?? '').actor, 'ada@example.com');
  });

  test('for whoever IAM let in, and for a direct invocation, whose rights IAM has checked', async () => {
    const input = { operation: 'atlas.deleteLinkTokens', connections: ['prod'] };
    assert.equal((await respond(fanOutStart.handler, unitEvent(fanOutStart, { input }))).statusCode, 202);
    assert.ok('answer' in (await calls.direct(fanOutStart, { input })));
  });
});

test('what came of it is shown only to who may read that system', async () => {
  const get = (scope: string) =>
    callWith({ scope }, fanOutGet, { input: { operation: 'sps.getSystemAlerts', id: 'abc' } });
  assert.match(refusalOf(await get('switchboard/fanOut/read')), /switchboard\/sps\/read/);
  assert.equal(stepFunctions.calls().length, 0);
  const execution = {
    id: 'abc',
    operation: 'sps.getSystemAlerts',
    functionName: 'f',
    runs: [],
  };
  stepFunctions.on(DescribeExecutionCommand).resolves({
    status: 'RUNNING',
    input: JSON.stringify({ ...execution, actor: 'ada', toleratedFailurePercentage: 0 }),
  });
  stepFunctions.on(ListMapRunsCommand).resolves({ mapRuns: [] });
  assert.equal((await get('switchboard/fanOut/read switchboard/sps/read')).statusCode, 200);
});

test('a change for a while is put back early only by who may change that system', async () => {
  const ledger = { operation: 'sps.toggleSystemAlerts', connection: 'dc1', scope: {}, entries: {} };
  scheduler
    .on(GetScheduleCommand)
    .resolves({ Target: { Arn: 'a', RoleArn: 'r', Input: JSON.stringify({ ledger }) } });
  lambda.on(InvokeCommand).resolves({
    Payload: Object.assign(Buffer.from('{"restored":[],"leftAlone":[]}'), { transformToString: () => '' }),
  });
  const restore = (scope: string) =>
    callWith({ scope }, restoreNow, { input: { id: 'sps-toggleSystemAlerts-0' } });
  for (const scope of ['switchboard/changes/change', 'switchboard/changes/change switchboard/atlas/change'])
    assert.match(refusalOf(await restore(scope)), /switchboard\/sps\/change/);
  assert.equal(lambda.calls().length, 0);
  for (const scope of ['switchboard/change', 'switchboard/changes/change switchboard/sps/change'])
    assert.equal((await restore(scope)).statusCode, 200);
  assert.equal(lambda.calls().length, 2);
});

test('what is set for a while is listed for who may look at that system', async () => {
  const ledger = {
    operation: 'sps.toggleSystemAlerts',
    connection: 'dc1',
    scope: {},
    entries: { 'xcbDiskFull.snmp': { original: true, set: false, until: '2027-01-01T00:00:00.000Z' } },
  };
  scheduler
    .on(ListSchedulesCommand)
    .resolves({ Schedules: [{ Name: 'one' }] })
    .on(GetScheduleCommand)
    .resolves({ Target: { Arn: 'a', RoleArn: 'r', Input: JSON.stringify({ ledger }) } });
  const listed = async (scope: string) => JSON.parse((await callWith({ scope }, listTemporary, {})).body);
  assert.equal((await listed('switchboard/changes/read')).totalCount, 0);
  assert.equal((await listed('switchboard/changes/read switchboard/sps/read')).totalCount, 1);
  assert.equal((await listed('switchboard/read')).totalCount, 1);
});

test('the subject of the token reaches the audit of a change', async (context) => {
  const sps = await startSps();
  context.after(() => sps.close());
  const { username, password } = demo;
  const connection = systems.store({ baseUrl: sps.url, username, password }, 'sps');
  // Only what is made for a while asks Scheduler for more than what is pending.
  scheduler
    .on(GetScheduleCommand)
    .rejects(Object.assign(new Error('none'), { name: 'ResourceNotFoundException' }));
  const lines = systems.logLines.length;
  const input = { alerts: { xcbDiskFull: { email: false } } };
  const { statusCode } = await callWith({ scope: 'switchboard/change' }, toggleSystemAlerts, {
    connection,
    input,
  });
  assert.equal(statusCode, 200);
  const logged = systems.logLines.slice(lines).map((line) => JSON.parse(line));
  assert.deepEqual(
    logged.map(({ message, actor }) => [message, actor]),
    ['change intended', 'change made', 'operation succeeded'].map((message) => [message, 'ada@example.com']),
  );
});
