import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { type Answer, json, type Request } from './listen.ts';

/** Lambda's Extensions API, as far as an internal extension uses it: one extension, told of invocations. */
export interface Extensions {
  /** Answers a request to this API; `undefined` for one to another. */
  answer(request: Request): Promise<Answer> | undefined;
  /** From here on no extension can register: the environment has started. */
  started(): void;
  /** Tells of an invocation. */
  invoke(requestId: string, deadlineMs: number): void;
  /** Resolves when the extension is done with what it was told of last; at once where there is none. */
  idle(): Promise<void>;
}

const registration = z.strictObject({ events: z.tuple([z.literal('INVOKE')]) });

/** https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html */
export function extensionsApi(): Extensions {
  let identifier: string | undefined;
  let isStarted = false;
  let tell: ((event: object) => void) | undefined;
  let asked = Promise.withResolvers<void>();

  const register = async ({ headers, body }: Request): Promise<Answer> => {
    if (isStarted || identifier !== undefined || !headers['lambda-extension-name'])
      return json(403, { errorType: 'Extension.RegistrationRefused' });
    registration.parse(JSON.parse(body));
    identifier = randomUUID();
    return json(200, { handler: 'index.handler' }, { 'lambda-extension-identifier': identifier });
  };

  const next = async ({ headers }: Request): Promise<Answer> => {
    if (identifier === undefined || headers['lambda-extension-identifier'] !== identifier)
      return json(403, { errorType: 'Extension.UnknownExtensionIdentifier' });
    const { promise, resolve } = Promise.withResolvers<object>();
    tell = resolve;
    asked.resolve();
    return json(200, await promise);
  };

  return {
    answer: (request) => {
      const call = `${request.method} ${request.url.pathname}`;
      if (call === 'POST /2020-01-01/extension/register') return register(request);
      return call === 'GET /2020-01-01/extension/event/next' ? next(request) : undefined;
    },
    started: () => {
      isStarted = true;
    },
    invoke: (requestId, deadlineMs) => {
      asked = Promise.withResolvers();
      tell?.({ eventType: 'INVOKE', deadlineMs, requestId });
    },
    idle: async () => {
      if (identifier !== undefined) await asked.promise;
    },
  };
}
