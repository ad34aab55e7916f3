import * as z from 'zod';
import { entryToReview, type ReviewedEntry } from '../../lib/access-list/entry.ts';
import { review } from '../../lib/access-list/finding.ts';
import { reviewAccessList } from '../../lib/access-list/review.ts';
import { clientId, orgId } from '../../lib/arguments/ids.ts';
import { pretty, wholeNumber } from '../../lib/arguments/shared.ts';
import { accessListEntries, accessListPath } from '../../lib/atlas/access-list.ts';
import { atlas } from '../../lib/atlas/atlas.ts';
import { handlerFor } from '../../lib/handler.ts';
import { listed, unreadWarnings } from '../../lib/lenient.ts';
import { defineOperation } from '../../lib/operation.ts';

const widest = wholeNumber()
  .min(8, 'must be at least 8')
  .max(16, 'must be at most 16')
  .default(16)
  .describe(
    'The widest prefix that is fine for IPv4, 8 to 16. For IPv6 it is 32 more: with 16, /48, which has as many /64 networks as an IPv4 /16 has addresses.',
  );

const unusedDays = wholeNumber()
  .min(1, 'must be at least 1')
  .default(90)
  .describe('After how many days without use an entry has a finding.');

export const operation = defineOperation({
  name: 'atlas.reviewAccessList',
  effect: 'read',
  system: atlas,
  summary: "Say what looks wrong in a service account's access list",
  description:
    'Judges every entry from which an organization service account may call the Atlas Admin API: open to the world, too wide, never used, not used of late, the same as another or within it, with the numbers and what removing the entry would mean. Use may show up to 5 minutes late, and Atlas tells only the latest caller of an entry. If the connection uses this very service account, which entry lets it in is not known: removing that one would lock the connection out.',
  role: 'Organization Read Only',
  impact: 'Nobody is told of entries that let in too many or that nobody needs, so they stay.',
  http: {
    method: 'GET',
    path: '/atlas/{connection}/orgs/{orgId}/serviceAccounts/{clientId}/accessList/review',
  },
  input: z.strictObject({ orgId, clientId, widest, unusedDays, pretty }),
  output: review,
  async run(client, { orgId, clientId, widest, unusedDays }) {
    const { entries, warnings } = await client.getAll(accessListPath({ orgId, clientId }), accessListEntries);
    warnings.push(...unreadWarnings(accessListEntries, entries));
    const judged: ReviewedEntry[] = [];
    const others: string[] = [];
    for (const [index, { entry, unread }] of entries.entries()) {
      const toReview = entryToReview(entry, unread);
      if (toReview) judged.push(toReview);
      else others.push(`number ${index + 1}`);
    }
    if (others.length > 0)
      warnings.push(`Not judged, because no address or range in it could be read: ${listed(others)}.`);
    return {
      ...reviewAccessList(judged, { widest, unusedDays, now: Date.now() }, others.length),
      ...(warnings.length > 0 && { warnings }),
    };
  },
});

export const handler = handlerFor(operation);
