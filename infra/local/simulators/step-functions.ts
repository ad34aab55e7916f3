import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { fanOutMachine } from '../../fan-out-definition.ts';
import { StateFailed, type StateMachine, walk } from '../state-machine.ts';
import type { RunFunction } from './lambda.ts';
import { type Answer, json, type Listener, listen, type Request } from './listen.ts';
import { AwsError, failure } from './secrets-manager/protocol.ts';

export interface StepFunctionsStandIn extends Listener {
  /** Resolves when no execution is running any more. */
  settled(): Promise<void>;
}

export interface ExecutionStatusChange {
  source: 'aws.states';
  detail: {
    name: string;
    status: Status;
    input: string;
    error?: string | undefined;
    cause?: string | undefined;
  };
}

type Status = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';

interface Execution {
  executionArn: string;
  stateMachineArn: string;
  name: string;
  status: Status;
  /** Seconds since 1970. */
  startDate: number;
  stopDate?: number;
  input: string;
  output?: string;
  error?: string;
  cause?: string;
  mapRunArn?: string;
}

const arn = (resource: string, name: string) => `arn:aws:states:us-east-1:123456789012:${resource}:${name}`;

/** The one state machine that there is. */
export const localStateMachineArn = arn('stateMachine', fanOutMachine);

const seconds = () => Date.now() / 1_000;

/**
 * A stand-in for the operations of AWS Step Functions in use, over their own protocol (JSON 1.0): one state machine,
 * walked by `state-machine.ts`, with executions kept in memory. `run` runs a function by its name.
 */
export async function startStepFunctions(
  machine: StateMachine,
  run: RunFunction,
  {
    port = 0,
    sleep = defaultSleep,
    onEnd,
  }: {
    port?: number;
    sleep?: (ms: number) => Promise<void>;
    /** Is given EventBridge's event of each execution's end. */
    onEnd?: (event: ExecutionStatusChange) => void;
  } = {},
): Promise<StepFunctionsStandIn> {
  const executions = new Map<string, Execution>();
  /** The map run of each execution that has begun one. */
  const mapRuns = new Map<string, string>();
  const running = new Set<Promise<void>>();

  const keep = (of: Pick<Execution, 'executionArn' | 'name' | 'input' | 'mapRunArn'>): Execution => {
    const execution: Execution = {
      ...of,
      stateMachineArn: localStateMachineArn,
      status: 'RUNNING',
      startDate: seconds(),
    };
    executions.set(execution.executionArn, execution);
    return execution;
  };

  const invoke = async (functionName: string, event: unknown): Promise<unknown> => {
    try {
      const started = run(functionName, event);
      if (!started) throw new StateFailed('Lambda.ResourceNotFoundException', 'Function not found.');
      return (await started) ?? null;
    } catch (error) {
      if (error instanceof StateFailed) throw error;
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      throw new StateFailed(name, JSON.stringify({ errorType: name, errorMessage: message, trace: [] }));
    }
  };

  const execute = async (whole: Execution): Promise<void> => {
    const mapRunId = randomUUID();
    const begin = (label: string, input: unknown) => {
      const name = randomUUID();
      const executionArn = arn('execution', `${fanOutMachine}/${label}:${name}`);
      const mapRunArn = arn('mapRun', `${fanOutMachine}/${label}:${mapRunId}`);
      const one = keep({ executionArn, name, input: JSON.stringify(input), mapRunArn });
      mapRuns.set(whole.executionArn, mapRunArn);
      return (end: { output: unknown } | StateFailed | undefined) => finish(one, end);
    };
    const end = await walk(machine, JSON.parse(whole.input), { invoke, begin, sleep }).then(
      (output) => ({ output }),
      (error: unknown) =>
        error instanceof StateFailed ? error : new StateFailed('States.Runtime', `${error}`),
    );
    finish(whole, end);
    const { name, status, input, error, cause } = whole;
    onEnd?.({ source: 'aws.states', detail: { name, status, input, error, cause } });
  };
  const find = (executionArn: string): Execution => {
    const execution = executions.get(executionArn);
    if (!execution)
      throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
    return execution;
  };

  const operations: Record<string, (input: unknown) => object> = {
    StartExecution: (given) => {
      const { stateMachineArn, name, input } = startInput.parse(given);
      if (stateMachineArn !== localStateMachineArn)
        throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`);
      const executionArn = arn('execution', `${fanOutMachine}:${name}`);
      const before = executions.get(executionArn);
      if (before && (before.status !== 'RUNNING' || before.input !== input))
        throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
      if (before) return { executionArn, startDate: before.startDate };
      const execution = keep({ executionArn, name, input });
      const ending = execute(execution).finally(() => running.delete(ending));
      running.add(ending);
      return { executionArn, startDate: execution.startDate };
    },
    DescribeExecution: (given) => find(executionInput.parse(given).executionArn),
    ListMapRuns: (given) => {
      const { executionArn, stateMachineArn, startDate } = find(executionInput.parse(given).executionArn);
      const mapRunArn = mapRuns.get(executionArn);
      return {
        mapRuns: mapRunArn ? [{ executionArn, mapRunArn, stateMachineArn, startDate }] : [],
      };
    },
    ListExecutions: (given) => {
      const { mapRunArn } = listInput.parse(given);
      const found = [...executions.values()].filter((execution) => execution.mapRunArn === mapRunArn);
      return { executions: found.map(({ input: _input, output: _output, ...about }) => about) };
    },
  };

  const answer = async ({ headers, body }: Request): Promise<Answer> => {
    const name = String(headers['x-amz-target']).replace(/^AWSStepFunctions\./, '');
    try {
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation) throw new AwsError('UnknownOperationException', 'This operation is not simulated.');
      return json(200, operation(JSON.parse(body)), { 'content-type': 'application/x-amz-json-1.0' });
    } catch (error) {
      if (error instanceof AwsError) return failure(error);
      throw error;
    }
  };

  const listener = await listen(answer, port);
  return {
    ...listener,
    settled: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

const startInput = z.object({
  stateMachineArn: z.string(),
  name: z.string().regex(/^[\w-]{1,80}$/),
  input: z.string(),
});
const executionInput = z.object({ executionArn: z.string() });
const listInput = z.object({ mapRunArn: z.string() });

const defaultSleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

function finish(execution: Execution, end: { output: unknown } | StateFailed | undefined): void {
  execution.stopDate = seconds();
  if (!end) {
    execution.status = 'ABORTED';
  } else if (end instanceof StateFailed) {
    execution.status = 'FAILED';
    execution.error = end.name;
    execution.cause = end.message;
  } else {
    execution.status = 'SUCCEEDED';
    execution.output = JSON.stringify(end.output);
  }
}
