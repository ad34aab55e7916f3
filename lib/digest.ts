import { createHash } from 'node:crypto';

/**
 * A digest of a state: the same for states that differ only in the order of their members, or in the language in which a
 * problem is told.
 */
export function digestOf(state: unknown): string {
  const text = JSON.stringify(state, (key, part) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    if (key === 'problem' && 'code' in part) return part.code;
    return Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
  return createHash('sha256').update(text).digest('hex');
}
