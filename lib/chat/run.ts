import type { Deadline } from '../deadline.ts';
import { functionNameOf } from '../function-name.ts';
import { invoke } from '../lambda.ts';
import { log } from '../log.ts';
import type { Operation } from '../operation.ts';
import { problemOf } from '../problems/call.ts';
import type { ProblemDetails } from '../problems/problem-details.ts';

export type Outcome = { output: unknown } | { problem: ProblemDetails };

/** Runs the function of an operation, as any caller of Switchboard does. */
export async function run(
  { name }: Operation,
  event: {
    connection?: string | undefined;
    input: Record<string, unknown>;
    actor: string;
    idempotencyKey: string;
  },
  deadline: Deadline,
): Promise<Outcome> {
  try {
    return { output: await invoke(functionNameOf(name), event, deadline) };
  } catch (error) {
    const problem = problemOf(error);
    // Of what the operation itself has told, its own log has more.
    if (problem.cause instanceof Error)
      log('ERROR', 'operation not run', { operation: name, cause: problem.cause.stack });
    return { problem: problem.details };
  }
}
