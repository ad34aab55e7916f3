import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Deadline } from '../deadline.ts';
import { countRequest, countRetry } from '../metrics.ts';
import { deadlineExceeded } from '../problems/call.ts';
import { UpstreamUnreachable, upstreamUntrusted } from '../problems/upstream.ts';
import { answerTimeoutMs, connectTimeoutMs } from '../time-outs.ts';
import { userAgent } from '../version.ts';
import { exchange } from './exchange.ts';
import { Pace } from './pace.ts';
import { retryDelay } from './retry.ts';
import { RetryBudget } from './retry-budget.ts';

export interface UpstreamRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query string, below the connection's base URL. */
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface UpstreamResponse {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** Whether an earlier attempt got no answer: the request may have taken effect before this one. */
  afterLoss?: boolean;
  /** What it answers, where that is not what the operation asked. */
  during?: 'signIn';
}

/** Makes one attempt at a request signed: sends it once or, where it has to answer a challenge, twice. */
export type Authenticator = (
  request: UpstreamRequest,
  send: (headers?: Record<string, string>) => Promise<UpstreamResponse>,
  deadline: Deadline,
) => Promise<UpstreamResponse>;

const brokenConnection = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'UND_ERR_SOCKET',
]);

// With these no request has left.
const neverSent = new Set(['ECONNREFUSED', 'EAI_AGAIN']);

// The connection stands, but the upstream stays silent.
const noAnswerInTime = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

// A gateway's way of saying that it has lost the answer.
const answerLost = new Set([502, 504]);

/** HTTP to one upstream system: kept-alive connections, retries inside the deadline, faults as problems. */
export class HttpClient {
  readonly #system: string;
  readonly #basePath: string;
  readonly #pool: Pool;
  readonly #pace = new Pace();
  readonly #retries = new RetryBudget();

  constructor({ system, baseUrl, ca }: { system: string; baseUrl: string; ca?: string[] | undefined }) {
    const { origin, pathname } = new URL(baseUrl);
    this.#system = system;
    this.#basePath = pathname === '/' ? '' : pathname;
    this.#pool = new Pool(origin, {
      allowH2: false,
      connect: { timeout: connectTimeoutMs, ...(ca && { ca }) },
      headersTimeout: answerTimeoutMs,
      bodyTimeout: answerTimeoutMs,
      maxResponseSize: 16 * 1024 * 1024,
    });
  }

  /**
   * Sends a request that is safe to repeat, and repeats it after passing faults while the deadline and the budget of
   * retries allow.
   * Answers whatever status the upstream gave last; throws a `Problem` where it gave none.
   */
  async send(
    request: UpstreamRequest,
    deadline: Deadline,
    authenticate: Authenticator = (_request, send) => send(),
  ): Promise<UpstreamResponse> {
    const absolute = { ...request, path: this.#basePath + request.path };
    const once = (headers?: Record<string, string>) => this.#once(absolute, headers, deadline);
    let afterLoss = false;
    this.#retries.earn();
    for (let retries = 0; ; retries++) {
      let response: UpstreamResponse | undefined;
      let fault: unknown;
      try {
        response = await authenticate(absolute, once, deadline);
      } catch (error) {
        if (deadline.passed) throw deadlineExceeded(this.#system);
        if (!brokenConnection.has(codeOf(error))) throw this.#explain(error);
        fault = error;
        afterLoss ||= !neverSent.has(codeOf(error));
      }
      const delay = retryDelay({
        retries,
        ...(response && { status: response.status, retryAfter: singleHeader(response, 'retry-after') }),
      });
      if (delay === undefined || delay >= deadline.remaining() || !this.mayRetry()) {
        if (response) return { ...response, afterLoss };
        throw this.#explain(fault);
      }
      afterLoss ||= response !== undefined && answerLost.has(response.status);
      await sleep(delay);
    }
  }

  /** Sends a request once: for what must not be repeated blindly. Throws a `Problem` where no answer comes. */
  async attempt(request: UpstreamRequest, deadline: Deadline): Promise<UpstreamResponse> {
    this.#retries.earn();
    try {
      return await this.#once({ ...request, path: this.#basePath + request.path }, undefined, deadline);
    } catch (error) {
      throw deadline.passed ? deadlineExceeded(this.#system) : this.#explain(error);
    }
  }

  /** Takes one retry out of the budget, for who repeats an attempt; tells whether there was one left. */
  mayRetry(): boolean {
    const may = this.#retries.spend();
    if (may) countRetry();
    return may;
  }

  /** Lets requests in flight finish and closes the connections. */
  async close(): Promise<void> {
    await this.#pool.close();
  }

  async #once(
    { method, path, headers, body }: UpstreamRequest,
    more: Record<string, string> | undefined,
    deadline: Deadline,
  ): Promise<UpstreamResponse> {
    const pause = this.#pace.pause(deadline);
    if (pause > 0) await sleep(pause);
    const sentAt = performance.now();
    const answer = await exchange(
      this.#pool,
      {
        method,
        path,
        headers: { 'user-agent': userAgent, ...headers, ...more },
        ...(body !== undefined && { body }),
      },
      deadline.signal,
    ).finally(() => countRequest(performance.now() - sentAt));
    const { status, headers: given, body: bytes } = answer;
    const response = { status, headers: given, text: bytes.toString() };
    this.#pace.observe(
      singleHeader(response, 'ratelimit-limit'),
      singleHeader(response, 'ratelimit-remaining'),
    );
    return response;
  }

  #explain(error: unknown): unknown {
    const code = codeOf(error);
    if (noAnswerInTime.has(code)) return deadlineExceeded(this.#system);
    if (/CERT|SELF_SIGNED|ISSUER|VERIFY|ALTNAME/.test(code)) return upstreamUntrusted(this.#system, error);
    const isNetwork = brokenConnection.has(code) || /^(UND_ERR_|E[A-Z]+$|HPE_|ERR_SSL)/.test(code);
    return isNetwork ? new UpstreamUnreachable(this.#system, error) : error;
  }
}

/** The value of a header that makes sense only once. */
export function singleHeader({ headers }: UpstreamResponse, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
