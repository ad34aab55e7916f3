import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import * as getSystemAlerts from '../functions/sps/get-system-alerts.ts';
import * as toggleSystemAlerts from '../functions/sps/toggle-system-alerts.ts';
import * as updateSnmpTrap from '../functions/sps/update-snmp-trap.ts';
import { type Listener, listen } from '../infra/local/simulators/listen.ts';
import {
  demoConfiguration,
  type SpsFault,
  type SpsOptions,
  type SpsSimulator,
  startSps,
} from '../infra/local/simulators/sps.ts';
import { answered, failed, type Outcome, type Systems, startSystems, type TimeLeft } from './harness.ts';
import { administrator, assertIdle, call, changeOf, requestsOf, storeSps } from './sps-harness.ts';

// The lock is given back whatever SPS, or a proxy before it, answers; where that cannot be known, it is said.

const start = demoConfiguration().system_alerts;
const alerts = { xcbHWError: { email: false } };
const made = { ...start, xcbHWError: { email: false, snmp: true } };

const rollingBack = /^DELETE \/api\/transaction$/;
const committing = /^PUT \/api\/transaction$/;
const writing = /^PUT .*system_alerts$/;

let systems: Systems;
const listening: Pick<Listener, 'close'>[] = [];

before(async () => {
  systems = await startSystems();
});

// Also where a test fails: what listens on would keep the process alive.
afterEach(() => Promise.all(listening.splice(0).map((one) => one.close())));

after(() => systems.stop());

/** An appliance of its own, and calls to it over a connection of its own. */
async function appliance(options: SpsOptions = {}) {
  const sps = await startSps(options);
  listening.push(sps);
  const connection = storeSps(systems, administrator(sps));
  const toggle = (input: object = {}, remainingMs?: TimeLeft) =>
    call(toggleSystemAlerts, {
      connection,
      input: { alerts, ...input },
      ...(remainingMs !== undefined && { remainingMs }),
    });
  const read = async () => answered(await call(getSystemAlerts, { connection }));
  return { sps, connection, toggle, read };
}

/** Time that is up as soon as SPS has had so many requests of a kind. */
const until = (sps: SpsSimulator, kind: 'POST' | 'DELETE', requests: number): TimeLeft => {
  const { length } = sps.requests;
  return {
    get left() {
      const had = sps.requests.slice(length).filter(({ method }) => method === kind);
      return had.length < requests ? 28_000 : 0;
    },
  };
};

type Appliance = Awaited<ReturnType<typeof appliance>>;

