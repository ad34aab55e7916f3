import { Deadline } from '../deadline.ts';
import { keepSecret } from '../redaction.ts';
import type { Authenticator } from './http-client.ts';

/** An access token and how long it lives. */
export interface Token {
  value: string;
  /** Seconds from when it was asked for. */
  expiresIn: number;
}

const mintMs = 10_000;
const millisecondsBeforeExpiry = (lifetime: number): number => Math.min(60_000, lifetime / 10);

/**
 * Signs requests with an OAuth 2 bearer token (RFC 6749, section 4.4), minted when first needed.
 *
 * However many requests wait, one mint serves them; it has time of its own, so that one caller's deadline does
 * not fail the others. A token that meets 401 is dropped and the request sent once more with a new one.
 */
export function clientCredentials(mint: (deadline: Deadline) => Promise<Token>): Authenticator {
  let token: { header: string; renewAt: number } | undefined;
  let minting: Promise<{ header: string; renewAt: number }> | undefined;

  const renew = async () => {
    using deadline = new Deadline(mintMs);
    // The wall clock, because the monotonic one may stand still while a Lambda sandbox is frozen.
    const askedAt = Date.now();
    const { value, expiresIn } = await mint(deadline);
    keepSecret(value);
    const lifetime = expiresIn * 1_000;
    token = {
      header: `Bearer ${value}`,
      renewAt: askedAt + lifetime - millisecondsBeforeExpiry(lifetime),
    };
    return token;
  };

  const current = async (deadline: Deadline) => {
    if (token && Date.now() < token.renewAt) return token;
    minting ??= renew().finally(() => {
      minting = undefined;
    });
    return deadline.race(minting);
  };

  return async (_request, send, deadline) => {
    const used = await current(deadline);
    const response = await send({ authorization: used.header });
    if (response.status !== 401) return response;
    if (token === used) token = undefined;
    const { header } = await current(deadline);
    return send({ authorization: header });
  };
}
