import * as z from 'zod';
import type { AdminClient } from './client.ts';

const organizations = z.object({ results: z.array(z.object({ id: z.string(), name: z.string() })) });

/** Says which organizations a connection can see. */
export async function organizationsSeen(client: AdminClient): Promise<string> {
  const seen = await client.getAll('/orgs', organizations);
  if (seen.length === 0) return 'It can see no organization.';
  return `It can see ${seen.map(({ id, name }) => `${name} (${id})`).join(', ')}.`;
}
