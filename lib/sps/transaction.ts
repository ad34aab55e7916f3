import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { Applied } from '../change.ts';
import { compiled } from '../compiled.ts';
import type { Call } from '../connections.ts';
import type { Deadline } from '../deadline.ts';
import { log } from '../log.ts';
import { countLockWait } from '../metrics.ts';
import { StateMoved } from '../problems/change.ts';
import type { Problem } from '../problems/problem.ts';
import { keepSecret } from '../redaction.ts';
import type { UpstreamRequest, UpstreamResponse } from '../upstream/http-client.ts';
import { parseJson } from '../upstream/json.ts';
import {
  type ListedChange,
  listedChange,
  type Meant,
  replaceObjects,
  shownChanges,
  unexpectedChange,
  writeForm,
} from './changes.ts';
import { configurationLocked, mayBeLock, outcomeUnknown, SessionLost, spsProblem } from './problems.ts';
import type { Resource } from './resource.ts';
import type { Session } from './session.ts';

/** A resource as it was read and as it is to be. */
export interface Replacement {
  before: unknown;
  after: unknown;
}

/** What an appliance has told of itself, kept while the process is warm. */
export interface Knowledge {
  /** Until when, by `Date.now()`, a destination of alerts is taken to be set up. */
  destinations: Map<string, number>;
  /** Whether an earlier call may have left a transaction open in this session. */
  mayBeOpen: boolean;
  /** Whether a commit takes a message; unknown until SPS says so. */
  commitMessage?: 'optional' | 'required' | 'none';
}

// Up to version 7 `transaction`, from version 8 `body`.
const state = z.object({ status: z.string(), commit_message: z.enum(['optional', 'required']).optional() });
const transactionAnswer = z
  .union([z.object({ transaction: state }), z.object({ body: state })])
  .transform((answer) => ('body' in answer ? answer.body : answer.transaction));

const changesAnswer = z.object({ changes: z.array(listedChange) });
const createdPassword = z.object({ key: z.string() });

const resourceAnswer = z.object({ body: z.unknown() });

const path = '/api/transaction';
const passwords = '/api/configuration/passwords';
const jsonBody = { 'content-type': 'application/json' };
/** Whether an answer to a roll back leaves open that there is still something to roll back. */
const mayBeBusy = ({ status }: UpstreamResponse): boolean =>
  status >= 500 || status === 423 || status === 429;

const isSuccess = ({ status }: UpstreamResponse): boolean => status >= 200 && status < 300;

/** Milliseconds without which another try at the lock is not begun: it would only run out of time. */
const tryMs = 250;

/** Milliseconds of a call that are kept for giving the lock back. */
const cleanUpMs = 5_000;

/**
 * One transaction at an SPS: open, write, look at SPS's own list of changes, and commit or roll back.
 *
 * The state that the change was worked out from was read before the lock was ours. That is safe because nothing is
 * committed unless SPS's list holds exactly what was meant, old values included: somebody else's change in between
 * shows there, and the work starts again from the read (`StateMoved`).
 */
export class Transaction {
  readonly #session: Session;
  readonly #knowledge: Knowledge;
  readonly #call: Call;
  /** Whether SPS may hold the lock for us. */
  #mayBeOpen = false;
  /** Whether a write was sent whose answer never came: it may still be on its way. */
  #cutOff = false;

  constructor(session: Session, knowledge: Knowledge, call: Call) {
    this.#session = session;
    this.#knowledge = knowledge;
    this.#call = call;
  }

