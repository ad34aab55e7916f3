import { type CleanText, cleanText } from './clean-text.ts';
import { Secrets } from './secrets.ts';

// A cause comes up where nobody knows any more over which connection.
const live = new Set<Secrets>();

/** Has causes cleaned of secrets, until it is called off: what is answered does that. */
export function keepOutOfCauses(secrets: Secrets): () => void {
  live.add(secrets);
  return () => live.delete(secrets);
}

/**
 * What the log says of why something failed. What libraries say in their errors is foreign text: it is cleaned of the
 * secrets of all connections that are open. Parsers quote what they were given, so of theirs only the place is told.
 */
export function causeOf(error: unknown): CleanText | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message, stack = `${name}: ${message}` } = error;
  return new Secrets(...live).clean(
    error instanceof SyntaxError ? [name, ...stack.split('\n').filter(isFrame)].join('\n') : stack,
  );
}

const isFrame = (line: string): boolean => /^ {4}at /.test(line);

/** What an error is called, for people: its code or else its name. */
export const nameOf = (error: unknown): CleanText => {
  const name =
    error instanceof Error && 'code' in error && typeof error.code === 'string'
      ? error.code
      : error instanceof Error
        ? error.name
        : '';
  return cleanText.parse(/^[\w.-]{1,64}$/.test(name) ? name : 'unknown cause');
};
