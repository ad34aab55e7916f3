import { createHash, randomBytes } from 'node:crypto';
import type { Words } from '../language.ts';
import { signInUnknown } from '../problems/upstream.ts';
import { challengesIn, parametersIn } from './challenges.ts';
import { type Cookie, cookieHeader, withCookies } from './cookies.ts';
import {
  type Authenticator,
  singleHeader,
  type UpstreamRequest,
  type UpstreamResponse,
} from './http-client.ts';

/** A challenge that can be answered. */
interface Challenge {
  realm: string;
  nonce: string;
  algorithm: string;
  opaque: string | undefined;
  /** Absent from RFC 2069 servers, which then want no nonce count either. */
  qop: 'auth' | undefined;
  /** The server wants the user name hashed. */
  userhash?: true;
  /** Only the nonce was too old: the credentials are not refused. */
  stale?: true;
}

const hashes: Record<string, string> = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' };

/** What a server has given to sign with: good for one request at a time, and often for many after one another. */
interface Session {
  challenge: Challenge;
  /** The same throughout, because an algorithm that ends in -sess may be taken to want that. */
  cnonce: string;
  count: number;
  cookies: Cookie[];
}

/** How many challenges in a row are answered where each says that the nonce of the answer was stale. */
const mostAnswers = 3;

/**
 * Signs requests with HTTP Digest (RFC 7616, MD5 included: it is what Atlas asks for).
 *
 * A nonce is used again with a rising count, so a warm request is one round trip. It is lent to one request at
 * a time: Atlas takes two counts of one nonce in flight for a replay and answers 401. A request that finds none
 * free fetches a nonce of its own. With a nonce go the cookies that came with it: behind a load balancer, only the server
 * that made a nonce may know it.
 */
export function digest(system: string, username: string, password: string): Authenticator {
  const free: Session[] = [];

  return async (request, send) => {
    let session = free.pop();
    for (let answers = 0; ; answers++) {
      const response = await send(session && signed(session, request, username, password));
      const cookies = withCookies(session?.cookies ?? [], linesOf(response, 'set-cookie'), request.path);
      if (response.status !== 401) {
        if (session) free.push(renewed({ ...session, cookies }, response));
        return response;
      }
      const header = linesOf(response, 'www-authenticate');
      const challenge = parseChallenge(header);
      if (!challenge) {
        // Ops Manager answers 401, with no challenge, where a caller that has signed in may not do something.
        if (session && header === undefined) return response;
        throw signInUnknown(system, whyNot(header));
      }
      // The first of them asks for a signature, or for a new one because the nonce has been used for long enough.
      if (answers > 0 && !challenge.stale) return response;
      if (answers >= mostAnswers) throw signInUnknown(system, words.stale);
      session = { challenge, cnonce: newCnonce(), count: 0, cookies };
    }
  };
}

const linesOf = ({ headers }: UpstreamResponse, name: string): string[] | undefined =>
  headers[name]?.map((line) => line.forProtocol());

function signed(session: Session, request: UpstreamRequest, username: string, password: string) {
  const { challenge, cnonce, cookies } = session;
  const cookie = cookieHeader(cookies, request.path);
  return {
    authorization: authorization(challenge, ++session.count, request, username, password, cnonce),
    ...(cookie !== undefined && { cookie }),
  };
}

/** The session after an answer, which may have the nonce for the next request with it. */
function renewed(session: Session, response: UpstreamResponse): Session {
  const nonce = parametersIn(singleHeader(response, 'authentication-info')?.forProtocol()).get('nextnonce');
  if (!nonce) return session;
  return { ...session, challenge: { ...session.challenge, nonce }, cnonce: newCnonce(), count: 0 };
}

const newCnonce = (): string => randomBytes(16).toString('hex');

