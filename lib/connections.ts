import * as z from 'zod';
import type { Deadline } from './deadline.ts';
import { type FieldError, fieldErrors } from './field-errors.ts';
import { fromJson } from './json.ts';
import type { Language } from './language.ts';
import { deadlineExceeded } from './problems/call.ts';
import { connectionEmpty, connectionMalformed, connectionNotFound } from './problems/connection.ts';
import { CredentialsRefused } from './problems/upstream.ts';
import type { CallSecrets } from './secret-fields.ts';
import { readSecret, type StoredSecret } from './secrets.ts';
import { withoutMark } from './upstream/body.ts';

/** What a client needs to know of the invocation that it serves. */
export interface Call {
  deadline: Deadline;
  /** The operation's name. */
  operation: string;
  connectionName: string;
  /** Who calls, as far as the event tells. */
  actor: string | undefined;
  /** How it was called, as far as the event tells. */
  trigger?: 'http' | 'direct' | undefined;
  /** Where it came over HTTP: the id of the request in the access log of the API. */
  apiRequestId?: string | undefined;
  /** What the caller's token may, where there was one; whom IAM let in has none. */
  scopes?: string[] | undefined;
  requestId: string;
  /** The same in every delivery of one event, where the trigger delivers at least once. */
  idempotencyKey?: string | undefined;
  /** The language for people. */
  language: Language;
  /** What the call itself brings along that must not show. */
  secrets?: CallSecrets | undefined;
  /** The upstream role that the operation needs, in the upstream's words. */
  role: string;
}

/** A connection in use: signed in once, serving any number of calls. */
export interface Connection<Client> {
  /** Does work with a client that is good for one call. */
  use<T>(call: Call, work: (client: Client) => Promise<T>): Promise<T>;
  /** Lets requests in flight finish, then lets go of everything. */
  close(): Promise<void>;
}

interface Open<Client> {
  connection: Connection<Client>;
  versionId: string | undefined;
  readAt: number;
  /** How many calls are using it. */
  calls: number;
  /** Whether a newer one took its place, so that no further call can start on it. */
  replaced: boolean;
}

const freshMs = 5 * 60_000;

/** The secret that holds a connection. */
export const secretIdOf = (system: string, connectionName: string): string =>
  `switchboard/${system}/${connectionName}`;

/** Reads the secret of a connection. Throws `CONNECTION_NOT_FOUND` or `CONNECTION_EMPTY` where there is nothing. */
export async function readConnection(system: string, connectionName: string): Promise<StoredSecret> {
  const secretId = secretIdOf(system, connectionName);
  const secret = await readSecret(system, secretId);
  if (!secret) throw connectionNotFound(system, connectionName, secretId);
  if (secret.versionId === undefined) throw connectionEmpty(system, connectionName, secretId);
  return secret;
}

/**
 * What `make` makes of the value that a connection's secret holds. Throws `CONNECTION_MALFORMED` where that is not JSON
 * or `make` throws a `ZodError`.
 */
export function madeOfSecret<Made>(
  system: string,
  connectionName: string,
  { text }: StoredSecret,
  make: (value: object) => Made,
): Made {
  const malformed = (errors: FieldError[]) =>
    connectionMalformed(system, secretIdOf(system, connectionName), errors);
  const whole = (detail: string) => malformed([{ field: '(root)', detail }]);
  if (text === undefined) throw whole('is binary, and its bytes are no text: store it with --secret-string');
  const json = withoutMark(text);
  const value = fromJson(json);
  if (value === undefined) throw whole('is not a JSON object');
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw whole(`is ${Array.isArray(value) ? 'a list' : 'JSON of another type'}, not a JSON object`);
  const twice = namesTwice(json);
  if (twice.length > 0) throw malformed(twice.map((field) => ({ field, detail: 'is there twice' })));
  try {
    return make(value);
  } catch (error) {
    throw error instanceof z.ZodError ? malformed(fieldErrors(error.issues)) : error;
  }
}

