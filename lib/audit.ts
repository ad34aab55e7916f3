import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Call } from './connections.ts';
import { log } from './log.ts';
import type { Declaration } from './operation.ts';
import { problemOf } from './problems/call.ts';
import { secretsCompared } from './redaction.ts';

interface States {
  before: unknown;
  after: unknown;
}

/** A change as its record tells of it. */
interface Audited extends States {
  operation: Pick<Declaration, 'name' | 'effect'>;
  /** Where it is made for a while: for how long. */
  for?: string | undefined;
}

/**
 * Makes a change between two log lines of one id: the intent before anything is touched, the outcome after. An
 * intent without an outcome is a change whose process was ended in the middle.
 */
export async function audit<T extends { repeat?: true }>(
  change: Audited,
  call: Call,
  apply: () => Promise<T>,
): Promise<T> {
  const record = recordOf(change, call);
  const startedAt = performance.now();
  const durationMs = () => Math.round(performance.now() - startedAt);
  log('INFO', 'change intended', { ...record, outcome: 'intended' });
  try {
    const applied = await apply();
    const [message, outcome] = applied.repeat ? ['change made before', 'repeat'] : ['change made', 'made'];
    log('INFO', message, { ...record, outcome, durationMs: durationMs() });
    return applied;
  } catch (error) {
    const { code, detail } = problemOf(error).details;
    log('WARN', 'change not made', { ...record, outcome: 'failed', code, detail, durationMs: durationMs() });
    throw error;
  }
}

/**
 * Records a change that found everything so already. Where the trigger delivers at least once, it is taken for a
 * repeat: what was to be set is set.
 */
export function auditUnchanged(change: Audited, call: Call): void {
  const outcome = call.idempotencyKey === undefined ? 'unchanged' : 'repeat';
  log('INFO', 'change not needed', { ...recordOf(change, call), outcome });
}

/** Records that there was nothing to put back any more: where the trigger delivers at least once, a repeat. */
export function auditNothingDue(call: Call): void {
  const { operation, connectionName: connection, actor, requestId, idempotencyKey } = call;
  const outcome = idempotencyKey === undefined ? 'unchanged' : 'repeat';
  const record = { auditId: randomUUID(), operation, connection, actor, requestId, idempotencyKey };
  log('INFO', 'nothing to put back', { ...record, outcome });
}

function recordOf({ operation: { name, effect }, for: duration, ...states }: Audited, call: Call) {
  const { before, after } = differing(states.before, states.after);
  return {
    auditId: randomUUID(),
    operation: name,
    effect,
    connection: call.connectionName,
    actor: call.actor,
    trigger: call.trigger,
    requestId: call.requestId,
    idempotencyKey: call.idempotencyKey,
    for: duration,
    before,
    after: secretsCompared(before, after),
  };
}

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
