import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import * as getSystemAlerts from '../functions/sps/get-system-alerts.ts';
import * as toggleSystemAlerts from '../functions/sps/toggle-system-alerts.ts';
import * as toggleTrafficAlerts from '../functions/sps/toggle-traffic-alerts.ts';
import * as updateSnmpTrap from '../functions/sps/update-snmp-trap.ts';
import { listen } from '../infra/local/simulators/listen.ts';
import {
  demoConfiguration,
  type SpsFault,
  type SpsSimulator,
  startSps,
} from '../infra/local/simulators/sps.ts';
import { answered, failed, type Systems, startSystems, type TimeLeft } from './harness.ts';
import {
  administrator,
  assertAudited,
  assertIdle,
  call,
  changeOf,
  requestsOf,
  storeSps,
} from './sps-harness.ts';

const start = demoConfiguration().system_alerts;
const alerts = { xcbHWError: { email: false } };
const made = { ...start, xcbHWError: { email: false, snmp: true } };

const opening = /^POST \/api\/transaction$/;
const writing = /^PUT .*system_alerts$/;
const reviewing = /^GET \/api\/transaction\/changes$/;
const committing = /^PUT \/api\/transaction$/;
const rollingBack = /^DELETE \/api\/transaction$/;
const reading = /^GET .*system_alerts$/;