/** The members that an object has more than once in its JSON, of which a parser would take the last. */
function namesTwice(json: string): string[] {
  const names: string[] = [];
  let depth = 0;
  for (const [token, name] of json.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[[\]{}]/g))
    if (name !== undefined) depth === 1 && names.push(String(JSON.parse(name)));
    else if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

/** The open connections to one system: secrets read once, kept warm, and read again when old or refused. */
export class Connections<Client> {
  readonly #system: string;
  readonly #connect: (secret: unknown, connectionName: string) => Connection<Client>;
  readonly #readSecret: (connectionName: string) => Promise<StoredSecret>;
  readonly #open = new Map<string, Open<Client>>();
  readonly #reading = new Map<string, Promise<Open<Client>>>();

  /**
   * `connect` throws a `ZodError` where the secret's value has another shape; `readSecret` reads the connection's own
   * secret unless given.
   */
  constructor(
    system: string,
    connect: (secret: unknown, connectionName: string) => Connection<Client>,
    readSecret = (connectionName: string) => readConnection(system, connectionName),
  ) {
    this.#system = system;
    this.#connect = connect;
    this.#readSecret = readSecret;
  }

  /**
   * Does work with a client of the connection that the call names. Where the upstream refuses the credentials, the
   * secret is read once more, and if it has changed meanwhile (rotation), the work is done again with the new ones.
   */
  async use<T>(call: Call, work: (client: Client) => Promise<T>): Promise<T> {
    const { connectionName, deadline } = call;
    const open = await this.#current(connectionName, deadline);
    try {
      return await this.#work(open, call, work);
    } catch (error) {
      if (!(error instanceof CredentialsRefused)) throw error;
      const renewed = await this.#unless(open, connectionName, deadline);
      if (renewed === open) throw error;
      return await this.#work(renewed, call, work);
    }
  }

  /** Whoever leaves a replaced connection last closes it. */
  async #work<T>(open: Open<Client>, call: Call, work: (client: Client) => Promise<T>): Promise<T> {
    open.calls++;
    try {
      return await open.connection.use(call, work);
    } finally {
      open.calls--;
      closeIfDone(open);
    }
  }

  async #current(connectionName: string, deadline: Deadline): Promise<Open<Client>> {
    const open = this.#open.get(connectionName);
    return open && Date.now() - open.readAt < freshMs ? open : this.#read(connectionName, deadline);
  }

  async #unless(refused: Open<Client>, connectionName: string, deadline: Deadline): Promise<Open<Client>> {
    const open = this.#open.get(connectionName);
    return open && open !== refused ? open : this.#read(connectionName, deadline);
  }

  /** One read serves all who wait; it has time of its own, so that no caller's deadline fails the others. */
  async #read(connectionName: string, deadline: Deadline): Promise<Open<Client>> {
    let reading = this.#reading.get(connectionName);
    if (!reading) {
      reading = this.#openAnew(connectionName).finally(() => this.#reading.delete(connectionName));
      this.#reading.set(connectionName, reading);
    }
    return deadline.race(reading, () => deadlineExceeded(this.#system, 'Secrets Manager'));
  }

  async #openAnew(connectionName: string): Promise<Open<Client>> {
    const readAt = Date.now();
    const secret = await this.#readSecret(connectionName);
    const { versionId } = secret;
    const before = this.#open.get(connectionName);
    if (before && before.versionId === versionId) {
      before.readAt = readAt;
      return before;
    }
    const connection = madeOfSecret(this.#system, connectionName, secret, (value) =>
      this.#connect(value, connectionName),
    );
    const open = { connection, versionId, readAt, calls: 0, replaced: false };
    this.#open.set(connectionName, open);
    if (before) setImmediate(replace, before);
    return open;
  }
}

// Not at once, because a call may have been given the connection and not have started yet.
function replace(open: Open<unknown>): void {
  open.replaced = true;
  closeIfDone(open);
}

function closeIfDone({ connection, calls, replaced }: Open<unknown>): void {
  if (replaced && calls === 0) void connection.close();
}
