import * as z from 'zod';
import { orgId } from '../../lib/arguments/ids.ts';
import { pretty } from '../../lib/arguments/shared.ts';
import { handlerFor } from '../../lib/handler.ts';
import { defineOperation } from '../../lib/operation.ts';
import { opsManager } from '../../lib/ops-manager/ops-manager.ts';

const link = z.object({
  status: z.string().describe('SYNCED where the link to Atlas is up to date, else NOT_SYNCED.'),
});

export const operation = defineOperation({
  name: 'opsManager.getMigrationLinkStatus',
  effect: 'read',
  system: opsManager,
  summary: "Show how the organization's link to Atlas is doing",
  description: 'Whether the link of an Ops Manager organization to Atlas, for live migrations, is in sync.',
  role: 'Organization Owner',
  impact: 'Nobody can see whether a migration from Ops Manager to Atlas has a working link.',
  http: { method: 'GET', path: '/opsManager/{connection}/orgs/{orgId}/liveExport/migrationLink/status' },
  input: z.strictObject({ orgId, pretty }),
  output: link,
  run: (client, { orgId }) => client.get(`/orgs/${orgId}/liveExport/migrationLink/status`, link),
});

export const handler = handlerFor(operation);
