import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import * as checkConnection from '../functions/sps/check-connection.ts';
import * as getSnmpAgent from '../functions/sps/get-snmp-agent.ts';
import * as getSnmpTrap from '../functions/sps/get-snmp-trap.ts';
import * as getSystemAlerts from '../functions/sps/get-system-alerts.ts';
import * as listAlerting from '../functions/sps/list-alerting.ts';
import * as toggleSystemAlerts from '../functions/sps/toggle-system-alerts.ts';
import * as updateSnmpAgent from '../functions/sps/update-snmp-agent.ts';
import * as updateSnmpTrap from '../functions/sps/update-snmp-trap.ts';
import { demoConfiguration, type SpsSimulator, startSps } from '../infra/local/simulators/sps.ts';
import { answered, failed, type Systems, startSystems } from './harness.ts';
import { administrator, assertIdle, call, changeOf, storeSps, type Unit } from './sps-harness.ts';

// What is only shown is read leniently: a version of SPS that we do not know shows what can be read of it. What a
// change rests on is read strictly.

let systems: Systems;
let sps: SpsSimulator;
let connection: string;

before(async () => {
  systems = await startSystems();
});

after(() => systems.stop());

beforeEach(async () => {
  sps = await startSps({ strictKeys: false });
  connection = storeSps(systems, administrator(sps));
});

afterEach(async () => {
  await sps.close();
  assertIdle(sps);
});

const reading = /^GET \/api\/configuration/;

/** What an operation answers where SPS answers its read with a body. */
const shown = async (unit: Unit, body: unknown) => {
  sps.fail({ on: reading, body });
  return answered(await call(unit, { connection }));
};

const { trap, snmp_agent, system_alerts } = demoConfiguration();

