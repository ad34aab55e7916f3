import type { AccessListEntry } from '../mongodb/access-list.ts';
import { apiError } from '../mongodb/api-error.ts';
import { listQuery, page, type Route } from '../mongodb/route.ts';
import type { Organization } from './world.ts';

/** The access list of an API key, whose entries have other names than those of Atlas's service accounts. */
export const listAccessList: Route<Organization> = {
  method: 'GET',
  path: '/orgs/{orgId}/apiKeys/{apiKeyId}/accessList',
  query: listQuery,
  answer(call) {
    const { apiKeyId = '' } = call.parameters;
    const key = call.organization.apiKeys.find((other) => other.apiKeyId === apiKeyId);
    return key
      ? page(
          key.accessList.map((entry) => entryOf(entry, call.request.url)),
          call,
        )
      : // Ops Manager has 400 for this one.
        apiError(400, 'API_KEY_NOT_FOUND', `No API Key with ID ${apiKeyId} exists.`, [apiKeyId]);
  },
};

function entryOf({ createdAt, lastUsedAt, requestCount, ...addresses }: AccessListEntry, list: URL) {
  const name = encodeURIComponent(addresses.ipAddress ?? addresses.cidrBlock ?? '');
  return {
    ...addresses,
    count: requestCount,
    created: createdAt,
    ...(lastUsedAt !== undefined && { lastUsed: lastUsedAt }),
    links: [{ href: new URL(`${list.pathname}/${name}`, list).href, rel: 'self' }],
  };
}
