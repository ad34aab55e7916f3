import { alertConfigRoutes } from '../mongodb/alert-configs.ts';
import type { ApiSettings, Dialect } from '../mongodb/api.ts';
import { apiError } from '../mongodb/api-error.ts';
import { listOrganizations } from '../mongodb/organizations.ts';
import { addressRefused, roleRefused } from '../mongodb/refusals.ts';
import type { Route } from '../mongodb/route.ts';
import { listAccessList } from './access-list.ts';
import { migrationLinkRoutes } from './migration-link.ts';
import type { Organization } from './world.ts';

export interface OpsManagerApiSettings extends ApiSettings {
  /** Refuses every signed-in caller for this reason. */
  refuse: keyof typeof refusals | undefined;
}

/** The reasons for which Ops Manager refuses a caller that has signed in. A missing role is a 401 here. */
const refusals = {
  IP_ADDRESS_NOT_ON_ACCESS_LIST: addressRefused,
  USER_UNAUTHORIZED: () => roleRefused(401),
};

// An organization's or an API key's id that cannot be one is merely not found.
const malformedCodes: Record<string, [string, string]> = {
  groupId: ['INVALID_GROUP_ID', 'group'],
  alertConfigId: ['INVALID_ALERT_CONFIG_ID', 'alert configuration'],
};

/** Ops Manager's public API. `settings` may be changed at any time. */
export function opsManagerDialect(
  settings: OpsManagerApiSettings,
): Dialect<Organization, Route<Organization>> {
  return {
    basePath: '/api/public/v1.0',
    routes: [listOrganizations, listAccessList, ...migrationLinkRoutes, ...alertConfigRoutes],
    refusal: () => settings.refuse && refusals[settings.refuse](settings.callerAddress),
    rateLimited(pathname) {
      const { capacity, refillSeconds } = settings.rateLimit;
      const minutes = refillSeconds / 60;
      // Nothing says when to come back: no source has a Retry-After here.
      return apiError(
        429,
        'RATE_LIMITED',
        `Resource ${pathname} is limited to ${capacity} requests every ${minutes} minutes.`,
        [pathname, capacity, minutes],
      );
    },
    malformedId(name, value) {
      const [errorCode, kind] = malformedCodes[name] ?? [];
      if (errorCode === undefined || /^[a-f0-9]{24}$/.test(value)) return undefined;
      return apiError(404, errorCode, `An invalid ${kind} ID ${value} was specified.`, [value]);
    },
    outsider: ({ groupId }) =>
      groupId === undefined
        ? roleRefused(401)
        : apiError(
            401,
            'NOT_IN_GROUP',
            'The current user is not in the group, or the group does not exist.',
            [],
          ),
    headers: () => ({ 'content-type': 'application/json' }),
  };
}
