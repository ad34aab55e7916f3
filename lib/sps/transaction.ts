import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { Applied } from '../change.ts';
import { compiled } from '../compiled.ts';
import type { Call } from '../connections.ts';
import type { Deadline } from '../deadline.ts';
import { isCleaned } from '../foreign/secrets.ts';
import { log } from '../log.ts';
import { countLockWait } from '../metrics.ts';
import { StateMoved } from '../problems/change.ts';
import { Problem } from '../problems/problem.ts';
import { upstreamAnswerUnexpected } from '../problems/upstream.ts';
import { isAnswerLost, type UpstreamRequest, type UpstreamResponse } from '../upstream/http-client.ts';
import { parseJson, parseWhole } from '../upstream/json.ts';
import {
  type ListedChange,
  listedChange,
  type Meant,
  replaceObjects,
  shownChanges,
  unexpectedChange,
  writeForm,
} from './changes.ts';
import {
  askState,
  endLeft,
  endTransaction,
  isDone,
  isSuccess,
  type Knowledge,
  transactionPath as path,
  stateIn,
} from './lock.ts';
import {
  configurationLocked,
  lockMayBeOurs,
  lockMayStay,
  mayBeLock,
  outcomeUnknown,
  SessionLost,
  spsProblem,
  stateRedacted,
} from './problems.ts';
import type { Resource } from './resource.ts';
import type { CallSession, Login } from './session.ts';

/** A resource as it was read and as it is to be. */
export interface Replacement {
  before: unknown;
  after: unknown;
}

const changesAnswer = z.object({ changes: z.array(listedChange) });
const createdPassword = z.object({ key: z.string() });

const resourceAnswer = z.object({ body: z.unknown() });

