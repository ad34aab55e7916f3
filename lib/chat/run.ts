import type { Deadline } from '../deadline.ts';
import { causeOf } from '../foreign/cause.ts';
import { functionNameOf } from '../function-name.ts';
import { invoke } from '../lambda.ts';
import { log } from '../log.ts';
import { problemOf } from '../problems/call.ts';
import type { ProblemDetails } from '../problems/problem-details.ts';

export type Outcome = { output: unknown } | { problem: ProblemDetails };

/** Runs the function of an operation, as any caller of Switchboard does. */
export type Run = (
  operation: string,
  connection: string | undefined,
  input: Record<string, unknown>,
) => Promise<Outcome>;

/** Runs operations for somebody; `idempotencyKey` is the same in every delivery of what they asked. */
export const runningFor =
  (actor: string, idempotencyKey: string, deadline: Deadline): Run =>
  async (operation, connection, input) => {
    const event = { ...(connection !== undefined && { connection }), input, actor, idempotencyKey };
    try {
      return { output: await invoke(functionNameOf(operation), event, deadline) };
    } catch (error) {
      const problem = problemOf(error);
      // Of what the operation itself has told, its own log has more.
      if (problem.cause instanceof Error)
        log('ERROR', 'operation not run', { operation, cause: causeOf(problem.cause) });
      return { problem: problem.details };
    }
  };
