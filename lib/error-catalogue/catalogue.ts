import { authentication } from './authentication.ts';
import { authorization } from './authorization.ts';
import { conflict } from './conflict.ts';
import type { ErrorEntry } from './entry.ts';
import { internal } from './internal.ts';
import { limit } from './limit.ts';
import { notFound } from './not-found.ts';
import { state } from './state.ts';
import { unsupported } from './unsupported.ts';
import { validation } from './validation.ts';

// Many sentences, needed only once an upstream has failed: load this file with import() then.

/** Every error of the catalogue once, with its code and its category: what kind of thing went wrong. */
export const catalogueErrors = [
  ...inCategory('authentication', authentication),
  ...inCategory('authorization', authorization),
  ...inCategory('validation', validation),
  ...inCategory('notFound', notFound),
  ...inCategory('conflict', conflict),
  ...inCategory('state', state),
  ...inCategory('limit', limit),
  ...inCategory('unsupported', unsupported),
  ...inCategory('internal', internal),
];

export type CatalogueError = (typeof catalogueErrors)[number];

/** The codes of the catalogue, by their current names. */
export type ErrorCode = CatalogueError['code'];

const byName = new Map<string, CatalogueError>(
  catalogueErrors.flatMap((error) =>
    [error.code, error.formerCode ?? error.code].map((name) => [name, error]),
  ),
);

/** The error of this name, whether current or former; undefined where the catalogue has none. */
export function findError(name: string): CatalogueError | undefined {
  return byName.get(name);
}

function inCategory<Category extends string, Code extends string>(
  category: Category,
  entries: Readonly<Record<Code, ErrorEntry>>,
): (ErrorEntry & { readonly code: Code; readonly category: Category })[] {
  return Object.keys(entries)
    .filter((code): code is Code => Object.hasOwn(entries, code))
    .map((code) => ({ ...entries[code], code, category }));
}
