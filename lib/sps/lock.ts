import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { Deadline } from '../deadline.ts';
import type { UpstreamResponse } from '../upstream/http-client.ts';
import { parseJson } from '../upstream/json.ts';
import type { CallSession, Login } from './session.ts';

// Giving the configuration lock back. An open transaction has it, and shows its own session what is not committed.

/** What an appliance has told of itself, kept while the process is warm. */
export interface Knowledge {
  /** Until when, by `Date.now()`, a destination of alerts is taken to be set up. */
  destinations: Map<string, number>;
  /** The login whose transaction an earlier call could not be sure to have ended: it may hold the lock. */
  left?: Login | undefined;
  /** A login that was left, and that SPS says it knows no more. */
  gone?: Login;
  /** Whether a commit takes a message; unknown until SPS says so. */
  commitMessage?: 'optional' | 'required' | 'none';
}

export const transactionPath = '/api/transaction';

/** Milliseconds that a call spends on ending what an earlier one has left, and half of what it has at most. */
const endLeftMs = 2_000;

export const isSuccess = ({ status }: UpstreamResponse): boolean => status >= 200 && status < 300;

/** Whether SPS says that it has done what was asked for: a page of a proxy's says nothing, whatever its status. */
export const isDone = (response: UpstreamResponse): boolean =>
  isSuccess(response) &&
  ((response.text.forProtocol() === '' && response.unreadable === undefined) ||
    quietly(response, z.unknown()) !== undefined);

// Up to version 7 `transaction`, from version 8 `body`.
const state = z.object({ status: z.string(), commit_message: z.enum(['optional', 'required']).optional() });
const transactionAnswer = z
  .union([z.object({ transaction: state }), z.object({ body: state })])
  .transform((answer) => ('body' in answer ? answer.body : answer.transaction));

/** The state of the transaction, where an answer tells it. */
export const stateIn = (response: UpstreamResponse) =>
  isSuccess(response) ? quietly(response, transactionAnswer) : undefined;

/** Asks for the state of a login's transaction. `isRefused` says that SPS does not know the login, or says so. */
export async function askState(session: CallSession, login: Login, deadline: Deadline) {
  const response = await session.send(login, { method: 'GET', path: transactionPath }, deadline);
  return { ...stateIn(response), isRefused: response.status === 401 };
}

/** How the end of a transaction went. `gone` says that its session has ended, and it with it. */
export type Ended = 'ended' | 'gone' | { notEnded: string };

/**
 * Rolls a login's transaction back, again and again until SPS says that it is over or the deadline has come. A write
 * that was cut off may reach SPS after the roll back and open a transaction again: then a second look is taken.
 */
export async function endTransaction(
  session: CallSession,
  login: Login,
  deadline: Deadline,
  isCutOff = false,
): Promise<Ended> {
  let why = 'it gave no answer';
  for (let tries = 0; ; tries++) {
    try {
      const answer = await session
        .send(login, { method: 'DELETE', path: transactionPath }, deadline)
        // It may have come through all the same.
        .catch(() => undefined);
      if (answer) why = `it answered the roll back with status ${answer.status}`;
      if (answer && isDone(answer) && !isCutOff) return 'ended';
      if (!isCutOff || tries > 0) {
        const { status, isRefused } = await askState(session, login, deadline);
        if (status === 'closed') return 'ended';
        // One refusal may be a slip, of SPS or of a proxy before it.
        if (isRefused && answer?.status === 401) return 'gone';
      }
    } catch {
      // There was no answer to this either.
    }
    const pauseMs = Math.min(100 * 2 ** tries, 1_000);
    if (pauseMs >= deadline.remaining()) return { notEnded: why };
    await sleep(pauseMs);
  }
}

/** Has a try at ending what an earlier call has left; tells whether SPS says that it is over. */
export async function endLeft(session: CallSession, knowledge: Knowledge, call: Deadline): Promise<boolean> {
  const { left } = knowledge;
  if (left === undefined) return false;
  using deadline = new Deadline(Math.min(endLeftMs, call.remaining() / 2));
  const ended = await endTransaction(session, left, deadline);
  if (ended === 'ended') knowledge.left = undefined;
  if (ended === 'gone') knowledge.gone = left;
  return ended === 'ended';
}

function quietly<Schema extends z.ZodType>(response: UpstreamResponse, schema: Schema) {
  try {
    return parseJson('sps', response, schema);
  } catch {
    return undefined;
  }
}
