import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { AwsTransport } from './aws-transport.ts';
import type { Deadline } from './deadline.ts';
import { Problem } from './problems/problem.ts';
import { problemDetails } from './problems/problem-details.ts';

const failure = z.object({ errorType: z.string(), errorMessage: z.string() });

/** What a function that was invoked directly has failed with: an operation tells of its problem as JSON. */
function failureOf(answer: unknown): Error {
  const { errorType, errorMessage } = failure.parse(answer);
  const problem = problemDetails.safeParse(parsed(errorMessage)).data;
  if (problem) return Problem.of(problem);
  const error = new Error(errorMessage);
  error.name = errorType;
  return error;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

let client: LambdaClient | undefined;

/** Runs a function and answers its output; throws what it threw, a `Problem` where it is an operation's. */
export async function invoke(functionName: string, event: object, deadline: Deadline): Promise<unknown> {
  client ??= new LambdaClient({ requestHandler: new AwsTransport() });
  const { Payload, FunctionError } = await client.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
    { abortSignal: deadline.signal },
  );
  const answer: unknown =
    Payload && Payload.length > 0 ? JSON.parse(Buffer.from(Payload).toString()) : undefined;
  if (FunctionError !== undefined) throw failureOf(answer);
  return answer;
}

/** Has a function run on its own, at least once; answers as soon as that is promised. */
export async function invokeLater(functionName: string, event: object, deadline: Deadline): Promise<void> {
  client ??= new LambdaClient({ requestHandler: new AwsTransport() });
  await client.send(
    new InvokeCommand({
      FunctionName: functionName,
      InvocationType: 'Event',
      Payload: JSON.stringify(event),
    }),
    { abortSignal: deadline.signal },
  );
}
