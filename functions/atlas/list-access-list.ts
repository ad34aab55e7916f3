import * as z from 'zod';
import { clientId, orgId } from '../../lib/arguments/ids.ts';
import { list, pageOrAll } from '../../lib/arguments/list.ts';
import { accessListEntries, accessListPath } from '../../lib/atlas/access-list.ts';
import { atlas } from '../../lib/atlas/atlas.ts';
import { handlerFor } from '../../lib/handler.ts';
import { shownList } from '../../lib/lenient.ts';
import { defineOperation } from '../../lib/operation.ts';

const page = shownList(accessListEntries, {
  results: 'The entries of the access list.',
  totalCount: "Atlas's estimate of all entries; exact with all=true.",
});

export const operation = defineOperation({
  name: 'atlas.listAccessList',
  effect: 'read',
  system: atlas,
  summary: "List a service account's access list",
  description:
    'The addresses and ranges from which an organization service account may call the Atlas Admin API, and how each was last used. all=true answers every entry at once.',
  role: 'Organization Read Only',
  impact: 'Nobody can see from where a service account may call Atlas, so reviews of its access wait.',
  http: { method: 'GET', path: '/atlas/{connection}/orgs/{orgId}/serviceAccounts/{clientId}/accessList' },
  input: pageOrAll(z.strictObject({ orgId, clientId, ...list })),
  output: page,
  run: (client, { orgId, clientId, ...asked }) =>
    client.list(accessListPath({ orgId, clientId }), asked, accessListEntries),
});

export const handler = handlerFor(operation);
