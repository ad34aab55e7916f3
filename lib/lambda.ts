import {
  InvokeCommand,
  type InvokeCommandInput,
  type InvokeCommandOutput,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { AwsTransport } from './aws-transport.ts';
import type { Deadline } from './deadline.ts';
import { fromJson } from './json.ts';
import { awsUnavailable } from './problems/aws.ts';
import { deadlineExceeded } from './problems/call.ts';
import { functionFailure, problemTold } from './problems/function.ts';
import { Problem } from './problems/problem.ts';
import { problemDetails } from './problems/problem-details.ts';

const toldProblem = problemDetails.extend({ 'pt-BR': problemDetails.optional() });

let client: LambdaClient | undefined;
let hastyClient: LambdaClient | undefined;

/**
 * Runs a function and answers its output. Throws the `Problem` that it told of, and
 * one of ours where it crashed or where Lambda does not run it.
 */
export async function invoke(functionName: string, event: object, deadline: Deadline): Promise<unknown> {
  client ??= new LambdaClient({ requestHandler: new AwsTransport() });
  return outputOf(functionName, await send(client, { FunctionName: functionName }, event, deadline));
}

/** That a function runs as often at once as it may. */
export const busy = Symbol('busy');

/** As `invoke`, but for a function that runs as often at once as it may: then it answers `busy` and does not wait. */
export async function invokeUnlessBusy(
  functionName: string,
  event: object,
  deadline: Deadline,
): Promise<unknown> {
  hastyClient ??= new LambdaClient({ requestHandler: new AwsTransport(), maxAttempts: 1 });
  try {
    return outputOf(functionName, await send(hastyClient, { FunctionName: functionName }, event, deadline));
  } catch (error) {
    const cause = error instanceof Problem ? error.cause : undefined;
    if (cause instanceof Error && cause.name === 'TooManyRequestsException') return busy;
    throw error;
  }
}

/** Has a function run on its own, at least once; answers as soon as that is promised. */
export async function invokeLater(functionName: string, event: object, deadline: Deadline): Promise<void> {
  client ??= new LambdaClient({ requestHandler: new AwsTransport() });
  await send(client, { FunctionName: functionName, InvocationType: 'Event' }, event, deadline);
}

async function send(client: LambdaClient, input: InvokeCommandInput, event: object, deadline: Deadline) {
  try {
    return await client.send(new InvokeCommand({ ...input, Payload: JSON.stringify(event) }), {
      abortSignal: deadline.signal,
    });
  } catch (error) {
    throw deadline.passed ? deadlineExceeded('lambda', 'AWS Lambda') : await awsUnavailable('Lambda', error);
  }
}

function outputOf(functionName: string, { Payload, FunctionError }: InvokeCommandOutput): unknown {
  const answer = Payload && Payload.length > 0 ? fromJson(Buffer.from(Payload).toString()) : undefined;
  if (FunctionError !== undefined) throw failureOf(functionName, answer);
  return answer;
}

/** What a function that was invoked directly has failed with: an operation tells of its problem as JSON. */
function failureOf(functionName: string, answer: unknown): Problem {
  const told = toldProblem.safeParse(problemTold(answer)).data;
  if (!told) return functionFailure(functionName, answer);
  const { 'pt-BR': portuguese, ...problem } = told;
  return Problem.of(problem, portuguese);
}
