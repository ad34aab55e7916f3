import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import * as getSystemAlerts from '../functions/sps/get-system-alerts.ts';
import * as getTrafficAlerts from '../functions/sps/get-traffic-alerts.ts';
import * as listAlerting from '../functions/sps/list-alerting.ts';
import * as toggleSystemAlerts from '../functions/sps/toggle-system-alerts.ts';
import * as toggleTrafficAlerts from '../functions/sps/toggle-traffic-alerts.ts';
import { type SpsSettings, type SpsSimulator, startSps } from '../infra/local/simulators/sps.ts';
import { answered, failed, type Systems, startSystems } from './harness.ts';
import {
  actor,
  administrator,
  assertAudited,
  assertIdle,
  call,
  changeOf,
  invoke,
  requestsOf,
  storeSps,
  type Unit,
} from './sps-harness.ts';

const kinds = [
  {
    name: 'system_alerts' as const,
    read: getSystemAlerts,
    toggle: toggleSystemAlerts,
    on: 'xcbHWError',
    off: 'xcbSwapFull',
    typo: 'xcbSwapful',
  },
  {
    name: 'traffic_alerts' as const,
    read: getTrafficAlerts,
    toggle: toggleTrafficAlerts,
    on: 'scbProtocolViolation',
    off: 'scbAuthFailure',
    typo: 'scbauthfailures',
  },
];

let systems: Systems;
let sps: SpsSimulator;
let connection: string;

before(async () => {
  systems = await startSystems();
});

after(() => systems.stop());

beforeEach(async () => {
  sps = await startSps();
  connection = storeSps(systems, administrator(sps));
});

afterEach(async () => {
  await sps.close();
  assertIdle(sps);
  assertAudited(systems);
});

const toggle = (alerts: unknown, more: Record<string, unknown> = {}, unit: Unit = toggleSystemAlerts) =>
  call(unit, { connection, input: { alerts, ...more } });

const systemAlerts = () => sps.state().configuration.system_alerts;
const writesIn = (requests: string[]) => requests.filter((request) => !request.startsWith('GET'));

for (const { name, read, toggle: unit, on, off, typo } of kinds)
  describe(name, () => {
    test('is read as SPS has it, over HTTP and directly', async () => {
      const there = sps.state().configuration[name];
      assert.deepEqual(answered(await call(read, { connection })), there);
      assert.deepEqual(answered(await invoke(read, { connection })), there);
    });

    for (const [trigger, reach] of Object.entries({ http: call, direct: invoke }))
      test(`has the named alerts set and all others left alone, over ${trigger}`, async () => {
        const start = sps.state().configuration;
        const alerts = { [on]: { email: false }, [off]: { email: true, snmp: true } };
        const answer = changeOf(await reach(unit, { connection, input: { alerts } }));
        const wanted = {
          ...start[name],
          [on]: { ...start[name][on], email: false },
          [off]: { email: true, snmp: true },
        };
        assert.equal(answer.changed, true);
        assert.deepEqual([answer.before, answer.after], [start[name], wanted]);
        assert.deepEqual(answer.changes?.length, 1);
        assert.deepEqual(sps.state().configuration, { ...start, [name]: wanted });
      });

    test('has no unknown name written, and is told the nearest', async () => {
      const alerts = { [typo]: { email: false }, [on]: { email: false } };
      const problem = failed(await call(unit, { connection, input: { alerts } }));
      assert.equal(problem.status, 400);
      assert.deepEqual(problem.errors, [
        { field: `alerts.${typo}`, detail: `is not an alert of this SPS; the nearest is ${off}` },
      ]);
      assert.deepEqual(writesIn(requestsOf(sps)), []);
      assert.equal(sps.state().revision, 1);
    });

    test('says once which there are, however many are unknown', async () => {
      const alerts = { foo: { email: false }, [typo]: { email: false }, bar: { snmp: true } };
      const details = failed(await call(unit, { connection, input: { alerts } })).errors?.map(
        ({ detail }) => detail,
      );
      assert.match(details?.[0] ?? '', new RegExp(`; it has .*\\b${on}\\b`));
      assert.deepEqual(details?.slice(1), [
        `is not an alert of this SPS; the nearest is ${off}`,
        'is not an alert of this SPS',
      ]);
    });
  });

