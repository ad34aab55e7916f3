import type { Deadline } from '../deadline.ts';
import { CredentialsRefused, UpstreamUnreachable, upstreamAnswerUnexpected } from '../problems/upstream.ts';
import { keepSecret } from '../redaction.ts';
import type { HttpClient, UpstreamRequest, UpstreamResponse } from '../upstream/http-client.ts';
import { SessionLost, sessionRefused, spsProblem, upstreamOf } from './problems.ts';

interface Login {
  cookie: string;
  /** How far the appliance's clock is ahead of ours, in milliseconds. */
  skewMs: number;
}

/**
 * A session at one SPS: one login, kept while SPS keeps it. How long that is, is a setting of the appliance, so it is
 * found out by being refused. What a session may see and lock is its own: two of them do not share a transaction.
 */
export class Session {
  readonly #http: HttpClient;
  readonly #user: { username: string; password: string };
  readonly #connectionName: string;
  #login: Login | undefined;

  constructor(http: HttpClient, user: { username: string; password: string }, connectionName: string) {
    this.#http = http;
    this.#user = user;
    this.#connectionName = connectionName;
  }

  /** Sends a request once, logging in first where need be. Throws `SessionLost` where the session has ended. */
  async send(request: UpstreamRequest, deadline: Deadline): Promise<UpstreamResponse> {
    const known = this.#login;
    const login = known ?? (await this.#logIn(deadline));
    const headers = { accept: 'application/json', cookie: login.cookie, ...request.headers };
    const response = await this.#http.attempt({ ...request, headers }, deadline);
    if (response.status !== 401) return response;
    if (this.#login === login) this.#login = undefined;
    if (known) throw new SessionLost();
    throw sessionRefused(this.#connectionName, response, login.skewMs);
  }

  /** Sends a request that is safe to repeat, once more where the session has ended or the connection breaks. */
  async read(request: UpstreamRequest, deadline: Deadline): Promise<UpstreamResponse> {
    try {
      return await this.send(request, deadline);
    } catch (error) {
      const mayPass = error instanceof UpstreamUnreachable && this.#http.mayRetry();
      if (!(error instanceof SessionLost || mayPass)) throw error;
      return await this.send(request, deadline);
    }
  }

  /** https://support.oneidentity.com: REST API guide, "Authenticate". The credentials go out as UTF-8. */
  async #logIn(deadline: Deadline): Promise<Login> {
    const { username, password } = this.#user;
    const basic = Buffer.from(`${username}:${password}`).toString('base64');
    keepSecret(basic);
    const response = await this.#http.send(
      {
        method: 'GET',
        path: '/api/authentication',
        headers: { accept: 'application/json', authorization: `Basic ${basic}` },
      },
      deadline,
    );
    const { status, headers } = response;
    const refusal: UpstreamResponse = { ...response, during: 'signIn' };
    if (status === 401) throw new CredentialsRefused('sps', this.#connectionName, upstreamOf(refusal));
    if (status < 200 || status > 299) throw spsProblem(refusal, this.#connectionName);
    const id = sessionIdOf(headers['set-cookie']);
    if (id === undefined)
      throw upstreamAnswerUnexpected('sps', 'its login sets no session_id cookie', { status });
    keepSecret(id);
    const clock = Date.parse([headers['date']].flat()[0] ?? '');
    const skewMs = Number.isNaN(clock) ? 0 : clock - Date.now();
    this.#login = { cookie: `session_id=${id}`, skewMs };
    return this.#login;
  }
}

// Our clock has no say in how long the cookie is good: its `expires` follows the appliance's.
function sessionIdOf(cookies: string | string[] | undefined): string | undefined {
  for (const cookie of [cookies ?? []].flat()) {
    const [, id] = /^\s*session_id=([^;\s]+)/i.exec(cookie) ?? [];
    if (id) return id;
  }
  return undefined;
}