/** The `Authorization` header that answers a challenge. */
export function authorization(
  { realm, nonce, algorithm, opaque, qop, userhash }: Challenge,
  count: number,
  { method, path }: { method: string; path: string },
  username: string,
  password: string,
  cnonce: string = newCnonce(),
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
    username: userhash ? hash(username, realm) : username,
    realm,
    nonce,
    uri: path,
    response,
    ...(qop && { cnonce }),
    ...(opaque !== undefined && { opaque }),
  };
  const fields = Object.entries(quoted).map(([key, value]) => `${key}="${value.replace(/["\\]/g, '\\$&')}"`);
  return `Digest ${[...fields, `algorithm=${algorithm}`, ...(userhash ? ['userhash=true'] : []), ...(qop ? [`qop=${qop}`, `nc=${nc}`] : [])].join(', ')}`;
}

/** The first Digest challenge that we can answer in a `WWW-Authenticate` header. */
export function parseChallenge(header: string | string[] | undefined): Challenge | undefined {
  for (const { scheme, parameters } of challengesIn(header)) {
    if (scheme !== 'digest' || lackOf(parameters) !== undefined) continue;
    const {
      realm = '',
      nonce = '',
      algorithm = 'MD5',
      opaque,
      qop = '',
      userhash,
      stale,
    } = Object.fromEntries(parameters);
    return {
      realm,
      nonce,
      algorithm,
      opaque,
      qop: qop.trim() === '' ? undefined : 'auth',
      ...(isTrue(userhash) && { userhash: true }),
      ...(isTrue(stale) && { stale: true }),
    };
  }
  return undefined;
}

const isTrue = (value: string | undefined): boolean => value?.toLowerCase() === 'true';

/** Why a Digest challenge cannot be answered; `undefined` where it can. In words of our own: it may be anybody's. */
function lackOf(parameters: Map<string, string>): Words | undefined {
  const qop = parameters.get('qop') ?? '';
  const algorithm = (parameters.get('algorithm') ?? 'MD5').toUpperCase().replace(/-SESS$/, '');
  if (!parameters.has('realm') || !parameters.has('nonce')) return words.incomplete;
  if (!Object.hasOwn(hashes, algorithm)) return words.algorithm;
  const offers = qop.split(',').map((word) => word.trim().toLowerCase());
  return qop.trim() === '' || offers.includes('auth') ? undefined : words.qop;
}

const otherSchemes = ['basic', 'bearer', 'negotiate', 'ntlm', 'kerberos'];

function whyNot(header: string[] | undefined): Words {
  const challenges = challengesIn(header);
  const lack = challenges
    .filter(({ scheme }) => scheme === 'digest')
    .map(({ parameters }) => lackOf(parameters))
    .find((found) => found !== undefined);
  if (lack) return lack;
  if (challenges.length === 0) return words.silent;
  const known = otherSchemes.filter((other) => challenges.some(({ scheme }) => scheme === other));
  return known.length > 0 ? words.others(known.join(', ')) : words.unknown;
}

const words = {
  incomplete: {
    en: 'its Digest challenge has no realm or no nonce',
    'pt-BR': 'falta realm ou nonce no desafio Digest dela',
  },
  algorithm: {
    en: 'its Digest challenge has another algorithm than MD5, SHA-256 and SHA-512-256',
    'pt-BR': 'o desafio Digest dela tem outro algoritmo que não MD5, SHA-256 ou SHA-512-256',
  },
  qop: {
    en: 'its Digest challenge has qop=auth-int or another qop, but not auth',
    'pt-BR': 'o desafio Digest dela tem qop=auth-int ou outro qop, mas não auth',
  },
  stale: {
    en: 'it calls every nonce stale that it has just given',
    'pt-BR': 'ela diz que venceu cada nonce que acabou de dar',
  },
  silent: { en: 'it does not say how', 'pt-BR': 'ela não diz como' },
  unknown: {
    en: 'it offers an unknown scheme and not Digest',
    'pt-BR': 'ela oferece um esquema desconhecido, e não Digest',
  },
  others: (names: string): Words => ({
    en: `it offers ${names} and not Digest`,
    'pt-BR': `ela oferece ${names}, e não Digest`,
  }),
};
