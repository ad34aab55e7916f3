import * as z from 'zod';
import { fieldErrors } from '../field-errors.ts';
import type { Middleware } from '../invocation.ts';
import { invalidInput, problemOf } from '../problems/call.ts';
import type { ProblemDetails } from '../problems/problem-details.ts';
import { redactedJson } from '../redaction.ts';

const directEvent = z.strictObject({
  connection: z.unknown().optional(),
  input: z.unknown().optional(),
  actor: z.string({ error: 'must be text' }).optional(),
  /** The same in every delivery of one event: who delivers at least once gives it. */
  idempotencyKey: z.string({ error: 'must be text' }).optional(),
  /** Set where EventBridge Scheduler has a change put back; its ledger is read anew and not taken from here. */
  restore: z
    .object({ id: z.string(), dueBy: z.string().optional(), switches: z.array(z.string()).optional() })
    .optional(),
  ledger: z.unknown().optional(),
});

/**
 * What a direct invocation fails with. Lambda hands on the name as `errorType` and the message as
 * `errorMessage`, so the message is the problem as JSON.
 */
class DirectFailure extends Error {
  constructor(details: ProblemDetails) {
    super(redactedJson(details));
    this.name = details.code;
    // Lambda would send the stack to the caller.
    this.stack = `${details.code}: ${details.title}`;
  }
}

/** What a direct invocation fails with, whatever was thrown. */
export const directFailure = (error: unknown, requestId: string): Error =>
  new DirectFailure(problemOf(error).for(requestId));

/**
 * A plain invocation `{connection, input, actor?, idempotencyKey?}`, as schedules and bots make it. It fails by throwing: retries,
 * dead letters and alarms see nothing else.
 */
export function direct(): Middleware {
  return {
    before: ({ event, context }) => {
      const parsed = directEvent.safeParse(event);
      if (!parsed.success)
        throw invalidInput(fieldErrors(parsed.error.issues, Object.keys(directEvent.shape)));
      const { input = {}, ledger: _ledger, ...rest } = parsed.data;
      context.invocation = { ...context.invocation, ...rest, connection: rest.connection, input };
    },
    onError: (request) => {
      request.error = directFailure(request.error, request.context.awsRequestId);
    },
  };
}
