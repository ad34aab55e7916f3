import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { SecretsManager } from '../../infra/local/simulators/secrets-manager.ts';
import {
  type Configuration,
  demoConfiguration,
  demoUsers,
  type SpsFault,
  type SpsSimulator,
  startSps,
} from '../../infra/local/simulators/sps.ts';
import { type Call, call } from './caller.ts';
import { type Change, changed, comparable, newPasswordsIn, partOf } from './change.ts';
import { type Ask, ampleMs, requests, type Sequence, sequence, type Trouble } from './sequence.ts';

const colleague = 'colleague';

interface Surroundings {
  secretsManager: SecretsManager;
  /** The ids of the requests whose log says that a transaction may stay open. */
  saidToStayOpen: Set<string>;
  /** The latest log lines of these requests. */
  logOf(requestIds: string[]): string;
}

/**
 * Tries so many sequences, one after the other, on an appliance of their own that two connections lead to, each with
 * a session of its own. Rejects with the first that fails, made as small as can be where that is asked for.
 */
export async function tryBatch(
  { seed, sequences, shrink }: { seed: number; sequences: number; shrink: boolean },
  { secretsManager, ...log }: Surroundings,
): Promise<void> {
  const [admin] = demoUsers();
  assert.ok(admin);
  const users = ['switchboard-1', 'switchboard-2'].map((name) => ({ ...admin, name }));
  // With the state in this form SPS takes a commit message, and the message tells whose commit it is.
  const sps = await startSps({ users, statusShape: 'body' });
  const connections = users.map(({ name, password }) => {
    const connection = `random-${seed}-${name}`;
    const secret = { baseUrl: sps.url, username: name, password };
    secretsManager.put(`switchboard/sps/${connection}`, JSON.stringify(secret));
    return connection;
  });
  try {
    const holds = fc.asyncProperty(sequence, (sequence) => trySequence(sequence, sps, connections, log));
    await fc.assert(holds, { seed, numRuns: sequences, endOnFailure: !shrink, includeErrorInReport: true });
  } finally {
    await sps.close();
  }
}

async function trySequence(
  { settings, rounds, troubles }: Sequence,
  sps: SpsSimulator,
  connections: string[],
  { saidToStayOpen, logOf }: Omit<Surroundings, 'secretsManager'>,
): Promise<void> {
  sps.commitAs(colleague, (configuration) => Object.assign(configuration, demoConfiguration()));
  const { revision, configuration, passwords } = sps.state();
  Object.assign(sps.settings, settings);
  const colleagues: Change[] = [];
  for (const trouble of troubles) sps.fail(faultOf(trouble, sps, colleagues));

  const ask = (asked: Ask) => call(asked, connections[asked.connection] ?? '', sps);
  const calls: Call[] = [];
  for (const round of rounds) calls.push(...(await Promise.all(round.map(ask))));
  sps.recover();
  sps.unlock();

  try {
    for (const { failure } of calls) assert.notEqual(failure?.code, 'INTERNAL_ERROR');
    if (troubles.length === 0) assertAllDone(calls);
    await assertNothingOpen(calls, sps, connections, saidToStayOpen);
    assertCommitsAreMeant(
      calls,
      troubles.length > 0,
      { revision, configuration, passwords: passwords.length },
      colleagues,
      sps,
    );
  } catch (error) {
    const told = JSON.stringify(
      calls.map((call) => ({ ...call, answer: undefined, changeAnswer: call.changeAnswer?.changed })),
    );
    const log = logOf(calls.map(({ requestId }) => requestId));
    throw new Error(`${error instanceof Error ? error.message : error}\nThe calls were ${told}\n${log}`);
  } finally {
    // What may still be on its way must not reach the next sequence: without its session it does nothing.
    const isLeft = sps.state().sessions.some(({ transaction }) => transaction === 'open');
    if (isLeft || calls.some(({ requestId }) => saidToStayOpen.has(requestId))) sps.expireSessions();
  }
}

function faultOf({ skip, times, on, kind }: Trouble, sps: SpsSimulator, colleagues: Change[]): SpsFault {
  const common = { skip, times, on: requests[on] };
  if ('fault' in kind) return { ...kind.fault, ...common };
  const happens = () => {
    if (kind.meanwhile === 'session ends') sps.expireSessions();
    // Nobody gets in while a session has the lock.
    if (sps.state().lock?.holder === 'session') return;
    if (kind.meanwhile === 'colleague locks') sps.lock(colleague, kind.ms / 1_000);
    if (kind.meanwhile === 'colleague commits') {
      colleagues.push(kind.change);
      sps.commitAs(colleague, (configuration) =>
        Object.assign(configuration, changed(configuration, kind.change)),
      );
    }
  };
  return { ...common, meanwhile: happens };
}

