import type { Call } from '../connections.ts';
import type { Deadline } from '../deadline.ts';
import { UpstreamUnreachable, upstreamAnswerUnexpected } from '../problems/upstream.ts';
import type { CallSecrets } from '../secret-fields.ts';
import {
  type HttpClient,
  singleHeader,
  type UpstreamRequest,
  type UpstreamResponse,
} from '../upstream/http-client.ts';
import { loginMethods, type User } from './login-methods.ts';
import { loginRefused, sessionRefused } from './problems.ts';

/** What SPS knows a session by. */
export interface Login {
  cookie: string;
  /** How far the appliance's clock is ahead of ours, in milliseconds. */
  skewMs: number;
}

export type CallSession = Pick<Session, 'login' | 'logIn' | 'forget' | 'send' | 'read'>;

/**
 * A session at one SPS: one login, kept while SPS keeps it. How long that is, is a setting of the appliance, so it is
 * found out by being refused. What a session may see and lock is its own: two of them do not share a transaction.
 */
export class Session {
  readonly #http: HttpClient;
  readonly #user: User;
  readonly #connectionName: string;
  #login: Login | undefined;

  constructor(http: HttpClient, user: User, connectionName: string) {
    this.#http = http;
    this.#user = user;
    this.#connectionName = connectionName;
  }

  /** The session as one call uses it: what the call brought along does not show in what SPS says to it. */
  for({ secrets }: Pick<Call, 'secrets'>): CallSession {
    const session = this;
    return {
      get login() {
        return session.login;
      },
      logIn: (deadline) => session.logIn(deadline, secrets),
      forget: (login) => session.forget(login),
      send: (login, request, deadline) => session.send(login, { ...request, secrets }, deadline),
      read: (request, deadline) => session.read({ ...request, secrets }, deadline),
    };
  }

  /** The login in use; `undefined` where the next request makes one. */
  get login(): Login | undefined {
    return this.#login;
  }

  /** The login in use, made where there is none. */
  async logIn(deadline: Deadline, secrets?: CallSecrets): Promise<Login> {
    this.#login ??= await this.#signIn(deadline, secrets);
    return this.#login;
  }

  /** Uses a login no more. */
  forget(login: Login): void {
    if (this.#login === login) this.#login = undefined;
  }

  /** Sends a request once with a login, and answers whatever comes, a 401 too. */
  send({ cookie }: Login, request: UpstreamRequest, deadline: Deadline): Promise<UpstreamResponse> {
    const headers = { accept: 'application/json', cookie, ...request.headers };
    return this.#http.attempt({ ...request, headers }, deadline);
  }

  /**
   * Sends a request that is safe to repeat, once more where the connection breaks or the session has ended. Only for
   * what is asked outside of a transaction: a new session knows nothing of it.
   */
  async read(request: UpstreamRequest, deadline: Deadline): Promise<UpstreamResponse> {
    let refused: Login | undefined;
    let isBroken = false;
    for (;;) {
      const isNew = this.#login === undefined;
      const login = await this.logIn(deadline, request.secrets);
      let response: UpstreamResponse;
      try {
        response = await this.send(login, request, deadline);
      } catch (error) {
        if (isBroken || !(error instanceof UpstreamUnreachable && this.#http.mayRetry())) throw error;
        isBroken = true;
        continue;
      }
      if (response.status !== 401) return response;
      // SPS has only just made a new session: one refusal of it may be a slip.
      if (isNew) refused = login;
      else this.forget(login);
      if (!isNew && login === refused) throw sessionRefused(this.#connectionName, response, login.skewMs);
    }
  }

  /** https://support.oneidentity.com: REST API guide, "Authenticate". The credentials go out as UTF-8. */
  async #signIn(deadline: Deadline, secrets?: CallSecrets): Promise<Login> {
    const { username, password, loginMethod } = this.#user;
    const basic = Buffer.from(`${username}:${password}`).toString('base64');
    this.#http.secrets.add(basic);
    const query =
      loginMethod === undefined ? '' : `?login_method=${encodeURIComponent(loginMethod.toWellFormed())}`;
    const response = await this.#http.send(
      {
        method: 'GET',
        path: `/api/authentication${query}`,
        headers: { accept: 'application/json', authorization: `Basic ${basic}` },
        secrets,
      },
      deadline,
    );
    const { status, headers } = response;
    const refusal: UpstreamResponse = { ...response, during: 'signIn' };
    if (status < 200 || status > 299) {
      const methods = loginMethod === undefined ? [] : await loginMethods(this.#http, deadline);
      throw loginRefused(refusal, loginMethod, methods, this.#connectionName);
    }
    const id = sessionIdOf(headers['set-cookie']?.map((cookie) => cookie.forProtocol()));
    if (id === undefined) throw upstreamAnswerUnexpected('sps', noCookie, { status });
    this.#http.secrets.addPassing(id);
    const clock = Date.parse(singleHeader(response, 'date')?.forProtocol() ?? '');
    const skewMs = Number.isNaN(clock) ? 0 : clock - Date.now();
    return { cookie: `session_id=${id}`, skewMs };
  }
}

const noCookie = {
  en: 'its login sets no session_id cookie',
  'pt-BR': 'o login dele não define o cookie session_id',
};

// Our clock has no say in how long the cookie is good: its `expires` follows the appliance's.
function sessionIdOf(cookies: string | string[] | undefined): string | undefined {
  for (const cookie of [cookies ?? []].flat()) {
    const [, id] = /^\s*session_id=([^;\s]+)/i.exec(cookie) ?? [];
    if (id) return id;
  }
  return undefined;
}
