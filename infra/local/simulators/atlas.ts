import { setTimeout as sleep } from 'node:timers/promises';
import { listAccessList } from './atlas/access-list.ts';
import { apiError, unauthorized } from './atlas/api-error.ts';
import { RateLimiter, type RateLimitSettings, rateLimited } from './atlas/rate-limit.ts';
import { refusals } from './atlas/refusals.ts';
import { matchPath, type Route } from './atlas/route.ts';
import { type TokenLimits, Tokens, tokenPath } from './atlas/tokens.ts';
import { demoWorld, type Organization } from './atlas/world.ts';
import { DigestServer, type NonceLife } from './digest.ts';
import { asText, type Breakage, broken, FaultQueue } from './faults.ts';
import { type Answer, type Listener, listen, type Request, type Response } from './listen.ts';

export { type AccessListEntry, accessListOf, demo, demoWorld, type Organization } from './atlas/world.ts';

/** How the simulated Atlas behaves. All of it may be changed while it runs. */
export interface AtlasSettings extends TokenLimits, RateLimitSettings {
  /** How long every answer takes. */
  latencyMs: number;
  /** How long a Digest nonce is good. */
  nonce: NonceLife;
  /** From where the caller seems to come. */
  callerAddress: string;
  /** Refuses every signed-in caller with 403 for this reason. */
  refuse: keyof typeof refusals | undefined;
  /** How far `totalCount`, which Atlas calls an estimate, is off. */
  totalCountOffset: number;
}

export interface AtlasOptions extends Partial<AtlasSettings> {
  /** Any free one unless given. */
  port?: number;
  /** The demo world unless given. */
  organizations?: Organization[];
}

/** Goes wrong for the next request, or the next `times` requests, of the token endpoint or of the API. */
export type AtlasFault = { times?: number; on?: 'token' | 'api' } & (
  | Breakage
  /** Answers this status, with an error in Atlas's shape unless a body is given. */
  | { status: number; retryAfter?: string | undefined; body?: unknown }
);

export interface AtlasSimulator extends Listener {
  settings: AtlasSettings;
  /** What exists. Changing it changes what Atlas answers. */
  organizations: Organization[];
  fail(fault: AtlasFault): void;
  /** Forgets the faults that are still to come. */
  recover(): void;
  /** Makes every access token worthless at once. */
  revokeTokens(): void;
  /** Lets time pass for the simulator alone: tokens expire, nonces go stale, rate limits refill. */
  advance(seconds: number): void;
  /** How many tokens were minted. */
  readonly minted: number;
}

const routes: Route[] = [listAccessList];

const idPatterns: Record<string, RegExp> = {
  orgId: /^[a-f0-9]{24}$/,
  clientId: /^mdb_sa_id_[a-fA-F\d]{24}$/,
};

