import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { Applied } from '../change.ts';
import type { Call } from '../connections.ts';
import type { Deadline } from '../deadline.ts';
import { log } from '../log.ts';
import { StateMoved } from '../problems/change.ts';
import type { Problem } from '../problems/problem.ts';
import { keepSecret } from '../redaction.ts';
import type { UpstreamRequest, UpstreamResponse } from '../upstream/http-client.ts';
import { parseJson } from '../upstream/json.ts';
import {
  holds,
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
  /** Whether a transaction of ours may still be open, because it could not be ended in time. */
  leftOpen: boolean;
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
const isSuccess = ({ status }: UpstreamResponse): boolean => status >= 200 && status < 300;

/** Milliseconds of a call that are kept for giving the lock back. */
const cleanUpMs = 5_000;

/** Milliseconds without which another try at the lock is not begun: it would only run out of time. */
const tryMs = 250;

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
      return { after: body.parse(meant.after), changes: shownChanges(changes) };
    } finally {
      if (this.#mayBeOpen) await this.#rollBack();
    }
  }

  /** Ends what an earlier call could not, if anything: a read in it would pass for what is committed. */
  async endLeftOver(): Promise<void> {
    if (this.#knowledge.leftOpen) await this.#rollBack();
  }

  async #open(work: Deadline): Promise<void> {
    for (let tries = 0; ; tries++) {
      const response = await this.#send({ method: 'POST', path, headers: jsonBody, body: '' }, work);
      if (isSuccess(response)) return this.#learn(response, work);
      // The lock may be our own, left by an earlier call that lost an answer.
      if (tries === 0 && (await this.#status(work))?.status === 'open') {
        await this.#send({ method: 'DELETE', path }, work);
        continue;
      }
      this.#mayBeOpen = false;
      if (!mayBeLock(response)) throw this.#problem(response);
      const pauseMs = Math.min(250 * 2 ** tries, 2_000) * (1 + Math.random() / 2);
      if (pauseMs + tryMs >= work.remaining()) throw configurationLocked(response);
      await sleep(pauseMs);
    }
  }

  /** Whether a commit takes a message stands in the state of a transaction, which opening one may answer. */
  async #learn(response: UpstreamResponse, work: Deadline): Promise<void> {
    if (this.#knowledge.commitMessage !== undefined) return;
    const answered = parseQuietly(response) ?? (await this.#status(work));
    this.#knowledge.commitMessage = answered?.commit_message ?? 'none';
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
    return this.#knowledge.commitMessage === 'none'
      ? commit()
      : commit(`Switchboard: ${operation} for ${actor ?? 'an unnamed caller'}, request ${requestId}`);
  }

  /** Finds out what became of a commit whose answer was lost; ends the transaction where it is still open. */
  async #tookEffect(meant: Meant, cause: unknown): Promise<boolean> {
    const { deadline } = this.#call;
    try {
      if ((await this.#status(deadline))?.status === 'open') await this.#rollBack();
      else this.#mayBeOpen = false;
      const request: UpstreamRequest = { method: 'GET', path: `/api/configuration${meant.path}` };
      const response = await this.#session.read(request, deadline);
      if (!isSuccess(response)) throw this.#problem(response);
      return holds(parseJson('sps', response, resourceAnswer).body, meant);
    } catch {
      throw outcomeUnknown(meant.path, cause);
    }
  }

  /** Gives the lock back. Where SPS cannot be reached for that, it frees the lock itself when we have been idle. */
  async #rollBack(): Promise<void> {
    const { deadline } = this.#call;
    for (let tries = 0; deadline.remaining() > 0; tries++) {
      if (await this.#rolledBack(tries, deadline)) {
        this.#mayBeOpen = false;
        this.#knowledge.leftOpen = false;
        return;
      }
      await sleep(Math.min(100 * 2 ** tries, deadline.remaining()));
    }
    this.#knowledge.leftOpen = true;
    const { connectionName: connection, requestId } = this.#call;
    log('ERROR', 'an SPS transaction may stay open until SPS ends the idle session', {
      connection,
      requestId,
    });
  }

  async #rolledBack(tries: number, deadline: Deadline): Promise<boolean> {
    try {
      const { status } = await this.#session.send({ method: 'DELETE', path }, deadline);
      if (status >= 500) return false;
      // A write that was cut off may reach SPS after the roll back, and would open a transaction again.
      return !this.#cutOff || (tries > 0 && (await this.#status(deadline))?.status !== 'open');
    } catch (error) {
      // With the session, SPS has ended its transaction.
      return error instanceof SessionLost;
    }
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
