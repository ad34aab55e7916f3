import * as z from 'zod';
import { shown, unreadWarnings } from '../lenient.ts';
import type { AdminClient } from './client.ts';

const organizations = shown(
  z.object({ id: z.string(), name: z.string() }).partial(),
  ['id', 'name'],
  ({ id, name }) => name ?? id,
);

/** Says which organizations a connection can see. */
export async function organizationsSeen(client: AdminClient): Promise<string> {
  const { entries, warnings } = await client.getAll('/orgs', organizations);
  if (entries.length === 0) return ['It can see no organization.', ...warnings].join(' ');
  const seen = entries.map(({ entry: { id = 'no id', name = 'no name' } }) => `${name} (${id})`);
  return [`It can see ${seen.join(', ')}.`, ...warnings, ...unreadWarnings(organizations, entries)].join(' ');
}
