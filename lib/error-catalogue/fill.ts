/**
 * A text with its placeholders, such as `{group}`, filled in. A parenthesis that lacks one of its values is left
 * out; a placeholder elsewhere always has one.
 */
export function fill(text: string, values: Readonly<Record<string, string | undefined>>): string {
  const filled = text.replace(/ \([^()]*\{\w+\}[^()]*\)/g, (parenthesis) => {
    const names = [...parenthesis.matchAll(placeholder)].map(([, name = '']) => name);
    return names.every((name) => values[name] !== undefined) ? parenthesis : '';
  });
  return filled.replace(placeholder, (_whole, name) => values[name] ?? '');
}

const placeholder = /\{(\w+)\}/g;
