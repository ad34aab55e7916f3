import { listQuery, page, type Route } from './route.ts';
import type { Organization } from './world.ts';

/** The organizations that a caller can see: its own. */
export const listOrganizations: Route<Organization> = {
  method: 'GET',
  path: '/orgs',
  query: listQuery,
  answer: (call) => page([{ id: call.organization.orgId, name: 'Demo' }], call),
};
