import * as z from 'zod';
import { accessListEntry } from '../atlas/access-list.ts';
import { rangeOf, sizeOf } from './ip-range.ts';

/** An entry with its range worked out, and the name that people know it by. */
export const reviewedEntry = accessListEntry
  .extend({ isUseUnknown: z.boolean().optional().describe('Whether how it was used could not be read.') })
  .transform((entry, context) => {
    const text = entry.cidrBlock ?? entry.ipAddress;
    if (!text) {
      context.addIssue({ code: 'custom', message: 'has neither an address nor a range' });
      return z.NEVER;
    }
    const range = rangeOf(text);
    return { ...entry, range, name: sizeOf(range) === 1n ? (entry.ipAddress ?? text) : text };
  });

export type ReviewedEntry = z.output<typeof reviewedEntry>;

const aboutUse = ['lastUsedAt', 'lastUsedAddress', 'requestCount'];

/** An entry to judge; `undefined` where there is no address or range in it that can be read. */
export const entryToReview = (
  entry: z.output<typeof accessListEntry>,
  unread: ReadonlySet<string>,
): ReviewedEntry | undefined =>
  reviewedEntry.safeParse({
    ...entry,
    ...(aboutUse.some((name) => unread.has(name)) && { isUseUnknown: true }),
  }).data;
