import * as z from 'zod';
import { checkedInput } from './aws/constraints.ts';
import { AwsError, notSimulated } from './aws/error.ts';
import { listenAsAws, success } from './aws/service.ts';
import type { Answer, Listener, Request } from './listen.ts';

/** Runs a function by its name; `undefined` where there is none. Rejects where the function throws. */
export type RunFunction = (functionName: string, event: unknown) => Promise<unknown> | undefined;

export interface LambdaStandIn extends Listener {
  /** What was invoked, oldest first. */
  invocations: { functionName: string; type: string; event: unknown }[];
  /** How often a function was refused because it ran as often at once as it may. */
  throttled: number;
  /** Resolves when nothing that was invoked asynchronously is running any more. */
  settled(): Promise<void>;
}

const invocationsKept = 10_000;

/**
 * A stand-in for the one operation of AWS Lambda in use, Invoke, over its own protocol. A function that is invoked
 * asynchronously and fails is run twice more, as Lambda does, with `retryMs` between (Lambda waits minutes).
 * `concurrency` is how often some functions may run at once; who wants them synchronously beyond that, is refused.
 */
export async function startLambdaStandIn(
  run: RunFunction,
  {
    port = 0,
    retryMs = 1_000,
    concurrency = {},
  }: { port?: number; retryMs?: number; concurrency?: Record<string, number> } = {},
): Promise<LambdaStandIn> {
  const invocations: LambdaStandIn['invocations'] = [];
  const running = new Set<Promise<void>>();
  const atWork = new Map<string, number>();
  let throttled = 0;

  const later = async (first: Promise<unknown>, functionName: string, event: unknown): Promise<void> => {
    for (let attempt = 1, run: Promise<unknown> | undefined = first; ; attempt++) {
      try {
        await run;
        return;
      } catch {
        // The function has logged why.
        if (attempt === 3) return;
        await new Promise((resolve) => setTimeout(resolve, retryMs).unref());
      }
      run = runOf(functionName, event);
    }
  };
  // A handler may throw before it answers a promise.
  const runOf = (functionName: string, event: unknown): Promise<unknown> | undefined => {
    try {
      return run(functionName, event);
    } catch (error) {
      return Promise.reject(error);
    }
  };

  const answer = async (request: Request): Promise<Answer> => {
    const { functionName, type, event } = invocationOf(request);
    if (invocations.push({ functionName, type, event }) > invocationsKept) invocations.shift();
    const version = { 'x-amz-executed-version': '$LATEST' };
    const runsNow = atWork.get(functionName) ?? 0;
    if (type === 'RequestResponse' && runsNow >= (concurrency[functionName] ?? Number.POSITIVE_INFINITY)) {
      throttled++;
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
    }
    const started = runOf(functionName, event);
    if (!started) throw new AwsError('ResourceNotFoundException', `Function not found: ${functionName}`, 404);
    if (type === 'Event') {
      const run = later(started, functionName, event).finally(() => running.delete(run));
      running.add(run);
      return { status: 202, body: '' };
    }
    atWork.set(functionName, runsNow + 1);
    try {
      const answered = { ...success('lambda', {}), body: JSON.stringify((await started) ?? null) };
      if (Buffer.byteLength(answered.body) > synchronousLimit)
        throw Object.assign(new Error(`Response payload size exceeded maximum allowed payload size.`), {
          name: 'Function.ResponseSizeTooLarge',
        });
      return { ...answered, headers: { ...answered.headers, ...version } };
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      const thrown = success('lambda', { errorType: name, errorMessage: message, trace: [] });
      return { ...thrown, headers: { ...thrown.headers, ...version, 'x-amz-function-error': 'Unhandled' } };
    } finally {
      atWork.set(functionName, (atWork.get(functionName) ?? 1) - 1);
    }
  };

  const listener = await listenAsAws('lambda', answer, port);
  return {
    ...listener,
    invocations,
    get throttled() {
      return throttled;
    },
    settled: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const synchronousLimit = 6 * 1024 * 1024;
const asynchronousLimit = 1024 * 1024;

const invoked = z.strictObject({
  FunctionName: z.string(),
  InvocationType: z.enum(['Event', 'RequestResponse']).default('RequestResponse'),
});

/** What a request wants to be run. */
function invocationOf({ method, url, headers, body }: Request) {
  const [, name] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(url.pathname) ?? [];
  if (method !== 'POST' || name === undefined) throw notSimulated(`${method} ${url.pathname}`);
  const { FunctionName, InvocationType: type } = checkedInput('lambda', 'Invoke', invoked, {
    FunctionName: decodeURIComponent(name),
    InvocationType: headers['x-amz-invocation-type'],
  });
  const limit = type === 'Event' ? asynchronousLimit : synchronousLimit;
  if (Buffer.byteLength(body) > limit)
    throw new AwsError(
      'RequestTooLargeException',
      `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
      413,
    );
  try {
    const event: unknown = body === '' ? {} : JSON.parse(body);
    // It may be named by its ARN, whole or in part.
    return { functionName: FunctionName.replace(/^.*function:/, ''), type, event };
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json', 400);
  }
}
