import { setImmediate as turn } from 'node:timers/promises';
import type { Context } from 'aws-lambda';
import { Pool } from 'undici';
import { exchange } from './upstream/exchange.ts';

/** What a handler answers, and what it does when that has left. */
export interface Answered<Answer> {
  answer: Answer;
  /** Must not reject: there is nobody to tell any more. */
  afterwards?: () => Promise<void>;
}

/**
 * A handler whose answer leaves before its work is done. Lambda passes an answer on at once, and then stops the process
 * unless an extension is still busy. So the process is one itself: it asks for its next event only when all is done,
 * and until then no further invocation comes, nor a shutdown, and the time-out runs on. Elsewhere nothing stops the
 * process. To be awaited as the module is loaded: Lambda takes no extensions later.
 */
export async function answeringFirst<Answer>(
  handle: (event: unknown, context: Context) => Promise<Answered<Answer>>,
): Promise<(event: unknown, context: Context) => Promise<Answer>> {
  let done = Promise.withResolvers<void>();
  const runtimeApi = process.env['AWS_LAMBDA_RUNTIME_API'];
  if (runtimeApi !== undefined) {
    const nextEvent = await register(runtimeApi);
    const follow = async (): Promise<never> => {
      for (;;) {
        await nextEvent();
        await done.promise;
        done = Promise.withResolvers();
      }
    };
    // Where it fails, Lambda cannot know what is going on here: the process ends, and with that it is told.
    void follow();
  }

  const workOn = async (afterwards?: () => Promise<void>): Promise<void> => {
    // Lambda's runtime client sends the answer in the turn after the one in which it gets it.
    await turn();
    await turn();
    await afterwards?.();
    done.resolve();
  };
  return async (event, context) => {
    let afterwards: Answered<Answer>['afterwards'];
    try {
      const answered = await handle(event, context);
      ({ afterwards } = answered);
      return answered.answer;
    } finally {
      void workOn(afterwards);
    }
  };
}

/**
 * Registers this process with the Extensions API as an internal extension, and answers how it waits for its next event.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
 */
async function register(runtimeApi: string): Promise<() => Promise<void>> {
  // An environment may wait for its next event for hours.
  const pool = new Pool(`http://${runtimeApi}`, { allowH2: false, headersTimeout: 0, bodyTimeout: 0 });
  const ask = async (method: 'GET' | 'POST', call: string, header: [string, string], body?: string) => {
    const path = `/2020-01-01/extension/${call}`;
    const headers = Object.fromEntries([header]);
    const answer = await exchange(pool, { method, path, headers, ...(body !== undefined && { body }) });
    if (answer.status === 200) return answer.headers;
    throw new Error(`Lambda's Extensions API answered ${answer.status} to ${method} ${path}`);
  };
  const events = JSON.stringify({ events: ['INVOKE'] });
  const registered = await ask('POST', 'register', ['lambda-extension-name', 'after-answer'], events);
  const identifier = String(registered['lambda-extension-identifier']);
  return async () => {
    await ask('GET', 'event/next', ['lambda-extension-identifier', identifier]);
  };
}
