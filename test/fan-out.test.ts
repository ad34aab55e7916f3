import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import validateAsl from 'asl-validator';
import * as z from 'zod';
import { handler as start } from '../functions/fan-out/start.ts';
import { fanOutDefinition, fanOutEnvironment } from '../infra/fan-out-definition.ts';
import { gateway } from '../infra/local/gateway.ts';
import { localContext } from '../infra/local/local-context.ts';
import { type Listener, listen } from '../infra/local/simulators/listen.ts';
import { demo, type SpsSimulator, startSps } from '../infra/local/simulators/sps.ts';
import {
  localStateMachineArn,
  type StepFunctionsStandIn,
  startStepFunctions,
} from '../infra/local/simulators/step-functions.ts';
import { StateFailed, stateMachine } from '../infra/local/state-machine.ts';
import { findOperations } from '../infra/operations.ts';
import { secretIdOf } from '../lib/connections.ts';
import { fanOutReport } from '../lib/fan-out/report.ts';
import { functionNameOf } from '../lib/function-name.ts';
import { problemDetails } from '../lib/problems/problem-details.ts';
import { lambdaContext, type Systems, startSystems } from './harness.ts';

const found = await findOperations();
const machine = stateMachine(fanOutDefinition);
const quiet = { alerts: { xcbDiskFull: { email: false } } };
const quieter = { alerts: { xcbSwapFull: { email: true } } };

let systems: Systems;
let stepFunctions: StepFunctionsStandIn;
let api: Listener;
const appliances = new Map<string, SpsSimulator>();
/** What every run of an operation waits for. */
let gate: Promise<void> | undefined;
/** How many runs there are at a time, at most. */
let mostAtOnce = 0;
/** Errors of Lambda itself that are still to come, and the pauses that they led to. */
const lambdaErrors: string[] = [];
const pauses: number[] = [];
const runs: { functionName: string; event: unknown }[] = [];

before(async () => {
  systems = await startSystems();
  let atOnce = 0;
  const run = (functionName: string, event: unknown): Promise<unknown> | undefined => {
    const operation = found.find(({ operation: { name } }) => functionNameOf(name) === functionName);
    if (!operation) return undefined;
    runs.push({ functionName, event });
    const work = async () => {
      const error = lambdaErrors.shift();
      if (error) throw new StateFailed(error, 'Not now.');
      mostAtOnce = Math.max(mostAtOnce, ++atOnce);
      try {
        await gate;
        return await operation.handler(event, localContext(operation.operation.name));
      } finally {
        atOnce--;
      }
    };
    return work();
  };
  stepFunctions = await startStepFunctions(machine, run, { sleep: async (ms) => void pauses.push(ms) });
  api = await listen(gateway(found, {}));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SFN: stepFunctions.url,
    ...fanOutEnvironment(
      localStateMachineArn,
      found.map(({ operation }) => operation),
    ),
  });
  // More than a page of what begins alike and is no connection comes first.
  for (let index = 0; index < 110; index++) systems.secretsManager.put(`switchboard/sps/_${index}`, '{}');
  for (const name of ['dc1', 'dc2', 'dc3', 'dc4', 'dc5', 'dc6', 'dc7', 'dc8']) {
    const sps = await startSps();
    appliances.set(name, sps);
    const { url: baseUrl } = sps;
    const connection = { baseUrl, username: demo.username, password: demo.password };
    systems.secretsManager.put(secretIdOf('sps', name), JSON.stringify(connection));
  }
  // Neither is one of SPS's.
  systems.secretsManager.put(secretIdOf('atlas', 'dc9'), '{}');
  systems.secretsManager.put('switchboard/spsx/dc9', '{}');
});

after(async () => {
  await Promise.all(
    [...appliances.values(), stepFunctions, api, systems].map((one) =>
      'stop' in one ? one.stop() : one.close(),
    ),
  );
});

afterEach(() => {
  gate = undefined;
  mostAtOnce = 0;
  runs.length = 0;
  pauses.length = 0;
  for (const sps of appliances.values()) sps.recover();
});

const started = z.strictObject({
  id: z.string(),
  operation: z.string(),
  connections: z.array(z.string()),
  href: z.string(),
  dryRun: z.literal(false),
});

