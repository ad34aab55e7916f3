import * as z from 'zod';
import { destroy } from '../../lib/arguments/change.ts';
import { orgId } from '../../lib/arguments/ids.ts';
import { atlas } from '../../lib/atlas/atlas.ts';
import { defineChange } from '../../lib/change.ts';
import { handlerFor } from '../../lib/handler.ts';
import { deleteLink } from '../../lib/mongodb/link.ts';

const state = z.object({
  linkTokens: z
    .enum(['unknown', 'none'])
    .describe('The link tokens: Atlas does not say whether there are any, only when they are deleted.'),
});

export const operation = defineChange({
  name: 'atlas.deleteLinkTokens',
  effect: 'destroy',
  system: atlas,
  summary: "Delete the organization's live-migration link tokens",
  description:
    'Deletes all link tokens of an organization, and with them its link to Cloud Manager or Ops Manager for live migrations. It cannot be undone: a new link needs new tokens at both ends.',
  role: 'Organization Owner',
  impact:
    'Link tokens stay valid after a migration has ended, so whoever has one can still link to the organization.',
  http: { method: 'DELETE', path: '/atlas/{connection}/orgs/{orgId}/liveMigrations/linkTokens' },
  input: z.strictObject({ orgId, ...destroy }),
  confirms: 'orgId',
  state,
  plan: async (_client, { orgId, confirm }) => ({
    before: { linkTokens: 'unknown' as const },
    after: { linkTokens: 'none' as const },
    // Who confirms has been told.
    warnings: confirm !== orgId ? ['Atlas does not tell beforehand whether there are any link tokens.'] : [],
  }),
  apply: (client, { after }, { orgId }) =>
    deleteLink(client, `/orgs/${orgId}/liveMigrations/linkTokens`, orgId, after),
});

export const handler = handlerFor(operation);
