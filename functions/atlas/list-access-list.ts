import * as z from 'zod';
import { cidrBlock, ipAddress } from '../../lib/addresses.ts';
import { clientId, list, orgId, pageOrAll } from '../../lib/arguments.ts';
import { atlas } from '../../lib/atlas/atlas.ts';
import { handlerFor } from '../../lib/handler.ts';
import { defineOperation } from '../../lib/operation.ts';

// Atlas may send null for what an entry does not have.
const entry = z
  .object({
    cidrBlock: cidrBlock.nullable().describe('The range that may call, in CIDR notation.'),
    createdAt: z.iso.datetime().describe('When the entry was added.'),
    ipAddress: ipAddress.nullable().describe('The address that may call.'),
    lastUsedAddress: ipAddress.nullable().describe('The address of the latest request.'),
    lastUsedAt: z.iso.datetime().nullable().describe('When the latest request came, up to 5 minutes late.'),
    requestCount: z.int().describe('How many requests came from here.'),
  })
  .partial();

const page = z.object({
  results: z.array(entry).describe('The entries of the access list.'),
  totalCount: z.int().min(0).optional().describe("Atlas's estimate of all entries; exact with all=true."),
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
    client.list(`/orgs/${orgId}/serviceAccounts/${clientId}/accessList`, asked, page),
});

export const handler = handlerFor(operation);