describe('a read', () => {
  test('of the trap shows what can be read, and says what cannot', async () => {
    const server = { selection: 'ip', value: '10.20.30.40' };
    const of = (version: unknown) => shown(getSnmpTrap, { body: { enabled: true, version } });
    assert.deepEqual(await of({ selection: '4', value: { server, more: 1 } }), {
      enabled: true,
      version: { selection: '4', value: { server } },
    });
    assert.deepEqual(await of({ selection: '2c', value: { community: 'public', server: { value: 7 } } }), {
      enabled: true,
      version: { selection: '2c', value: { server: {} } },
      warnings: ['version.value.server.value could not be read.'],
    });
    assert.deepEqual(await of('none'), {
      enabled: true,
      warnings: ['version could not be read.'],
    });
    assert.deepEqual(await shown(getSnmpTrap, { body: {} }), { warnings: ['enabled could not be read.'] });
  });

  test('of the agent shows what can be read, and says what cannot', async () => {
    const { version_3, listen, ...rest } = snmp_agent;
    const [user] = version_3.users;
    const body = {
      ...rest,
      listen: [...listen, { address: null, port: 'any' }],
      version_2c: { enabled: 'yes' },
      version_3: { enabled: true, users: [{ ...user, auth_method: 256 }] },
    };
    const answer = await shown(getSnmpAgent, { body });
    const text = JSON.stringify(answer);
    for (const part of ['mylocation', 'myusername', '161']) assert.match(text, new RegExp(part));
    for (const path of ['listen.port', 'version_2c.enabled', 'version_3.users.auth_method'])
      assert.match(text, new RegExp(`${path} could not be read`));
  });

  test('of the groups of alerts shows each of them', async () => {
    const items = [{ key: 'system_alerts' }, { meta: { href: '/api/configuration/alerting/x' } }, null];
    const answer = await shown(listAlerting, { items });
    assert.deepEqual(Object.keys(Object(answer)), ['items', 'warnings']);
    assert.match(JSON.stringify(answer), /system_alerts.*alerting\/x/);
    sps.fail({ on: reading, body: { items } });
    assert.match(
      JSON.stringify(answered(await call(checkConnection, { connection }))),
      /It can see the alerting: system_alerts\./,
    );
  });

  test('of the alerts shows each of them, and null for what is neither on nor off', async () => {
    const odd = { xcbNew: true, xcbOdd: { email: 'on', snmp: true, sms: null }, xcbNone: null };
    assert.deepEqual(await shown(getSystemAlerts, { body: { ...system_alerts, ...odd } }), {
      ...system_alerts,
      xcbNew: {},
      xcbOdd: { email: null, snmp: true, sms: null },
      xcbNone: {},
    });
  });

  test('and a change, refuse by name what is nested deeper than anything can be worked on', async () => {
    const deep = `${'{"x":'.repeat(5_000)}{}${'}'.repeat(5_000)}`;
    const deepOne = (state: object) => `{"body":${JSON.stringify(state).replace('{', `{"xcbNew":${deep},`)}}`;
    const settings = { input: { settings: { enabled: false } } };
    const cases: [Unit, object, object?][] = [
      [getSystemAlerts, system_alerts],
      [getSnmpTrap, trap],
      [updateSnmpTrap, trap, settings],
      [toggleSystemAlerts, system_alerts, { input: { alerts: { xcbDiskFull: { email: false } } } }],
    ];
    for (const [unit, state, input] of cases) {
      sps.fail({ on: reading, body: deepOne(state) });
      const { code, detail } = failed(await call(unit, { connection, ...input }));
      assert.equal(code, 'UPSTREAM_ANSWER_UNEXPECTED');
      assert.match(detail, /nested too deep/);
    }
  });

  test('never fails for what one member holds', async () => {
    const units = { trap: getSnmpTrap, snmp_agent: getSnmpAgent, system_alerts: getSystemAlerts };
    const bodies = { trap, snmp_agent, system_alerts };
    const name = fc.constantFrom('trap' as const, 'snmp_agent' as const, 'system_alerts' as const);
    const distorted = fc.tuple(name, fc.nat(60), fc.oneof(fc.jsonValue(), fc.constant(undefined)));
    await fc.assert(
      fc.asyncProperty(distorted, async ([name, which, value]) => {
        let at = 0;
        const body = JSON.parse(JSON.stringify(bodies[name]), (key, part) =>
          key !== '' && at++ === which ? value : part,
        );
        await shown(units[name], { body });
      }),
      { numRuns: 300 },
    );
  });

  test('of something else altogether is an unexpected answer', async () => {
    for (const unit of [getSnmpTrap, getSnmpAgent, getSystemAlerts, listAlerting])
      for (const body of [{ body: [] }, { body: 'x' }, {}, []]) {
        sps.fail({ on: reading, body });
        assert.equal(failed(await call(unit, { connection })).code, 'UPSTREAM_ANSWER_UNEXPECTED');
      }
  });
});

describe('a change', () => {
  const odd = { xcbOdd: { email: 'on', snmp: false }, xcbNew: true };
  const toggle = (alerts: object) => {
    sps.fail({ on: reading, body: { body: { ...system_alerts, ...odd } } });
    return call(toggleSystemAlerts, { connection, input: { alerts, dryRun: true } });
  };

  test('of alerts that are as they should be writes the odd ones back as they were', async () => {
    const path = '/api/configuration/alerting/system_alerts';
    const before = { ...system_alerts, ...odd };
    const made = { ...before, xcbHWError: { email: false, snmp: true } };
    sps.fail({ on: /^PUT/, status: 200 });
    sps.fail({
      on: /changes$/,
      body: { changes: [{ type: 'replace', path, old_value: before, new_value: made }] },
    });
    const answer = changeOf(await toggle({ xcbHWError: { email: false } }));
    assert.deepEqual(answer.warnings, []);
    assert.deepEqual(answer.after, {
      ...made,
      xcbOdd: { email: null, snmp: false },
      xcbNew: {},
    });
  });

  test('of what is neither on nor off is refused', async () => {
    const problem = failed(await toggle({ xcbOdd: { email: true } }));
    assert.equal(problem.code, 'UPSTREAM_ANSWER_UNEXPECTED');
    assert.match(problem.detail, /xcbOdd\.email/);
    assert.deepEqual(sps.state().transactions, []);
  });

  test('of an alert that is no such thing is refused', async () => {
    assert.match(failed(await toggle({ xcbNew: { email: true } })).detail, /xcbNew\.email/);
    assert.deepEqual(sps.state().transactions, []);
  });

  test('of all alerts leaves the odd ones as they are, and says so', async () => {
    const all = Object.fromEntries(
      Object.entries(system_alerts).map(([name, { snmp }]) => [name, { email: false, snmp }]),
    );
    sps.fail({ on: reading, body: { body: { ...all, ...odd } } });
    const { changed, warnings } = changeOf(
      await call(toggleSystemAlerts, { connection, input: { alerts: { '*': { email: false } } } }),
    );
    assert.equal(changed, false);
    assert.match(warnings.join(), /xcbOdd\.email, xcbNew\.email/);
  });

  test('of settings that cannot be read is refused before anything is opened', async () => {
    sps.fail({ on: reading, body: { body: { enabled: true, version: { selection: '4' } } } });
    const trapProblem = failed(
      await call(updateSnmpTrap, { connection, input: { settings: { enabled: false } } }),
    );
    sps.fail({ on: reading, body: { body: { enabled: true } } });
    const agentProblem = failed(
      await call(updateSnmpAgent, { connection, input: { settings: { enabled: false } } }),
    );
    for (const { code } of [trapProblem, agentProblem]) assert.equal(code, 'UPSTREAM_ANSWER_UNEXPECTED');
    assert.deepEqual(sps.state().transactions, []);
  });
});
