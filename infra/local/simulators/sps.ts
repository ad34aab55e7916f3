import { setTimeout as sleep } from 'node:timers/promises';
import { asText, type Breakage, broken, FaultQueue, type FaultTiming } from './faults.ts';
import {
  type Answer,
  json,
  type Listener,
  listen,
  type Request,
  type Response,
  type TlsIdentity,
} from './listen.ts';
import { Appliance, type Commit, type Lock, type Session, type TransactionRecord } from './sps/appliance.ts';
import { errorBody, errorStatuses, lengthRequired } from './sps/assumed.ts';
import { authenticate } from './sps/authentication.ts';
import type { Body, Configuration } from './sps/configuration.ts';
import { endpointAt } from './sps/endpoints.ts';
import { Refusal } from './sps/refusal.ts';
import { defaults, type SpsSettings, traitsOf } from './sps/settings.ts';
import { demoSnapshot, demoUsers, type User } from './sps/world.ts';

export type { Commit } from './sps/appliance.ts';
export type { Configuration } from './sps/configuration.ts';
export type { SpsSettings } from './sps/settings.ts';
export { demo, demoConfiguration, demoUsers, type User } from './sps/world.ts';

export interface SpsOptions extends Partial<SpsSettings> {
  /** Any free one unless given. */
  port?: number;
  /** Serves HTTPS with this identity; HTTP unless given. */
  tls?: TlsIdentity;
  /** The demo's users unless given. */
  users?: User[];
  /** The demo's configuration unless given. */
  configuration?: Configuration;
}

/**
 * Goes wrong for the next request, or the next `times` requests, after `skip` others. `on` chooses the requests: it is
 * tried on the method and the path, such as `PUT /api/transaction`.
 */
export type SpsFault = FaultTiming & { on?: RegExp } & (
    | Breakage
    /** Answers this status instead of doing anything, with an error in SPS's shape unless a body is given. */
    | { status: number; body?: unknown }
    /** The true response with these parts replaced. */
    | { replaced: Partial<Response> }
    /** The request takes effect at once, and its response comes so much later. */
    | { lateMs: number }
    /** Something else happens just before the request takes effect: a session expires, somebody else commits. */
    | { meanwhile: () => void }
  );

/** What there is to see of an appliance from outside. No password is in it. */
export interface SpsState {
  revision: number;
  configuration: Configuration;
  /** The keys of the committed passwords. */
  passwords: string[];
  lock: Lock | undefined;
  sessions: { user: string; transaction: 'open' | 'closed' }[];
  /** All that were ever opened, oldest first. */
  transactions: TransactionRecord[];
}

/** `requests` is without credentials. */
export interface SpsSimulator extends Listener {
  settings: SpsSettings;
  /** Who may sign in. Changing it changes whom SPS lets in. */
  users: User[];
  /** How many times the committed configuration changed, and one. */
  readonly revision: number;
  /** A copy of what is there now. */
  state(): SpsState;
  /** What was committed after a revision, oldest first; as far back as the latest hundred. */
  commitsSince(revision: number): Commit[];
  /** Has somebody else edit the configuration, for so many seconds or until `unlock`. Throws where a session does. */
  lock(user: string, seconds?: number, holder?: 'webui' | 'console'): void;
  unlock(): void;
  /** Has somebody else commit a change. Throws where the configuration is locked by a session or by another user. */
  commitAs(user: string, mutate: (configuration: Configuration) => void): void;
  /** Ends every session at once, with what it has open. */
  expireSessions(): void;
  fail(fault: SpsFault): void;
  /** Forgets the faults that are still to come. */
  recover(): void;
  /** Lets time pass for the simulator alone: sessions and transactions expire, locks are given up. */
  advance(seconds: number): void;
}

