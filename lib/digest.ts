import { createHash } from 'node:crypto';

/** A digest of a state: the same for states that differ only in the order of their members. */
export function digestOf(state: unknown): string {
  const text = JSON.stringify(state, (_key, part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
  return createHash('sha256').update(text).digest('hex');
}
