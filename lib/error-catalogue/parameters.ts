import type { ErrorEntry } from './entry.ts';

// An API key, even one that finds no project here, may open another door.
const secretParameters = new Set(['key']);

/**
 * The upstream's `parameters` by the names that the catalogue gives them, as they may be shown. They come by
 * position, and not always; those too many are not used.
 */
export const parametersByName = (
  { parameters }: ErrorEntry,
  values: readonly unknown[] | null | undefined,
): Record<string, string | undefined> =>
  Object.fromEntries(parameters.map((name, position) => [name, show(name, values?.[position])]));

function show(name: string, value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  if (text === '') return undefined;
  return secretParameters.has(name) ? `…${text.slice(-4)}` : text;
}
