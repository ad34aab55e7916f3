import type { Language } from '../language.ts';
import type { ErrorEntry, ErrorText } from './entry.ts';

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
  const shown = new Map(error.parameters.map((name, position) => [name, show(name, values?.[position])]));
  const { message, remedy } = error[language];
  return { message: fill(message, shown), remedy };
}

function fill(text: string, values: ReadonlyMap<string, string | undefined>): string {
  return text.replace(/ \([^()]*\{\w+\}[^()]*\)/g, (parenthesis) => {
    let lacking = false;
    const filled = parenthesis.replace(/\{(\w+)\}/g, (_placeholder, name) => {
      const value = values.get(name);
      lacking ||= value === undefined;
      return value ?? '';
    });
    return lacking ? '' : filled;
  });
}

function show(name: string, value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  if (text === '') return undefined;
  return secretParameters.has(name) ? `…${text.slice(-4)}` : text;
}
