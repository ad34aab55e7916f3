import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import type { Deadline } from './deadline.ts';

const failure = z.object({ errorType: z.string(), errorMessage: z.string() });

/** A function that was invoked directly has failed. For an operation, the message is its problem as JSON. */
export class FunctionFailed extends Error {
  constructor({ errorType, errorMessage }: z.output<typeof failure>) {
    super(errorMessage);
    this.name = errorType;
  }
}

let client: LambdaClient | undefined;

/** Runs a function and answers its output; throws `FunctionFailed` where it threw. */
export async function invoke(functionName: string, event: object, deadline: Deadline): Promise<unknown> {
  client ??= new LambdaClient({});
  const { Payload, FunctionError } = await client.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
    { abortSignal: deadline.signal },
  );
  const answer: unknown =
    Payload && Payload.length > 0 ? JSON.parse(Buffer.from(Payload).toString()) : undefined;
  if (FunctionError !== undefined) throw new FunctionFailed(failure.parse(answer));
  return answer;
}

/** Has a function run on its own, at least once; answers as soon as that is promised. */
export async function invokeLater(functionName: string, event: object, deadline: Deadline): Promise<void> {
  client ??= new LambdaClient({});
  await client.send(
    new InvokeCommand({
      FunctionName: functionName,
      InvocationType: 'Event',
      Payload: JSON.stringify(event),
    }),
    { abortSignal: deadline.signal },
  );
}