const toggleRequests = [
  'GET configuration/alerting/system_alerts',
  'POST transaction',
  'PUT configuration/alerting/system_alerts',
  'GET transaction/changes',
  'PUT transaction',
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

const toggle = (remainingMs?: TimeLeft, states: unknown = alerts, more: Record<string, unknown> = {}) =>
  call(toggleSystemAlerts, {
    connection,
    input: { alerts: states, ...more },
    ...(remainingMs !== undefined && { remainingMs }),
  });

/** Signs in, so that what follows is warm. */
const warm = async (): Promise<number> => {
  answered(await call(getSystemAlerts, { connection }));
  return sps.requests.length;
};

const switchAs =
  (name: string, channels = { email: true, snmp: true }) =>
  () =>
    sps.commitAs('bob', ({ system_alerts }) => {
      system_alerts[name] = channels;
    });

const systemAlerts = () => sps.state().configuration.system_alerts;
const assertMade = () => assert.deepEqual(systemAlerts(), made);
const assertUnchanged = () => {
  assert.deepEqual(sps.state().configuration, demoConfiguration());
  assert.equal(sps.state().revision, 1);
};

describe('the number of requests is the least there can be', () => {
  test('for a toggle: five when warm, and the login when cold', async () => {
    changeOf(await toggle());
    assert.deepEqual(requestsOf(sps), ['GET authentication', ...toggleRequests]);
    const { length } = sps.requests;
    changeOf(await toggle(undefined, { xcbHWError: { snmp: false } }));
    assert.deepEqual(requestsOf(sps, length), toggleRequests);
  });

  test('for a toggle of an SPS that takes a commit message, too', async () => {
    sps.settings.profile = '8.0';
    changeOf(await toggle());
    assert.deepEqual(requestsOf(sps), ['GET authentication', ...toggleRequests]);
  });

  test('for a read: one when warm, and the login when cold', async () => {
    answered(await call(getSystemAlerts, { connection }));
    assert.deepEqual(requestsOf(sps), ['GET authentication', 'GET configuration/alerting/system_alerts']);
    const { length } = sps.requests;
    answered(await call(getSystemAlerts, { connection }));
    assert.deepEqual(requestsOf(sps, length), ['GET configuration/alerting/system_alerts']);
  });

  test('for a toggle that changes nothing: one', async () => {
    const from = await warm();
    changeOf(await toggle(undefined, { xcbHWError: { email: true } }));
    assert.deepEqual(requestsOf(sps, from), ['GET configuration/alerting/system_alerts']);
  });

  test('for a new password: one more', async () => {
    const from = await warm();
    const value = {
      auth_method: 'sha',
      auth_password: { plain: 'a new password' },
      encryption_method: 'none',
      encryption_password: null,
      engine_id: '0x0123456789',
      server: { selection: 'ip', value: '10.20.30.40' },
      username: 'traps',
    };
    const settings = { version: { selection: '3', value } };
    changeOf(await call(updateSnmpTrap, { connection, input: { settings } }));
    assert.deepEqual(requestsOf(sps, from), [
      'GET configuration/management/snmp/trap',
      'POST transaction',
      'POST configuration/passwords',
      'PUT configuration/management/snmp/trap',
      'GET transaction/changes',
      'PUT transaction',
    ]);
  });
});

describe('a session that ends', () => {
  test('while nobody uses it costs one login', async () => {
    const from = await warm();
    sps.settings.sessionIdleSeconds = 60;
    sps.advance(61);
    changeOf(await toggle());
    assertMade();
    const [expired, ...rest] = requestsOf(sps, from);
    assert.deepEqual([expired, ...rest], [toggleRequests[0], 'GET authentication', ...toggleRequests]);
  });

  for (const [step, on] of Object.entries({ opening, writing, reviewing, committing }))
    test(`before the step of ${step} has the change start again, with one login`, async () => {
      const from = await warm();
      sps.fail({ on, meanwhile: () => sps.expireSessions() });
      changeOf(await toggle());
      assertMade();
      const logins = requestsOf(sps, from).filter((request) => request === 'GET authentication');
      assert.equal(logins.length, 1);
      assert.equal(sps.state().revision, 2);
    });

  test('again and again is given up, and nothing is changed', async () => {
    sps.fail({ on: writing, times: 99, meanwhile: () => sps.expireSessions() });
    const problem = failed(await toggle());
    assert.deepEqual([problem.code, problem.retryable], ['STATE_MOVED', true]);
    assertUnchanged();
  });
});

describe("somebody else's lock", () => {
  for (const lockedStatus of [403, 409, 423, 503])
    describe(`that SPS tells with status ${lockedStatus}`, () => {
      beforeEach(() => {
        sps.settings.lockedStatus = lockedStatus;
        sps.lock('bob');
      });

      test('is waited for', async () => {
        const toggling = toggle();
        while (!requestsOf(sps).includes('POST transaction')) await sleep(5);
        sps.unlock();
        changeOf(await toggling);
        assertMade();
      });

      test('is told when it outlasts the time, with who holds it', async () => {
        const problem = failed(await toggle({ left: 1_200 }));
        sps.unlock();
        assert.deepEqual([problem.status, problem.code], [423, 'CONFIGURATION_LOCKED']);
        assert.equal(problem.retryable, true);
        assert.ok((problem.retryAfter ?? 0) > 0);
        assert.match(problem.detail, /bob/);
        assertUnchanged();
      });
    });

  test('that comes between our opening and our write is waited for as well', async () => {
    Object.assign(sps.settings, { profile: '7.1' });
    sps.fail({
      on: writing,
      meanwhile: () => {
        sps.expireSessions();
        sps.lock('bob', 1);
      },
    });
    changeOf(await toggle());
    assertMade();
  });

  test('is not what a user without rights meets', async () => {
    sps.settings.lockedStatus = 403;
    sps.fail({ on: opening, status: 403, body: { error: { type: 'Unauthorized', message: 'No.' } } });
    const { length } = sps.requests;
    const problem = failed(await toggle());
    assert.equal(problem.code, 'UPSTREAM_PERMISSION_DENIED');
    assert.equal(requestsOf(sps, length).filter((request) => request === 'POST transaction').length, 1);
  });
});

describe('a lost or spoilt answer', () => {
  const inTheEndMade: Record<string, SpsFault> = {
    'lost read': { on: reading, reset: true },
    'lost commit that took effect': { on: committing, lost: true },
    'commit answered with an error page, though it took effect': {
      on: committing,
      replaced: { status: 500, headers: { 'content-type': 'text/html' }, body: '<h1>500</h1>' },
    },
    'commit answered with 502': { on: committing, replaced: { status: 502, body: '' } },
    'commit answered with 204': { on: committing, replaced: { status: 204, body: '' } },
    'commit answered with nothing': { on: committing, body: '' },
    'commit answered with half of its JSON': { on: committing, truncated: true },
    'opening answered with 204': { on: opening, replaced: { status: 204, body: '' } },
    'opening answered with nothing': { on: opening, body: '' },
    'opening answered with half of its JSON': { on: opening, truncated: true },
    'write answered with nothing': { on: writing, body: '' },
    'write answered with 204': { on: writing, replaced: { status: 204, body: '' } },
  };

  for (const profile of ['7.1', '8.0'] as const)
    for (const [what, fault] of Object.entries(inTheEndMade))
      test(`does not keep the change from being made, on ${profile}: ${what}`, async () => {
        sps.settings.profile = profile;
        sps.fail(fault);
        const answer = changeOf(await toggle());
        assert.deepEqual([answer.changed, answer.after], [true, made]);
        assertMade();
        assert.equal(sps.state().revision, 2);
      });

  const notMade: Record<string, [SpsFault, string]> = {
    'commit that never arrived': [{ on: committing, reset: true }, 'UPSTREAM_UNREACHABLE'],
    'commit refused with an error page': [{ on: committing, html: 500 }, 'UPSTREAM_ERROR'],
    'commit refused as invalid': [{ on: committing, times: 2, status: 400 }, 'UPSTREAM_BAD_REQUEST'],
    'write that took effect': [{ on: writing, lost: true }, 'UPSTREAM_UNREACHABLE'],
    'write that never arrived': [{ on: writing, reset: true }, 'UPSTREAM_UNREACHABLE'],
    'write refused with an error page': [{ on: writing, html: 500 }, 'UPSTREAM_ERROR'],
    'opening that took effect': [{ on: opening, lost: true }, 'UPSTREAM_UNREACHABLE'],
    'opening that never arrived': [{ on: opening, reset: true }, 'UPSTREAM_UNREACHABLE'],
    'list of changes': [{ on: reviewing, reset: true }, 'UPSTREAM_UNREACHABLE'],
    'half a list of changes': [{ on: reviewing, truncated: true }, 'UPSTREAM_ANSWER_UNEXPECTED'],
    'empty list of changes': [
      { on: reviewing, replaced: { status: 204, body: '' } },
      'UPSTREAM_ANSWER_UNEXPECTED',
    ],
    'page instead of a list of changes': [{ on: reviewing, html: 200 }, 'UPSTREAM_ANSWER_UNEXPECTED'],
    'half a read': [{ on: reading, truncated: true }, 'UPSTREAM_ANSWER_UNEXPECTED'],
  };

  for (const [what, [fault, code]] of Object.entries(notMade))
    test(`leaves everything as it was: ${what}`, async () => {
      sps.fail(fault);
      assert.equal(failed(await toggle()).code, code);
      assertUnchanged();
      assertIdle(sps);
      changeOf(await toggle());
      assertMade();
    });

  for (const fault of [{ lost: true }, { reset: true }, { html: 503, times: 2 }] as const)
    test(`of a roll back has it repeated: ${JSON.stringify(fault)}`, async () => {
      sps.fail({ on: rollingBack, ...fault });
      changeOf(await toggle(undefined, alerts, { dryRun: true }));
      assertUnchanged();
    });

  test('of a commit and of all that could tell of it is an unknown outcome', async () => {
    sps.fail({ on: committing, lost: true });
    sps.fail({ on: /GET \/api\/transaction$/, html: 500 });
    sps.fail({ on: reading, skip: 1, times: 9, reset: true });
    const problem = failed(await toggle());
    assert.deepEqual([problem.code, problem.status], ['OUTCOME_UNKNOWN', 504]);
    sps.recover();
    assert.equal(changeOf(await toggle()).changed, false);
    assertMade();
  });
});

describe('a change of somebody else', () => {
  const others: Record<string, RegExp> = {
    'between the read and the opening': opening,
    'between the opening and the commit': committing,
    'between the opening and the write': writing,
  };

  for (const [when, on] of Object.entries(others))
    test(`${when} survives, and so does ours`, async () => {
      sps.settings.lockMode = 'optimistic';
      sps.fail({ on, meanwhile: switchAs('xcbLogout') });
      changeOf(await toggle());
      assert.deepEqual(systemAlerts(), { ...made, xcbLogout: { email: true, snmp: true } });
      assert.equal(sps.state().revision, 3);
    });

  test('of another object between the read and the opening does not matter', async () => {
    sps.fail({
      on: opening,
      meanwhile: () =>
        sps.commitAs('bob', ({ traffic_alerts }) => {
          traffic_alerts['scbAuthFailure'] = { email: true, snmp: true };
        }),
    });
    changeOf(await toggle());
    assertMade();
    assert.equal(requestsOf(sps).filter((request) => request === 'POST transaction').length, 1);
  });

  test('of the same alert is what ours is made on', async () => {
    sps.fail({ on: opening, meanwhile: switchAs('xcbHWError', { email: true, snmp: false }) });
    const answer = changeOf(await toggle());
    assert.deepEqual(answer.before['xcbHWError'], { email: true, snmp: false });
    assert.deepEqual(systemAlerts()['xcbHWError'], { email: false, snmp: false });
  });

  test('to what we meant leaves us nothing to do', async () => {
    sps.fail({ on: opening, meanwhile: switchAs('xcbHWError', { email: false, snmp: true }) });
    assert.equal(changeOf(await toggle()).changed, false);
    assertMade();
    assert.equal(sps.state().revision, 2);
  });

  test('that never stops is given up on', async () => {
    let turn = false;
    const flip = () => {
      turn = !turn;
      switchAs('xcbLogout', { email: turn, snmp: turn })();
    };
    sps.fail({ on: opening, times: 99, meanwhile: flip });
    const problem = failed(await toggle());
    assert.deepEqual([problem.status, problem.code, problem.retryable], [409, 'STATE_MOVED', true]);
    assert.equal(systemAlerts()['xcbHWError']?.email, true);
  });
});

describe('a list of changes that holds something else', () => {
  const path = '/api/configuration/alerting/system_alerts';
  const ours = { type: 'replace', path, old_value: start, new_value: made };
  const lists: Record<string, unknown[]> = {
    'another object': [ours, { type: 'replace', path: '/api/configuration/management/email' }],
    'a password': [ours, { type: 'create', path: '/api/configuration/passwords/1', new_value: {} }],
    'another alert': [{ ...ours, new_value: { ...made, xcbLogin: { email: true, snmp: true } } }],
    'another old value': [{ ...ours, old_value: { ...start, xcbHWError: { email: true, snmp: false } } }],
    'another object with a longer name': [ours, { ...ours, path: `${path}_2` }],
    'less than was meant': [],
  };

  test('is not committed', async () => {
    // Each gives up after some pauses, so they are tried side by side.
    await Promise.all(
      Object.entries(lists).map(async ([what, changes]) => {
        const other = await startSps();
        other.fail({ on: reviewing, times: 99, body: { changes } });
        const outcome = await call(toggleSystemAlerts, {
          connection: storeSps(systems, administrator(other)),
          input: { alerts },
        });
        await other.close();
        assert.equal(failed(outcome).code, 'STATE_MOVED', what);
        assert.equal(other.state().revision, 1, what);
        assertIdle(other);
      }),
    );
  });

  for (const [what, changes] of Object.entries(lists))
    test(`has the change start again: ${what}`, async () => {
      sps.fail({ on: reviewing, body: { changes } });
      changeOf(await toggle());
      assertMade();
      assert.equal(sps.state().revision, 2);
    });
});

describe('a slow SPS', () => {
  /** Half a second of it is kept for Lambda, and half of the rest for giving the lock back. */
  const time = { left: 0 };
  /** The request takes effect, no answer comes, and the time for work is up. */
  const late = {
    heldUntil: new Promise(() => {}),
    reached: () => {
      time.left = 1_000;
    },
  };

  const timeIsUp = () => {
    time.left = 0;
  };

  beforeEach(() => {
    time.left = 1_500;
  });

  for (const [step, on] of Object.entries({ opening, writing, reviewing }))
    test(`has the lock given back when the time is up while ${step}`, async () => {
      await warm();
      sps.fail({ on, ...late });
      const problem = failed(await toggle(time));
      assert.deepEqual([problem.status, problem.code], [504, 'DEADLINE_EXCEEDED']);
      assertUnchanged();
    });

  test('that gets a write only after our roll back keeps no transaction open for it', async () => {
    const rolledBack = Promise.withResolvers<void>();
    const written = Promise.withResolvers<number>();
    const network = await listen(async ({ method, target, headers, body }) => {
      const isWrite = writing.test(`${method} ${target}`);
      if (isWrite) {
        time.left = 1_000;
        await rolledBack.promise;
      }
      const { cookie = '', authorization = '' } = headers;
      const response = await fetch(`${sps.url}${target}`, {
        method,
        headers: { 'content-type': 'application/json', cookie, authorization },
        ...(method !== 'GET' && { body }),
      });
      if (isWrite) written.resolve(response.status);
      if (method === 'DELETE') {
        rolledBack.resolve();
        await written.promise;
      }
      const given = Object.fromEntries(response.headers);
      return { status: response.status, headers: given, body: await response.text() };
    });
    const remote = storeSps(systems, administrator(network));
    const problem = failed(
      await call(toggleSystemAlerts, { connection: remote, input: { alerts }, remainingMs: time }),
    );
    await network.close();
    assert.equal(problem.code, 'DEADLINE_EXCEEDED');
    assert.equal(await written.promise, 201);
    assert.equal(sps.state().transactions.length, 2);
    assertUnchanged();
  });

  test('has a commit found to have taken effect', async () => {
    await warm();
    sps.fail({ on: committing, ...late });
    assert.equal(changeOf(await toggle(time)).changed, true);
    assertMade();
  });

  test('that does not answer the login either is told as such', async () => {
    sps.fail({ on: /authentication/, silent: true, reached: timeIsUp });
    assert.equal(failed(await toggle(time)).code, 'DEADLINE_EXCEEDED');
  });

  test('that takes nothing back in time is found so by the next call, which takes it back itself', async () => {
    await warm();
    sps.fail({ on: reviewing, ...late });
    sps.fail({ on: rollingBack, times: 99, silent: true, reached: timeIsUp });
    failed(await toggle(time));
    assert.equal(sps.state().lock?.holder, 'session');
    sps.recover();
    assert.deepEqual(answered(await call(getSystemAlerts, { connection })), start);
    assertIdle(sps);
    assert.equal(changeOf(await toggle()).changed, true);
    assertMade();
  });
});

describe('calls at the same time', () => {
  for (const count of [2, 5])
    test(`queue up and all succeed: ${count}`, async () => {
      const names = Object.keys(start)
        .filter((name) => !start[name]?.email)
        .slice(0, count);
      assert.equal(names.length, count);
      const answers = await Promise.all(names.map((name) => toggle(undefined, { [name]: { email: true } })));
      for (const answer of answers) assert.equal(changeOf(answer).changed, true);
      for (const name of names) assert.equal(systemAlerts()[name]?.email, true);
      assert.equal(sps.state().revision, count + 1);
      assert.equal(requestsOf(sps).filter((request) => request === 'GET authentication').length, 1);
    });

  test('of different operations queue up as well, and reads see nothing that is not committed', async () => {
    const [traffic, , read] = await Promise.all([
      call(toggleTrafficAlerts, { connection, input: { alerts: { '*': { snmp: true } } } }),
      toggle(undefined, alerts, { dryRun: true }),
      call(getSystemAlerts, { connection }),
    ]);
    changeOf(traffic);
    assert.deepEqual(answered(read), start);
    assert.equal(requestsOf(sps).filter((request) => request === 'POST transaction').length, 2);
  });

  test('that would have to wait too long are told so, and leave the others alone', async () => {
    await warm();
    const time = { left: 900 };
    const told = Promise.withResolvers<void>();
    sps.fail({ on: reviewing, heldUntil: told.promise });
    const first = toggle();
    const second = toggle(time, { xcbLogout: { email: true } });
    time.left = 0;
    const problem = failed(await second);
    assert.deepEqual([problem.status, problem.code], [423, 'CHANGES_QUEUED']);
    told.resolve();
    assert.equal(changeOf(await first).changed, true);
    assertMade();
  });

  test('over two connections to one SPS wait for the lock', async () => {
    const other = storeSps(systems, administrator(sps));
    const input = { alerts: { xcbLogout: { email: true } } };
    const answers = await Promise.all([toggle(), call(toggleSystemAlerts, { connection: other, input })]);
    for (const answer of answers) changeOf(answer);
    assert.deepEqual(systemAlerts(), { ...made, xcbLogout: { email: true, snmp: false } });
  });
});
