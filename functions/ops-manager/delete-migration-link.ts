import * as z from 'zod';
import { destroy } from '../../lib/arguments/change.ts';
import { orgId } from '../../lib/arguments/ids.ts';
import { defineChange } from '../../lib/change.ts';
import { handlerFor } from '../../lib/handler.ts';
import { deleteLink } from '../../lib/mongodb/link.ts';
import { opsManager } from '../../lib/ops-manager/ops-manager.ts';

const state = z.object({
  migrationLink: z
    .enum(['unknown', 'none'])
    .describe('The link: Ops Manager does not say whether there is one, only when it is deleted.'),
});

export const operation = defineChange({
  name: 'opsManager.deleteMigrationLink',
  effect: 'destroy',
  system: opsManager,
  summary: "Delete the organization's link to Atlas",
  description:
    'Deletes the link of an Ops Manager organization to Atlas for live migrations. It cannot be undone: a new link needs a new token from Atlas.',
  role: 'Organization Owner',
  impact: 'An organization stays linked to Atlas after its migration has ended.',
  http: { method: 'DELETE', path: '/opsManager/{connection}/orgs/{orgId}/liveExport/migrationLink' },
  input: z.strictObject({ orgId, ...destroy }),
  confirms: 'orgId',
  state,
  plan: async (_client, { orgId, confirm }) => ({
    before: { migrationLink: 'unknown' as const },
    after: { migrationLink: 'none' as const },
    // Who confirms has been told.
    warnings: confirm !== orgId ? ['Ops Manager does not tell beforehand whether there is a link.'] : [],
  }),
  apply: (client, { after }, { orgId }) =>
    deleteLink(client, `/orgs/${orgId}/liveExport/migrationLink`, orgId, after),
});

export const handler = handlerFor(operation);
