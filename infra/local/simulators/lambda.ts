import { randomUUID } from 'node:crypto';
import { type Answer, json, type Listener, listen, type Request } from './listen.ts';
import { AwsError, failure } from './secrets-manager/protocol.ts';

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

  const later = async (functionName: string, event: unknown): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      try {
        await run(functionName, event);
        return;
      } catch {
        // The function has logged why.
        if (attempt === 3) return;
        await new Promise((resolve) => setTimeout(resolve, retryMs).unref());
      }
    }
  };

  const answer = async ({ method, url, headers, body }: Request): Promise<Answer> => {
    const [, name] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(url.pathname) ?? [];
    if (method !== 'POST' || name === undefined)
      return failure(new AwsError('UnknownOperationException', 'Only Invoke is simulated.', 404));
    const functionName = decodeURIComponent(name);
    const type = String(headers['x-amz-invocation-type'] ?? 'RequestResponse');
    const event: unknown = body === '' ? {} : JSON.parse(body);
    if (invocations.push({ functionName, type, event }) > invocationsKept) invocations.shift();
    const requestId = { 'x-amzn-requestid': randomUUID() };
    if (type === 'Event') {
      const run = later(functionName, event).finally(() => running.delete(run));
      running.add(run);
      return { status: 202, headers: requestId, body: '' };
    }
    const runsNow = atWork.get(functionName) ?? 0;
    if (runsNow >= (concurrency[functionName] ?? Number.POSITIVE_INFINITY)) {
      throttled++;
      return failure(new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429));
    }
    atWork.set(functionName, runsNow + 1);
    try {
      const started = run(functionName, event);
      if (!started) return failure(new AwsError('ResourceNotFoundException', 'Function not found.', 404));
      return json(200, (await started) ?? null, requestId);
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      const thrown = { errorType: name, errorMessage: message, trace: [] };
      return json(200, thrown, { ...requestId, 'x-amz-function-error': 'Unhandled' });
    } finally {
      atWork.set(functionName, (atWork.get(functionName) ?? 1) - 1);
    }
  };

  const listener = await listen(answer, port);
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
