import * as z from 'zod';
import { linkNotFound } from '../mongodb/refusals.ts';
import { entity, entityQuery, noContent, parseBody, type Route } from '../mongodb/route.ts';
import type { Organization } from './world.ts';

const path = '/orgs/{orgId}/liveExport/migrationLink';

const request = z.strictObject({ linkToken: z.string().min(1) });

/** The link between this organization and one in Atlas, which made the link token. */
export const migrationLinkRoutes: Route<Organization>[] = [
  {
    method: 'POST',
    path,
    query: entityQuery,
    answer(call) {
      const body = parseBody(call.request, request);
      if ('error' in body) return body.error;
      // Assumed: the link is good at once, and takes the place of an old one.
      call.organization.link = { ...body.value, status: 'SYNCED' };
      return entity({ status: 'SYNCED' }, call);
    },
  },
  {
    method: 'DELETE',
    path,
    query: entityQuery,
    answer({ organization }) {
      // Assumed, by what Atlas answers.
      if (!organization.link) return linkNotFound();
      organization.link = undefined;
      return noContent;
    },
  },
  {
    method: 'GET',
    path: `${path}/status`,
    query: entityQuery,
    // Assumed: an organization without a link is not synchronized either.
    answer: (call) => entity({ status: call.organization.link?.status ?? 'NOT_SYNCED' }, call),
  },
];
