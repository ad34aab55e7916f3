import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { localContext } from '../infra/local/local-context.ts';
import { demo as atlasDemo, startAtlas } from '../infra/local/simulators/atlas.ts';
import { type LambdaStandIn, startLambdaStandIn } from '../infra/local/simulators/lambda.ts';
import { demo as opsManagerDemo, startOpsManager } from '../infra/local/simulators/ops-manager.ts';
import { demo as spsDemo, startSps } from '../infra/local/simulators/sps.ts';
import { findOperations } from '../infra/operations.ts';
import { eventOf, readSchedules } from '../infra/schedule-context.ts';
import { secretIdOf } from '../lib/connections.ts';
import { Deadline } from '../lib/deadline.ts';
import { functionNameOf } from '../lib/function-name.ts';
import { invokeLater } from '../lib/lambda.ts';
import { exampleInput } from './example-input.ts';
import { type Systems, startSystems } from './harness.ts';

const found = await findOperations();
const operations = found.map(({ operation }) => operation);
const changes = operations.filter(({ effect, system }) => effect !== 'read' && system.secret);

const { clientId, clientSecret } = atlasDemo;
const { publicKey, privateKey } = opsManagerDemo;
const { username, password } = spsDemo;

/** A fresh world of each system: the connection to it, and all that a change could alter in it. */
const worlds: Record<string, () => Promise<{ secret: object; state(): unknown; close(): Promise<void> }>> = {
  atlas: async () => {
    const { url: baseUrl, organizations, close } = await startAtlas();
    return {
      secret: { baseUrl, clientId, clientSecret },
      state: () => structuredClone(organizations),
      close,
    };
  },
  opsManager: async () => {
    const { url: baseUrl, organizations, close } = await startOpsManager();
    return { secret: { baseUrl, publicKey, privateKey }, state: () => structuredClone(organizations), close };
  },
  sps: async () => {
    const sps = await startSps();
    const state = () => {
      const { revision, configuration, lock } = sps.state();
      return { revision, configuration, lock };
    };
    return { secret: { baseUrl: sps.url, username, password }, state, close: () => sps.close() };
  },
};

let systems: Systems;
let lambda: LambdaStandIn;

before(async () => {
  systems = await startSystems();
  lambda = await startLambdaStandIn((name, event) =>
    found
      .find(({ operation }) => functionNameOf(operation.name) === name)
      ?.handler(event, localContext(name)),
  );
  process.env['AWS_ENDPOINT_URL_LAMBDA'] = lambda.url;
});

after(() => Promise.all([systems.stop(), lambda.close()]));

test('there is something that cannot be undone among the changes', () => {
  assert.ok(changes.some(({ effect }) => effect === 'destroy'));
});

for (const operation of changes)
  test(`${operation.name}, delivered twice, is done once`, async () => {
    const world = await worlds[operation.system.name]?.();
    assert.ok(world);
    const connection = `${operation.name}.twice`;
    systems.secretsManager.put(secretIdOf(operation.system.name, connection), JSON.stringify(world.secret));
    const [schedule] = readSchedules(
      [
        {
          name: 'nightly',
          operation: operation.name,
          connection,
          input: exampleInput(operation),
          expression: 'rate(1 day)',
        },
      ],
      operations,
    );
    assert.ok(schedule);
    const event = eventOf(schedule, 'd32c5kddcf5bb8c3');
    systems.logLines.length = 0;

    const before = world.state();
    const states: unknown[] = [];
    for (const _delivery of [1, 2]) {
      using deadline = new Deadline(10_000);
      await invokeLater(functionNameOf(operation.name), event, deadline);
      await lambda.settled();
      states.push(world.state());
    }
    await world.close();

    assert.notDeepEqual(states[0], before);
    assert.deepEqual(states[1], states[0]);
    const records = systems.logLines.map((line) => JSON.parse(line)).filter(({ auditId }) => auditId);
    const ended = records.filter(({ outcome }) => outcome !== 'intended');
    assert.deepEqual(
      ended.map(({ outcome, actor, idempotencyKey }) => [outcome, actor, idempotencyKey]),
      [
        ['made', 'schedule:nightly', 'd32c5kddcf5bb8c3'],
        ['repeat', 'schedule:nightly', 'd32c5kddcf5bb8c3'],
      ],
    );
  });