test('the groups of alerts are listed', async () => {
  const href = '/api/configuration/alerting';
  assert.deepEqual(answered(await call(listAlerting, { connection })), {
    items: [
      { key: 'system_alerts', meta: { href: `${href}/system_alerts` } },
      { key: 'traffic_alerts', meta: { href: `${href}/traffic_alerts` } },
    ],
  });
});

describe('what to set', () => {
  test('is every alert by "*", and a named one as it says itself', async () => {
    const alerts = { '*': { email: false }, xcbDiskFull: { email: true }, xcbLogin: { snmp: true } };
    const answer = changeOf(await toggle(alerts));
    const was = structuredClone(systemAlerts());
    assert.deepEqual(answer.after, was);
    for (const [name, { email, snmp }] of Object.entries(systemAlerts())) {
      assert.equal(email, name === 'xcbDiskFull', name);
      assert.equal(snmp, ['xcbLogin', 'xcbDiskFull', 'xcbHWError', 'xcbHaNodeChanged'].includes(name), name);
    }
  });

  test('is a state: set again, nothing changes and no transaction is opened', async () => {
    const alerts = { xcbSwapFull: { email: true } };
    const first = changeOf(await toggle(alerts));
    const { length } = sps.requests;
    const again = changeOf(await toggle(alerts));
    assert.deepEqual(requestsOf(sps, length), ['GET configuration/alerting/system_alerts']);
    assert.equal(again.changed, false);
    assert.deepEqual([again.before, again.after], [first.after, first.after]);
    assert.equal(again.changes, undefined);
    assert.equal(sps.state().revision, 2);
    assert.equal(sps.state().transactions.length, 1);
  });

  const refused = {
    'a channel that there is not': [{ xcbDiskFull: { email: true, sms: true } }, 'alerts.xcbDiskFull.sms'],
    'a state that is none': [{ xcbDiskFull: { email: 'off' } }, 'alerts.xcbDiskFull.email'],
    'an alert without channels': [{ xcbDiskFull: {} }, 'alerts.xcbDiskFull'],
    'an alert that is a state itself': [{ xcbDiskFull: true }, 'alerts.xcbDiskFull'],
    'no alert': [{}, 'alerts'],
    'a list': [['xcbDiskFull'], 'alerts'],
    nothing: [undefined, 'body'],
  } as const;

  for (const [what, [alerts, field]] of Object.entries(refused))
    test(`is not ${what}`, async () => {
      const problem = failed(await toggle(alerts));
      assert.deepEqual([problem.status, problem.errors?.map((error) => error.field)], [400, [field]]);
      assert.deepEqual(sps.requests, []);
    });
});

describe('an SPS that is newer than this', () => {
  beforeEach(() => {
    sps.settings.extraAlertKeys = ['xcbQuantumDrift', 'xcbZeal'];
  });

  test('keeps its alerts when others are switched', async () => {
    changeOf(await toggle({ xcbZeal: { snmp: true } }));
    const answer = changeOf(await toggle({ xcbSwapFull: { email: true } }));
    assert.deepEqual(answer.after['xcbZeal'], { email: false, snmp: true });
    assert.deepEqual(systemAlerts()['xcbQuantumDrift'], { email: false, snmp: false });
    assert.deepEqual(systemAlerts()['xcbZeal'], { email: false, snmp: true });
  });

  test('has its alerts switched, by name and by "*"', async () => {
    changeOf(await toggle({ xcbQuantumDrift: { email: true }, '*': { snmp: true } }));
    assert.deepEqual(systemAlerts()['xcbQuantumDrift'], { email: true, snmp: true });
    assert.deepEqual(systemAlerts()['xcbZeal'], { email: false, snmp: true });
  });
});

test('the order of the names at SPS and in the input does not matter', async () => {
  const { digest } = changeOf(await toggle({ xcbSwapFull: { email: true } }, { dryRun: true }));
  const body = Object.fromEntries(Object.entries(systemAlerts()).toReversed());
  sps.fail({ on: /GET .*system_alerts/, body: { body } });
  const answer = changeOf(await toggle({ xcbSwapFull: { email: true } }, { digest }));
  assert.equal(answer.changed, true);
  assert.deepEqual(systemAlerts()['xcbSwapFull'], { email: true, snmp: false });
});

