import type { Language } from '../language.ts';
import type { ErrorEntry, ErrorText } from './entry.ts';
import { fill } from './fill.ts';

// An API key, even one that finds no project here, may open another door.
const secretParameters = new Set(['key']);

/**
 * The error's texts in a language. `values` are the upstream's `parameters`: by position, and not always there.
 * A parenthesis that lacks one of its values is left out; values too many are not used.
 */
export function render(
  error: ErrorEntry,
  language: Language,
  values: readonly unknown[] | null | undefined,
): ErrorText {
  const shown = error.parameters.map((name, position) => [name, show(name, values?.[position])]);
  const { message, remedy } = error[language];
  return { message: fill(message, Object.fromEntries(shown)), remedy };
}

function show(name: string, value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  if (text === '') return undefined;
  return secretParameters.has(name) ? `…${text.slice(-4)}` : text;
}