/** Tries a case on an appliance of its own; all of a table at a time, since most of it is waiting. */
async function each<Case>(
  table: Record<string, Case>,
  tryOne: (one: Case, at: Appliance) => Promise<void>,
): Promise<void> {
  const tryNamed = async ([name, one]: [string, Case]) => {
    const at = await appliance();
    try {
      await at.read();
      await tryOne(one, at);
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  };
  await Promise.all(Object.entries(table).map(tryNamed));
}

const systemAlerts = (sps: SpsSimulator) => sps.state().configuration.system_alerts;

const statuses = [302, 400, 401, 403, 404, 405, 409, 418, 423, 429, 500, 502, 503];

/** Nothing was done, and SPS or a proxy answers as if who knows what. */
const refusals: Record<string, SpsFault> = {
  ...Object.fromEntries(statuses.map((status) => [`status ${status}`, { status }])),
  'a page with status 200': { html: 200 },
  'a page with status 403': { html: 403 },
  'a broken connection': { reset: true },
};

/** It was done, and the answer says otherwise. */
const spoilt: Record<string, SpsFault> = {
  ...Object.fromEntries(statuses.map((status) => [`done, status ${status}`, { replaced: { status } }])),
  'done, no answer': { lost: true },
  'done, half an answer': { truncated: true },
  'done, an empty answer': { body: '' },
  'done, a page': { body: '<html></html>' },
};

const dryRun = { dryRun: true };
const mayStay = /may stay locked until the next call/;

describe('a roll back', () => {
  test('that SPS does not do at first is tried again, and then nothing is said', () =>
    each({ ...refusals, ...spoilt }, async (fault, { sps, toggle, read }) => {
      sps.fail({ ...fault, on: rollingBack });
      assert.deepEqual(changeOf(await toggle(dryRun)).warnings, []);
      assertIdle(sps);
      assert.deepEqual(await read(), start);
    }));

  test('that could not be seen done is made good by a later change, also where SPS locks only what is written', async () => {
    const { sps, toggle, read } = await appliance({ lockMode: 'optimistic' });
    await read();
    const time = { left: 1_200 };
    const reached = () => {
      time.left = 0;
    };
    sps.fail({ on: writing, status: 418 });
    sps.fail({ on: rollingBack, silent: true, reached });
    assert.match(failed(await toggle({}, time)).warnings?.[0] ?? '', mayStay);
    sps.fail({ on: rollingBack, silent: true, times: 2 });
    assert.equal(changeOf(await toggle({}, { left: 540 })).changed, true);
    const back = { alerts: { xcbHWError: { email: true } } };
    assert.equal(changeOf(await toggle(back)).changed, true);
    assertIdle(sps);
  });

  test('that SPS does and never confirms is found to be done by the state of the transaction', () =>
    each(spoilt, async (fault, { sps, toggle }) => {
      sps.fail({ ...fault, on: rollingBack, times: 99 });
      assert.deepEqual(changeOf(await toggle(dryRun)).warnings, []);
      assertIdle(sps);
    }));

  test('that SPS never does is said by a dry run, shown by no read, and made up for by the next change', () =>
    each(refusals, async (fault, { sps, toggle, read }) => {
      sps.fail({ ...fault, on: rollingBack, times: 99 });
      const [warning, ...others] = changeOf(await toggle(dryRun, until(sps, 'DELETE', 3))).warnings;
      assert.match(warning ?? '', mayStay);
      assert.deepEqual(others, []);
      assert.deepEqual(await read(), start);
      assert.equal(sps.state().lock?.holder, 'session');
      sps.recover();
      assert.equal(changeOf(await toggle()).changed, true);
      assert.deepEqual(systemAlerts(sps), made);
      assertIdle(sps);
    }));

  test('that SPS never does is said by a change that fails, with what it failed of', () =>
    each(refusals, async (fault, { sps, toggle, read }) => {
      sps.fail({ on: writing, status: 400 });
      sps.fail({ ...fault, on: rollingBack, times: 99 });
      const { code, warnings = [] } = failed(await toggle({}, until(sps, 'DELETE', 3)));
      assert.equal(code, 'UPSTREAM_BAD_REQUEST');
      assert.match(warnings.join(), mayStay);
      sps.recover();
      assert.deepEqual(await read(), start);
      assertIdle(sps);
    }));

  test('that SPS does not do leaves no lock to the next read that SPS lets end it', () =>
    each(refusals, async (fault, { sps, toggle, read }) => {
      sps.fail({ ...fault, on: rollingBack, times: 99 });
      changeOf(await toggle(dryRun, until(sps, 'DELETE', 2)));
      sps.recover();
      assert.deepEqual(await read(), start);
      assertIdle(sps);
    }));

  test('is over where SPS accepts one of a closed transaction, too', async () => {
    const { sps, toggle } = await appliance({ rollsBackClosed: true });
    sps.fail({ on: committing, lost: true });
    assert.equal(changeOf(await toggle()).changed, true);
    sps.fail({ on: rollingBack, lost: true });
    changeOf(await toggle({ ...dryRun, alerts: { xcbHWError: { email: true } } }));
    assertIdle(sps);
    assert.deepEqual(systemAlerts(sps), made);
  });

  test('that is refused for good has the lock told as perhaps our own, and goes when the session is idle', async () => {
    const { sps, toggle, read } = await appliance();
    await read();
    sps.fail({ on: rollingBack, times: 999, status: 403 });
    changeOf(await toggle(dryRun, until(sps, 'DELETE', 2)));
    // What only looks does not keep the old session alive.
    await read();
    const { length } = sps.requests;
    await read();
    assert.deepEqual(requestsOf(sps, length), ['GET configuration/alerting/system_alerts']);
    const { code, warnings = [] } = failed(await toggle({}, until(sps, 'POST', 3)));
    assert.equal(code, 'CONFIGURATION_LOCKED');
    assert.match(warnings.join(), /earlier call of Switchboard/);
    sps.advance(sps.settings.txSeconds);
    changeOf(await toggle());
    assertIdle(sps);
    assert.deepEqual(systemAlerts(sps), made);
  });
});

describe('a commit', () => {
  test('answered as if it had not been made is found to be made', () =>
    each(spoilt, async (fault, { sps, toggle }) => {
      sps.fail({ ...fault, on: committing });
      assert.equal(changeOf(await toggle()).changed, true);
      assert.deepEqual(systemAlerts(sps), made);
      assert.equal(sps.state().revision, 2);
      assertIdle(sps);
    }));

  test('that SPS does not make is not told as made', () =>
    each(refusals, async (fault, { sps, toggle }) => {
      sps.fail({ ...fault, on: committing });
      const outcome = await toggle();
      const isMade = sps.state().revision === 2;
      if ('problem' in outcome) assert.notEqual(outcome.problem.code, 'OUTCOME_UNKNOWN');
      assert.equal('answer' in outcome && changeOf(outcome).changed, isMade);
      assert.deepEqual(systemAlerts(sps), isMade ? made : start);
      assertIdle(sps);
    }));
});

/** A 401 at each of so many requests, to which nothing was done or all. */
const strays = (requests: number): Record<string, SpsFault> =>
  Object.fromEntries(
    [...Array(requests).keys()].flatMap((skip): [string, SpsFault][] => [
      [`after ${skip} requests, nothing done`, { skip, status: 401 }],
      [`after ${skip} requests, all done`, { skip, replaced: { status: 401 } }],
    ]),
  );

describe('a 401 that comes while the session is alive', () => {
  const isDone = (outcome: Outcome) => 'answer' in outcome;

  for (const times of [1, 2, 3, 5])
    for (const input of [{}, dryRun])
      test(`locks nobody out: ${times} of them, ${JSON.stringify(input)}`, () =>
        each(strays(7), async (fault, { sps, toggle, read }) => {
          sps.fail({ ...fault, times, on: /\/(transaction|configuration)/ });
          const outcome = await toggle(input);
          if (times === 1) assert.ok(isDone(outcome));
          else if (!isDone(outcome)) assert.match(failed(outcome).code, /STATE_MOVED|SESSION_REFUSED/);
          sps.recover();
          const isMade = isDone(outcome) && !('dryRun' in input);
          assert.deepEqual(await read(), isMade ? made : start);
          assert.equal(changeOf(await toggle()).changed, !isMade);
          assert.equal(sps.state().revision, 2);
          assertIdle(sps);
        }));

  test('leaves no password behind', () =>
    each(strays(6), async (fault, { sps, connection }) => {
      const { passwords } = sps.state();
      sps.fail({ ...fault, on: /\/(transaction|configuration)/ });
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
      assert.equal(sps.state().passwords.length, passwords.length + 1);
      assertIdle(sps);
    }));

  test('to the question what became of a roll back leaves no lock behind', async () => {
    const { sps, toggle, read } = await appliance();
    await read();
    sps.fail({ on: rollingBack, status: 502 });
    sps.fail({ on: /^GET \/api\/transaction$/, status: 401 });
    assert.deepEqual(changeOf(await toggle(dryRun)).warnings, []);
    assertIdle(sps);
  });

  test('at the login is a failure that says so', async () => {
    const { sps, toggle } = await appliance();
    sps.fail({ on: /authentication/, status: 401 });
    assert.equal(failed(await toggle()).code, 'UPSTREAM_CREDENTIALS_REFUSED');
    changeOf(await toggle());
    assertIdle(sps);
  });

  test('right after the login is no reason to blame the clock', async () => {
    const { sps, read } = await appliance();
    sps.fail({ on: /system_alerts/, status: 401 });
    assert.deepEqual(await read(), start);
    assert.equal(requestsOf(sps).filter((request) => request === 'GET authentication').length, 1);
  });
});

describe('a gateway that gives up on a write, which reaches SPS all the same', () => {
  /** Hands a request on; that one only behind the answer to the roll back. */
  async function gateway(sps: SpsSimulator, givesUpOn: RegExp, status: number) {
    let late: (() => Promise<unknown>) | undefined;
    let hasGivenUp = false;
    return listen(async ({ method, target, headers, body }) => {
      const { cookie = '', authorization = '' } = headers;
      const handOn = () =>
        fetch(`${sps.url}${target}`, {
          method,
          headers: { 'content-type': 'application/json', cookie, authorization },
          ...(method !== 'GET' && { body }),
        });
      if (!hasGivenUp && givesUpOn.test(`${method} ${target}`)) {
        hasGivenUp = true;
        late = handOn;
        return { status, body: '<h1>Gateway</h1>' };
      }
      const response = await handOn();
      const given = { status: response.status, body: await response.text() };
      const { 'set-cookie': cookies = '' } = Object.fromEntries(response.headers);
      if (method === 'DELETE' && late) {
        const arriving = late;
        late = undefined;
        await arriving();
      }
      return { ...given, ...(cookies && { headers: { 'set-cookie': cookies } }) };
    });
  }

  const opening = /^POST \/api\/transaction$/;
  for (const [status, on] of [
    [502, writing],
    [504, writing],
    [504, opening],
  ] as const)
    test(`is known from its ${status} at ${on.source}: what of it may be left is said and ended`, async () => {
      const { sps } = await appliance();
      const before = await gateway(sps, on, status);
      listening.push(before);
      const connection = storeSps(systems, administrator(before));
      const problem = failed(await call(toggleSystemAlerts, { connection, input: { alerts } }));
      assert.equal(problem.code, 'UPSTREAM_ERROR');
      assert.match(problem.warnings?.join() ?? '', mayStay);
      assert.deepEqual(answered(await call(getSystemAlerts, { connection })), start);
      const again = changeOf(await call(toggleSystemAlerts, { connection, input: { alerts } }));
      assert.deepEqual([again.changed, again.warnings], [true, []]);
      assert.deepEqual(systemAlerts(sps), made);
      assertIdle(sps);
    });
});
