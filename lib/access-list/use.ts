import type { ReviewedEntry } from './entry.ts';
import type { Finding } from './finding.ts';

type UseFinding = Pick<Finding, 'finding' | 'severity' | 'message'>;

/** Whole days since the entry was added and last used, as far as known. */
export function daysOf({ createdAt, lastUsedAt }: ReviewedEntry, now: number) {
  return {
    ...(createdAt && { daysSinceAdded: daysSince(createdAt, now) }),
    ...(lastUsedAt && { daysSinceUse: daysSince(lastUsedAt, now) }),
  };
}

// Atlas's clock may be ahead of ours.
const daysSince = (timestamp: string, now: number): number =>
  Math.max(0, Math.floor((now - Date.parse(timestamp)) / 86_400_000));

/** What is wrong with how an entry is used. One that is newer than `unusedDays` may still come into use. */
export function useFinding(entry: ReviewedEntry, unusedDays: number, now: number): UseFinding | undefined {
  const { name, requestCount = 0, lastUsedAt, isUseUnknown } = entry;
  const { daysSinceAdded, daysSinceUse } = daysOf(entry, now);
  if (daysSinceUse === undefined) {
    if (requestCount > 0 || isUseUnknown) return undefined;
    const added = daysSinceAdded === undefined ? '' : `; it was added ${ago(daysSinceAdded)}`;
    return {
      finding: 'neverUsed',
      severity: daysSinceAdded !== undefined && daysSinceAdded < unusedDays ? 'low' : 'medium',
      message: `${name} has never been used${added}.`,
    };
  }
  if (daysSinceUse < unusedDays) return undefined;
  const total = requestCount > 1 ? `, after ${requestCount.toLocaleString('en')} requests` : '';
  return {
    finding: 'unused',
    severity: 'medium',
    message: `${name} was last used ${ago(daysSinceUse)}, on ${lastUsedAt?.slice(0, 10)}${total}.`,
  };
}

function ago(days: number): string {
  if (days === 0) return 'less than a day ago';
  return days === 1 ? 'a day ago' : `${days.toLocaleString('en')} days ago`;
}
