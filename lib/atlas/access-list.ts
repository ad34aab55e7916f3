import * as z from 'zod';
import { cidrBlock, ipAddress } from '../addresses.ts';
import { shown } from '../lenient.ts';
import { timestamp } from '../mongodb/timestamp.ts';

/** An entry of a service account's access list. Atlas may send null for what an entry does not have. */
export const accessListEntry = z
  .object({
    cidrBlock: cidrBlock.nullable().describe('The range that may call, in CIDR notation.'),
    createdAt: timestamp.describe('When the entry was added.'),
    ipAddress: ipAddress.nullable().describe('The address that may call.'),
    lastUsedAddress: ipAddress.nullable().describe('The address of the latest request.'),
    lastUsedAt: timestamp.nullable().describe('When the latest request came, up to 5 minutes late.'),
    requestCount: z.int().describe('How many requests came from here.'),
  })
  .partial();

/** The entries of such a list. By MongoDB's document, no member is in all of them. */
export const accessListEntries = shown(
  accessListEntry,
  [],
  ({ ipAddress, cidrBlock }) => ipAddress ?? cidrBlock,
);

/** Where a service account's access list is. */
export const accessListPath = ({ orgId, clientId }: { orgId: string; clientId: string }): string =>
  `/orgs/${orgId}/serviceAccounts/${clientId}/accessList`;