/** Starts a simulated Atlas Admin API v2 on loopback, with its OAuth 2 tokens, Digest, limits and faults. */
export async function startAtlas({
  port,
  organizations = demoWorld(),
  ...chosen
}: AtlasOptions = {}): Promise<AtlasSimulator> {
  const settings: AtlasSettings = {
    latencyMs: 0,
    tokenSeconds: 3_600,
    liveTokens: 100,
    mintsPerMinute: 50,
    nonce: { seconds: 60, uses: Number.POSITIVE_INFINITY },
    rateLimit: { capacity: 10_000, refill: 10_000, refillSeconds: 60 },
    retryAfter: 'seconds',
    callerAddress: '127.0.0.1',
    refuse: undefined,
    totalCountOffset: 0,
    ...chosen,
  };
  let passed = 0;
  const now = () => Date.now() + passed;

  const accounts = () => organizations.flatMap(({ serviceAccounts }) => serviceAccounts);
  const keys = () => organizations.flatMap(({ apiKeys }) => apiKeys);
  const tokens = new Tokens(
    (id) => accounts().find(({ clientId }) => clientId === id)?.clientSecret,
    settings,
    now,
  );
  const digest = new DigestServer(
    (name) => keys().find(({ publicKey }) => publicKey === name)?.privateKey,
    () => settings.nonce,
    now,
  );
  const limiter = new RateLimiter(() => settings.rateLimit, now);
  const faults = new FaultQueue<AtlasFault>();

  const answer = async (request: Request): Promise<Answer> => {
    const place = request.url.pathname === tokenPath ? 'token' : 'api';
    const fault = faults.take(({ on = place }) => on === place);
    const answerTruly = () => (place === 'token' ? late(tokens.answer(request)) : signedIn(request));
    if (!fault) return answerTruly();
    return 'status' in fault ? late(failure(fault)) : broken(fault, answerTruly);
  };

  const late = async <T>(answer: T): Promise<T> => {
    if (settings.latencyMs > 0) await sleep(settings.latencyMs);
    return answer;
  };

  const signedIn = async (request: Request): Promise<Response> => {
    const { authorization } = request.headers;
    const [, token] = /^Bearer\s+(\S+)$/i.exec(authorization ?? '') ?? [];
    const clientId = token && tokens.clientIdOf(token);
    if (clientId) {
      const isHome = ({ serviceAccounts }: Organization) =>
        serviceAccounts.some((account) => account.clientId === clientId);
      return late(api(request, organizations.find(isHome)));
    }
    const checked = digest.check(request.method, request.target, authorization);
    // Assumed: a bad token gets the very 401 that a request without credentials gets.
    if ('challenge' in checked) return late(unauthorized(checked.challenge));
    const isHome = ({ apiKeys }: Organization) =>
      apiKeys.some(({ publicKey }) => publicKey === checked.username);
    const given = await late(api(request, organizations.find(isHome)));
    checked.done();
    return given;
  };

  /** `home` is the organization whose credentials sign the request. */
  const api = (request: Request, home: Organization | undefined): Response => {
    const { pathname } = request.url;
    const matching = routes.filter((route) => matchPath(route, pathname));
    if (matching.length === 0)
      return apiError(404, 'RESOURCE_NOT_FOUND', `Cannot find resource ${pathname}.`, [pathname]);
    const route = matching.find(({ method }) => method === request.method);
    // Assumed.
    if (!route) return apiError(405, 'METHOD_NOT_ALLOWED', `${request.method} is not allowed here.`);
    if (!accepts(route.version, request.headers.accept))
      return apiError(406, 'INVALID_VERSION_DATE', 'Invalid accept header or version date.');
    if (settings.refuse) return refusals[settings.refuse](settings.callerAddress);

    const { remaining, retryAfter } = limiter.take(`${route.path} ${home?.orgId}`);
    const limits = {
      'ratelimit-limit': String(settings.rateLimit.capacity),
      'ratelimit-remaining': String(remaining),
    };
    const given =
      retryAfter === undefined ? resource(request, route, home) : rateLimited(pathname, retryAfter, settings);
    return { ...given, headers: { ...limits, ...given.headers } };
  };

  const resource = (request: Request, route: Route, home: Organization | undefined): Response => {
    const parameters = matchPath(route, request.url.pathname) ?? {};
    for (const [name, value] of Object.entries(parameters))
      if (idPatterns[name]?.test(value) === false)
        // Assumed for malformed ids: Atlas is known to use this code, but not seen to use it here.
        return apiError(400, 'PATH_PARAM_PARSE_ERROR', `Path parameter ${name} is malformed.`, [name]);
    const organization = organizations.find(({ orgId }) => orgId === parameters['orgId']);
    // Assumed, by Atlas's GROUP_NOT_FOUND.
    if (!organization) {
      const { orgId = '' } = parameters;
      return apiError(404, 'ORG_NOT_FOUND', `No organization with ID ${orgId} exists.`, [orgId]);
    }
    if (organization !== home) return refusals.USER_UNAUTHORIZED();
    const { totalCountOffset } = settings;
    const given = route.answer({ request, organization, parameters, totalCountOffset });
    const type = `application/vnd.atlas.${route.version}+json;charset=utf-8`;
    return { ...given, headers: { 'content-type': type, ...given.headers } };
  };

  const listener = await listen(answer, port);
  return {
    ...listener,
    settings,
    organizations,
    fail: (fault) => faults.add(fault),
    recover: () => faults.clear(),
    revokeTokens: () => tokens.revokeAll(),
    advance: (seconds) => {
      passed += seconds * 1_000;
    },
    get minted() {
      return tokens.minted;
    },
  };
}

/** Whether an `Accept` header asks for this version of a resource or for a later date. */
function accepts(version: string, accept = ''): boolean {
  const asked = [...accept.matchAll(/application\/vnd\.atlas\.(\d{4}-\d{2}-\d{2})\+json/g)];
  return asked.some(([, date = '']) => date >= version);
}

function failure({ status, retryAfter, body }: Extract<AtlasFault, { status: number }>): Response {
  const errorCode = status === 429 ? 'RATE_LIMITED' : 'UNEXPECTED_ERROR';
  const headers = retryAfter === undefined ? undefined : { 'retry-after': retryAfter };
  const given = apiError(status, errorCode, 'This fault was asked for.', null, headers);
  return body === undefined ? given : { ...given, body: asText(body) };
}
