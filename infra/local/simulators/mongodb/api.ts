import { setTimeout as sleep } from 'node:timers/promises';
import { DigestServer, type DigestSettings } from '../digest.ts';
import type { Request, Response } from '../listen.ts';
import { apiError, unauthorized } from './api-error.ts';
import { type RateLimit, RateLimiter } from './rate-limit.ts';
import { matchPath, parseQuery, type Route, type RouteCall } from './route.ts';
import type { Organization } from './world.ts';

/** How an API behaves. All of it may be changed while it runs. */
export interface ApiSettings extends DigestSettings {
  /** How long every answer takes. */
  latencyMs: number;
  /** For each resource and organization. */
  rateLimit: RateLimit;
  /** From where the caller seems to come. */
  callerAddress: string;
  /** The largest page that it gives, whatever is asked for. */
  largestPage: number;
  /** How far `totalCount`, which Atlas calls an estimate, is off. */
  totalCountOffset: number;
}

/** What is the same for Atlas and Ops Manager unless a test says otherwise. */
export const usualSettings: ApiSettings = {
  latencyMs: 0,
  nonce: { seconds: 60, uses: Number.POSITIVE_INFINITY },
  digestAlgorithm: 'MD5',
  digestQop: 'auth',
  digestRealm: 'MMS Public API',
  rateLimit: { capacity: 10_000, refill: 10_000, refillSeconds: 60 },
  callerAddress: '127.0.0.1',
  largestPage: 500,
  totalCountOffset: 0,
};

/** Where one API differs from the other. */
export interface Dialect<Home extends Organization, Resource extends Route<Home>> {
  basePath: string;
  routes: Resource[];
  /** What keeps a signed-in caller from a resource before anything is looked at. */
  refusal(request: Request, route: Resource): Response | undefined;
  rateLimited(pathname: string, seconds: number): Response;
  /** What an id that cannot be one gets; without an answer it is merely not found. */
  malformedId(name: string, value: string): Response | undefined;
  /** What a caller of another organization gets. */
  outsider(parameters: Record<string, string>): Response;
  /** What every answer carries unless it says otherwise; `remaining` is what the rate limit leaves. */
  headers(route: Resource, remaining: number): Record<string, string>;
}

/** The resources of one API, for callers that sign in with Digest or that somebody else has signed in. */
export class Api<Home extends Organization, Resource extends Route<Home>> {
  readonly #dialect: Dialect<Home, Resource>;
  readonly #organizations: Home[];
  readonly #settings: ApiSettings;
  readonly #now: () => number;
  readonly #digest: DigestServer;
  readonly #limiter: RateLimiter;

  /** `now` is in milliseconds. */
  constructor(
    dialect: Dialect<Home, Resource>,
    organizations: Home[],
    settings: ApiSettings,
    now: () => number,
  ) {
    this.#dialect = dialect;
    this.#organizations = organizations;
    this.#settings = settings;
    this.#now = now;
    const passwordOf = (name: string) =>
      organizations.flatMap(({ apiKeys }) => apiKeys).find(({ publicKey }) => publicKey === name)?.privateKey;
    this.#digest = new DigestServer(passwordOf, settings, now);
    this.#limiter = new RateLimiter(() => settings.rateLimit, now);
  }

  /** Answers a request that is signed with Digest, or has yet to be. */
  async answer(request: Request): Promise<Response> {
    const signed = this.#digest.check(request.method, request.target, request.headers.authorization);
    // Assumed: a bad token gets the very 401 that a request without credentials gets.
    if ('challenge' in signed) return this.late(unauthorized(signed.challenge));
    const isHome = ({ apiKeys }: Home) => apiKeys.some(({ publicKey }) => publicKey === signed.username);
    const given = await this.answerFrom(this.#organizations.find(isHome), request);
    signed.done();
    return given;
  }

  /** Answers a request that the credentials of `home` sign. */
  async answerFrom(home: Home | undefined, request: Request): Promise<Response> {
    return this.late(this.#route(request, home));
  }

  /** Gives an answer when its time has come. */
  async late(answer: Response): Promise<Response> {
    if (this.#settings.latencyMs > 0) await sleep(this.#settings.latencyMs);
    return answer;
  }

  #route(request: Request, home: Home | undefined): Response {
    const { basePath, routes, refusal, rateLimited, headers } = this.#dialect;
    const { pathname } = request.url;
    const path = pathname.startsWith(basePath) ? pathname.slice(basePath.length) : '';
    const matching = routes.filter((route) => matchPath(route, path));
    if (matching.length === 0)
      return apiError(404, 'RESOURCE_NOT_FOUND', `Cannot find resource ${pathname}.`, [pathname]);
    const route = matching.find(({ method }) => method === request.method);
    // Assumed.
    if (!route) return apiError(405, 'METHOD_NOT_ALLOWED', `${request.method} is not allowed here.`);
    const refused = refusal(request, route);
    if (refused) return refused;

    const { remaining, retryAfter } = this.#limiter.take(`${route.path} ${home?.orgId}`);
    const given =
      retryAfter === undefined
        ? this.#resource(request, route, home, matchPath(route, path) ?? {})
        : rateLimited(pathname, retryAfter);
    return { ...given, headers: { ...headers(route, remaining), ...given.headers } };
  }

  #resource(
    request: Request,
    route: Resource,
    home: Home | undefined,
    parameters: Record<string, string>,
  ): Response {
    for (const [name, value] of Object.entries(parameters)) {
      const malformed = this.#dialect.malformedId(name, value);
      if (malformed) return malformed;
    }
    const { orgId, groupId = '' } = parameters;
    const isNamed = (other: Home): boolean =>
      orgId === undefined ? other.groups.some((group) => group.groupId === groupId) : other.orgId === orgId;
    const organization = Object.keys(parameters).length === 0 ? home : this.#organizations.find(isNamed);
    if (!organization)
      return orgId === undefined
        ? apiError(404, 'GROUP_NOT_FOUND', `No group with ID ${groupId} exists.`, [groupId])
        : // For Atlas assumed, by the one above.
          apiError(404, 'ORG_NOT_FOUND', `No organization with ID ${orgId} exists.`, [orgId]);
    if (organization !== home) return this.#dialect.outsider(parameters);
    const query = parseQuery(request.url, route.query);
    if (typeof query === 'string')
      return apiError(400, 'INVALID_QUERY_PARAMETER', `Invalid query parameter ${query} specified.`, [query]);
    const { totalCountOffset, largestPage } = this.#settings;
    const call: RouteCall<Home> = {
      request,
      organization,
      parameters,
      query: { ...query, itemsPerPage: Math.min(query.itemsPerPage, largestPage) },
      totalCountOffset,
      now: this.#now(),
    };
    return route.answer(call);
  }
}
