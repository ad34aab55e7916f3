import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { CreateScheduleCommand, DeleteScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import * as z from 'zod';
import * as toggleInAtlas from '../functions/atlas/toggle-alert-config.ts';
import * as listTemporary from '../functions/changes/list-temporary.ts';
import * as restoreNow from '../functions/changes/restore-now.ts';
import * as toggleInOpsManager from '../functions/ops-manager/toggle-alert-config.ts';
import * as toggleSystemAlerts from '../functions/sps/toggle-system-alerts.ts';
import * as toggleTrafficAlerts from '../functions/sps/toggle-traffic-alerts.ts';
import * as updateSnmpAgent from '../functions/sps/update-snmp-agent.ts';
import * as updateSnmpTrap from '../functions/sps/update-snmp-trap.ts';
import * as atlas from '../infra/local/simulators/atlas.ts';
import * as opsManager from '../infra/local/simulators/ops-manager.ts';
import { type Configuration, type SpsSimulator, startSps } from '../infra/local/simulators/sps.ts';
import { findOperations } from '../infra/operations.ts';
import { duration } from '../lib/temporary/duration.ts';
import { placeId } from '../lib/temporary/place.ts';
import {
  actor,
  answered,
  calls,
  failed,
  opsManagerKey,
  type Systems,
  serviceAccount,
  startSystems,
  type Unit,
} from './harness.ts';
import { administrator, assertAudited, assertIdle } from './sps-harness.ts';
import { ledgerIn, restoreEnvironment, type Scheduling, startScheduling } from './temporary-harness.ts';

let systems: Systems;
let scheduling: Scheduling;
let sps: SpsSimulator;
let connections: Record<'sps' | 'atlas' | 'opsManager', string>;

before(async () => {
  systems = await startSystems();
  scheduling = await startScheduling();
});

beforeEach(async () => {
  sps = await startSps();
  connections = {
    sps: systems.store(administrator(sps), 'sps'),
    atlas: systems.store(serviceAccount(systems.atlas)),
    opsManager: systems.store(opsManagerKey(systems.opsManager), 'opsManager'),
  };
  systems.logLines.length = 0;
  scheduling.deliveries.length = 0;
});

afterEach(async () => {
  scheduling.scheduler.refuse = false;
  Object.assign(process.env, restoreEnvironment);
  // What a test has left pending is not the next one's.
  await scheduling.pass(32 * day);
  await sps.close();
  assertIdle(sps);
  assertAudited(systems);
  systems.atlas.recover();
  systems.opsManager.recover();
  systems.atlas.organizations.splice(0, Number.POSITIVE_INFINITY, ...atlas.demoWorld());
  systems.opsManager.organizations.splice(0, Number.POSITIVE_INFINITY, ...opsManager.demoWorld());
  assert.deepEqual(schedules(), []);
});

after(async () => {
  await scheduling.stop();
  await systems.stop();
});

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

const changeAnswer = z.looseObject({
  changed: z.boolean(),
  before: z.unknown(),
  after: z.unknown(),
  warnings: z.array(z.string()),
  temporary: z.strictObject({ id: z.string(), until: z.string(), switches: z.array(z.string()) }).optional(),
});

const pendingList = z.strictObject({
  results: z.array(
    z.strictObject({
      id: z.string(),
      operation: z.string(),
      connection: z.string(),
      scope: z.record(z.string(), z.string()),
      switch: z.string(),
      original: z.unknown(),
      set: z.unknown(),
      until: z.string(),
      by: z.string().optional(),
      givenUp: z.string().optional(),
    }),
  ),
  totalCount: z.int(),
});

const restored = z.strictObject({
  restored: z.array(z.string()),
  leftAlone: z.array(z.looseObject({ switch: z.string() })),
});

type System = keyof typeof connections;

const ask = (system: System, unit: Unit, input: Record<string, unknown>) =>
  calls.http(unit, { connection: connections[system], input });

/** What a change that must succeed answers. */
const change = async (system: System, unit: Unit, input: Record<string, unknown>) =>
  changeAnswer.parse(answered(await ask(system, unit, input)));

const toggle = (alerts: unknown, more: Record<string, unknown> = {}) =>
  change('sps', toggleSystemAlerts, { alerts, ...more });

const pending = async () => pendingList.parse(answered(await calls.direct(listTemporary, {})));

const restore = (input: Record<string, unknown>) => calls.direct(restoreNow, { input });

const schedules = () => [...scheduling.scheduler.schedules.values()];

const configuration = () => sps.state().configuration;
const somebodyElse = (mutate: (configuration: Configuration) => void) => sps.commitAs('colleague', mutate);

const configsOf = (system: 'atlas' | 'opsManager') =>
  systems[system].organizations[0]?.groups[0]?.alertConfigs ?? [];

const enabledIn = (system: 'atlas' | 'opsManager') =>
  Object.fromEntries(configsOf(system).map(({ id, enabled }) => [id, enabled]));

const firstId = (system: 'atlas' | 'opsManager') => configsOf(system)[0]?.id ?? '';

const secondsFromNow = (time: string): number => (Date.parse(time) - Date.now()) / 1_000;

/** The one thing that was put back, by what the function answered to the schedule. */
const lastRestored = () => restored.parse(scheduling.deliveries.at(-1)?.answer);

const logged = (message: string) =>
  systems.logLines.map((line) => JSON.parse(line)).filter((line) => line.message === message);

/** Alerts of the demo appliance that go out by e-mail. */
const noisy = 'xcbHWError';
const other = 'xcbDiskFull';
const off = { email: false };
const on = { email: true };

describe('for how long', () => {
  const taken = ['PT1M', 'PT60S', 'PT2H', 'P1D', 'P1DT12H', 'P1W', 'P4W3D', 'P31D', 'PT744H', 'P1W2DT3H4M5S'];
  for (const text of taken) test(`${text} is taken`, () => void duration.parse(text));

  const refused: [text: string, detail: RegExp][] = [
    ['PT59S', /from 1 minute \(PT1M\) to 31 days/],
    ['PT0S', /from 1 minute/],
    ['P31DT1S', /from 1 minute/],
    ['P5W', /from 1 minute/],
    [`PT${'9'.repeat(400)}H`, /from 1 minute/],
    ['P1M', /weeks, days, hours, minutes and seconds/],
    ['P1Y', /weeks, days/],
    ['P', /ISO 8601/],
    ['PT', /ISO 8601/],
    ['P1DT', /ISO 8601/],
    ['PT1.5H', /ISO 8601/],
    ['-PT2H', /ISO 8601/],
    ['pt2h', /ISO 8601/],
    ['2h', /ISO 8601/],
    ['', /ISO 8601/],
    ['PT2H\n', /ISO 8601/],
  ];
  for (const [text, detail] of refused)
    test(`${JSON.stringify(text.slice(0, 10))} is refused by name, and nothing is asked`, async () => {
      const { code, errors } = failed(
        await ask('sps', toggleSystemAlerts, { alerts: { [noisy]: off }, for: text }),
      );
      assert.equal(code, 'INVALID_INPUT');
      assert.deepEqual(
        errors?.map(({ field }) => field),
        ['for'],
      );
      assert.match(errors?.[0]?.detail ?? '', detail);
      assert.equal(sps.requests.length, 0);
    });

  test('a number is refused', async () => {
    const call = { connection: connections.sps, input: { alerts: { [noisy]: off }, for: 3_600 } };
    assert.equal(failed(await calls.direct(toggleSystemAlerts, call)).errors?.[0]?.field, 'for');
  });
});

const newServer = { selection: 'ip', value: '10.20.30.99' };

/** Each operation that changes something, and what somebody else may do to the same switch. */
const subjects: {
  unit: Unit & { operation: { name: string } };
  system: System;
  input: () => Record<string, unknown>;
  switches: () => string[];
  state: () => unknown;
  meddle: () => void;
}[] = [
  {
    unit: toggleSystemAlerts,
    system: 'sps',
    input: () => ({ alerts: { [noisy]: { email: false, snmp: true }, xcbLogin: { email: true } } }),
    switches: () => [`${noisy}.email`, 'xcbLogin.email'],
    state: configuration,
    meddle: () =>
      somebodyElse(({ system_alerts }) => {
        Object.assign(system_alerts[noisy] ?? {}, { email: true });
        Object.assign(system_alerts['xcbLogin'] ?? {}, { email: false });
      }),
  },
  {
    unit: toggleTrafficAlerts,
    system: 'sps',
    input: () => ({ alerts: { '*': { email: false } } }),
    switches: () => ['scbCredStoreClosed.email', 'scbProtocolViolation.email'],
    state: configuration,
    meddle: () =>
      somebodyElse(({ traffic_alerts }) => {
        for (const alert of Object.values(traffic_alerts)) alert.email = true;
      }),
  },
  {
    unit: updateSnmpTrap,
    system: 'sps',
    input: () => ({
      settings: { enabled: false, version: { selection: '2c', value: { server: newServer } } },
    }),
    switches: () => ['enabled', 'version'],
    state: configuration,
    meddle: () =>
      somebodyElse(({ trap }) => {
        trap.enabled = true;
        trap.version = {
          selection: '2c',
          value: { community: 'public', server: { selection: 'fqdn', value: 'traps.example' } },
        };
      }),
  },
  {
    unit: updateSnmpAgent,
    system: 'sps',
    input: () => ({
      settings: { system_location: 'Rack 9', listen: [], version_2c: { enabled: false }, enabled: true },
    }),
    switches: () => ['listen', 'system_location', 'version_2c'],
    state: configuration,
    meddle: () =>
      somebodyElse(({ snmp_agent }) => {
        snmp_agent.system_location = 'Rack 1';
        snmp_agent.version_2c.enabled = true;
        snmp_agent.listen = [{ address: 'nic1.interfaces.ff7574025754b3df1647001.addresses.1', port: 1_161 }];
      }),
  },
  ...(
    [
      ['atlas', toggleInAtlas, atlas.demo.groupId],
      ['opsManager', toggleInOpsManager, opsManager.demo.groupId],
    ] as const
  ).map(([system, unit, groupId]) => ({
    unit,
    system,
    input: () => ({ groupId, enabled: false, all: true }),
    switches: () => configsOf(system).flatMap(({ id, enabled }) => (enabled ? [id] : [])),
    state: () => enabledIn(system),
    meddle: () => {
      for (const config of configsOf(system)) config.enabled = true;
    },
  })),
];

for (const { unit, system, input, switches, state, meddle } of subjects)
  describe(`${unit.operation.name} for a while`, () => {
    test('is put back exactly when its time is over, and not before', async () => {
      const untouched = state();
      const names = switches();
      const { changed, temporary } = await change(system, unit, { ...input(), for: 'PT2H' });
      assert.equal(changed, true);
      assert.deepEqual(temporary?.switches.toSorted(), names.toSorted());
      assert.equal(secondsFromNow(temporary?.until ?? ''), 2 * hour);
      const meanwhile = state();
      assert.notDeepEqual(meanwhile, untouched);
      await scheduling.pass(2 * hour - 5);
      assert.deepEqual(state(), meanwhile);
      await scheduling.pass(5);
      assert.deepEqual(state(), untouched);
      assert.deepEqual(schedules(), []);
      assert.deepEqual(lastRestored().restored.toSorted(), names.toSorted());
      assert.deepEqual(lastRestored().leftAlone, []);
    });

    test('leaves alone what somebody else has changed meanwhile, and reports it', async () => {
      await change(system, unit, { ...input(), for: 'PT2H' });
      meddle();
      const meddled = state();
      const names = (await pending()).results.map((one) => one.switch);
      await scheduling.pass(2 * hour);
      assert.deepEqual(state(), meddled);
      const left = lastRestored();
      assert.deepEqual(left.restored, []);
      assert.deepEqual(left.leftAlone.map((one) => one.switch).toSorted(), names.toSorted());
      const [line] = logged('switches left alone');
      assert.deepEqual(line?.leftAlone, left.leftAlone);
      assert.deepEqual(schedules(), []);
    });

    test('writes its intent and its outcome again when it is put back', async () => {
      await change(system, unit, { ...input(), for: 'PT2H' });
      systems.logLines.length = 0;
      await scheduling.pass(2 * hour);
      assert.ok(assertAudited(systems) > 0);
      for (const line of logged('change intended')) {
        assert.equal(line.operation, unit.operation.name);
        assert.equal(line.connection, connections[system]);
        assert.match(line.actor, /restore/);
        assert.match(line.idempotencyKey, /^[\w-]{36}$/);
      }
    });

    test('is put back once, however often its event is delivered', async () => {
      const untouched = state();
      await change(system, unit, { ...input(), for: 'PT2H' });
      await scheduling.pass(2 * hour);
      const [first] = scheduling.deliveries;
      await change(system, unit, input());
      const forGood = state();
      assert.notDeepEqual(forGood, untouched);
      const again = await scheduling.deliver(first?.functionName ?? '', first?.event);
      assert.deepEqual(again.answer, { restored: [], leftAlone: [] });
      const [repeat, ...more] = logged('nothing to put back');
      assert.deepEqual(more, []);
      assert.equal(repeat?.outcome, 'repeat');
      const [made] = logged('change made').filter(({ idempotencyKey }) => idempotencyKey);
      assert.equal(repeat?.idempotencyKey, made?.idempotencyKey);
      assert.deepEqual(state(), forGood);
    });

    test('arranges nothing in a dry run', async () => {
      const untouched = state();
      const { temporary } = await change(system, unit, { ...input(), for: 'PT2H', dryRun: true });
      assert.equal(temporary, undefined);
      assert.deepEqual(schedules(), []);
      assert.deepEqual(state(), untouched);
    });

    test('a dry run tells what is set for a while already, and until when', async () => {
      const { temporary } = await change(system, unit, { ...input(), for: 'PT2H' });
      assert.ok(temporary);
      for (const more of [{}, { for: 'PT1H' }]) {
        const looked = answered(await ask(system, unit, { ...input(), ...more, dryRun: true }));
        const { pending } = z
          .object({ pending: z.array(z.object({ switch: z.string(), until: z.string() })) })
          .parse(looked);
        assert.deepEqual(pending.map((one) => one.switch).toSorted(), temporary.switches.toSorted());
        for (const { until } of pending) assert.equal(until, temporary.until);
      }
    });

    test('changes nothing where putting back cannot be arranged', async () => {
      const untouched = state();
      scheduling.scheduler.refuse = true;
      const problem = failed(await ask(system, unit, { ...input(), for: 'PT2H' }));
      assert.deepEqual([problem.code, problem.status], ['RESTORE_NOT_ARRANGED', 503]);
      assert.deepEqual(state(), untouched);
      assert.deepEqual(logged('change intended'), []);
    });

    test('changes nothing and asks nobody where there is nothing to arrange it with', async () => {
      delete process.env['RESTORE_GROUP'];
      const problem = failed(await ask(system, unit, { ...input(), for: 'PT2H' }));
      assert.deepEqual([problem.code, problem.retryable], ['RESTORE_NOT_SUPPORTED', false]);
      assert.deepEqual(logged('change intended'), []);
      const { changed } = await change(system, unit, input());
      assert.equal(changed, true, 'for good it is made');
    });
  });

describe('several changes of one switch', () => {
  test('a second one for a while extends the first, and the original value comes back', async () => {
    const untouched = configuration();
    await toggle({ [noisy]: off }, { for: 'PT1H' });
    await scheduling.pass(hour / 2);
    const { changed, temporary } = await toggle({ [noisy]: off }, { for: 'PT3H' });
    assert.equal(changed, false);
    assert.deepEqual(temporary?.switches, [`${noisy}.email`]);
    await scheduling.pass(3 * hour - 1);
    assert.equal(configuration().system_alerts[noisy]?.email, false);
    await scheduling.pass(1);
    assert.deepEqual(configuration(), untouched);
  });

  test('a second one for a while shortens the first', async () => {
    const untouched = configuration();
    await toggle({ [noisy]: off }, { for: 'P31D' });
    await toggle({ [noisy]: off }, { for: 'PT1M' });
    await scheduling.pass(minute);
    assert.deepEqual(configuration(), untouched);
    assert.deepEqual(schedules(), []);
  });

  test('a second one for a while with another value still brings the original back', async () => {
    const untouched = configuration();
    for (const value of ['10.20.30.98', '10.20.30.99', '10.20.30.97']) {
      const version = { selection: '2c', value: { server: { selection: 'ip', value } } };
      await change('sps', updateSnmpTrap, { settings: { version }, for: 'PT1H' });
    }
    assert.notDeepEqual(configuration(), untouched);
    await scheduling.pass(hour);
    assert.deepEqual(configuration(), untouched);
  });

  test('a second one for a while may set the original value, and it stays', async () => {
    const untouched = configuration();
    await toggle({ [noisy]: off }, { for: 'PT1H' });
    await toggle({ [noisy]: on }, { for: 'PT2H' });
    assert.deepEqual(configuration(), untouched);
    await scheduling.pass(2 * hour);
    assert.deepEqual(configuration(), untouched);
  });

  test('what somebody else has set meanwhile is the original of a second one', async () => {
    const there = { selection: 'fqdn' as const, value: 'traps.example' };
    const settings = { version: { selection: '2c', value: { server: newServer } } };
    await change('sps', updateSnmpTrap, { settings, for: 'PT1H' });
    somebodyElse(({ trap }) => {
      trap.version = { selection: '2c', value: { community: 'public', server: there } };
    });
    await change('sps', updateSnmpTrap, { settings, for: 'PT2H' });
    await scheduling.pass(2 * hour);
    assert.partialDeepStrictEqual(configuration().trap.version, { value: { server: there } });
  });

  for (const [what, alert] of [
    ['that changes it', on],
    ['that changes nothing', off],
  ] as const)
    test(`one for good ${what} cancels what is pending`, async () => {
      await toggle({ [noisy]: off }, { for: 'PT1H' });
      const { changed, warnings } = await toggle({ [noisy]: alert });
      assert.equal(changed, alert === on);
      assert.deepEqual(warnings, [
        `${noisy}.email had been set for a while; as it is now it stays for good.`,
      ]);
      assert.deepEqual(schedules(), []);
      const forGood = configuration();
      await scheduling.pass(day);
      assert.deepEqual(configuration(), forGood);
    });

  test('one for good whose effect on what is pending cannot be settled is made, and says so', async () => {
    await toggle({ [noisy]: off }, { for: 'PT1H' });
    scheduling.scheduler.refuse = true;
    const { warnings } = await toggle({ [noisy]: on });
    assert.equal(configuration().system_alerts[noisy]?.email, true);
    assert.match(warnings.join(), /may still be put back/);
  });

  test('one for good that does not succeed for a switch leaves it pending', async () => {
    const { groupId } = atlas.demo;
    const untouched = enabledIn('atlas');
    const ids = configsOf('atlas').flatMap(({ id, enabled }) => (enabled ? [id] : []));
    const [first = '', second = ''] = ids;
    await change('atlas', toggleInAtlas, {
      groupId,
      enabled: false,
      alertConfigIds: [first, second],
      for: 'PT1H',
    });
    // The list, the first, and then the second.
    systems.atlas.fail({ skip: 2, status: 403, on: 'api' });
    await change('atlas', toggleInAtlas, { groupId, enabled: true, alertConfigIds: [first, second] });
    assert.deepEqual([enabledIn('atlas')[first], enabledIn('atlas')[second]], [true, false]);
    assert.deepEqual(
      (await pending()).results.map((one) => one.switch),
      [second],
    );
    await scheduling.pass(hour);
    assert.deepEqual(enabledIn('atlas'), untouched);
  });

  test('one for a while that does not succeed for a switch says nothing of putting it back', async () => {
    const { groupId } = atlas.demo;
    const [first = '', second = ''] = configsOf('atlas').flatMap(({ id, enabled }) => (enabled ? [id] : []));
    systems.atlas.fail({ skip: 2, status: 403, on: 'api' });
    const input = { groupId, enabled: false, alertConfigIds: [first, second], for: 'PT1H' };
    const { temporary } = await change('atlas', toggleInAtlas, input);
    assert.deepEqual(temporary?.switches, [first]);
    assert.deepEqual(
      (await pending()).results.map((one) => one.switch),
      [first],
    );
  });

  test('what was so already has nothing to be put back', async () => {
    const { changed, temporary } = await toggle({ [noisy]: on }, { for: 'PT1H' });
    assert.deepEqual([changed, temporary], [false, undefined]);
    assert.deepEqual(schedules(), []);
  });
});

describe('several switches of one place', () => {
  test('each is put back in its own time', async () => {
    const untouched = configuration();
    await toggle({ [noisy]: off }, { for: 'PT3H' });
    await toggle({ [other]: { email: false, snmp: false } }, { for: 'PT1H' });
    await toggle({ [other]: { snmp: false } }, { for: 'PT2H' });
    const states = () => {
      const { [noisy]: one, [other]: two } = configuration().system_alerts;
      return [one?.email, two?.email, two?.snmp];
    };
    assert.deepEqual(states(), [false, false, false]);
    await scheduling.pass(hour);
    assert.deepEqual(states(), [false, true, false]);
    await scheduling.pass(hour);
    assert.deepEqual(states(), [false, true, true]);
    await scheduling.pass(hour);
    assert.deepEqual(configuration(), untouched);
    assert.equal(scheduling.deliveries.length, 3);
  });

  test('only the one that is set for good is forgotten', async () => {
    await toggle({ [noisy]: off, [other]: off }, { for: 'PT1H' });
    await toggle({ [noisy]: off });
    await scheduling.pass(hour);
    const { system_alerts } = configuration();
    assert.deepEqual([system_alerts[noisy]?.email, system_alerts[other]?.email], [false, true]);
  });

  test('what became due while the first was late is put back with it', async () => {
    const untouched = configuration();
    await toggle({ [noisy]: off }, { for: 'PT1H' });
    await scheduling.pass(10);
    await toggle({ [other]: off }, { for: 'PT1H' });
    // Scheduler is a minute late at times.
    await scheduling.pass(hour);
    assert.deepEqual(configuration(), untouched);
    assert.deepEqual(schedules(), []);
    assert.equal(scheduling.deliveries.length, 1);
  });

  test('callers at the same time all have theirs put back', async () => {
    const untouched = configuration();
    const names = Object.keys(untouched.system_alerts);
    await Promise.all(
      names.map((name, index) => toggle({ [name]: { email: index % 2 === 0 } }, { for: `PT${index + 1}H` })),
    );
    await scheduling.pass(names.length * hour);
    assert.deepEqual(configuration(), untouched);
  });

  test('another connection has its own', async () => {
    await toggle({ [noisy]: off }, { for: 'PT1H' });
    const second = systems.store(administrator(sps), 'sps');
    const input = { alerts: { [other]: off }, for: 'PT1H' };
    answered(await calls.http(toggleSystemAlerts, { connection: second, input }));
    assert.equal(new Set((await pending()).results.map(({ id }) => id)).size, 2);
  });
});

describe('changes.listTemporary', () => {
  test('is empty where nothing is pending', async () => {
    assert.deepEqual(await pending(), { results: [], totalCount: 0 });
  });

  test('names a schedule among them that is not ours', async () => {
    const { RESTORE_GROUP, RESTORE_ROLE_ARN, FUNCTION_ARN_PREFIX } = restoreEnvironment;
    const client = new SchedulerClient();
    const name = { GroupName: RESTORE_GROUP, Name: 'somebodys' };
    await client.send(
      new CreateScheduleCommand({
        ...name,
        ScheduleExpression: 'at(2099-01-01T00:00:00)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        State: 'DISABLED',
        Target: { Arn: `${FUNCTION_ARN_PREFIX}other`, RoleArn: RESTORE_ROLE_ARN, Input: '"hello"' },
      }),
    );
    const { code, detail } = failed(await calls.direct(listTemporary, {}));
    await client.send(new DeleteScheduleCommand(name));
    assert.equal(code, 'TEMPORARY_UNREADABLE');
    assert.match(detail, /Schedule somebodys in group switchboard-temporary/);
  });

  test('tells of each switch what, where, until when and by whom, the next one first', async () => {
    const { groupId } = atlas.demo;
    const id = firstId('atlas');
    await toggle({ [noisy]: off }, { for: 'PT2H' });
    await change('atlas', toggleInAtlas, { groupId, enabled: false, alertConfigIds: [id], for: 'PT1H' });
    await toggle({ [other]: { email: false, snmp: false } }, { for: 'PT30M' });
    const { results, totalCount } = await pending();
    assert.equal(totalCount, 4);
    const time = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
    const alert = {
      operation: 'sps.toggleSystemAlerts',
      connection: connections.sps,
      scope: {},
      original: true,
      set: false,
      by: actor,
    };
    const config = {
      operation: 'atlas.toggleAlertConfig',
      connection: connections.atlas,
      scope: { groupId },
    };
    assert.deepEqual(
      results.map(({ id: _id, ...one }) => one),
      [
        { ...alert, switch: `${other}.email`, until: time(hour / 2) },
        { ...alert, switch: `${other}.snmp`, until: time(hour / 2) },
        { ...alert, ...config, switch: id, until: time(hour) },
        { ...alert, switch: `${noisy}.email`, until: time(2 * hour) },
      ],
    );
    assert.equal(new Set(results.map(({ id }) => id)).size, 2);
  });

  test('looks through more places than a page of schedules has', async () => {
    for (let index = 0; index < 3; index++) {
      const connection = systems.store(administrator(sps), 'sps');
      const input = { alerts: { [noisy]: { email: index % 2 === 1 } }, for: 'PT1H' };
      answered(await calls.http(toggleSystemAlerts, { connection, input }));
    }
    assert.equal((await pending()).totalCount, 3);
  });
});

describe('changes.restoreNow', () => {
  test('puts everything of a place back before its time', async () => {
    const untouched = configuration();
    const { temporary } = await toggle({ [noisy]: off, [other]: off }, { for: 'PT2H' });
    const answer = z
      .object({ restored: z.array(z.string()) })
      .parse(answered(await restore({ id: temporary?.id })));
    assert.deepEqual(answer.restored.toSorted(), [`${other}.email`, `${noisy}.email`]);
    assert.deepEqual(configuration(), untouched);
    assert.deepEqual(schedules(), []);
    await scheduling.pass(2 * hour);
    assert.deepEqual(scheduling.deliveries, []);
  });

  test('refuses switches that are not set for a while, and puts nothing back', async () => {
    const { temporary } = await toggle({ [noisy]: off }, { for: 'PT2H' });
    const made = configuration();
    const switches = [`${noisy}.email`, `${noisy}.emial`, 'constructor'];
    const problem = failed(await restore({ id: temporary?.id, switches }));
    assert.deepEqual([problem.code, problem.errors?.length], ['INVALID_INPUT', 2]);
    assert.match(problem.detail, new RegExp(`${noisy}\\.emial is not set for a while`));
    assert.deepEqual(configuration(), made);
  });

  test('puts back the switches that are named, and the others in their time', async () => {
    const untouched = configuration();
    const { temporary } = await toggle({ [noisy]: off, [other]: off }, { for: 'PT2H' });
    const answer = answered(await restore({ id: temporary?.id, switches: [`${noisy}.email`] }));
    assert.partialDeepStrictEqual(answer, { restored: [`${noisy}.email`], leftAlone: [] });
    assert.partialDeepStrictEqual(answer, {
      changed: true,
      before: { [`${noisy}.email`]: false },
      after: { [`${noisy}.email`]: true },
    });
    const { system_alerts } = configuration();
    assert.deepEqual([system_alerts[noisy]?.email, system_alerts[other]?.email], [true, false]);
    await scheduling.pass(2 * hour);
    assert.deepEqual(configuration(), untouched);
  });

  test('reports what it leaves alone', async () => {
    const { temporary } = await toggle({ [noisy]: off }, { for: 'PT2H' });
    somebodyElse(({ system_alerts }) => Object.assign(system_alerts[noisy] ?? {}, on));
    assert.partialDeepStrictEqual(answered(await restore({ id: temporary?.id })), {
      changed: false,
      restored: [],
      leftAlone: [{ switch: `${noisy}.email`, set: false, found: true }],
    });
  });

  test('a dry run tells what would be put back, and its digest holds it to that', async () => {
    const { temporary } = await toggle({ [noisy]: off }, { for: 'PT2H' });
    const preview = answered(await restore({ id: temporary?.id, dryRun: true }));
    const { digest } = z.object({ digest: z.string() }).parse(preview);
    assert.partialDeepStrictEqual(preview, {
      changed: true,
      dryRun: true,
      before: { [`${noisy}.email`]: false },
      after: { [`${noisy}.email`]: true },
      restored: [],
    });
    assert.equal((await pending()).totalCount, 1);
    await toggle({ [other]: off }, { for: 'PT2H' });
    const stale = failed(await restore({ id: temporary?.id, digest }));
    assert.equal(stale.code, 'PLAN_STALE');
    assert.equal((await pending()).totalCount, 2);
  });

  test('does so in the name of who asked', async () => {
    const { temporary } = await toggle({ [noisy]: off }, { for: 'PT2H' });
    systems.logLines.length = 0;
    const input = { id: temporary?.id };
    answered(await calls.http(restoreNow, { input }));
    assert.deepEqual(
      logged('change intended').map((line) => line.actor),
      [actor],
    );
  });

  test('knows no such id', async () => {
    const id = 'sps-toggleSystemAlerts-0123456789abcdef';
    const { code, status, detail } = failed(await restore({ id }));
    assert.deepEqual([code, status], ['NOTHING_PENDING', 404]);
    assert.match(detail, new RegExp(id));
  });

  test('knows nothing any more once it was put back', async () => {
    const { temporary } = await toggle({ [noisy]: off }, { for: 'PT2H' });
    answered(await restore({ id: temporary?.id }));
    assert.equal(failed(await restore({ id: temporary?.id })).code, 'NOTHING_PENDING');
  });

  test("tells of the upstream's trouble, and leaves it pending", async () => {
    const { temporary } = await toggle({ [noisy]: off }, { for: 'PT2H' });
    sps.fail({ status: 403, on: /^GET \/api\/configuration/ });
    const { system, status } = failed(await restore({ id: temporary?.id }));
    assert.equal(system, 'sps');
    assert.ok(status >= 400);
    assert.equal((await pending()).totalCount, 1);
  });
});

describe('trouble', () => {
  test('a change that is refused has its arrangement taken back', async () => {
    const untouched = configuration();
    sps.fail({ status: 400, on: /^PUT \/api\/configuration/ });
    const input = { alerts: { [noisy]: off }, for: 'PT1H' };
    assert.ok('problem' in (await ask('sps', toggleSystemAlerts, input)));
    assert.deepEqual(configuration(), untouched);
    assert.deepEqual(schedules(), []);
  });

  test('a change that is refused tells of that, even where its arrangement cannot be taken back', async () => {
    sps.fail({
      on: /^PUT \/api\/configuration/,
      meanwhile: () => {
        scheduling.scheduler.refuse = true;
      },
    });
    sps.fail({ status: 400, on: /^GET \/api\/transaction\/changes/ });
    const input = { alerts: { [noisy]: off }, for: 'PT1H' };
    assert.equal(failed(await ask('sps', toggleSystemAlerts, input)).code, 'UPSTREAM_BAD_REQUEST');
  });

  test('a second change that is refused leaves the first as it was', async () => {
    const untouched = configuration();
    const { temporary } = await toggle({ [noisy]: off }, { for: 'PT1H' });
    sps.fail({ status: 400, on: /^PUT \/api\/configuration/ });
    assert.ok('problem' in (await ask('sps', toggleSystemAlerts, { alerts: { [noisy]: on }, for: 'PT9H' })));
    assert.equal((await pending()).results[0]?.until, temporary?.until);
    await scheduling.pass(hour);
    assert.deepEqual(configuration(), untouched);
  });

  test('a restore that fails stays pending, and the next delivery puts it back', async () => {
    const untouched = configuration();
    await toggle({ [noisy]: off }, { for: 'PT1H' });
    sps.fail({ status: 500, on: /^PUT \/api\/configuration/ });
    await scheduling.pass(hour);
    const [first] = scheduling.deliveries;
    assert.match(first?.error ?? '', /\w/);
    assert.equal((await pending()).totalCount, 1);
    sps.recover();
    await scheduling.deliver(first?.functionName ?? '', first?.event);
    assert.deepEqual(configuration(), untouched);
    assert.deepEqual(schedules(), []);
  });

  test('a restore that fails for good is tried again by its own schedule, and holds up no other', async () => {
    const untouched = configuration();
    await toggle({ [noisy]: off }, { for: 'PT1H' });
    await toggle({ [other]: off }, { for: 'PT2H' });
    sps.fail({ status: 500, times: 1_000 });
    await scheduling.pass(hour);
    sps.recover();
    await scheduling.pass(hour);
    assert.deepEqual(configuration(), untouched);
  });

  test('a restore that fails for days is given up: it stays listed, and can be put back by hand', async () => {
    const untouched = configuration();
    const { temporary } = await toggle({ [noisy]: off }, { for: 'PT1H' });
    sps.fail({ status: 500, times: 1_000_000 });
    await scheduling.pass(hour);
    await scheduling.pass(2 * day);
    assert.equal((await pending()).results[0]?.givenUp, undefined);
    await scheduling.pass(day);
    const { results } = await pending();
    assert.equal(results[0]?.givenUp, new Date().toISOString());
    assert.deepEqual(
      logged('restore given up').map(({ switches }) => switches),
      [[`${noisy}.email`]],
    );
    const tried = scheduling.deliveries.length;
    await scheduling.pass(day);
    assert.equal(scheduling.deliveries.length, tried);
    assert.equal(schedules()[0]?.State, 'DISABLED');
    sps.recover();
    answered(await restore({ id: temporary?.id }));
    assert.deepEqual(configuration(), untouched);
  });

  test('what is given up holds up no other of its place, and setting it anew arranges it anew', async () => {
    const untouched = configuration();
    await toggle({ [noisy]: off }, { for: 'PT1H' });
    sps.fail({ status: 500, times: 1_000_000 });
    await scheduling.pass(hour);
    await scheduling.pass(3 * day);
    sps.recover();
    await toggle({ [other]: off }, { for: 'PT1H' });
    await scheduling.pass(hour);
    assert.deepEqual(
      (await pending()).results.map((one) => one.switch),
      [`${noisy}.email`],
    );
    await toggle({ [noisy]: off }, { for: 'PT1H' });
    await scheduling.pass(hour);
    assert.deepEqual(configuration(), untouched);
  });

  for (const [what, faults] of [
    ['not made', [{ on: /^PUT \/api\/configuration/, status: 500, times: 9 }]],
    [
      'made',
      [
        { on: /^PUT \/api\/transaction/, lost: true },
        { on: /^GET \/api\/transaction$/, html: 500 },
        { on: /^GET \/api\/configuration/, skip: 1, times: 9, reset: true },
      ],
    ],
  ] as const)
    test(`a second change that leaves open whether it was made, and was ${what}, is put back`, async () => {
      const untouched = configuration();
      const settings = (system_location: string) => ({ settings: { system_location } });
      await change('sps', updateSnmpAgent, { ...settings('Rack 8'), for: 'PT1H' });
      for (const fault of faults) sps.fail(fault);
      const { status } = failed(await ask('sps', updateSnmpAgent, { ...settings('Rack 9'), for: 'PT2H' }));
      assert.ok(status >= 500);
      assert.equal(configuration().snmp_agent.system_location, what === 'made' ? 'Rack 9' : 'Rack 8');
      sps.recover();
      await scheduling.pass(2 * hour);
      assert.deepEqual(configuration(), untouched);
    });

  test('a commit in another part at the time of the restore does not keep it from being done', async () => {
    await toggle({ [noisy]: off }, { for: 'PT1H' });
    sps.fail({
      on: /^POST \/api\/transaction/,
      meanwhile: () =>
        somebodyElse(({ system_alerts }) => Object.assign(system_alerts['xcbLogin'] ?? {}, { email: true })),
    });
    await scheduling.pass(hour);
    const { system_alerts } = configuration();
    assert.deepEqual([system_alerts[noisy]?.email, system_alerts['xcbLogin']?.email], [true, true]);
    assert.deepEqual(schedules(), []);
  });

  test('an alert configuration that was deleted meanwhile is left alone, and the others are put back', async () => {
    const { groupId } = atlas.demo;
    const [gone = '', there = ''] = configsOf('atlas').flatMap(({ id, enabled }) => (enabled ? [id] : []));
    const input = { groupId, enabled: false, alertConfigIds: [gone, there], for: 'PT1H' };
    await change('atlas', toggleInAtlas, input);
    const group = systems.atlas.organizations[0]?.groups[0];
    if (group) group.alertConfigs = group.alertConfigs.filter(({ id }) => id !== gone);
    await scheduling.pass(hour);
    assert.deepEqual(lastRestored().restored, [there]);
    assert.deepEqual(
      lastRestored().leftAlone.map((one) => one.switch),
      [gone],
    );
    assert.equal(enabledIn('atlas')[there], true);
  });

  test('an alert configuration that Atlas does not set stays pending, and is put back later', async () => {
    const { groupId } = atlas.demo;
    const untouched = enabledIn('atlas');
    const [one = '', two = ''] = configsOf('atlas').flatMap(({ id, enabled }) => (enabled ? [id] : []));
    const input = { groupId, enabled: false, alertConfigIds: [one, two], for: 'PT1H' };
    await change('atlas', toggleInAtlas, input);
    // The list, looked at twice, and the first.
    systems.atlas.fail({ skip: 3, status: 403, on: 'api' });
    await scheduling.pass(hour);
    assert.deepEqual(lastRestored(), { restored: [one], leftAlone: [] });
    assert.deepEqual(
      (await pending()).results.map((entry) => entry.switch),
      [two],
    );
    await scheduling.pass(hour / 4);
    assert.deepEqual(enabledIn('atlas'), untouched);
    assert.deepEqual(schedules(), []);
  });

  test('one that Atlas does not set for days is given up, and that is a failure', async () => {
    const { groupId } = atlas.demo;
    const untouched = enabledIn('atlas');
    const [one = '', two = ''] = configsOf('atlas').flatMap(({ id, enabled }) => (enabled ? [id] : []));
    const input = { groupId, enabled: false, alertConfigIds: [one, two], for: 'PT1H' };
    const { temporary } = await change('atlas', toggleInAtlas, input);
    systems.atlas.fail({ skip: 3, status: 403, on: 'api' });
    await scheduling.pass(hour + 3 * day);
    assert.match(scheduling.deliveries.at(-1)?.error ?? '', /RESTORE_GIVEN_UP/);
    assert.deepEqual(
      (await pending()).results.map(({ switch: name, givenUp }) => [name, givenUp !== undefined]),
      [[two, true]],
    );
    answered(await restore({ id: temporary?.id }));
    assert.deepEqual(enabledIn('atlas'), untouched);
  });

  test('alert configurations that somebody has switched on are left alone, and the others are put back', async () => {
    const { groupId } = atlas.demo;
    const untouched = enabledIn('atlas');
    const { temporary } = await change('atlas', toggleInAtlas, {
      groupId,
      enabled: false,
      all: true,
      for: 'PT1H',
    });
    const [first = '', ...others] = temporary?.switches ?? [];
    for (const config of configsOf('atlas')) if (config.id === first) config.enabled = true;
    await scheduling.pass(hour);
    assert.deepEqual(lastRestored(), {
      restored: others,
      leftAlone: [{ switch: first, set: false, found: true }],
    });
    assert.deepEqual(enabledIn('atlas'), untouched);
  });

  test('an alert that SPS no longer has is left alone, and the others are put back', async () => {
    await toggle({ [noisy]: off, [other]: off }, { for: 'PT1H' });
    somebodyElse(({ system_alerts }) => {
      delete system_alerts[noisy];
    });
    await scheduling.pass(hour);
    assert.equal(configuration().system_alerts[other]?.email, true);
    assert.deepEqual(schedules(), []);
  });

  test('a trap that somebody has moved to another protocol is left alone', async () => {
    const settings = { version: { selection: '2c', value: { server: newServer } } };
    await change('sps', updateSnmpTrap, { settings, for: 'PT1H' });
    somebodyElse(({ trap }) => {
      trap.version = versionThree;
    });
    await scheduling.pass(hour);
    assert.deepEqual(configuration().trap.version, versionThree);
    assert.deepEqual(
      lastRestored().leftAlone.map((one) => one.switch),
      ['version'],
    );
  });
});

const [keyOne, keyTwo] = ['d21f3675-8dff-43c5-a982-17839390a6b3', '0f5f646d-d6e7-4a4a-bc66-ead670faff3f'];
const versionThree: Configuration['trap']['version'] = {
  selection: '3',
  value: {
    auth_method: 'sha',
    auth_password: keyOne ?? '',
    encryption_method: 'aes',
    encryption_password: keyTwo ?? '',
    username: 'watcher',
    engine_id: '0x0123456789ABCDEF',
    server: { selection: 'ip', value: '10.20.30.40' },
  },
};

describe('secrets', () => {
  const community = 'a-community-of-ours';
  const plain = 'a new password!';

  /** Everything that Scheduler was ever told while some work was done. */
  async function toldToScheduler(work: () => Promise<unknown>): Promise<string> {
    const { schedules } = scheduling.scheduler;
    const told: string[] = [];
    const note = () => {
      for (const { Target } of schedules.values()) told.push(Target.Input);
    };
    // At each request to the appliance, so that what stands there only for a moment is seen.
    sps.fail({ meanwhile: note, times: 1_000 });
    await work();
    note();
    sps.recover();
    return told.join('\n');
  }

  for (const [what, unit, settings] of [
    [
      'a new community of the trap',
      updateSnmpTrap,
      { version: { selection: '2c', value: { community, server: newServer } } },
    ],
    ['the trap from SNMP v2c to v3', updateSnmpTrap, { version: versionThree }],
    ['a new community of the agent', updateSnmpAgent, { version_2c: { community, enabled: true } }],
  ] as const)
    test(`${what} is not set for a while`, async () => {
      const untouched = configuration();
      const problem = failed(await ask('sps', unit, { settings, for: 'PT1H' }));
      assert.deepEqual([problem.code, problem.status], ['NOT_FOR_A_WHILE', 400]);
      assert.deepEqual(configuration(), untouched);
      assert.deepEqual(schedules(), []);
    });

  test('no community is kept until a change is put back', async () => {
    somebodyElse(({ trap, snmp_agent }) => {
      if (trap.version?.selection === '2c') trap.version.value.community = community;
      snmp_agent.version_2c.community = community;
    });
    const untouched = configuration();
    const told = await toldToScheduler(async () => {
      const version = { selection: '2c', value: { community, server: newServer } };
      await change('sps', updateSnmpTrap, { settings: { version }, for: 'PT1H' });
      const version_2c = { community, enabled: false };
      await change('sps', updateSnmpAgent, { settings: { version_2c }, for: 'PT1H' });
    });
    assert.match(told, /10\.20\.30\.99/);
    assert.doesNotMatch(told, /a-community/);
    assert.doesNotMatch(JSON.stringify(await pending()), /a-community/);
    await scheduling.pass(hour);
    assert.deepEqual(configuration(), untouched);
  });

  test('no new password is in a schedule, not even for a moment; its user is put back', async () => {
    const untouched = configuration();
    const users = [
      {
        username: 'guest',
        auth_method: 'sha',
        auth_password: { plain },
        encryption_method: 'none',
        encryption_password: null,
      },
    ];
    const told = await toldToScheduler(() =>
      change('sps', updateSnmpAgent, { settings: { version_3: { enabled: true, users } }, for: 'PT1H' }),
    );
    assert.match(told, /guest/);
    assert.doesNotMatch(told, /a new password/);
    await scheduling.pass(hour);
    assert.deepEqual(configuration(), untouched);
  });

  test('no new password stays in a schedule where the change has failed', async () => {
    const value = { ...versionThree?.value, auth_password: { plain } };
    somebodyElse(({ trap }) => {
      trap.version = versionThree;
    });
    sps.fail({ status: 500, on: /^PUT \/api\/configuration/ });
    const settings = { version: { selection: '3', value } };
    assert.ok('problem' in (await ask('sps', updateSnmpTrap, { settings, for: 'PT1H' })));
    assert.doesNotMatch(JSON.stringify(schedules()), /a new password/);
    assert.doesNotMatch(JSON.stringify(await pending()), /a new password/);
  });
});

describe('what cannot be put back', () => {
  test('a setting that is not there so far is not set for a while', async () => {
    somebodyElse(({ snmp_agent }) => Reflect.deleteProperty(snmp_agent, 'system_location'));
    const settings = { system_location: 'Rack 9' };
    const problem = failed(await ask('sps', updateSnmpAgent, { settings, for: 'PT1H' }));
    assert.equal(problem.code, 'NOT_FOR_A_WHILE');
  });
});

describe('the schedule', () => {
  // By the reference of EventBridge Scheduler's API.
  const real = z.looseObject({
    Name: z.string().regex(/^[0-9a-zA-Z-_.]{1,64}$/),
    GroupName: z.literal('switchboard-temporary'),
    Description: z.string().max(512),
    FlexibleTimeWindow: z.strictObject({ Mode: z.literal('OFF') }),
    ActionAfterCompletion: z.literal('NONE'),
    ScheduleExpressionTimezone: z.undefined().optional(),
    Target: z.strictObject({
      Arn: z.string().regex(/^arn:aws:lambda:us-east-1:123456789012:function:[a-zA-Z0-9-_]{1,64}$/),
      RoleArn: z.literal(restoreEnvironment.RESTORE_ROLE_ARN),
      Input: z.string().max(256 * 1_024),
      RetryPolicy: z.strictObject({
        MaximumRetryAttempts: z.int().min(0).max(185),
        MaximumEventAgeInSeconds: z.int().min(60).max(86_400),
      }),
    }),
  });

  test('is as Scheduler wants it, for the earliest of what is pending', async () => {
    await toggle({ [noisy]: off }, { for: 'PT2H' });
    await toggle({ [other]: off }, { for: 'PT1H' });
    const [schedule, ...more] = schedules();
    assert.deepEqual(more, []);
    real.parse(schedule);
    const time = new Date(Date.now() + hour * 1_000).toISOString().slice(0, 19);
    assert.equal(schedule?.ScheduleExpression, `at(${time})`);
    assert.deepEqual(Object.keys(ledgerIn(schedule?.Target.Input ?? '')).toSorted(), [
      `${other}.email`,
      `${noisy}.email`,
    ]);
  });

  test('is within its bounds for the most switches, the longest names and a long caller', async () => {
    const { groupId } = atlas.demo;
    const group = systems.atlas.organizations[0]?.groups[0];
    if (group) group.alertConfigs = atlas.alertConfigsOf(groupId, atlas.alertKinds, 500);
    for (const config of configsOf('atlas')) config.enabled = true;
    const connection = 'c'.repeat(64);
    systems.secretsManager.put(
      `switchboard/atlas/${connection}`,
      JSON.stringify(serviceAccount(systems.atlas)),
    );
    const input = { groupId, enabled: false, all: true, for: 'PT1H' };
    answered(await calls.http(toggleInAtlas, { connection, input }));
    const [schedule] = schedules();
    real.parse(schedule);
    assert.equal(Object.keys(ledgerIn(schedule?.Target.Input ?? '')).length, 500);
  });

  test('has a name that Scheduler takes, whatever is put back', async () => {
    for (const { operation } of await findOperations()) {
      const scope = { groupId: 'f'.repeat(24), orgId: 'f'.repeat(24) };
      const id = placeId({ operation: operation.name, connection: 'c'.repeat(64), scope });
      assert.match(id, /^[0-9a-zA-Z-_.]{1,64}$/);
    }
  });
});
