import * as z from 'zod';
import { readEntries, shown, unreadWarnings } from '../lenient.ts';
import type { SpsClient } from './client.ts';

const group = shown(
  z.object({
    key: z.string().optional(),
    meta: z.object({ href: z.string() }).partial().optional(),
  }),
  ['key', 'meta.href'],
  ({ key }) => key,
);

const answer = z.object({ items: z.array(z.unknown()) });

/** The groups of alerts that an SPS has, as far as they can be read. */
export const groups = z.object({
  items: group.entries.describe('The groups of alerts, each with its path at the SPS.'),
  warnings: z.array(z.string()).optional().describe('What of the groups could not be read, and is left out.'),
});

/** Lists the groups of alerts: one request. */
export async function listGroups(client: SpsClient): Promise<z.output<typeof groups>> {
  const read = readEntries(group, (await client.get('/alerting', answer)).items);
  const warnings = unreadWarnings(group, read);
  return { items: read.map(({ entry }) => entry), ...(warnings.length > 0 && { warnings }) };
}
