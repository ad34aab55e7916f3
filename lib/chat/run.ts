import type { Deadline } from '../deadline.ts';
import { functionNameOf } from '../function-name.ts';
import { FunctionFailed, invoke } from '../lambda.ts';
import { log } from '../log.ts';
import type { Operation } from '../operation.ts';
import { deadlineExceeded, problemOf } from '../problems/call.ts';
import { type ProblemDetails, problemDetails } from '../problems/problem-details.ts';

export type Outcome = { output: unknown } | { problem: ProblemDetails };

/** Runs the function of an operation, as any caller of Switchboard does. */
export async function run(
  { name, system }: Operation,
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
    if (error instanceof FunctionFailed) {
      const problem = asProblem(error.message);
      if (problem) return { problem };
    }
    log('ERROR', 'operation not run', {
      operation: name,
      cause: error instanceof Error ? error.stack : String(error),
    });
    return { problem: (deadline.passed ? deadlineExceeded(system.name) : problemOf(error)).details };
  }
}

function asProblem(message: string): ProblemDetails | undefined {
  try {
    return problemDetails.safeParse(JSON.parse(message)).data;
  } catch {
    return undefined;
  }
}
