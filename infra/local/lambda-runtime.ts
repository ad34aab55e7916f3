import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { account, localAws, region } from './simulators/aws/credentials.ts';
import { extensionsApi } from './simulators/extensions.ts';
import { type Answer, json, listen, type Request } from './simulators/listen.ts';

const clientDir = join(
  import.meta.dirname,
  ...['..', '..', 'test', 'lambda-runtime', 'node_modules', 'aws-lambda-ric'],
);

/** Why Lambda's runtime client cannot run here and what to do about it; `undefined` where it can. */
export const lambdaRuntimeMissing = existsSync(join(clientDir, 'rapid-client.node'))
  ? undefined
  : "left out: Lambda's runtime client is not built here; with cmake, make and g++: npm ci --prefix test/lambda-runtime";

const functionError = z.object({
  errorType: z.string(),
  errorMessage: z.string(),
  trace: z.array(z.string()).default([]),
});

/** An error as a function's caller sees it. */
export type FunctionError = z.infer<typeof functionError>;

/** How an invocation ended. */
export type Outcome = { answer: unknown } | { error: FunctionError };

export interface LambdaOptions {
  /** The folder of the bundle: `index.mjs`, which exports `handler`. */
  bundleDir: string;
  /** On top of what Lambda itself sets. */
  env?: Record<string, string>;
  /** The time one invocation may take; then Lambda ends the process. 30 s unless given. */
  timeoutMs?: number;
}

export interface Lambda {
  /**
   * Runs the handler once. Invocations wait for each other, as they do in one Lambda environment, and for what an
   * extension does after the answer to the one before.
   */
  invoke(event: unknown): Promise<Outcome>;
  /** Milliseconds on the clock of `performance.now()`, just before the process was started. */
  startedAt: number;
  process: ChildProcess;
  /** What the process wrote so far, line by line. */
  stdout: string[];
  stderr: string[];
  /** Ends the process; invocations that are still waiting end with an error. */
  stop(): Promise<void>;
}

interface Invocation {
  requestId: string;
  event: unknown;
  end(outcome: Outcome): void;
}

const functionName = 'local';

/**
 * Starts a bundle as Lambda does: a Node process of its own, under Lambda's real runtime client, with nothing in its
 * environment but what Lambda sets and what is given. The Runtime API that the client talks to is served here, and the
 * Extensions API beside it.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export async function startLambda({ bundleDir, env, timeoutMs = 30_000 }: LambdaOptions): Promise<Lambda> {
  const extensions = extensionsApi();
  const queue: Invocation[] = [];
  let running: Invocation | undefined;
  let idle: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let ended: FunctionError | undefined;

  const end = (outcome: Outcome): void => {
    const due = timer;
    // The time-out is for the extension as well.
    void extensions.idle().then(() => clearTimeout(due));
    running?.end(outcome);
    running = undefined;
  };

  /** No invocation ends well from here on: each gets this error, or an earlier one that says more. */
  const fail = (error: FunctionError): void => {
    ended ??= error;
    clearTimeout(timer);
    end({ error: ended });
    for (const { end } of queue.splice(0)) end({ error: ended });
  };

  const next = async (): Promise<Answer> => {
    extensions.started();
    await extensions.idle();
    if (queue.length === 0) await new Promise<void>((resolve) => (idle = resolve));
    running = queue.shift();
    if (!running) return 'silence';
    const { requestId, event } = running;
    timer = setTimeout(() => {
      const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${timeoutMs / 1_000} seconds`;
      fail({ errorType: 'Sandbox.Timedout', errorMessage, trace: [] });
      child.kill('SIGKILL');
    }, timeoutMs);
    const deadlineMs = Date.now() + timeoutMs;
    extensions.invoke(requestId, deadlineMs);
    return json(200, event, {
      'lambda-runtime-aws-request-id': requestId,
      'lambda-runtime-deadline-ms': String(deadlineMs),
      'lambda-runtime-invoked-function-arn': `arn:aws:lambda:${region}:${account}:function:${functionName}`,
    });
  };

  const answer = async ({ method, url, body }: Request): Promise<Answer> => {
    const [, requestId = 'init', call] =
      /^\/2018-06-01\/runtime\/(?:init|invocation(?:\/([^/]+))?)\/(next|response|error)$/.exec(
        url.pathname,
      ) ?? [];
    if (method === 'GET' && call === 'next') return next();
    if (method === 'POST' && call === 'error' && requestId === 'init')
      fail(functionError.parse(JSON.parse(body)));
    else if (method !== 'POST' || requestId !== running?.requestId)
      return json(400, { errorType: 'InvalidRequestID' });
    else if (call === 'response') end({ answer: JSON.parse(body) });
    else end({ error: functionError.parse(JSON.parse(body)) });
    return json(202, { status: 'OK' });
  };

  const listener = await listen(async (request) => extensions.answer(request) ?? answer(request));
  const startedAt = performance.now();
  const child = spawn(process.execPath, [join(clientDir, 'index.mjs'), 'index.handler'], {
    cwd: bundleDir,
    env: {
      PATH: process.env['PATH'],
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      _HANDLER: 'index.handler',
      LAMBDA_TASK_ROOT: bundleDir,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      ...localAws,
      AWS_DEFAULT_REGION: region,
      AWS_LAMBDA_FUNCTION_NAME: functionName,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
      AWS_LAMBDA_LOG_STREAM_NAME: 'local',
      AWS_LAMBDA_RUNTIME_API: new URL(listener.url).host,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stdout: string[] = [];
  const stderr: string[] = [];
  createInterface(child.stdout).on('line', (line) => stdout.push(line));
  createInterface(child.stderr).on('line', (line) => stderr.push(line));
  const closed = once(child, 'close').then(async ([code, signal]) => {
    fail({
      errorType: 'Runtime.ExitError',
      errorMessage: `Runtime exited with ${signal ?? `status ${code}`}`,
      trace: [],
    });
    await listener.close();
  });

  return {
    invoke: (event) =>
      new Promise((resolve) => {
        if (ended) return resolve({ error: ended });
        queue.push({ requestId: randomUUID(), event, end: resolve });
        idle?.();
      }),
    startedAt,
    process: child,
    stdout,
    stderr,
    stop: async () => {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
