const mostLevels = 64;

/**
 * Why a value cannot be taken, in words: it is nested deeper than anything that is meant, or has text that no encoding
 * can carry. `undefined` where it can be. It goes level by level, because what is nested deeply ends a recursion.
 */
export function notTakable(value: unknown): string | undefined {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > mostLevels) return `is nested more than ${mostLevels} levels deep`;
    if (level.some(isTorn)) return 'has half of a character (a surrogate without its other half)';
    level = level.flatMap(partsOf);
  }
  return undefined;
}

const isTorn = (part: unknown): boolean => typeof part === 'string' && !part.isWellFormed();

function partsOf(part: unknown): unknown[] {
  if (Array.isArray(part)) return part;
  return typeof part === 'object' && part !== null ? Object.entries(part).flat() : [];
}
