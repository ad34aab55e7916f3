// What a caller made up is said again only where it looks like a name: the rest could be anything.

const name = /^[\w.$-]{1,64}$/;
const notOne = '(not a name)';

/** Whether what a caller made up looks like a name. */
export const isName = (value: unknown): value is string => typeof value === 'string' && name.test(value);

/** A word that a caller made up, in quotation marks where it looks like a name. */
export const nameQuoted = (word: string): string => (isName(word) ? `“${word}”` : notOne);

/** A dotted path whose parts a caller may have made up. */
export const namedPath = (path: string): string => {
  const parts = path.split('.');
  const shown = parts.slice(0, mostParts).map((part) => (own.has(part) || isName(part) ? part : notOne));
  return [...shown, ...(parts.length > mostParts ? ['…'] : [])].join('.');
};

/** Names of ours that do not look like any. */
const own = new Set(['*', '(root)', '(more)']);
const mostParts = 10;