  /** Replaces a resource, or only has SPS check the replacement. No lock is left behind, whatever happens. */
  async replace<Body>(
    { path, body }: Resource<Body>,
    { before, after }: Replacement,
    keep: boolean,
  ): Promise<Applied<Body>> {
    using work = this.#call.deadline.before(cleanUpMs);
    try {
      await this.#open(work);
      const passwords = await this.#createPasswords(after, work);
      const withPasswords = passwords.length > 0;
      const meant = {
        path,
        before,
        after: replaceObjects(after, (part) => ('plain' in part ? passwords.shift() : undefined)),
      };
      const changes = await this.#write(meant, withPasswords, work);
      if (keep) await this.#commit(meant, work);
      return { after: compiled(body).parse(meant.after), changes: shownChanges(changes) };
    } finally {
      if (this.#mayBeOpen) await this.#rollBack();
    }
  }

  /** Ends what an earlier call may have left, which would show as if it were committed. */
  async endLeft(): Promise<void> {
    if (!this.#knowledge.mayBeOpen) return;
    const response = await this.#session.read({ method: 'DELETE', path }, this.#call.deadline);
    if (response.status >= 500) throw this.#problem(response);
    this.#knowledge.mayBeOpen = false;
  }

  async #open(work: Deadline): Promise<void> {
    for (let tries = 0; ; tries++) {
      const response = await this.#send({ method: 'POST', path, headers: jsonBody, body: '' }, work);
      if (isSuccess(response)) return this.#learn(response, work);
      const isOurs = await this.#endOurOwn(work);
      if (isOurs && tries === 0) continue;
      const pauseMs = Math.min(250 * 2 ** tries, 2_000) * (1 + Math.random() / 2);
      if (!isOurs && !mayBeLock(response)) throw this.#problem(response);
      if (pauseMs + tryMs >= work.remaining())
        throw mayBeLock(response) ? configurationLocked(response) : this.#problem(response);
      await sleep(pauseMs);
      if (mayBeLock(response)) countLockWait(pauseMs);
    }
  }

  /**
   * Ends a transaction of ours that keeps us from opening one: left by an earlier call that lost an answer, or opened
   * by this one with an answer that says otherwise. Tells whether there was one.
   */
  async #endOurOwn(work: Deadline): Promise<boolean> {
    const present = (await this.#status(work))?.status;
    if (present === 'open') await this.#send({ method: 'DELETE', path }, work);
    // Where SPS does not say, it may be open, and is rolled back in the end.
    else if (present !== undefined) this.#mayBeOpen = false;
    return present === 'open';
  }

  /** Whether a commit takes a message stands in the state of a transaction, which opening one may answer. */
  async #learn(response: UpstreamResponse, work: Deadline): Promise<void> {
    if (this.#knowledge.commitMessage !== undefined) return;
    const answered = parseQuietly(response) ?? (await this.#status(work));
    // What could not be read says nothing, and is asked for again the next time.
    if (answered) this.#knowledge.commitMessage = answered.commit_message ?? 'none';
  }

  async #write(meant: Meant, withPasswords: boolean, work: Deadline): Promise<ListedChange[]> {
    await this.#write2xx('PUT', `/api/configuration${meant.path}`, writeForm(meant.after), work);
    const changes = await this.#changes(work);
    const unexpected = unexpectedChange(changes, meant, withPasswords);
    if (unexpected !== undefined)
      throw new StateMoved('sps', `SPS's own list of changes is not what was meant at ${unexpected}`);
    return changes;
  }

  /** Creates each `{plain}` in a value as a password; answers their references, in the order of the value. */
  async #createPasswords(value: unknown, work: Deadline): Promise<object[]> {
    const plains: string[] = [];
    replaceObjects(value, (object) => {
      if ('plain' in object && typeof object.plain === 'string') plains.push(object.plain);
    });
    const references: object[] = [];
    // One after the other: they are steps of one transaction.
    for (const plain of plains) {
      keepSecret(plain);
      const response = await this.#write2xx('POST', passwords, { plain }, work);
      const { key } = parseJson('sps', response, createdPassword);
      references.push({ key, meta: { href: `${passwords}/${key}` } });
    }
    return references;
  }

