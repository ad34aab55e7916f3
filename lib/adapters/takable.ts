import { isDeep, levelsOf, mostLevels } from '../json.ts';

/**
 * Why a value cannot be taken, in words: it is nested deeper than anything that is meant, or has text that no encoding
 * can carry. `undefined` where it can be.
 */
export function notTakable(value: unknown): string | undefined {
  if (isDeep(value)) return `is nested more than ${mostLevels} levels deep`;
  for (const level of levelsOf(value))
    if (level.some(isTorn)) return 'has half of a character (a surrogate without its other half)';
  return undefined;
}

const isTorn = (part: unknown): boolean => typeof part === 'string' && !part.isWellFormed();