describe('a warning travels with the answer', () => {
  const warningsOf = async (alerts: unknown) => changeOf(await toggle(alerts)).warnings;

  test('when alerts are switched on that go nowhere, and only then', async () => {
    sps.commitAs('bob', (configuration) => {
      configuration.email.alerting_address = null;
      configuration.trap.enabled = false;
    });
    assert.match((await warningsOf({ xcbSwapFull: { email: true } })).join(), /alerting_address/);
    assert.match((await warningsOf({ xcbSwapFull: { snmp: true } })).join(), /snmp\/trap/);
    assert.deepEqual(await warningsOf({ xcbSwapFull: { email: false, snmp: false } }), []);
    sps.commitAs('bob', (configuration) => {
      configuration.email.alerting_address = 'alerts@sps.example';
      configuration.trap.enabled = true;
    });
    assert.deepEqual(await warningsOf({ xcbSwapFull: { email: true, snmp: true } }), []);
  });

  test('when the destination may not be read', async () => {
    sps.fail({ on: /GET .*management\/email/, status: 403 });
    assert.match((await warningsOf({ xcbSwapFull: { email: true } })).join(), /could not be checked/);
  });

  for (const name of ['xcbConfigChange', 'xcbLogin', 'xcbLoginFailure'])
    test(`when ${name} is switched off`, async () => {
      assert.deepEqual(await warningsOf({ [name]: { email: true } }), []);
      const warnings = await warningsOf({ [name]: { email: false } });
      assert.equal(warnings.length, 1);
      assert.match(warnings.join(), new RegExp(`${name} no longer goes out by email`));
      assert.deepEqual(await warningsOf({ [name]: { email: false } }), []);
    });
});

describe('a dry run', () => {
  const alerts = { xcbHWError: { email: false } };

  test('has SPS check the change, and takes it back', async () => {
    const start = sps.state();
    const answer = changeOf(await toggle(alerts, { dryRun: true }));
    assert.deepEqual([answer.changed, answer.dryRun], [true, true]);
    assert.deepEqual(answer.after['xcbHWError'], { email: false, snmp: true });
    assert.equal(answer.changes?.[0]?.path, '/api/configuration/alerting/system_alerts');
    assert.deepEqual(requestsOf(sps).slice(1), [
      'GET configuration/alerting/system_alerts',
      'POST transaction',
      'PUT configuration/alerting/system_alerts',
      'GET transaction/changes',
      'DELETE transaction',
    ]);
    const { revision, configuration, transactions } = sps.state();
    assert.deepEqual([revision, configuration], [start.revision, start.configuration]);
    assert.deepEqual(
      transactions.map(({ state }) => state),
      ['rolled back'],
    );
  });

  test("says what SPS has against the change, and isn't audited", async () => {
    const audited = assertAudited(systems);
    sps.fail({ on: /PUT/, status: 400, body: { error: { type: 'SemanticError', message: 'Not this.' } } });
    const problem = failed(await toggle(alerts, { dryRun: true }));
    assert.deepEqual([problem.status, problem.upstream?.detail], [400, 'Not this.']);
    assert.equal(assertAudited(systems), audited);
  });

  test('of what is so already opens no transaction', async () => {
    const answer = changeOf(await toggle({ xcbHWError: { email: true } }, { dryRun: true }));
    assert.deepEqual([answer.changed, answer.dryRun], [false, true]);
    assert.deepEqual(writesIn(requestsOf(sps)), []);
  });

  test('gives a digest that the change is made with', async () => {
    const { digest } = changeOf(await toggle(alerts, { dryRun: true }));
    assert.equal(changeOf(await toggle(alerts, { digest })).changed, true);
    assert.equal(systemAlerts()['xcbHWError']?.email, false);
  });

  test('gives a digest that is stale once the state has moved', async () => {
    const { digest } = changeOf(await toggle(alerts, { dryRun: true }));
    sps.commitAs('bob', ({ system_alerts }) => {
      system_alerts['xcbLogout'] = { email: true, snmp: true };
    });
    const problem = failed(await toggle(alerts, { digest }));
    assert.deepEqual([problem.status, problem.code], [409, 'PLAN_STALE']);
    const preview = changeOf({ answer: problem.preview });
    assert.deepEqual(preview.before, systemAlerts());
    assert.deepEqual(preview.before['xcbLogout'], { email: true, snmp: true });
    assert.equal(sps.state().revision, 2);
    assert.equal(changeOf(await toggle(alerts, { digest: preview.digest })).changed, true);
  });

  test('gives a digest that is stale where the state moves during the change itself', async () => {
    const { digest } = changeOf(await toggle(alerts, { dryRun: true }));
    sps.fail({
      on: /POST .*transaction/,
      meanwhile: () =>
        sps.commitAs('bob', ({ system_alerts }) => {
          system_alerts['xcbLogout'] = { email: true, snmp: true };
        }),
    });
    const problem = failed(await toggle(alerts, { digest }));
    assert.equal(problem.code, 'PLAN_STALE');
    assert.equal(systemAlerts()['xcbHWError']?.email, true);
  });
});

