import { apiError } from '../mongodb/api-error.ts';
import { listQuery, page } from '../mongodb/route.ts';
import type { AtlasRoute } from './route.ts';

/** `listOrgServiceAccountAccessList` */
export const listAccessList: AtlasRoute = {
  method: 'GET',
  path: '/orgs/{orgId}/serviceAccounts/{clientId}/accessList',
  version: '2024-08-05',
  query: listQuery,
  answer(call) {
    const { clientId = '' } = call.parameters;
    const account = call.organization.serviceAccounts.find((other) => other.clientId === clientId);
    return account
      ? page(account.accessList, call)
      : // Assumed: the code that Atlas's API description shows for any 404.
        apiError(404, 'RESOURCE_NOT_FOUND', `Cannot find resource ${clientId}.`, [clientId]);
  },
};
