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

/** How long a nonce is good. */
export interface NonceLife {
  seconds: number;
  uses: number;
}

const realm = 'MMS Public API';

/**
 * The server's side of HTTP Digest (RFC 7616) as Atlas and Ops Manager have it: MD5, `qop="auth"`, one realm.
 *
 * Each nonce counts upwards. A count that is not above all earlier ones, or that comes while the nonce is busy
 * with another request, is a replay: Atlas refuses such, which is what clients with concurrent requests run into.
 */
export class DigestServer {
  readonly #passwordOf: (username: string) => string | undefined;
  readonly #life: () => NonceLife;
  readonly #now: () => number;
  readonly #nonces = new Map<string, Nonce>();

  /** `now` is in milliseconds. */
  constructor(
    passwordOf: (username: string) => string | undefined,
    life: () => NonceLife,
    now: () => number,
  ) {
    this.#passwordOf = passwordOf;
    this.#life = life;
    this.#now = now;
  }

  /** Checks one request's `Authorization`; `target` is its path with the query string, as sent. */
  check(method: string, target: string, authorization: string | undefined): SignedIn | Challenged {
    const { username, nonce, uri, response, qop, nc, cnonce, ...fields } = parseFields(authorization);
    const password = username === undefined ? undefined : this.#passwordOf(username);
    const ha1 = md5(username, realm, password);
    const expected = md5(ha1, nonce, nc, cnonce, qop, md5(method, uri));
    if (
      username === undefined ||
      password === undefined ||
      nonce === undefined ||
      fields['realm'] !== realm ||
      uri !== target ||
      qop !== 'auth' ||
      !/^[\da-f]{8}$/i.test(nc ?? '') ||
      response !== expected
    )
      return this.#challenge(false);

    const known = this.#nonces.get(nonce);
    // The password was right, so the client may sign again without asking anyone: that is what stale says.
    if (!known || !this.#isFresh(known)) return this.#challenge(true);
    const count = Number.parseInt(nc ?? '', 16);
    const isReplay = known.busy || count <= known.highestCount;
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
    const { seconds, uses } = this.#life();
    return this.#now() - issuedAt < seconds * 1_000 && highestCount < uses;
  }

  #challenge(stale: boolean): Challenged {
    for (const [old, state] of this.#nonces) {
      if (this.#isFresh(state)) break;
      this.#nonces.delete(old);
    }
    const nonce = randomBytes(24).toString('base64');
    this.#nonces.set(nonce, { issuedAt: this.#now(), highestCount: 0, busy: false });
    return {
      challenge: `Digest realm="${realm}", domain="", nonce="${nonce}", algorithm=MD5, qop="auth", stale=${stale}`,
    };
  }
}

const md5 = (...parts: (string | undefined)[]): string =>
  createHash('md5').update(parts.join(':')).digest('hex');

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