describe('whatever SPS is like', () => {
  const variants: Partial<SpsSettings>[] = [
    ...(['6.0', '7.1', '7.5', '8.0'] as const).flatMap((profile) =>
      (['object', 'leaf'] as const).map((changesGranularity) => ({ profile, changesGranularity })),
    ),
    ...[200, 201, 202, 204].map((putStatus) => ({ putStatus })),
    { profile: '8.0', requireCommitMessage: true },
    { profile: '6.0', requireXToken: 'browser-ua' },
    { strictKeys: false, strictRefs: false },
    { lockMode: 'optimistic' },
  ];

  for (const variant of variants)
    test(`the toggles and their dry runs work: ${JSON.stringify(variant)}`, async () => {
      Object.assign(sps.settings, variant);
      const alerts = { xcbHWError: { email: false, snmp: false } };
      changeOf(await toggle(alerts, { dryRun: true }));
      assert.equal(sps.state().revision, 1);
      const { changes = [] } = changeOf(await toggle(alerts));
      assert.equal(changes.length, variant.changesGranularity === 'leaf' ? 2 : 1);
      changeOf(await toggle({ '*': { snmp: true } }, {}, toggleTrafficAlerts));
      const { revision, configuration } = sps.state();
      assert.equal(revision, 3);
      assert.deepEqual(configuration.system_alerts['xcbHWError'], { email: false, snmp: false });
      assert.ok(Object.values(configuration.traffic_alerts).every(({ snmp }) => snmp));
    });

  for (const requireCommitMessage of [false, true])
    test(`the commit names the caller and the request where SPS takes a message, required: ${requireCommitMessage}`, async () => {
      Object.assign(sps.settings, { profile: '8.0', requireCommitMessage });
      changeOf(await toggle({ xcbHWError: { email: false } }));
      const { requestId } = JSON.parse(systems.logLines.at(-1) ?? '');
      const [record] = sps.state().transactions;
      assert.equal(record?.message, `Switchboard: sps.toggleSystemAlerts for ${actor}, request ${requestId}`);
    });

  test('the commit has no message where SPS says nothing of one', async () => {
    changeOf(await toggle({ xcbHWError: { email: false } }));
    const [record] = sps.state().transactions;
    assert.deepEqual([record?.state, record?.message], ['committed', undefined]);
  });
});

test('the audit tells who changed what, and how it ended', async () => {
  const { length } = systems.logLines;
  const answer = changeOf(await toggle({ xcbHWError: { email: false } }));
  const [intent, outcome] = systems.logLines.slice(length).map((line) => JSON.parse(line));
  assert.deepEqual(
    [intent.message, intent.operation, intent.actor, intent.connection],
    ['change intended', 'sps.toggleSystemAlerts', actor, connection],
  );
  // Of all the alerts, those that it is about.
  const only = (state: Record<string, unknown>) => ({ xcbHWError: state['xcbHWError'] });
  assert.deepEqual([intent.before, intent.after], [only(answer.before), only(answer.after)]);
  assert.deepEqual([outcome.auditId, outcome.outcome], [intent.auditId, 'made']);
});
