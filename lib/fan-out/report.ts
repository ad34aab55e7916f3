import * as z from 'zod';
import { fromJson } from '../json.ts';
import { functionFailure, problemTold } from '../problems/function.ts';
import { withoutSecrets } from '../secret-fields.ts';
import type { Execution } from './fan-out.ts';
import { fanOutInput } from './input.ts';
import { fanOutNotFound } from './problems.ts';

const connectionOutcome = z.object({
  connection: z.string(),
  status: z
    .enum(['waiting', 'running', 'succeeded', 'failed', 'stopped', 'notBegun'])
    .describe(
      'How it went. stopped: it was under way when too many had failed, and how it ended is in the log only.',
    ),
  result: z.unknown().optional().describe("The operation's answer."),
  problem: z.unknown().optional().describe("The operation's problem."),
});

/** A fan-out with the outcome of each connection. */
export const fanOutReport = z.object({
  id: z.string(),
  operation: z.string(),
  status: z
    .enum(['running', 'succeeded', 'failed'])
    .describe('failed: more connections failed than were tolerated, or the reason says what else was wrong.'),
  reason: z.string().optional().describe('Why it failed as a whole.'),
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  succeeded: z.int().describe('How many connections it succeeded for.'),
  failed: z.int().describe('How many connections it failed for.'),
  connections: z.array(connectionOutcome).describe('One for each connection, in the order of asking.'),
});

export type FanOutReport = z.output<typeof fanOutReport>;

type ConnectionOutcome = z.output<typeof connectionOutcome>;

/** The report of a fan-out; throws where it is one of another operation. */
export function reportOf(
  { id, operation }: { id: string; operation: string },
  { whole, each }: { whole: Execution; each: Execution[] },
): z.output<typeof fanOutReport> {
  const asked = fanOutInput.parse(whole.input);
  if (asked.operation !== operation) throw fanOutNotFound(operation, id);
  const isRunning = whole.status === 'RUNNING';
  const begun = new Map(
    each.map((execution) => [eventOf.parse(execution.input).event.connection, execution]),
  );
  const connections = asked.runs.map(({ connection }): ConnectionOutcome => {
    const execution = begun.get(connection);
    if (!execution) return { connection, status: isRunning ? 'waiting' : 'notBegun' };
    return { connection, ...outcomeOf(operation, execution) };
  });
  const count = (status: ConnectionOutcome['status']) =>
    connections.filter((outcome) => outcome.status === status).length;
  return {
    id,
    operation,
    status: isRunning ? 'running' : whole.status === 'SUCCEEDED' ? 'succeeded' : 'failed',
    ...(whole.error !== undefined && { reason: reasonOf(whole, asked.toleratedFailurePercentage) }),
    startedAt: whole.startedAt?.toISOString(),
    endedAt: whole.endedAt?.toISOString(),
    succeeded: count('succeeded'),
    failed: count('failed'),
    connections,
  };
}

const eventOf = z.object({ event: z.object({ connection: z.string() }) });

function outcomeOf(
  operation: string,
  { status, output, error, cause }: Execution,
): Omit<ConnectionOutcome, 'connection'> {
  switch (status) {
    case 'RUNNING':
      return { status: 'running' };
    case 'SUCCEEDED':
      return { status: 'succeeded', result: withoutSecrets(output) };
    case 'ABORTED':
      return { status: 'stopped' };
    default:
      return { status: 'failed', problem: problemIn(operation, error, cause) };
  }
}

/** The problem that the operation threw, or what else ended it: its function, or Step Functions itself. */
function problemIn(operation: string, error = '', cause = ''): unknown {
  const ending = fromJson(cause);
  const own = problemTold(ending);
  if (own) return own;
  const isOfStepFunctions = /^(States|Lambda)\./.test(error) && error !== 'Lambda.Unknown';
  return isOfStepFunctions
    ? { code: error, detail: cause }
    : functionFailure(operation, ending ?? cause).details;
}

const reasonOf = ({ error = '', cause }: Execution, tolerated: number): string =>
  error === 'States.ExceedToleratedFailureThreshold'
    ? `More than ${tolerated} % of the connections failed.`
    : [error, cause].filter(Boolean).join(': ');
