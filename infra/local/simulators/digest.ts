import { createHash, randomBytes } from 'node:crypto';

/** What the server tells a client that is not signed in: the value of `WWW-Authenticate`. */
interface Challenged {
  challenge: string;
}

interface SignedIn {
  username: string;
  /** To be called when the answer goes out; until then the nonce is busy. */
  done(): void;
}

interface Nonce {
  issuedAt: number;
  highestCount: number;
  busy: boolean;
}

/** How the server has clients sign. All of it may be changed while it runs. */
export interface DigestSettings {
  /** How long a nonce is good. */
  nonce: { seconds: number; uses: number };
  digestAlgorithm: keyof typeof hashes;
  /** `absent` is the scheme of RFC 2069, which knows no nonce count. */
  digestQop: 'auth' | 'absent';
  digestRealm: string;
}

const hashes = { MD5: 'md5', 'SHA-256': 'sha256' } as const;

/**
 * The server's side of HTTP Digest (RFC 7616, and RFC 2069 without `qop`) as Atlas and Ops Manager have it: unless it is
 * set otherwise one realm, MD5 and `qop="auth"`.
 *
 * Each nonce counts upwards. A count that is not above all earlier ones, or that comes while the nonce is busy
 * with another request, is a replay: Atlas refuses such, which is what clients with concurrent requests run into.
 */
export class DigestServer {
  readonly #passwordOf: (username: string) => string | undefined;
  readonly #settings: DigestSettings;
  readonly #now: () => number;
  readonly #nonces = new Map<string, Nonce>();

  /** `now` is in milliseconds. */
  constructor(
    passwordOf: (username: string) => string | undefined,
    settings: DigestSettings,
    now: () => number,
  ) {
    this.#passwordOf = passwordOf;
    this.#settings = settings;
    this.#now = now;
  }

  /** Checks one request's `Authorization`; `target` is its path with the query string, as sent. */
  check(method: string, target: string, authorization: string | undefined): SignedIn | Challenged {
    const { digestAlgorithm, digestQop, digestRealm: realm } = this.#settings;
    const { username, nonce, uri, response, qop, nc, cnonce, ...fields } = parseFields(authorization);
    const password = username === undefined ? undefined : this.#passwordOf(username);
    const hash = (...parts: (string | undefined)[]) =>
      createHash(hashes[digestAlgorithm]).update(parts.join(':')).digest('hex');
    const counted = digestQop === 'auth' ? [nc, cnonce, qop] : [];
    const expected = hash(hash(username, realm, password), nonce, ...counted, hash(method, uri));
    if (
      username === undefined ||
      password === undefined ||
      nonce === undefined ||
      fields['realm'] !== realm ||
      uri !== target ||
      (digestQop === 'auth' ? qop !== 'auth' || !/^[\da-f]{8}$/i.test(nc ?? '') : qop !== undefined) ||
      response !== expected
    )
      return this.#challenge(false);

    const known = this.#nonces.get(nonce);
    // The password was right, so the client may sign again without asking anyone: that is what stale says.
    if (!known || !this.#isFresh(known)) return this.#challenge(true);
    const count = digestQop === 'auth' ? Number.parseInt(nc ?? '', 16) : known.highestCount + 1;
    const isReplay = digestQop === 'auth' && (known.busy || count <= known.highestCount);
    known.highestCount = Math.max(known.highestCount, count);
    if (isReplay) return this.#challenge(false);
    known.busy = true;
    return {
      username,
      done: () => {
        known.busy = false;
      },
    };
  }

  #isFresh({ issuedAt, highestCount }: Nonce): boolean {
    const { seconds, uses } = this.#settings.nonce;
    return this.#now() - issuedAt < seconds * 1_000 && highestCount < uses;
  }

  #challenge(stale: boolean): Challenged {
    for (const [old, state] of this.#nonces) {
      if (this.#isFresh(state)) break;
      this.#nonces.delete(old);
    }
    const nonce = randomBytes(24).toString('base64');
    this.#nonces.set(nonce, { issuedAt: this.#now(), highestCount: 0, busy: false });
    const { digestAlgorithm, digestQop, digestRealm } = this.#settings;
    const realm = digestRealm.replace(/["\\]/g, '\\$&');
    const qop = digestQop === 'auth' ? ' qop="auth",' : '';
    return {
      challenge: `Digest realm="${realm}", domain="", nonce="${nonce}", algorithm=${digestAlgorithm},${qop} stale=${stale}`,
    };
  }
}

function parseFields(authorization = ''): Record<string, string> {
  if (!/^Digest\s/i.test(authorization)) return {};
  const fields = authorization.slice(7).matchAll(/(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g);
  return Object.fromEntries(
    [...fields].map(([, name = '', quoted, plain = '']) => [
      name.toLowerCase(),
      quoted?.replace(/\\(.)/g, '$1') ?? plain,
    ]),
  );
}
