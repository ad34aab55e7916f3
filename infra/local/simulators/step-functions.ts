import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { fanOutMachine } from '../../fan-out-definition.ts';
import { StateFailed, type StateMachine, walk } from '../state-machine.ts';
import { checkedInput } from './aws/constraints.ts';
import { account, region } from './aws/credentials.ts';
import { AwsError } from './aws/error.ts';
import { pageOf } from './aws/page.ts';
import { bodyOf, listenAsAws, success, targetOf } from './aws/service.ts';
import type { RunFunction } from './lambda.ts';
import type { Answer, Listener, Request } from './listen.ts';

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

const arn = (resource: string, name: string) => `arn:aws:states:${region}:${account}:${resource}:${name}`;

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
    checkArn(executionArn, 'execution');
    const execution = executions.get(executionArn);
    if (!execution)
      throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
    return execution;
  };

  const operations: Record<string, (input: unknown) => object> = {
    StartExecution: (given) => {
      const { stateMachineArn, name, input } = checked('StartExecution', inputs.start, given);
      checkArn(stateMachineArn, 'stateMachine');
      checkName(name);
      checkInput(input);
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
    DescribeExecution: (given) => find(checked('DescribeExecution', inputs.describe, given).executionArn),
    ListMapRuns: (given) => {
      const asked = checked('ListMapRuns', inputs.listMapRuns, given);
      const { executionArn, stateMachineArn, startDate } = find(asked.executionArn);
      const mapRunArn = mapRuns.get(executionArn);
      return {
        mapRuns: mapRunArn ? [{ executionArn, mapRunArn, stateMachineArn, startDate }] : [],
      };
    },
    ListExecutions: (given) => {
      const { mapRunArn, maxResults, nextToken } = checked('ListExecutions', inputs.list, given);
      checkArn(mapRunArn, 'mapRun');
      if (![...mapRuns.values()].includes(mapRunArn))
        throw new AwsError('ResourceNotFound', `Resource not found: '${mapRunArn}'`);
      const found = [...executions.values()].filter((execution) => execution.mapRunArn === mapRunArn);
      // Zero is AWS's word for its own number.
      const [page, next] = pageOf(found, maxResults || 100, nextToken, 'InvalidToken');
      return {
        executions: page.map(({ input: _input, output: _output, ...about }) => about),
        nextToken: next,
      };
    },
  };

  const answer = async (request: Request): Promise<Answer> => {
    const name = targetOf('states', request);
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (!operation) throw new AwsError('UnknownOperationException', 'This operation is not simulated.');
    return success('states', operation(bodyOf(request)));
  };

  const listener = await listenAsAws('states', answer, port);
  return {
    ...listener,
    settled: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

const inputs = {
  start: z.strictObject({
    stateMachineArn: z.string(),
    name: z.string().default(() => randomUUID()),
    input: z.string().default('{}'),
  }),
  describe: z.strictObject({ executionArn: z.string() }),
  listMapRuns: z.strictObject({ executionArn: z.string() }),
  list: z.strictObject({
    mapRunArn: z.string(),
    maxResults: z.number().default(0),
    nextToken: z.string().optional(),
  }),
};

const checked = <Schema extends z.ZodType>(operation: string, taken: Schema, given: unknown) =>
  checkedInput('stepfunctions', operation, taken, given);

/** How each kind of ARN ends. */
const arnEnds = {
  stateMachine: /^:[\w-]{1,80}$/,
  execution: /^:[\w-]{1,80}(\/[\w-]+)?:[\w-]{1,80}$/,
  mapRun: /^:[\w-]{1,80}\/[\w-]+:[\w-]+$/,
};

function checkArn(given: string, kind: keyof typeof arnEnds): void {
  const [, of, end = ''] = /^arn:aws[a-z-]*:states:[a-z\d-]+:\d{12}:(\w+)(:.*)$/.exec(given) ?? [];
  if (of !== kind || !arnEnds[kind].test(end))
    throw new AwsError('InvalidArn', `Invalid Arn: 'Resource type not valid in this context: ${given}'`);
}

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
function checkName(name: string): void {
  const refused = [...name].some((one) => one <= ' ' || (one >= '\x7f' && one <= '\x9f'));
  if (refused || /[\s<>{}[\]?*"#%\\^|~`$&,;:/]/.test(name))
    throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
}

function checkInput(input: string): void {
  if (Buffer.byteLength(input) > 262_144)
    throw new AwsError('ValidationException', 'The input is longer than 262144 bytes.');
  try {
    JSON.parse(input);
  } catch {
    throw new AwsError('InvalidExecutionInput', 'Invalid State Machine Execution Input: it is not JSON.');
  }
}

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