/** Starts a simulated SPS on loopback: its REST API with sessions, the configuration lock, transactions and faults. */
export async function startSps({
  port,
  tls,
  users = demoUsers(),
  configuration,
  ...chosen
}: SpsOptions = {}): Promise<SpsSimulator> {
  const settings: SpsSettings = { ...defaults, ...chosen };
  let passed = 0;
  const now = () => Date.now() + passed;
  const appliance = new Appliance(demoSnapshot(configuration), settings, now);
  const faults = new FaultQueue<SpsFault>();

  const answer = async (request: Request): Promise<Answer> => {
    const path = pathOf(request);
    const place = `${request.method} ${path}`;
    const fault = faults.take(({ on }) => on?.test(place) ?? true);
    const answerTruly = () => late(respond(request, path), settings.latencyMs);
    if (!fault) return answerTruly();
    if ('status' in fault) return failure(fault, path);
    if ('replaced' in fault) return { ...(await answerTruly()), ...fault.replaced };
    if ('lateMs' in fault) return late(respond(request, path), fault.lateMs);
    if ('meanwhile' in fault) {
      fault.meanwhile();
      return answerTruly();
    }
    return broken(fault, answerTruly);
  };

  const respond = (request: Request, path: string): Response => {
    try {
      return serve(request, path);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { type, message, details } = error;
      const status = type === 'ConfigurationLocked' ? settings.lockedStatus : errorStatuses[type];
      return json(status, errorBody(type, message, path, details));
    }
  };

  const serve = (request: Request, path: string): Response => {
    const { headers } = request;
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    // The condition is assumed; the status is documented.
    if (method === 'POST' && headers['content-length'] === undefined && !headers['transfer-encoding'])
      return lengthRequired;
    const open = authenticate(path, request, users, appliance, settings, now());
    if (open) return open;

    const [, id = ''] = /(?:^|;\s*)session_id=([^;\s]+)/.exec(headers.cookie ?? '') ?? [];
    const session = appliance.sessionOf(id);
    if (!session) throw new Refusal('Unauthenticated', 'There is no such session.');
    if (method !== 'GET' && lacksToken(request, session))
      throw new Refusal('Unauthorized', 'The X-Token header is missing or wrong.');
    const isFor = ({ methods, url }: User['endpoints'][number]) =>
      methods.includes(method) && path.startsWith(url);
    if (!session.user.endpoints.some(isFor))
      throw new Refusal('Unauthorized', 'The user has no right to do this.');

    const endpoint = endpointAt(path);
    if (!endpoint) throw new Refusal('NotFound', 'There is no such object.');
    const run = Object.entries(endpoint).find(([name]) => name === method)?.[1];
    if (!run) throw new Refusal('MethodNotAllowed', `${method} is not allowed here.`);
    const type = headers['content-type'];
    if (request.body !== '' && !/^application\/json\b/i.test(type ?? ''))
      throw new Refusal('ContentTypeNotSupported', 'The body must be JSON.');
    return run({ path, session, appliance, settings, body: () => parseBody(request.body) });
  };

  const lacksToken = ({ headers }: Request, { token }: Session): boolean => {
    const { requireXToken } = traitsOf(settings);
    const isAsked =
      requireXToken === 'browser-ua' ? headers['user-agent']?.includes('Mozilla') === true : requireXToken;
    return isAsked && headers['x-token'] !== token;
  };

  const listener = await listen(answer, port, tls);
  return {
    ...listener,
    get requests() {
      return listener.requests.map(({ headers, ...request }) => {
        const { authorization, cookie, 'x-token': token, ...harmless } = headers;
        return { ...request, headers: harmless };
      });
    },
    get revision() {
      return appliance.revision;
    },
    settings,
    users,
    state: () => ({
      revision: appliance.revision,
      configuration: structuredClone(appliance.committed.configuration),
      passwords: Object.keys(appliance.committed.passwords),
      lock: appliance.lock,
      sessions: appliance.sessions.map(({ user, transaction }) => ({
        user: user.name,
        transaction: transaction ? 'open' : 'closed',
      })),
      transactions: appliance.records.map((record) => ({ ...record })),
    }),
    commitsSince: (revision) =>
      structuredClone(appliance.commits.filter((commit) => commit.revision > revision)),
    lock: (user, seconds = Number.POSITIVE_INFINITY, holder = 'webui') =>
      appliance.lockAs({ holder, user }, seconds),
    unlock: () => appliance.unlock(),
    commitAs: (user, mutate) => appliance.commitAs(user, mutate),
    expireSessions: () => appliance.expireSessions(),
    fail: (fault) => faults.add(fault),
    recover: () => faults.clear(),
    advance: (seconds) => {
      passed += seconds * 1_000;
    },
  };
}

/** The path without slashes at its end, which SPS does not mind. */
const pathOf = ({ url }: Request): string => url.pathname.replace(/\/+$/, '');

/** The wait does not keep the process alive: somebody has to be there to take the response. */
async function late(response: Response, ms: number): Promise<Response> {
  if (ms > 0) await sleep(ms, undefined, { ref: false });
  return response;
}

function parseBody(text: string): Body {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Refusal('SemanticError', 'The body must be an object.');
  return { ...value };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('SyntaxError', 'The body is not JSON.');
  }
}

function failure({ status, body }: Extract<SpsFault, { status: number }>, path: string): Response {
  const given = json(status, errorBody('InternalError', 'This fault was asked for.', path));
  return body === undefined ? given : { ...given, body: asText(body) };
}
