import type * as z from 'zod';
import { nearestName, unseenIn } from './nearest-name.ts';
import { mostFields } from './problems/call.ts';
import './zod-texts.ts';

/** One bad field and what is wrong with it; never its value, which may be a secret. */
export interface FieldError {
  field: string;
  detail: string;
}

/** What a schema found wrong, field by field. `known` are the names to offer for an unknown one. */
export function fieldErrors(issues: readonly z.core.$ZodIssue[], known: string[] = []): FieldError[] {
  return issues.flatMap((issue): FieldError[] => {
    const path = issue.path.join('.');
    if (issue.code === 'unrecognized_keys') {
      // The names are those of the outermost level.
      const names = path === '' ? known : [];
      // One more tells that there are more.
      return issue.keys.slice(0, mostFields + 1).map((key) => ({
        field: path === '' ? key : `${path}.${key}`,
        detail: `is not known here${hint(key, names)}`,
      }));
    }
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      // The shape that the author most likely meant is the one with the least wrong.
      const [closest = []] = issue.errors.toSorted((a, b) => weight(a) - weight(b));
      return fieldErrors(
        closest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
        known,
      );
    }
    // What is wrong with the key itself, a connection's name for one.
    if (issue.code === 'invalid_key')
      return [{ field: path, detail: issue.issues[0]?.message ?? issue.message }];
    return [{ field: path === '' ? '(root)' : path, detail: issue.message }];
  });
}

/** What to say of an unknown name besides: which one was meant, perhaps, and which there are. */
export function hint(name: string, known: string[]): string {
  const unseen = unseenIn(name.slice(0, 100));
  if (known.length === 0) return unseen;
  const nearest = nearestName(name, known);
  const names = known.length === 1 ? `only ${known[0]} is` : `known are ${known.join(', ')}`;
  return `${unseen}${nearest === undefined ? `; ${names}` : ` (did you mean ${nearest}?); ${names}`}`;
}

const weight = (issues: readonly z.core.$ZodIssue[]): number => fieldErrors(issues).length;

/** A zod error text for a field that may be missing altogether. */
export const orMissing =
  (otherwise: string) =>
  (issue: { input?: unknown }): string =>
    issue.input === undefined ? 'is required' : otherwise;
