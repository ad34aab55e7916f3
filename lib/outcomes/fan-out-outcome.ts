import * as z from 'zod';
import { fanOutInput, fanOutStart } from '../fan-out/input.ts';
import { fromJson } from '../json.ts';
import type { Outcome } from './outcome.ts';

/**
 * What EventBridge tells of an execution that has ended, as far as it is read here.
 * https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export const executionEnded = z.object({
  source: z.literal('aws.states'),
  detail: z.object({
    name: z.string(),
    status: z.string(),
    /** JSON; left out where it is too large for an event. */
    input: z.string().nullish(),
    error: z.string().nullish(),
    cause: z.string().nullish(),
  }),
});

/** The outcome of a fan-out. How each connection went, `fanOut.get` tells. */
export function fanOutOutcome({ detail }: z.output<typeof executionEnded>): Outcome {
  const { name: id, status, input, error, cause } = detail;
  const started = fanOutInput.safeParse(fromJson(input ?? '')).data;
  const about = {
    operation: started?.operation ?? fanOutStart,
    actor: started?.actor,
    fanOut: id,
    requestId: id,
  };
  if (status === 'SUCCEEDED') {
    const connections = started?.runs.map(({ connection }) => connection);
    return { detailType: 'Operation Succeeded', detail: { ...about, result: { connections } } };
  }
  const problem = { code: error ?? status, detail: cause ?? `The fan-out ended as ${status}.` };
  return { detailType: 'Operation Failed', detail: { ...about, problem } };
}
