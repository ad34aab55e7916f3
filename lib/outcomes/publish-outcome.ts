import * as z from 'zod';
import { putEvent } from '../event-bus.ts';
import { log } from '../log.ts';
import { executionEnded, fanOutOutcome } from './fan-out-outcome.ts';
import { asyncInvocationRecord, detailJson, outcomeOf } from './outcome.ts';

const ending = z.union([executionEnded.transform(fanOutOutcome), asyncInvocationRecord.transform(outcomeOf)]);

/**
 * Tells the event bus, named in `EVENT_BUS`, how an operation ended that nobody waited for. Lambda calls it with its
 * record of each asynchronous invocation, EventBridge with the end of each fan-out. Throws where the bus does not take
 * the event, so that Lambda tries again.
 */
export async function publishOutcome(ended: unknown): Promise<void> {
  const outcome = ending.safeParse(ended).data;
  if (!outcome) throw new Error('This is neither the record of an invocation nor the end of an execution.');
  await putEvent(process.env['EVENT_BUS'], { detailType: outcome.detailType, detail: detailJson(outcome) });
  const { result: _result, problem, ...about } = outcome.detail;
  log('INFO', 'outcome published', {
    ...about,
    outcome: outcome.detailType,
    ...(problem !== undefined && { problem }),
  });
}
