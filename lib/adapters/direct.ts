import * as z from 'zod';
import { callerName } from '../actor.ts';
import { fieldErrors } from '../field-errors.ts';
import type { Middleware } from '../invocation.ts';
import { invalidInput, problemOf } from '../problems/call.ts';
import type { ProblemDetails } from '../problems/problem-details.ts';
import { jsonWithoutSecrets, withoutSecrets } from '../secret-fields.ts';
import { checkAnswerSize } from './answer-size.ts';

// Made at the first such invocation: a process that serves HTTP meets none.
const directEvent = z.lazy(() =>
  z.strictObject(
    {
      connection: z.unknown().optional(),
      input: z.unknown().optional(),
      actor: text.optional(),
      /** The same in every delivery of one event: who delivers at least once gives it. */
      idempotencyKey: text.optional(),
      /** Set where EventBridge Scheduler has a change put back; its ledger is read anew and not taken from here. */
      restore: z
        .object(
          {
            id: text,
            dueBy: z
              .string({ error: 'must be text' })
              .refine((time) => !Number.isNaN(Date.parse(time)), 'must be a time')
              .optional(),
            switches: z.array(text, { error: 'must be a list of switches' }).optional(),
          },
          { error: 'must be an object' },
        )
        .optional(),
      ledger: z.unknown().optional(),
    },
    { error: 'must be an object, as in {"connection": "dc1", "input": {}}' },
  ),
);

const text = z.string({ error: 'must be text' });

/**
 * What a direct invocation fails with. Lambda hands on the name as `errorType` and the message as
 * `errorMessage`, so the message is the problem as JSON.
 */
class DirectFailure extends Error {
  constructor(details: ProblemDetails & { 'pt-BR'?: ProblemDetails }) {
    super(jsonWithoutSecrets(details));
    this.name = details.code;
    // Lambda would send the stack to the caller.
    this.stack = `${details.code}: ${details.title}`;
  }
}

/**
 * What a function fails with that another one invokes on behalf of callers: it does not know their language, so the
 * problem is told in both.
 */
export function failureForCallers(error: unknown, requestId: string): Error {
  const problem = problemOf(error);
  return new DirectFailure({ ...problem.for(requestId), 'pt-BR': problem.in('pt-BR') });
}

/**
 * A plain invocation `{connection, input, actor?, idempotencyKey?}`, as schedules and bots make it. It fails by throwing:
 * retries, dead letters and alarms see nothing else.
 */
export function direct(): Middleware {
  return {
    before: ({ event, context }) => {
      const parsed = directEvent.safeParse(event);
      if (!parsed.success)
        throw invalidInput(fieldErrors(parsed.error.issues, Object.keys(directEvent.unwrap().shape)));
      const { input = {}, actor = '', ledger: _ledger, ...rest } = parsed.data;
      context.invocation = {
        ...context.invocation,
        ...rest,
        actor: callerName(actor),
        connection: rest.connection,
        input,
      };
    },
    after: (request) => {
      checkAnswerSize(request.response);
      // Who delivers at least once keeps what is answered: Step Functions, for one, where others can read it.
      const { idempotencyKey } = request.context.invocation;
      if (idempotencyKey !== undefined && request.response !== undefined)
        request.response = withoutSecrets(request.response);
    },
    onError: (request) => {
      const problem = problemOf(request.error);
      request.error = new DirectFailure(problem.for(request.context.awsRequestId));
    },
  };
}
