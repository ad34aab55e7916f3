import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { AwsTransport } from '../aws-transport.ts';
import type { Deadline } from '../deadline.ts';
import type { Effect } from '../operation.ts';
import { deadlineExceeded } from '../problems/call.ts';
import type { System } from '../system.ts';
import type { FanOutInput } from './input.ts';
import { fanOutNotFound, stepFunctionsUnavailable } from './problems.ts';

/** One execution as Step Functions describes it. */
export interface Execution {
  status: string;
  input: unknown;
  /** What it ended with, if it ended well. */
  output?: unknown;
  error?: string | undefined;
  cause?: string | undefined;
  startedAt: Date | undefined;
  endedAt: Date | undefined;
}

/** The executions of the state machine, whose ARN is in `FAN_OUT_STATE_MACHINE`. */
export class FanOuts {
  readonly #deadline: Deadline;

  constructor(deadline: Deadline) {
    this.#deadline = deadline;
  }

  /** Starts one; where there is one of this id already, it is that one. */
  async start(input: FanOutInput): Promise<void> {
    const command = new StartExecutionCommand({
      stateMachineArn: stateMachine(),
      name: input.id,
      input: JSON.stringify(input),
    });
    await this.#ask((client, options) => client.send(command, options)).catch((error: unknown) => {
      if (!isNamed(error, 'ExecutionAlreadyExists')) throw error;
    });
  }

  /** The execution of an id and that of each connection which was begun. */
  async describe(id: string, operation: string): Promise<{ whole: Execution; each: Execution[] }> {
    const executionArn = `${stateMachine().replace(':stateMachine:', ':execution:')}:${id}`;
    const whole = await this.#describe(executionArn).catch((error: unknown) => {
      throw isNamed(error, 'ExecutionDoesNotExist') ? fanOutNotFound(operation, id) : error;
    });
    const { mapRuns = [] } = await this.#ask((client, options) =>
      client.send(new ListMapRunsCommand({ executionArn }), options),
    );
    const each: Execution[] = [];
    for (const { mapRunArn } of mapRuns) {
      // At most as many as there may be connections: they fit on a page.
      const { executions = [] } = await this.#ask((client, options) =>
        client.send(new ListExecutionsCommand({ mapRunArn, maxResults: 1_000 }), options),
      );
      const arns = executions.flatMap(({ executionArn }) => executionArn ?? []);
      each.push(...(await Promise.all(arns.map((arn) => this.#describe(arn)))));
    }
    return { whole, each };
  }

  async #describe(executionArn: string): Promise<Execution> {
    const answer = await this.#ask((client, options) =>
      client.send(new DescribeExecutionCommand({ executionArn }), options),
    );
    return {
      status: answer.status ?? '',
      input: parsed(answer.input),
      output: parsed(answer.output),
      error: answer.error,
      cause: answer.cause,
      startedAt: answer.startDate,
      endedAt: answer.stopDate,
    };
  }

  /** Errors about the execution itself come through as they are. */
  async #ask<T>(send: (client: SFNClient, options: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> {
    client ??= new SFNClient({ requestHandler: new AwsTransport() });
    try {
      return await send(client, { abortSignal: this.#deadline.signal });
    } catch (error) {
      if (this.#deadline.passed) throw deadlineExceeded('fanOut', 'Step Functions');
      if (isNamed(error, 'ExecutionAlreadyExists') || isNamed(error, 'ExecutionDoesNotExist')) throw error;
      throw await stepFunctionsUnavailable(error);
    }
  }
}

let client: SFNClient | undefined;

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

const parsed = (json: string | undefined): unknown => (json === undefined ? undefined : JSON.parse(json));

function stateMachine(): string {
  const arn = process.env['FAN_OUT_STATE_MACHINE'];
  if (arn === undefined) throw new Error('FAN_OUT_STATE_MACHINE is not set');
  return arn;
}

/** The operations that can be fanned out: those that have connections, with their effects, by name. */
export const fanOutOperations = (): Map<string, Effect> =>
  new Map(
    (process.env['FAN_OUT_OPERATIONS'] ?? '').split(',').map((entry) => {
      const [name = '', effect] = entry.split(':');
      return [name, effects.parse(effect)];
    }),
  );

const effects = z.enum(['read', 'change', 'destroy']);

/** Running one operation over many connections. It works with each connection through that operation alone. */
export const fanOut: System<'fanOut', FanOuts> = {
  name: 'fanOut',
  title: 'Many connections',
  use: ({ deadline }, work) => work(new FanOuts(deadline)),
};
