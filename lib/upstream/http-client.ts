import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Deadline } from '../deadline.ts';
import { keepOutOfCauses } from '../foreign/cause.ts';
import { ForeignText } from '../foreign/foreign-text.ts';
import { Secrets } from '../foreign/secrets.ts';
import type { Words } from '../language.ts';
import { countRequest, countRetry } from '../metrics.ts';
import { deadlineExceeded } from '../problems/call.ts';
import type { Problem } from '../problems/problem.ts';
import type { CallSecrets } from '../secret-fields.ts';
import { answerTimeoutMs } from '../time-outs.ts';
import { userAgent } from '../version.ts';
import { bodyOf } from './body.ts';
import { connectorFor } from './connect.ts';
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
  /** What the call that it is made for brought along. */
  secrets?: CallSecrets | undefined;
}

export interface UpstreamResponse {
  status: number;
  /** Names in lower case. */
  headers: Record<string, ForeignText[]>;
  text: ForeignText;
  /** Why the text cannot be trusted to be what was sent. */
  unreadable?: Words;
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

/** A request that got no answer, with what it was rejected with as its cause. */
class NoAnswer extends Error {
  readonly code: string;

  constructor(cause: unknown) {
    super('No answer', { cause });
    this.code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  }
}

// A request that is safe to repeat is sent again after these.
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

/** Whether an answer says only that a gateway has none: the request may have taken effect, or may yet. */
export const isAnswerLost = ({ status }: UpstreamResponse): boolean => answerLost.has(status);

/** HTTP to one upstream system: kept-alive connections, retries inside the deadline, faults as problems. */
export class HttpClient {
  readonly #system: string;
  readonly #basePath: string;
  readonly #pool: Pool;
  readonly #pace = new Pace();
  readonly #retries = new RetryBudget();
  /** The secrets of the connection: whoever signs in adds what must not show in what the upstream says. */
  readonly secrets = new Secrets();
  readonly #forgetSecrets = keepOutOfCauses(this.secrets);

  constructor({ system, baseUrl, ca }: { system: string; baseUrl: string; ca?: string | undefined }) {
    const { origin, pathname } = new URL(baseUrl);
    this.#system = system;
    this.#basePath = pathname === '/' ? '' : pathname;
    this.#pool = new Pool(origin, {
      allowH2: false,
      connect: connectorFor(ca),
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
      let fault: NoAnswer | undefined;
      try {
        response = await authenticate(absolute, once, deadline);
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        if (deadline.passed || !brokenConnection.has(error.code)) throw await this.#problem(error, deadline);
        fault = error;
        afterLoss ||= !neverSent.has(error.code);
      }
      const delay = retryDelay({
        retries,
        ...(response && {
          status: response.status,
          retryAfter: singleHeader(response, 'retry-after')?.forProtocol(),
        }),
      });
      if (delay === undefined || delay >= deadline.remaining() || !this.mayRetry()) {
        if (response) return { ...response, afterLoss };
        throw await this.#problem(fault, deadline);
      }
      afterLoss ||= response !== undefined && isAnswerLost(response);
      await sleep(delay);
    }
  }

  /** Sends a request once: for what must not be repeated blindly. Throws a `Problem` where no answer comes. */
  async attempt(request: UpstreamRequest, deadline: Deadline): Promise<UpstreamResponse> {
    this.#retries.earn();
    try {
      return await this.#once({ ...request, path: this.#basePath + request.path }, undefined, deadline);
    } catch (error) {
      throw error instanceof NoAnswer ? await this.#problem(error, deadline) : error;
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
    // Who closes it because of a failure has yet to log that.
    setImmediate(this.#forgetSecrets);
  }

  async #once(
    { method, path, headers, body, secrets }: UpstreamRequest,
    more: Record<string, string> | undefined,
    deadline: Deadline,
  ): Promise<UpstreamResponse> {
    const pause = this.#pace.pause(deadline);
    if (pause > 0) await sleep(pause);
    const sentAt = performance.now();
    const sent: Record<string, string> = {
      'user-agent': userAgent,
      'accept-encoding': 'identity',
      ...headers,
      ...more,
    };
    const answer = await exchange(
      this.#pool,
      {
        method,
        path,
        headers: sent,
        ...(body !== undefined && { body }),
      },
      deadline.signal,
    )
      .catch((error: unknown) => {
        throw new NoAnswer(error);
      })
      .finally(() => countRequest(performance.now() - sentAt));
    const { status, headers: given } = answer;
    const header = (name: string) => [given[name]].flat()[0];
    this.#pace.observe(header('ratelimit-limit'), header('ratelimit-remaining'));
    const content = { encoding: header('content-encoding'), type: header('content-type') };
    const { text, unreadable } = await bodyOf(answer.body, content);
    const mayRepeat = this.#mayRepeat(sent, secrets, status);
    const foreign = (raw: string) => new ForeignText(raw, mayRepeat);
    return {
      status,
      headers: Object.fromEntries(
        Object.entries(given).map(([name, values = []]) => [name, [values].flat().map(foreign)]),
      ),
      text: foreign(text),
      ...(unreadable && { unreadable }),
    };
  }

  /** What the answer to a request may repeat of it and must not show. A good one may show a community to who set it. */
  #mayRepeat(
    { authorization, cookie }: Record<string, string>,
    call: CallSecrets | undefined,
    status: number,
  ): Secrets {
    const ofCall = call ? [call.passwords, ...(status < 300 ? [] : [call.communities])] : [];
    const secrets = new Secrets(this.secrets, ...ofCall);
    secrets.add(
      ...[...signedWith(authorization), ...valuesOf(cookie)].filter((sent) => !this.secrets.has(sent)),
    );
    return secrets;
  }

  async #problem(fault: NoAnswer | undefined, deadline: Deadline): Promise<Problem> {
    if (deadline.passed || noAnswerInTime.has(fault?.code ?? '')) return deadlineExceeded(this.#system);
    const { faultProblem } = await import('./faults.ts');
    return faultProblem(this.#system, fault?.cause);
  }
}

/** The value of a header that makes sense only once. */
export const singleHeader = ({ headers }: UpstreamResponse, name: string): ForeignText | undefined =>
  headers[name]?.[0];

/** What is secret of an `Authorization` header: what follows the scheme or, with Digest, the response. */
function signedWith(header = ''): string[] {
  const [, response] = /^Digest .*\bresponse="?(\w+)/i.exec(header) ?? [];
  return [response ?? header.replace(/^\w+ /, '')];
}

/** Characters of a cookie's value below which it keeps nothing secret. */
const fewestCharacters = 8;

const valuesOf = (cookies = ''): string[] =>
  cookies
    .split(/;\s*/)
    .map((cookie) => cookie.slice(cookie.indexOf('=') + 1))
    .filter((value) => value.length >= fewestCharacters);
