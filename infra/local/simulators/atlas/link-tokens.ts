import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { apiError } from '../mongodb/api-error.ts';
import { linkNotFound } from '../mongodb/refusals.ts';
import { entity, entityQuery, noContent, parseBody } from '../mongodb/route.ts';
import type { AtlasRoute } from './route.ts';

const path = '/orgs/{orgId}/liveMigrations/linkTokens';
const version = '2023-01-01';

const request = z.strictObject({ accessListIps: z.array(z.string()).optional() });

/** `createOrgLiveMigrationLinkToken`; Atlas answers 201, though its API description says 200. */
export const createLinkToken: AtlasRoute = {
  method: 'POST',
  path,
  version,
  query: entityQuery,
  answer(call) {
    const body = parseBody(call.request, request);
    if ('error' in body) return body.error;
    const linkToken = randomBytes(48).toString('base64');
    // Assumed: a new link takes the place of an old one.
    call.organization.link = { linkToken, migratingGroupIds: [] };
    return entity({ linkToken }, call, 201);
  },
};

/** `deleteOrgLiveMigrationLinkTokens`, which does not even know `pretty`. */
export const deleteLinkTokens: AtlasRoute = {
  method: 'DELETE',
  path,
  version,
  query: ['envelope'],
  answer({ organization }) {
    const { link } = organization;
    if (!link) return linkNotFound();
    const ids = link.migratingGroupIds;
    if (ids.length > 0)
      return apiError(
        409,
        'CANNOT_DELETE_ORG_ACTIVE_LIVE_MIGRATION_ATLAS_ORG_LINK',
        `Cannot delete organization link while there is active migration in following project ids: ${ids.join(', ')}`,
        // Assumed: one parameter, which is the text of the ids.
        [ids.join(', ')],
      );
    organization.link = undefined;
    return noContent;
  },
};
