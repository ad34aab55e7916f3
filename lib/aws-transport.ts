import type { SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager';
import { Pool } from 'undici';
import { connectorFor } from './upstream/connect.ts';
import { exchange } from './upstream/exchange.ts';

type Handler = Extract<NonNullable<SecretsManagerClientConfig['requestHandler']>, { handle: unknown }>;
type Request = Parameters<Handler['handle']>[0];

/**
 * Carries the requests of an AWS SDK client over undici, which is loaded for the upstream systems anyway. The SDK's
 * own way loads a second HTTP client: some 8 ms of a cold start. The bundles do not even have it.
 */
export class AwsTransport {
  #pool: Pool | undefined;

  /** Rejects where no answer comes; the SDK then tries again. */
  async handle(
    { protocol, hostname, port, method, path, query, headers, body }: Request,
    { abortSignal }: { abortSignal?: unknown } = {},
  ) {
    this.#pool ??= new Pool(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`, {
      allowH2: false,
      connect: connectorFor(),
      // No connection is kept: AWS is asked something once in minutes.
      pipelining: 0,
    });
    const signal = abortSignal instanceof AbortSignal ? abortSignal : undefined;
    try {
      const answer = await exchange(
        this.#pool,
        { method, path: path + search(query), headers, body },
        signal,
      );
      return { response: { ...answer, statusCode: answer.status } };
    } catch (error) {
      if (signal?.aborted) throw error;
      // The SDK knows Node's codes for a broken connection, not undici's.
      throw Object.assign(new Error('No answer from AWS', { cause: error }), { $retryable: {} });
    }
  }
}

/** A query with its question mark, encoded as the signature has it; nothing where there is none. */
function search(query: Record<string, string | string[] | null> = {}): string {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    [values].flat().map((value) => (value === null ? encode(name) : `${encode(name)}=${encode(value)}`)),
  );
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

/** Leaves RFC 3986's unreserved characters as they are, and nothing else. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
