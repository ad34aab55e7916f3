import { alertConfigRoutes } from '../mongodb/alert-configs.ts';
import type { ApiSettings, Dialect } from '../mongodb/api.ts';
import { apiError } from '../mongodb/api-error.ts';
import { listOrganizations } from '../mongodb/organizations.ts';
import { addressRefused, roleRefused } from '../mongodb/refusals.ts';
import { listAccessList } from './access-list.ts';
import { createLinkToken, deleteLinkTokens } from './link-tokens.ts';
import type { AtlasRoute } from './route.ts';
import type { Organization } from './world.ts';

export interface AtlasApiSettings extends ApiSettings {
  /** Refuses every signed-in caller with 403 for this reason. */
  refuse: keyof typeof refusals | undefined;
  /** What a 429 says of when to come back; Atlas has been seen to leave it out, and to say 0. */
  retryAfter: 'seconds' | 'zero' | 'absent';
}

/** The reasons for which Atlas refuses a caller that has signed in, by the error code. */
const refusals = {
  IP_ADDRESS_NOT_ON_ACCESS_LIST: addressRefused,
  ORG_REQUIRES_ACCESS_LIST: (address: string) =>
    apiError(
      403,
      'ORG_REQUIRES_ACCESS_LIST',
      'This organization requires access through an access list of ip ranges.',
      [address],
    ),
  // Assumed: the code has been seen with 401 on older versions of the API.
  USER_UNAUTHORIZED: () => roleRefused(403),
};

const idPatterns: Record<string, RegExp> = {
  orgId: /^[a-f0-9]{24}$/,
  groupId: /^[a-f0-9]{24}$/,
  alertConfigId: /^[a-f0-9]{24}$/,
  clientId: /^mdb_sa_id_[a-fA-F\d]{24}$/,
};

/** The Admin API v2. `settings` may be changed at any time. */
export function atlasDialect(settings: AtlasApiSettings): Dialect<Organization, AtlasRoute> {
  return {
    basePath: '/api/atlas/v2',
    routes: [
      { ...listOrganizations, version: '2023-01-01' },
      listAccessList,
      createLinkToken,
      deleteLinkTokens,
      ...alertConfigRoutes.map((route) => ({ ...route, version: '2023-01-01' })),
    ],
    refusal({ headers }, { version }) {
      if (!accepts(version, headers.accept))
        return apiError(406, 'INVALID_VERSION_DATE', 'Invalid accept header or version date.');
      return settings.refuse && refusals[settings.refuse](settings.callerAddress);
    },
    rateLimited(pathname, wait) {
      const { capacity, refill, refillSeconds } = settings.rateLimit;
      const path = pathname.slice(1);
      const seconds = settings.retryAfter === 'zero' ? 0 : wait;
      return apiError(
        429,
        'RATE_LIMITED_TOKEN_BUCKET',
        `Rate limit exceeded for ${path}. Please retry after ${seconds} seconds. Request capacity: ${capacity}. Refill rate: ${refill} per ${refillSeconds} seconds.`,
        [path, seconds, capacity, refill, refillSeconds],
        settings.retryAfter === 'absent' ? undefined : { 'retry-after': String(seconds) },
      );
    },
    malformedId: (name, value) =>
      idPatterns[name]?.test(value) === false
        ? // Assumed for malformed ids: Atlas is known to use this code, but not seen to use it here.
          apiError(400, 'PATH_PARAM_PARSE_ERROR', `Path parameter ${name} is malformed.`, [name])
        : undefined,
    outsider: refusals.USER_UNAUTHORIZED,
    headers: ({ version }, remaining) => ({
      'content-type': `application/vnd.atlas.${version}+json;charset=utf-8`,
      'ratelimit-limit': String(settings.rateLimit.capacity),
      'ratelimit-remaining': String(remaining),
    }),
  };
}

/** Whether an `Accept` header asks for this version of a resource or for a later date. */
function accepts(version: string, accept = ''): boolean {
  const asked = [...accept.matchAll(/application\/vnd\.atlas\.(\d{4}-\d{2}-\d{2})\+json/g)];
  return asked.some(([, date = '']) => date >= version);
}