  async #changes(work: Deadline): Promise<ListedChange[]> {
    const response = await this.#send({ method: 'GET', path: `${path}/changes` }, work);
    if (!isSuccess(response)) throw this.#problem(response);
    return parseJson('sps', response, changesAnswer).changes;
  }

  async #commit(meant: Meant, work: Deadline): Promise<void> {
    let response: UpstreamResponse;
    try {
      response = await this.#sendCommit(work);
    } catch (error) {
      if (error instanceof SessionLost) throw error;
      if (await this.#tookEffect(meant, error)) return;
      throw error;
    }
    if (isSuccess(response)) {
      this.#mayBeOpen = false;
      return;
    }
    if (response.status === 409) throw new StateMoved('sps', 'somebody else committed a change meanwhile');
    const problem = this.#problem(response);
    if (response.status >= 500 && (await this.#tookEffect(meant, problem))) return;
    throw problem;
  }

  async #sendCommit(work: Deadline): Promise<UpstreamResponse> {
    const { operation, actor, requestId } = this.#call;
    const commit = (commit_message?: string) => {
      const body = JSON.stringify({ status: 'commit', commit_message });
      return this.#send({ method: 'PUT', path, headers: jsonBody, body }, work);
    };
    const message = `Switchboard: ${operation} for ${actor ?? 'an unnamed caller'}, request ${requestId}`;
    if (this.#knowledge.commitMessage !== 'none') return commit(message);
    const response = await commit();
    // A version that does not tell of messages may still have been set to demand them.
    return response.status === 400 ? commit(message) : response;
  }

  /** Finds out what became of a commit whose answer was lost; ends the transaction where it is still open. */
  async #tookEffect(meant: Meant, cause: unknown): Promise<boolean> {
    const { deadline } = this.#call;
    try {
      if ((await this.#status(deadline))?.status === 'closed') this.#mayBeOpen = false;
      else if (await this.#rollBack()) return false;
      const request: UpstreamRequest = { method: 'GET', path: `/api/configuration${meant.path}` };
      const response = await this.#session.read(request, deadline);
      if (!isSuccess(response)) throw this.#problem(response);
      const { body } = parseJson('sps', response, resourceAnswer);
      const present = writeForm(body);
      if (isDeepStrictEqual(present, writeForm(meant.after))) return true;
      if (isDeepStrictEqual(present, writeForm(meant.before))) return false;
      // Somebody else has changed it since, from one or from the other.
      throw new Error('The resource is in a third state.');
    } catch {
      throw outcomeUnknown(meant.path, cause);
    }
  }

  /**
   * Gives the lock back. Where SPS cannot be reached for that, the next call does, or SPS when we have been idle.
   * Tells whether SPS said that there was something to roll back.
   */
  async #rollBack(): Promise<boolean> {
    const { deadline } = this.#call;
    let undone = false;
    for (let tries = 0; deadline.remaining() > 0; tries++) {
      let isOver: boolean;
      try {
        const response = await this.#session.send({ method: 'DELETE', path }, deadline);
        undone ||= isSuccess(response);
        isOver = !mayBeBusy(response) && (await this.#staysClosed(tries, deadline));
      } catch (error) {
        // With the session, SPS has ended its transaction.
        isOver = error instanceof SessionLost;
      }
      if (isOver) {
        this.#mayBeOpen = false;
        // However long we waited, the write may arrive later still.
        if (this.#cutOff) this.#leaveToNext('WARN');
        return undone;
      }
      await sleep(Math.min(100 * 2 ** tries, deadline.remaining()));
    }
    this.#leaveToNext('ERROR');
    return undone;
  }

  #leaveToNext(level: 'WARN' | 'ERROR'): void {
    this.#knowledge.mayBeOpen = true;
    const { connectionName: connection, requestId } = this.#call;
    log(level, 'an SPS transaction may stay open until the next call or the end of the idle session', {
      connection,
      requestId,
    });
  }

  /** A write that was cut off may reach SPS after the roll back, and would open a transaction again. */
  async #staysClosed(tries: number, deadline: Deadline): Promise<boolean> {
    return !this.#cutOff || (tries > 0 && (await this.#status(deadline))?.status === 'closed');
  }

  /** Repeated once where the session has ended: a new one has no transaction. */
  async #status(deadline: Deadline) {
    const response = await this.#session.read({ method: 'GET', path }, deadline);
    return isSuccess(response) ? parseQuietly(response) : undefined;
  }

  async #write2xx(
    method: 'POST' | 'PUT',
    path: string,
    body: unknown,
    work: Deadline,
  ): Promise<UpstreamResponse> {
    const response = await this.#send({ method, path, headers: jsonBody, body: JSON.stringify(body) }, work);
    if (isSuccess(response)) return response;
    throw mayBeLock(response)
      ? new StateMoved('sps', `SPS answered status ${response.status} to a write inside our transaction`)
      : this.#problem(response);
  }

  async #send(request: UpstreamRequest, work: Deadline): Promise<UpstreamResponse> {
    const isWrite = request.method !== 'GET';
    if (isWrite) this.#mayBeOpen = true;
    try {
      return await this.#session.send(request, work);
    } catch (error) {
      if (error instanceof SessionLost) this.#mayBeOpen = false;
      else if (isWrite) this.#cutOff = true;
      throw error;
    }
  }

  #problem(response: UpstreamResponse): Problem {
    return spsProblem(response, this.#call.connectionName, this.#call.role);
  }
}

const parseQuietly = (response: UpstreamResponse) => {
  try {
    return parseJson('sps', response, transactionAnswer);
  } catch {
    return undefined;
  }
};