/** Where nothing goes wrong, nothing but SPS's own rules and a wrong digest stop a call. */
function assertAllDone(calls: Call[]): void {
  for (const { failure, ask } of calls)
    assert.equal(
      failure?.code,
      'stale' in ask.what && failure ? 'PLAN_STALE' : failure && 'UPSTREAM_BAD_REQUEST',
    );
}

/** A lock may be left only where SPS gave no answer to the end, that is said, and the next call gives it back. */
async function assertNothingOpen(
  calls: Call[],
  sps: SpsSimulator,
  connections: string[],
  saidToStayOpen: Set<string>,
): Promise<void> {
  const isOpen = () => sps.state().sessions.some(({ transaction }) => transaction === 'open');
  if (!isOpen()) return;
  assert.ok(
    calls.some(({ requestId }) => saidToStayOpen.has(requestId)),
    'a transaction stays open, and no log line says so',
  );
  assert.ok(calls.some(({ ask }) => ask.remainingMs < ampleMs));
  const email = !sps.state().configuration.system_alerts['xcbAlert']?.email;
  const dryRun: Change = { operation: 'toggleSystemAlerts', alerts: { xcbAlert: { email } } };
  const ask: Ask = { connection: 0, remainingMs: ampleMs, what: { dryRun } };
  // Together: one may wait for what the other gives back.
  const next = await Promise.all(connections.map((connection) => call(ask, connection, sps)));
  for (const { failure } of next) assert.equal(failure, undefined, 'the next call fails');
  assert.ok(!isOpen(), 'the next call does not give back what an earlier one left');
}

function assertCommitsAreMeant(
  calls: Call[],
  isTroubled: boolean,
  start: { revision: number; configuration: Configuration; passwords: number },
  colleagues: Change[],
  sps: SpsSimulator,
): void {
  const commits = sps.commitsSince(start.revision);
  const states = [start, ...commits];
  const byCall = new Map<Call, number>();
  let created = 0;
  for (const [index, { revision, user, message, configuration }] of commits.entries()) {
    const before = states[index]?.configuration;
    assert.ok(before);
    let change: Change | undefined;
    if (user === colleague) change = colleagues.shift();
    else {
      const [, requestId] = / request (\S+)$/.exec(message ?? '') ?? [];
      const call = calls.find((call) => call.requestId === requestId);
      assert.ok(call, `a commit is nobody's: ${message}`);
      assert.ok(!byCall.has(call), `${requestId} committed twice`);
      assert.ok(revision > call.from, `${requestId} committed before it began`);
      assert.ok(revision <= call.to || call.failure, `${requestId} committed after it was answered`);
      byCall.set(call, index);
      change = call.change;
      assert.notDeepEqual(configuration, before, `${requestId} committed nothing`);
    }
    assert.ok(change, `a commit was not asked for: ${message}`);
    assert.deepEqual(comparable(configuration), comparable(changed(before, change)));
    if (user !== colleague) created += newPasswordsIn(change);
  }
  assert.deepEqual(sps.state().configuration, states.at(-1)?.configuration);
  assert.equal(sps.state().passwords.length, start.passwords + created, 'passwords were left behind');

  for (const call of calls) {
    const { operation, answer, changeAnswer, failure, requestId, from, to } = call;
    const index = byCall.get(call);
    const shown = ({ configuration }: { configuration: Configuration }) =>
      comparable(partOf(operation, configuration));
    const isSeen = (value: unknown, hidden?: 'community') =>
      states.some((state, at) => {
        const isInTime =
          state.revision <= to && (states[at + 1]?.revision ?? Number.POSITIVE_INFINITY) > from;
        return isInTime && isDeepStrictEqual(comparable(value, hidden), comparable(shown(state), hidden));
      });
    if (failure) {
      const isOverridden =
        index !== undefined && (states[index + 2]?.revision ?? Number.POSITIVE_INFINITY) <= to;
      if (
        failure.code !== 'OUTCOME_UNKNOWN' &&
        (!isOverridden || failure.detail.includes('Nothing was changed'))
      )
        assert.equal(index, undefined, `${requestId} says ${failure.code}, and it was committed`);
    } else if (!changeAnswer) {
      assert.ok(isSeen(answer, 'community'), `${requestId} read what was never committed`);
    } else if (call.change && changeAnswer.changed && index === undefined) {
      // Its commit was lost; somebody else's left the state that it was to set.
      assert.ok(isTroubled, `${requestId} says that it made its change, and it did not`);
      assert.ok(isSeen(changeAnswer.after), `${requestId} made its change, and it is not there`);
    } else if (call.change && changeAnswer.changed && index !== undefined) {
      const [before, after] = states.slice(index, index + 2).map(shown);
      assert.deepEqual(comparable(changeAnswer.before), before);
      assert.deepEqual(comparable(changeAnswer.after), after);
    } else {
      assert.equal(index, undefined, `${requestId} was to change nothing`);
      assert.ok(isSeen(changeAnswer.before), `${requestId} saw what was never committed`);
    }
  }
}
