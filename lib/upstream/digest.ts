import { createHash, randomBytes } from 'node:crypto';
import type { Authenticator } from './http-client.ts';

interface Challenge {
  realm: string;
  nonce: string;
  algorithm: string;
  opaque: string | undefined;
  /** Absent from RFC 2069 servers, which then want no nonce count either. */
  qop: 'auth' | undefined;
}

const hashes: Record<string, string> = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' };

/**
 * Signs requests with HTTP Digest (RFC 7616, MD5 included: it is what Atlas asks for).
 *
 * A nonce is used again with a rising count, so a warm request is one round trip. It is lent to one request at
 * a time: Atlas takes two counts of one nonce in flight for a replay and answers 401. A request that finds none
 * free fetches a nonce of its own.
 */
export function digest(username: string, password: string): Authenticator {
  const free: { challenge: Challenge; count: number }[] = [];

  return async (request, send) => {
    const lent = free.pop();
    const first = await send(
      lent && { authorization: authorization(lent.challenge, ++lent.count, request, username, password) },
    );
    if (first.status !== 401) {
      if (lent) free.push(lent);
      return first;
    }
    const challenge = parseChallenge(first.headers['www-authenticate']);
    if (!challenge) return first;
    const fresh = { challenge, count: 1 };
    const second = await send({ authorization: authorization(challenge, 1, request, username, password) });
    if (second.status !== 401) free.push(fresh);
    return second;
  };
}

/** The `Authorization` header that answers a challenge. */
export function authorization(
  { realm, nonce, algorithm, opaque, qop }: Challenge,
  count: number,
  { method, path }: { method: string; path: string },
  username: string,
  password: string,
  cnonce: string = randomBytes(16).toString('hex'),
): string {
  const name = algorithm.replace(/-sess$/i, '');
  const hash = (...parts: string[]) =>
    createHash(hashes[name.toUpperCase()] ?? 'md5')
      .update(parts.join(':'))
      .digest('hex');
  const user = hash(username, realm, password);
  const ha1 = name === algorithm ? user : hash(user, nonce, cnonce);
  const ha2 = hash(method, path);
  const nc = count.toString(16).padStart(8, '0');
  const response = qop ? hash(ha1, nonce, nc, cnonce, qop, ha2) : hash(ha1, nonce, ha2);
  const quoted = {
    username,
    realm,
    nonce,
    uri: path,
    response,
    ...(qop && { cnonce }),
    ...(opaque && { opaque }),
  };
  const fields = Object.entries(quoted).map(([key, value]) => `${key}="${value.replace(/["\\]/g, '\\$&')}"`);
  return `Digest ${[...fields, `algorithm=${algorithm}`, ...(qop ? [`qop=${qop}`, `nc=${nc}`] : [])].join(', ')}`;
}

/** The first Digest challenge that we can answer in a `WWW-Authenticate` header (RFC 9110, section 11.6.1). */
export function parseChallenge(header: string | string[] | undefined): Challenge | undefined {
  for (const text of [header ?? []].flat().flatMap((line) => line.split(/(?=\bDigest\s)/i))) {
    if (!/^Digest\s/i.test(text)) continue;
    const fields = new Map<string, string>();
    for (const [, key = '', quoted, plain = ''] of text
      .slice(7)
      .matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g))
      fields.set(key.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain);
    const { realm, nonce, algorithm = 'MD5', opaque, qop } = Object.fromEntries(fields);
    const offered = qop?.split(',').map((word) => word.trim());
    if (realm === undefined || nonce === undefined || offered?.includes('auth') === false) continue;
    if (!(algorithm.toUpperCase().replace(/-SESS$/, '') in hashes)) continue;
    return { realm, nonce, algorithm, opaque, qop: offered && 'auth' };
  }
  return undefined;
}
