import * as z from 'zod';
import { accessListEntry } from '../atlas/access-list.ts';
import { rangeOf, sizeOf } from './ip-range.ts';

/** An entry with its range worked out, and the name that people know it by. */
export const reviewedEntry = accessListEntry.transform((entry, context) => {
  const text = entry.cidrBlock ?? entry.ipAddress;
  if (!text) {
    context.addIssue({ code: 'custom', message: 'has neither an address nor a range' });
    return z.NEVER;
  }
  const range = rangeOf(text);
  return { ...entry, range, name: sizeOf(range) === 1n ? (entry.ipAddress ?? text) : text };
});

export type ReviewedEntry = z.output<typeof reviewedEntry>;
