import { executionEnded, fanOutOutcome } from '../../lib/outcomes/fan-out-outcome.ts';
import type { ExecutionStatusChange } from './simulators/step-functions.ts';

/** The chat worker's event of a fan-out's end, as the rule in `infra/chat.ts` makes it of what the bus is told. */
export function chatEventOfEnd(event: ExecutionStatusChange): object {
  const { operation, fanOut: id, actor } = fanOutOutcome(executionEnded.parse(event)).detail;
  return { kind: 'ended', operation, id, actor };
}