const passwords = '/api/configuration/passwords';
const jsonBody = { 'content-type': 'application/json' };

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
  readonly #session: CallSession;
  /** SPS keeps a transaction by its session: all of it goes with one login, which a 401 alone does not end. */
  readonly #login: Login;
  readonly #knowledge: Knowledge;
  readonly #call: Call;
  /** Whether SPS may hold the lock for us. */
  #mayBeOpen = false;
  /** Whether a write was sent whose answer never came, or not to a gateway: it may still be on its way. */
  #cutOff = false;
  /** That the lock may stay, where it may. */
  #staying: string[] = [];

  constructor(session: CallSession, login: Login, knowledge: Knowledge, call: Call) {
    this.#session = session;
    this.#login = login;
    this.#knowledge = knowledge;
    this.#call = call;
  }

  /** Replaces a resource, or only has SPS check the replacement. Gives the lock back, or says that it may stay. */
  async replace<Body>(
    { path, body }: Resource<Body>,
    { before, after }: Replacement,
    keep: boolean,
  ): Promise<Applied<Body>> {
    if (isCleaned(after)) throw stateRedacted(path);
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
      const replaced = compiled(body).parse(meant.after);
      if (keep) await this.#commit(meant, work);
      await this.#end();
      return { after: replaced, changes: shownChanges(changes), warnings: this.#staying };
    } catch (error) {
      await this.#end();
      if (error instanceof Problem) for (const warning of this.#staying) error.warn(warning);
      throw error;
    }
  }

  async #open(work: Deadline): Promise<void> {
    for (let tries = 0; ; tries++) {
      const response = await this.#send({ method: 'POST', path, headers: jsonBody, body: '' }, work);
      if (isSuccess(response)) {
        // Such an answer may be a slip; but here nobody has the lock.
        if (this.#knowledge.gone === this.#knowledge.left) this.#knowledge.left = undefined;
        return this.#learn(response, work);
      }
      const wasOurs = (await this.#endOurOwn(work)) || (mayBeLock(response) && (await this.#endLeft(work)));
      if (wasOurs && tries === 0) continue;
      const pauseMs = Math.min(250 * 2 ** tries, 2_000) * (1 + Math.random() / 2);
      if (!wasOurs && !mayBeLock(response)) throw this.#problem(response);
      if (pauseMs + tryMs >= work.remaining())
        throw mayBeLock(response) ? this.#locked(response) : this.#problem(response);
      await sleep(pauseMs);
      if (mayBeLock(response)) countLockWait(pauseMs);
    }
  }

  /**
   * Ends a transaction of ours that keeps us from opening one: left by an earlier call that lost an answer, or opened
   * by this one with an answer that says otherwise. Tells whether there was one.
   */
  async #endOurOwn(work: Deadline): Promise<boolean> {
    const { status } = await askState(this.#session, this.#login, work);
    if (status === 'open') await this.#send({ method: 'DELETE', path }, work);
    // Where SPS does not say, it may be open, and is rolled back in the end.
    else if (status === 'closed' && !this.#cutOff) this.#mayBeOpen = false;
    return status === 'open';
  }

  /** Ends what an earlier session of ours may have left; tells whether SPS says that it is over. */
  #endLeft(work: Deadline): Promise<boolean> | false {
    return this.#knowledge.left !== this.#login && endLeft(this.#session, this.#knowledge, work);
  }

  #locked(response: UpstreamResponse): Problem {
    const problem = configurationLocked(response);
    if (this.#knowledge.left !== undefined) problem.warn(lockMayBeOurs);
    return problem;
  }

  /** Whether a commit takes a message stands in the state of a transaction, which opening one may answer. */
  async #learn(response: UpstreamResponse, work: Deadline): Promise<void> {
    if (this.#knowledge.commitMessage !== undefined) return;
    const answered = stateIn(response) ?? (await askState(this.#session, this.#login, work));
    // What could not be read says nothing, and is asked for again the next time.
    if (answered.status !== undefined) this.#knowledge.commitMessage = answered.commit_message ?? 'none';
  }

  async #write(meant: Meant, withPasswords: boolean, work: Deadline): Promise<ListedChange[]> {
    await this.#write2xx('PUT', `/api/configuration${meant.path}`, writeForm(meant.after), work);
    const changes = await this.#changes(work);
    const unexpected = unexpectedChange(changes, meant, withPasswords);
    if (unexpected !== undefined && isCleaned(changes)) throw stateRedacted(meant.path);
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
      const response = await this.#write2xx('POST', passwords, { plain }, work);
      const { key } = parseJson('sps', response, createdPassword);
      references.push({ key, meta: { href: `${passwords}/${key}` } });
    }
    return references;
  }

  async #changes(work: Deadline): Promise<ListedChange[]> {
    const response = await this.#send({ method: 'GET', path: `${path}/changes` }, work);
    if (!isSuccess(response)) throw this.#problem(response);
    return parseWhole('sps', response, changesAnswer).changes;
  }

  async #commit(meant: Meant, work: Deadline): Promise<void> {
    let cause: unknown;
    try {
      const response = await this.#sendCommit(work);
      this.#mayBeOpen = !isDone(response) || stateIn(response)?.status === 'open';
      if (!this.#mayBeOpen) return;
      cause = this.#notCommitted(response);
    } catch (error) {
      cause = error;
    }
    if (!(await this.#tookEffect(meant, cause))) throw cause;
  }

  #notCommitted(response: UpstreamResponse): Problem {
    const { status } = response;
    if (status === 409) return new StateMoved('sps', 'somebody else committed a change meanwhile');
    if (!isSuccess(response)) return this.#problem(response);
    return upstreamAnswerUnexpected('sps', notItsOwn, { status });
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

  /** Finds out what became of a commit that SPS did not confirm; ends the transaction where it may still be open. */
  async #tookEffect(meant: Meant, cause: unknown): Promise<boolean> {
    const { deadline } = this.#call;
    try {
      const { status } = await askState(this.#session, this.#login, deadline);
      // It stays open where the commit was refused; one that is still on its way may yet be taken.
      if (status === 'open' && !this.#cutOff) return false;
      if (status === 'closed') this.#mayBeOpen = false;
      // What a transaction that is still open shows is not what is committed.
      else if (!(await this.#end())) throw new Error('The transaction may still be open.');
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
   * Gives the lock back, where SPS may hold it for us. Where SPS does not say that it has it back, the next call tries
   * again, or SPS does it when we have been idle. Tells whether SPS has said so.
   */
  async #end(): Promise<boolean> {
    if (!this.#mayBeOpen) return true;
    this.#mayBeOpen = false;
    const ended = await endTransaction(this.#session, this.#login, this.#call.deadline, this.#cutOff);
    if (ended === 'gone') {
      this.#session.forget(this.#login);
      // In case that was a slip as well: should the lock be held, it is looked at once more.
      this.#knowledge.left = this.#login;
    } else if (ended !== 'ended') this.#stay('ERROR', ended.notEnded);
    // However long we waited, the write may arrive later still.
    else if (this.#cutOff) this.#stay('WARN', 'a request may still be on its way to it');
    return ended === 'ended' || ended === 'gone';
  }

  #stay(level: 'WARN' | 'ERROR', why: string): void {
    this.#knowledge.left = this.#login;
    this.#staying = [lockMayStay(why)];
    const { connectionName: connection, requestId } = this.#call;
    log(level, 'an SPS transaction may stay open until the next call or the end of the idle session', {
      connection,
      requestId,
      why,
    });
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
    let response: UpstreamResponse;
    try {
      response = await this.#session.send(this.#login, request, work);
    } catch (error) {
      this.#cutOff ||= isWrite;
      throw error;
    }
    this.#cutOff ||= isWrite && isAnswerLost(response);
    if (response.status === 401) throw new SessionLost();
    return response;
  }

  #problem(response: UpstreamResponse): Problem {
    return spsProblem(response, this.#call.connectionName, this.#call.role);
  }
}
const notItsOwn = {
  en: 'the answer to the commit is not one that SPS gives',
  'pt-BR': 'a resposta ao commit não é dele próprio',
};
