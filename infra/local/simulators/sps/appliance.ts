import { randomBytes, randomUUID } from 'node:crypto';
import { changesBetween } from './changes.ts';
import type { Body, Configuration, Snapshot } from './configuration.ts';
import { checkReferences } from './references.ts';
import { Refusal } from './refusal.ts';
import type { Resource } from './resources.ts';
import { type SpsSettings, traitsOf } from './settings.ts';
import type { User } from './world.ts';

/** Who keeps all others from changing the configuration. */
export interface Lock {
  holder: 'session' | 'webui' | 'console';
  user: string;
}

/** How a transaction went, in the end or so far. What runs out of time is rolled back. */
export interface TransactionRecord {
  user: string;
  state: 'open' | 'changed' | 'committed' | 'rolled back';
  /** The commit message, where one was given. */
  message?: string;
}

/** One change that was published. */
export interface Commit {
  /** Which the configuration has had since. */
  revision: number;
  user: string;
  message: string | undefined;
  configuration: Configuration;
}

interface Transaction {
  base: Snapshot;
  baseRevision: number;
  pending: Snapshot;
  record: TransactionRecord;
}

export interface Session {
  user: User;
  /** What a browser has to send with each change. */
  token: string;
  usedAt: number;
  transaction: Transaction | undefined;
}

const recordsKept = 10_000;
const commitsKept = 100;

/** The sessions, the lock, the transactions and the configuration of one appliance. */
export class Appliance {
  /** How many changes were published. */
  revision = 1;
  readonly records: TransactionRecord[] = [];
  /** The latest, oldest first. */
  readonly commits: Commit[] = [];
  readonly #settings: SpsSettings;
  readonly #now: () => number;
  readonly #sessions = new Map<string, Session>();
  #committed: Snapshot;
  #foreignLock: (Lock & { until: number }) | undefined;

  /** `now` is in milliseconds. */
  constructor(start: Snapshot, settings: SpsSettings, now: () => number) {
    this.#committed = structuredClone(start);
    this.#settings = settings;
    this.#now = now;
  }

