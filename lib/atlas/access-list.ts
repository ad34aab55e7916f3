import * as z from 'zod';
import { cidrBlock, ipAddress } from '../addresses.ts';

/** An entry of a service account's access list. Atlas may send null for what an entry does not have. */
export const accessListEntry = z
  .object({
    cidrBlock: cidrBlock.nullable().describe('The range that may call, in CIDR notation.'),
    createdAt: z.iso.datetime().describe('When the entry was added.'),
    ipAddress: ipAddress.nullable().describe('The address that may call.'),
    lastUsedAddress: ipAddress.nullable().describe('The address of the latest request.'),
    lastUsedAt: z.iso.datetime().nullable().describe('When the latest request came, up to 5 minutes late.'),
    requestCount: z.int().describe('How many requests came from here.'),
  })
  .partial();

/** Where a service account's access list is. */
export const accessListPath = ({ orgId, clientId }: { orgId: string; clientId: string }): string =>
  `/orgs/${orgId}/serviceAccounts/${clientId}/accessList`;
