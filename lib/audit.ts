import { randomUUID } from 'node:crypto';
import type { Call } from './connections.ts';
import { log } from './log.ts';
import type { Declaration } from './operation.ts';
import { problemOf } from './problems/call.ts';

/**
 * Makes a change between two log lines of one id: the intent before anything is touched, the outcome after. An
 * intent without an outcome is a change whose process was ended in the middle.
 */
export async function audit<T extends { after: unknown }>(
  { name, effect }: Pick<Declaration, 'name' | 'effect'>,
  { before, after }: { before: unknown; after: unknown },
  { actor, requestId, connectionName }: Call,
  apply: () => Promise<T>,
): Promise<T> {
  const record = {
    auditId: randomUUID(),
    operation: name,
    effect,
    connection: connectionName,
    actor,
    requestId,
  };
  const startedAt = performance.now();
  const durationMs = () => Math.round(performance.now() - startedAt);
  log('INFO', 'change intended', { ...record, before, after });
  try {
    const applied = await apply();
    log('INFO', 'change made', { ...record, outcome: 'made', durationMs: durationMs() });
    return applied;
  } catch (error) {
    const { code, detail } = problemOf(error).details;
    log('WARN', 'change not made', { ...record, outcome: 'failed', code, detail, durationMs: durationMs() });
    throw error;
  }
}