  get sessions(): Session[] {
    this.#dropExpired();
    return [...this.#sessions.values()];
  }

  get committed(): Snapshot {
    return this.#committed;
  }

  /** There is none but somebody else's where transactions do not lock each other out. */
  get lock(): Lock | undefined {
    const foreign = this.#foreignLock;
    if (foreign && foreign.until > this.#now()) return { holder: foreign.holder, user: foreign.user };
    if (this.#settings.lockMode === 'optimistic') return undefined;
    const owner = this.sessions.find(({ transaction }) => transaction);
    return owner && { holder: 'session', user: owner.user.name };
  }

  /** Has somebody who is not at the REST server edit the configuration. */
  lockAs(lock: Lock, seconds: number): void {
    const held = this.lock;
    if (held?.holder === 'session') throw new Error(`The configuration is locked by ${held.user}'s session.`);
    this.#foreignLock = { ...lock, until: this.#now() + seconds * 1_000 };
  }

  unlock(): void {
    this.#foreignLock = undefined;
  }

  /** Answers the id of the new session. */
  signIn(user: User): string {
    const id = randomBytes(20).toString('hex');
    const token = randomBytes(20).toString('hex');
    this.#sessions.set(id, { user, token, usedAt: this.#now(), transaction: undefined });
    return id;
  }

  /** The living session of this id, whose time begins anew. */
  sessionOf(id: string): Session | undefined {
    this.#dropExpired();
    const session = this.#sessions.get(id);
    if (session) session.usedAt = this.#now();
    return session;
  }

  expireSessions(): void {
    for (const [id, session] of this.#sessions) this.#end(id, session);
  }

  /** How long a session lives from its latest request on. */
  #lifeOf({ transaction }: Session): number {
    const { sessionIdleSeconds, txSeconds } = this.#settings;
    return transaction ? Math.min(sessionIdleSeconds, txSeconds) : sessionIdleSeconds;
  }

  /** Only a session with a transaction has it told. */
  remainingSeconds(session: Session): number | undefined {
    if (!session.transaction) return undefined;
    return Math.ceil(this.#lifeOf(session) - (this.#now() - session.usedAt) / 1_000);
  }

  #dropExpired(): void {
    for (const [id, session] of this.#sessions)
      if (this.#now() - session.usedAt >= this.#lifeOf(session) * 1_000) this.#end(id, session);
  }

  #end(id: string, session: Session): void {
    this.#sessions.delete(id);
    if (session.transaction) this.rollBack(session);
  }

  /** What a session sees: its own changes, and otherwise what is committed. */
  view({ transaction }: Session): Snapshot {
    return transaction?.pending ?? this.#committed;
  }

  changes({ transaction }: Session) {
    return transaction ? changesBetween(transaction.base, transaction.pending, this.#settings) : [];
  }

  open(session: Session): Transaction {
    if (session.transaction)
      throw new Refusal('TransactionAlreadyOpen', 'This session has a transaction open already.');
    const { lock } = this;
    if (lock && this.#settings.lockMode === 'exclusive')
      throw new Refusal('ConfigurationLocked', `The configuration is locked by ${lock.user}.`, {
        user: lock.user,
      });
    const record = this.#record(session.user.name, 'open');
    session.transaction = {
      base: this.#committed,
      baseRevision: this.revision,
      pending: structuredClone(this.#committed),
      record,
    };
    return session.transaction;
  }

  /** The transaction in which a change takes place; SPS may open one for it. */
  #forChange(session: Session): Transaction {
    if (session.transaction) return session.transaction;
    if (!traitsOf(this.#settings).implicitOpen)
      throw new Refusal('NoTransaction', 'There is no open transaction.');
    return this.open(session);
  }

  put(session: Session, apply: NonNullable<Resource['put']>['apply'], body: Body): void {
    const { pending, record } = this.#forChange(session);
    const configuration = apply(pending.configuration, body, this.#settings);
    checkReferences({ ...pending, configuration });
    pending.configuration = configuration;
    record.state = this.changes(session).length > 0 ? 'changed' : 'open';
  }

  /** Answers the key of the new password. */
  createPassword(session: Session, plain: string): string {
    const { pending, record } = this.#forChange(session);
    const key = randomUUID();
    pending.passwords[key] = plain;
    record.state = 'changed';
    return key;
  }

  get commitMessageRequired(): boolean {
    const { require_commitlog } = this.#committed.configuration.accounting;
    return this.#settings.requireCommitMessage || require_commitlog;
  }

  commit(session: Session, message: string | undefined): void {
    const { transaction } = session;
    if (!transaction) throw new Refusal('NoTransaction', 'There is no open transaction.');
    if (this.commitMessageRequired && !message)
      throw new Refusal('SemanticError', 'A commit message is required.');
    if (transaction.baseRevision !== this.revision)
      throw new Refusal('Conflict', 'The configuration was changed since the transaction was opened.');
    if (this.changes(session).length > 0) this.#publish(transaction.pending, session.user.name, message);
    transaction.record.state = 'committed';
    if (message !== undefined) transaction.record.message = message;
    session.transaction = undefined;
  }

  rollBack(session: Session): void {
    if (!session.transaction) {
      if (this.#settings.rollsBackClosed) return;
      throw new Refusal('NoTransaction', 'There is no open transaction.');
    }
    session.transaction.record.state = 'rolled back';
    session.transaction = undefined;
  }

  /** Has somebody else change and commit the configuration at once. */
  commitAs(user: string, mutate: (configuration: Configuration) => void): void {
    const { lock } = this;
    if (lock && (lock.holder === 'session' || lock.user !== user))
      throw new Error(`The configuration is locked by ${lock.user}.`);
    const next = structuredClone(this.#committed);
    mutate(next.configuration);
    this.#record(user, 'committed');
    this.#publish(next, user);
  }

  #record(user: string, state: TransactionRecord['state']): TransactionRecord {
    const record: TransactionRecord = { user, state };
    if (this.records.push(record) > recordsKept) this.records.shift();
    return record;
  }

  #publish(next: Snapshot, user: string, message?: string): void {
    const minutes = next.configuration.webinterface.timeout;
    // Assumed: that it is in force at once, for sessions that are there already too.
    if (minutes !== this.#committed.configuration.webinterface.timeout)
      this.#settings.sessionIdleSeconds = minutes * 60;
    this.#committed = next;
    this.revision++;
    const { revision } = this;
    if (this.commits.push({ revision, user, message, configuration: next.configuration }) > commitsKept)
      this.commits.shift();
  }
}
