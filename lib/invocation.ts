import type { MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Deadline } from './deadline.ts';
import type { Language } from './language.ts';
import type { RestoreRequest } from './temporary/restore.ts';

/** A call as an operation's handler takes it, whichever way it came; not checked yet. */
export interface Invocation {
  trigger: 'http' | 'direct';
  connection: unknown;
  input: unknown;
  /** Who calls, as far as the event tells: a principal's ARN, a token's subject, a chat user. */
  actor?: string | undefined;
  /** Where it came over HTTP: the id of the request in the access log of the API. */
  apiRequestId?: string | undefined;
  /** The scopes of the caller's token, where there is one. */
  scopes?: string[] | undefined;
  /** Whether a page is wanted for the answer, where there is one. */
  wantsPage?: boolean;
  /** What to put back instead of making a change. */
  restore?: RestoreRequest | undefined;
  /** The same in every delivery of one event, where the trigger delivers at least once. */
  idempotencyKey?: string | undefined;
  /** The language for people. */
  language: Language;
  /** Whether a response is laid out for people. */
  pretty: boolean;
}

/** Lambda's context with what an operation and the layers around it need besides. */
export interface InvocationContext extends Context {
  /** The adapter fills it in. */
  invocation: Invocation;
  deadline: Deadline;
  /** Milliseconds on the clock of `performance.now()`. */
  startedAt: number;
}

/** One layer around every operation. */
export type Middleware = MiddlewareObj<unknown, unknown, unknown, InvocationContext>;
