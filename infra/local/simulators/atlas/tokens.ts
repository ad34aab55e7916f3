import { randomBytes } from 'node:crypto';
import { json, type Request, type Response } from '../listen.ts';
import { apiError } from '../mongodb/api-error.ts';

export interface TokenLimits {
  /** How long a token lives. */
  tokenSeconds: number;
  /** How many tokens of one service account may live at a time. */
  liveTokens: number;
  mintsPerMinute: number;
}

export const tokenPath = '/api/oauth/token';

/**
 * Atlas's token endpoint: OAuth 2 client credentials over HTTP Basic, with id and secret raw. (RFC 6749 would have
 * them form-encoded; Atlas's own clients disagree among themselves, and raw is what works.)
 */
export class Tokens {
  /** How many tokens were minted so far. */
  minted = 0;
  readonly #secretOf: (clientId: string) => string | undefined;
  readonly #limits: TokenLimits;
  readonly #now: () => number;
  readonly #live = new Map<string, { clientId: string; expiresAt: number }>();
  readonly #minutes = new Map<string, { startedAt: number; requests: number }>();

  /** `limits` may be changed at any time; `now` is in milliseconds. */
  constructor(secretOf: (clientId: string) => string | undefined, limits: TokenLimits, now: () => number) {
    this.#secretOf = secretOf;
    this.#limits = limits;
    this.#now = now;
  }

  /** The service account that a token stands for, while it lives. */
  clientIdOf(token: string): string | undefined {
    const found = this.#live.get(token);
    return found && found.expiresAt > this.#now() ? found.clientId : undefined;
  }

  revokeAll(): void {
    this.#live.clear();
  }

  answer({ method, headers, body }: Request): Response {
    // Atlas's 400 and 401 bodies are known nowhere; these follow RFC 6749, section 5.2.
    if (method !== 'POST') return oauthError(405, 'invalid_request', 'Use POST.');
    if (!/^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? ''))
      return oauthError(400, 'invalid_request', 'The body must be a form.');
    if (new URLSearchParams(body).get('grant_type') !== 'client_credentials')
      return oauthError(400, 'unsupported_grant_type', 'Only client_credentials is supported.');
    const clientId = this.#signedIn(headers.authorization);
    if (clientId === undefined) return oauthError(401, 'invalid_client', 'Unknown client or wrong secret.');
    if (this.#overLimit(clientId)) {
      const { mintsPerMinute } = this.#limits;
      // This one error has the Admin API's shape, not OAuth's.
      return apiError(
        429,
        'RATE_LIMITED',
        `Resource ${tokenPath} is limited to ${mintsPerMinute} requests every 1 minutes.`,
        [tokenPath, mintsPerMinute, 1],
      );
    }
    if (this.#countLive(clientId) >= this.#limits.liveTokens)
      return oauthError(403, 'access_denied', 'Access token limit reached. Use the tokens that you have.');
    return this.#mint(clientId);
  }

  #signedIn(authorization = ''): string | undefined {
    const [, encoded = ''] = /^Basic\s+(\S+)$/i.exec(authorization) ?? [];
    const [, clientId = '', secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
    return secret !== undefined && this.#secretOf(clientId) === secret ? clientId : undefined;
  }

  #overLimit(clientId: string): boolean {
    const now = this.#now();
    let minute = this.#minutes.get(clientId);
    if (!minute || now - minute.startedAt >= 60_000) {
      minute = { startedAt: now, requests: 0 };
      this.#minutes.set(clientId, minute);
    }
    return ++minute.requests > this.#limits.mintsPerMinute;
  }

  #countLive(clientId: string): number {
    for (const [token, { expiresAt }] of this.#live) if (expiresAt <= this.#now()) this.#live.delete(token);
    return [...this.#live.values()].filter((token) => token.clientId === clientId).length;
  }

  #mint(clientId: string): Response {
    const { tokenSeconds } = this.#limits;
    // The first part reads {"simulated":true}, so that the whole looks like a JSON Web Token.
    const token = `eyJzaW11bGF0ZWQiOnRydWV9.${randomBytes(48).toString('base64url')}`;
    this.#live.set(token, { clientId, expiresAt: this.#now() + tokenSeconds * 1_000 });
    this.minted++;
    return json(200, { access_token: token, expires_in: tokenSeconds, token_type: 'Bearer' });
  }
}

function oauthError(status: number, error: string, description: string): Response {
  const headers = status === 401 ? { 'www-authenticate': 'Basic realm="oauth"' } : undefined;
  return json(status, { error, error_description: description }, headers);
}
