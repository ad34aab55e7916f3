import * as z from 'zod';
import { cidrBlock, ipAddress } from '../../lib/addresses.ts';
import { apiKeyId, orgId } from '../../lib/arguments/ids.ts';
import { list, pageOrAll } from '../../lib/arguments/list.ts';
import { handlerFor } from '../../lib/handler.ts';
import { shown, shownList } from '../../lib/lenient.ts';
import { timestamp } from '../../lib/mongodb/timestamp.ts';
import { defineOperation } from '../../lib/operation.ts';
import { opsManager } from '../../lib/ops-manager/ops-manager.ts';

// The entries of API keys have other names than those of service accounts.
const entries = shown(
  z
    .object({
      cidrBlock: cidrBlock.describe('The range that may call, in CIDR notation.'),
      count: z.int().describe('How many requests came from here.'),
      created: timestamp.describe('When the entry was added.'),
      ipAddress: ipAddress.describe('The address that may call.'),
      lastUsed: timestamp.describe('When the latest request came.'),
      lastUsedAddress: ipAddress.describe('The address of the latest request.'),
    })
    .partial(),
  [],
  ({ ipAddress, cidrBlock }) => ipAddress ?? cidrBlock,
);

const page = shownList(entries, {
  results: 'The entries of the access list.',
  totalCount: 'How many entries there are.',
});

export const operation = defineOperation({
  name: 'opsManager.listApiKeyAccessList',
  effect: 'read',
  system: opsManager,
  summary: "List an API key's access list",
  description:
    'The addresses and ranges from which an API key may call the Ops Manager API, and how each was last used. all=true answers every entry at once.',
  role: 'Organization Owner, or the API key itself',
  impact: 'Nobody can see from where an API key may call Ops Manager, so reviews of its access wait.',
  http: { method: 'GET', path: '/opsManager/{connection}/orgs/{orgId}/apiKeys/{apiKeyId}/accessList' },
  input: pageOrAll(z.strictObject({ orgId, apiKeyId, ...list })),
  output: page,
  run: (client, { orgId, apiKeyId, ...asked }) =>
    client.list(`/orgs/${orgId}/apiKeys/${apiKeyId}/accessList`, asked, entries),
});

export const handler = handlerFor(operation);
