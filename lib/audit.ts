import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Call } from './connections.ts';
import { log } from './log.ts';
import type { Declaration } from './operation.ts';
import { problemOf } from './problems/call.ts';
import { secretsCompared, withoutSecrets } from './secret-fields.ts';

interface States {
  before: unknown;
  after: unknown;
}

/** A change as its record tells of it: `after` is what was planned. */
interface Audited extends States {
  /** Names the change: its intent and its outcome have the same. */
  auditId: string;
  operation: Pick<Declaration, 'name' | 'effect'>;
  /** Where it is made for a while: for how long. */
  for?: string | undefined;
  /** Where it is a put-back: what it ends, and why now. */
  putsBack?: PutBack | undefined;
}

/** What a put-back ends: changes for a while, each with who made it. */
export type PutBack = {
  /** Whether its time was over, or somebody asked for it: the actor of the put-back. */
  because: 'due' | 'asked';
  changes: { auditId?: string | undefined; by?: string | undefined; switches: string[] }[];
};

/** How much of what was asked for is so in the end. */
export type Reach = 'whole' | 'part' | 'nothing';

interface Reached {
  after: unknown;
  reach: Reach;
  /** It was found done already, and is taken for a repeated delivery. */
  repeat?: true | undefined;
}

/**
 * Makes a change between two log lines of one id: the intent before anything is touched, the outcome after. An
 * intent without an outcome is a change whose process was ended in the middle. `reached` tells what a change came to,
 * and `leavesOpen` whether a failure lets nobody say if the change was made.
 */
export async function audit<T>(
  change: Audited,
  call: Call,
  apply: () => Promise<T>,
  { reached, leavesOpen }: { reached(applied: T): Reached; leavesOpen(error: unknown): boolean },
): Promise<T> {
  const startedAt = performance.now();
  const durationMs = () => Math.round(performance.now() - startedAt);
  log('INFO', 'change intended', { ...recordOf(change, call), outcome: 'intended' });
  try {
    const applied = await apply();
    const { after, reach, repeat } = reached(applied);
    const [message, outcome] = repeat ? (['change made before', 'repeat'] as const) : made[reach];
    log('INFO', message, { ...recordOf({ ...change, after }, call), outcome, durationMs: durationMs() });
    return applied;
  } catch (error) {
    const { code, detail } = problemOf(error).details;
    const [message, outcome] = leavesOpen(error)
      ? ['outcome of a change unknown', 'unknown']
      : ['change not made', 'failed'];
    // Nobody knows of anything that was reached.
    const { after: _planned, ...record } = recordOf(change, call);
    log('WARN', message, { ...record, outcome, code, detail, durationMs: durationMs() });
    throw error;
  }
}

const made = {
  whole: ['change made', 'made'],
  part: ['change made in part', 'partial'],
  nothing: ['change not made', 'failed'],
} as const;

/**
 * Records a change that found everything so already, as far as it can be so. Where the trigger delivers at least once,
 * it is taken for a repeat: what was to be set is set.
 */
export function auditUnchanged(change: Audited, call: Call, reach: Reach): void {
  const whole = call.idempotencyKey === undefined ? 'unchanged' : 'repeat';
  const outcome = { whole, part: 'partial', nothing: 'failed' }[reach];
  log('INFO', 'change not needed', { ...recordOf(change, call), outcome });
}

/** Records that there was nothing to put back any more: where the trigger delivers at least once, a repeat. */
export function auditNothingDue(call: Call): void {
  const outcome = call.idempotencyKey === undefined ? 'unchanged' : 'repeat';
  log('INFO', 'nothing to put back', { ...callerOf(call, call.operation, randomUUID()), outcome });
}

function recordOf(
  { auditId, operation: { name, effect }, for: duration, putsBack, ...states }: Audited,
  call: Call,
) {
  const { before, after } = differing(states.before, states.after);
  return {
    ...callerOf(call, name, auditId),
    effect,
    for: duration,
    putsBack,
    before: withoutSecrets(before),
    after: withoutSecrets(secretsCompared(before, after)),
  };
}

/** Who called. Whoever may invoke the function could have sent this very event, so it is what the caller claims. */
const callerOf = (
  { connectionName: connection, actor, trigger, requestId, apiRequestId, idempotencyKey }: Call,
  operation: string,
  auditId: string,
) => ({
  auditId,
  operation,
  connection,
  actor,
  actorProven: false,
  trigger,
  requestId,
  apiRequestId,
  idempotencyKey,
});

/**
 * Of two states that are maps, the members that differ: what a record is about. An SPS has dozens of alerts, of which
 * a change concerns one.
 */
function differing(before: unknown, after: unknown): States {
  if (!isMap(before) || !isMap(after)) return { before, after };
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
  const only = (state: Record<string, unknown>) =>
    Object.fromEntries(changed.filter((name) => name in state).map((name) => [name, state[name]]));
  return { before: only(before), after: only(after) };
}

const isMap = (state: unknown): state is Record<string, unknown> =>
  typeof state === 'object' && state !== null && !Array.isArray(state);