const post = (operation: string, body: object) =>
  fetch(`${api.url}/fanOut/${operation}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function begun(operation: string, body: object) {
  const response = await post(operation, body);
  assert.equal(response.status, 202, await response.clone().text());
  return started.parse(await response.json());
}

const look = async ({ href }: { href: string }) => {
  const response = await fetch(api.url + href);
  assert.equal(response.status, 200, await response.clone().text());
  return fanOutReport.parse(await response.json());
};

async function ended(operation: string, body: object) {
  const fanOut = await begun(operation, body);
  await stepFunctions.settled();
  return look(fanOut);
}

const problemOf = async (response: Response) => problemDetails.parse(await response.json());

function appliance(name: string): SpsSimulator {
  const sps = appliances.get(name);
  assert.ok(sps, name);
  return sps;
}

const statuses = ({ connections }: z.output<typeof fanOutReport>) =>
  connections.map(({ connection, status }) => `${connection} ${status}`);

/** Has an appliance refuse everything, as often as anybody asks. */
const breakDown = (name: string) => appliance(name).fail({ status: 500, times: 1_000 });

test('a change is made over each connection named, and over no other', async () => {
  const before = new Map([...appliances].map(([name, sps]) => [name, sps.state().revision]));
  const report = await ended('sps.toggleSystemAlerts', { connections: ['dc3', 'dc1'], input: quiet });
  assert.equal(report.status, 'succeeded');
  assert.deepEqual([report.succeeded, report.failed], [2, 0]);
  assert.deepEqual(statuses(report), ['dc3 succeeded', 'dc1 succeeded']);
  for (const { result } of report.connections)
    assert.partialDeepStrictEqual(result, { changed: true, after: { xcbDiskFull: { email: false } } });
  const changed = [...appliances].filter(([name, sps]) => sps.state().revision !== before.get(name));
  assert.deepEqual(
    changed.map(([name]) => name),
    ['dc1', 'dc3'],
  );
});

test('"*" stands for every connection of the system, whatever page it is on', async () => {
  const fanOut = await begun('sps.getSystemAlerts', { connections: '*' });
  assert.deepEqual(fanOut.connections, [...appliances.keys()]);
  await stepFunctions.settled();
  assert.equal((await look(fanOut)).succeeded, appliances.size);
});

test('it answers before anything is done, and shows each connection as it ends', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  gate = promise;
  const fanOut = await begun('sps.getSystemAlerts', { connections: '*' });
  const during = await look(fanOut);
  assert.equal(during.status, 'running');
  assert.deepEqual(
    during.connections.map(({ status }) => status),
    ['running', 'running', 'running', 'running', 'running', 'waiting', 'waiting', 'waiting'],
  );
  resolve();
  await stepFunctions.settled();
  const after = await look(fanOut);
  assert.equal(after.status, 'succeeded');
  assert.equal(mostAtOnce, 5);
});

test('a failure that is tolerated leaves the others alone, and its problem is told', async () => {
  breakDown('dc2');
  const report = await ended('sps.getSystemAlerts', { connections: '*', toleratedFailurePercentage: 20 });
  assert.equal(report.status, 'succeeded');
  assert.deepEqual([report.succeeded, report.failed], [7, 1]);
  const problem = problemDetails.parse(
    report.connections.find(({ connection }) => connection === 'dc2')?.problem,
  );
  assert.deepEqual([problem.code, problem.status], ['UPSTREAM_ERROR', 502]);
});

test('when more fail than are tolerated, no further connection is begun', async () => {
  // More than a page of what begins alike and is no connection comes first.
  for (let index = 0; index < 110; index++) systems.secretsManager.put(`switchboard/sps/_${index}`, '{}');
  for (const name of ['dc1', 'dc2']) breakDown(name);
  const report = await ended('sps.getSystemAlerts', { connections: '*', toleratedFailurePercentage: 20 });
  assert.equal(report.status, 'failed');
  assert.equal(report.reason, 'More than 20 % of the connections failed.');
  assert.equal(report.failed, 2);
  assert.ok(runs.length < appliances.size, `${runs.length} were begun`);
  const untouched = report.connections.filter(({ status }) => status === 'notBegun');
  assert.equal(untouched.length, appliances.size - runs.length);
});

test('Lambda is asked again where it is busy, after longer and longer', async () => {
  lambdaErrors.push('Lambda.TooManyRequestsException', 'Lambda.ServiceException');
  const report = await ended('sps.getSystemAlerts', { connections: ['dc1'] });
  assert.equal(report.status, 'succeeded');
  assert.deepEqual(pauses, [2_000, 4_000]);
});

test('what Lambda does not get over is told with its own name', async () => {
  lambdaErrors.push(...Array.from({ length: 4 }, () => 'Lambda.TooManyRequestsException'));
  const { status, connections } = await ended('sps.getSystemAlerts', { connections: ['dc1'] });
  assert.equal(status, 'failed');
  assert.deepEqual(connections[0]?.problem, { code: 'Lambda.TooManyRequestsException', detail: 'Not now.' });
});

describe('no right is won by it', () => {
  test('what cannot be undone wants its confirmation here as well', async () => {
    const connection = systems.store({
      baseUrl: systems.atlas.url,
      clientId: 'mdb_sa_id_1234567890abcdef12345678',
      clientSecret: 'mdb_sa_sk_never-asked-for',
    });
    const orgId = 'f'.repeat(24);
    const { connections } = await ended('atlas.deleteLinkTokens', {
      connections: [connection],
      input: { orgId },
    });
    assert.partialDeepStrictEqual(connections, [
      { status: 'failed', problem: { code: 'CONFIRMATION_REQUIRED' } },
    ]);
    assert.ok(systems.atlas.requests.every(({ method }) => method !== 'DELETE'));
  });

  test('input is checked by the operation itself', async () => {
    const { connections } = await ended('sps.toggleSystemAlerts', {
      connections: ['dc1'],
      input: { ...quiet, forr: 1 },
    });
    assert.partialDeepStrictEqual(connections, [
      { status: 'failed', problem: { code: 'INVALID_INPUT', errors: [{ field: 'forr' }] } },
    ]);
  });

  test('each run tells the audit who asked, and which fan-out it belongs to', async () => {
    systems.logLines.length = 0;
    const event = {
      actor: 'Ines',
      input: {
        operation: 'sps.toggleSystemAlerts',
        connections: ['dc4', 'dc5'],
        input: quiet,
      },
    };
    const { id } = started.parse(await start(event, lambdaContext()));
    await stepFunctions.settled();
    const records = systems.logLines
      .map((line) => JSON.parse(line))
      .filter(({ outcome }) => outcome === 'made');
    assert.deepEqual(
      records.map(({ connection, actor, idempotencyKey }) => [connection, actor, idempotencyKey]).toSorted(),
      [
        ['dc4', 'Ines', id],
        ['dc5', 'Ines', id],
      ],
    );
  });

  test('a report is shown only to who may see that operation', async () => {
    const fanOut = await begun('sps.getSystemAlerts', { connections: ['dc1'] });
    await stepFunctions.settled();
    const response = await fetch(`${api.url}/fanOut/sps.getSnmpTrap/${fanOut.id}`);
    assert.equal(response.status, 404);
    assert.equal((await problemOf(response)).code, 'FAN_OUT_NOT_FOUND');
  });
});

test('the same event twice begins one fan-out', async () => {
  const event = {
    idempotencyKey: 'd32c5kddcf5bb8c3',
    input: { operation: 'sps.getSystemAlerts', connections: ['dc1', 'dc2'] },
  };
  const [first, second] = [await start(event, lambdaContext()), await start(event, lambdaContext())];
  await stepFunctions.settled();
  const third = await start(event, lambdaContext());
  await stepFunctions.settled();
  assert.deepEqual([second, third], [first, first]);
  assert.equal(runs.length, 2);
});

describe('is refused', () => {
  const refused: [why: string, operation: string, body: object, field: string, detail: RegExp][] = [
    [
      'for an operation that there is not',
      'sps.getSystemAlert',
      { connections: '*' },
      'operation',
      /did you mean sps\.getSystemAlerts\?/,
    ],
    ['for itself', 'fanOut.start', { connections: '*' }, 'operation', /is none that works over connections/],
    [
      'over no connection',
      'sps.getSystemAlerts',
      { connections: [] },
      'connections',
      /must be "\*" or a list/,
    ],
    [
      'over the same connection twice',
      'sps.getSystemAlerts',
      { connections: ['dc1', 'dc1'] },
      'connections',
      /different/,
    ],
    ['over what is no name', 'sps.getSystemAlerts', { connections: ['../dc1'] }, 'connections.0', /must be/],
    ['without connections', 'sps.getSystemAlerts', {}, 'connections', /is required/],
    [
      'where "*" finds none',
      'opsManager.listAlertConfigs',
      { connections: '*' },
      'connections',
      /finds no connection to opsManager/,
    ],
    [
      'with a tolerance over 100',
      'sps.getSystemAlerts',
      { connections: '*', toleratedFailurePercentage: 101 },
      'toleratedFailurePercentage',
      /at most 100/,
    ],
    [
      'with a password',
      'sps.updateSnmpAgent',
      { connections: '*', input: { a: [{ password: { plain: 'hunter2-hunter2' } }] } },
      'input.a.0.password.plain',
      /is a secret/,
    ],
  ];
  for (const [why, operation, body, field, detail] of refused)
    test(why, async () => {
      const response = await post(operation, body);
      assert.equal(response.status, 400);
      const text = await response.text();
      const { errors } = problemDetails.parse(JSON.parse(text));
      assert.deepEqual(
        errors?.map((error) => error.field),
        [field],
      );
      assert.match(errors?.[0]?.detail ?? '', detail);
      assert.ok(!text.includes('hunter2'));
      assert.equal(runs.length, 0);
    });
});

test('"*" is refused where there are more connections than one fan-out takes', async () => {
  for (let index = 0; index < 101; index++)
    systems.secretsManager.put(secretIdOf('opsManager', `many${index}`), '{}');
  const response = await post('opsManager.listAlertConfigs', { connections: '*' });
  assert.equal(response.status, 400);
  const { errors } = await problemOf(response);
  assert.match(errors?.[0]?.detail ?? '', /^finds 101 connections to opsManager/);
});

test('an unknown id is not found', async () => {
  const response = await fetch(`${api.url}/fanOut/sps.getSystemAlerts/unknown`);
  assert.equal(response.status, 404);
  assert.equal((await problemOf(response)).code, 'FAN_OUT_NOT_FOUND');
});

describe('the definition', () => {
  const states = z.object({
    StartAt: z.string(),
    States: z.record(z.string(), z.looseObject({ Type: z.string() })),
  });

  test('has no state that is not reached, and each way ends', () => {
    const check = (part: unknown): void => {
      const { StartAt, States } = states.parse(part);
      const reached = new Set<string>();
      for (let name: unknown = StartAt; typeof name === 'string'; ) {
        const state: z.output<typeof states>['States'][string] | undefined = States[name];
        assert.ok(state, `There is no state ${name}`);
        reached.add(name);
        assert.ok(state['End'] === true || typeof state['Next'] === 'string', name);
        if (state.Type === 'Map') check(state['ItemProcessor']);
        name = state['Next'];
      }
      assert.deepEqual([...reached].toSorted(), Object.keys(States).toSorted());
    };
    check(fanOutDefinition);
  });

  test('is good Amazon States Language', () => {
    assert.deepEqual(validateAsl(fanOutDefinition).errors, []);
    const broken = { ...fanOutDefinition, StartAt: 'Nowhere' };
    assert.equal(validateAsl(broken).isValid, false);
  });

  test('is refused by the runner where it has what the runner does not walk', () => {
    assert.throws(() => stateMachine({ ...fanOutDefinition, QueryLanguage: 'JSONata' }));
    assert.throws(() =>
      stateMachine({ ...fanOutDefinition, States: { Wait: { Type: 'Wait', Seconds: 1, End: true } } }),
    );
  });
});

test('a dry run tells the connections and begins nothing', async () => {
  const response = await fetch(`${api.url}/fanOut/sps.toggleSystemAlerts?dryRun=true`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ connections: '*', input: quiet }),
  });
  const connections = [...appliances.keys()];
  assert.deepEqual(await response.json(), {
    operation: 'sps.toggleSystemAlerts',
    connections,
    dryRun: true,
  });
  await stepFunctions.settled();
  assert.deepEqual(runs, []);
});

test('with digests, a connection whose state has moved since its dry run is left as it is', async () => {
  const digest = '0'.repeat(64);
  const report = await ended('sps.toggleSystemAlerts', {
    connections: ['dc1', 'dc2'],
    input: quieter,
    digests: { dc2: digest },
    toleratedFailurePercentage: 100,
  });
  assert.deepEqual(statuses(report), ['dc1 succeeded', 'dc2 failed']);
  assert.partialDeepStrictEqual(report.connections[1]?.problem, { code: 'PLAN_STALE' });
  const strange = await problemOf(
    await post('sps.toggleSystemAlerts', { connections: ['dc1'], input: quieter, digests: { dc2: digest } }),
  );
  assert.equal(strange.errors?.[0]?.field, 'digests.dc2');
});
