import * as z from 'zod';
import { compiled } from './compiled.ts';

// What is only shown is read leniently: of each entry whatever can be read, member by member, and what cannot is said.
// Nothing that one entry has hides another.

/** How the entries of a list are read. */
export interface Shown<Entry extends z.ZodObject> {
  entry: Entry;
  entries: z.ZodArray<Entry>;
  expected: readonly string[];
  nameOf(entry: z.output<Entry>): string | null | undefined;
}

/**
 * Says how the entries of a list are read. Every member of the schema is optional: what cannot be read is left out.
 * `expected` has the paths of those that every entry has: that one is missing is said; of others it is nothing odd.
 */
export const shown = <Entry extends z.ZodObject>(
  entry: Entry,
  expected: readonly string[],
  nameOf: Shown<Entry>['nameOf'],
): Shown<Entry> => ({ entry, entries: z.array(entry), expected, nameOf });

/** What a list answers. */
export interface ShownList<Entry> {
  results: Entry[];
  totalCount?: number;
  warnings?: string[];
}

/** The schema of what a list answers; `results` and `totalCount` say what they are. */
export const shownList = <Entry extends z.ZodObject>(
  { entries }: Shown<Entry>,
  about: { results: string; totalCount: string },
) =>
  z.object({
    results: entries.describe(about.results),
    totalCount: z.int().min(0).optional().describe(about.totalCount),
    warnings: z
      .array(z.string())
      .optional()
      .describe(
        'What could not be read of the entries and was left out of them, and where entries may be missing.',
      ),
  });

/** One entry, as far as it can be read. */
export interface Read<Entry> {
  entry: Entry;
  /** The paths of the members that could not be read; an empty one where that is the whole entry. */
  unread: ReadonlySet<string>;
}

/** Reads the entries of a list: as many as there are, and each as far as it can be read. */
export function readEntries<Entry extends z.ZodObject>(
  { entry: schema, entries, expected }: Shown<Entry>,
  values: unknown[],
): Read<z.output<Entry>>[] {
  const paths = expected.map((path) => [path, path.split('.')] as const);
  // As a rule all of it can be read, and compiled that takes a fraction of the time.
  const sound = compiled(entries).safeParse(values).data;
  return values.map((value, index) => {
    const unread = new Set<string>();
    const entry = sound?.[index] ?? schema.parse(readable(schema, value, '', unread) ?? {});
    if (!unread.has('')) for (const [path, names] of paths) if (lacks(entry, names)) unread.add(path);
    return { entry, unread };
  });
}

/** What a schema, of which every member is optional, can read of a value; the paths of the rest go into `unread`. */
function readable(schema: z.core.$ZodType, value: unknown, path: string, unread: Set<string>): unknown {
  if (schema instanceof z.ZodOptional)
    // Null is how MongoDB's APIs say that there is none.
    return value === undefined || (value === null && !z.safeParse(schema, null).success)
      ? undefined
      : readable(schema.unwrap(), value, path, unread);
  const below = (name: string) => (path === '' ? name : `${path}.${name}`);
  if (schema instanceof z.ZodObject && isMembers(value)) {
    const members = Object.entries(schema.shape).map(([name, member]) => [
      name,
      readable(member, Object.hasOwn(value, name) ? value[name] : undefined, below(name), unread),
    ]);
    return Object.fromEntries(members.filter(([, member]) => member !== undefined));
  }
  if (schema instanceof z.ZodArray && Array.isArray(value))
    return value
      .map((part) => readable(schema.element, part, path, unread))
      .filter((part) => part !== undefined);
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  unread.add(path);
  return undefined;
}

/** Whether a member is missing where there is what it is a member of, in any part of a list. */
function lacks(value: unknown, [name = '', ...deeper]: readonly string[]): boolean {
  if (Array.isArray(value)) return value.some((part) => lacks(part, [name, ...deeper]));
  if (!isMembers(value)) return false;
  return deeper.length === 0 ? value[name] === undefined : lacks(value[name], deeper);
}

const isMembers = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mostNamed = 3;
const longestName = 64;

/** What could not be read, a sentence for each member: of how many entries, and of which, a few of them by name. */
export function unreadWarnings<Entry extends z.ZodObject>(
  { nameOf }: Shown<Entry>,
  read: readonly Read<z.output<Entry>>[],
): string[] {
  const found = new Map<string, string[]>();
  for (const [index, { entry, unread }] of read.entries()) {
    if (unread.size === 0) continue;
    const name = nameOf(entry) ?? '';
    for (const path of unread) {
      const names = found.get(path) ?? [];
      names.push(name === '' || name.length > longestName ? `number ${index + 1}` : name);
      found.set(path, names);
    }
  }
  return [...found].map(([path, names]) => {
    const what = path === '' ? 'nothing could be read' : `${path} could not be read`;
    return `${counted(names.length)}: ${what} (${listed(names)}).`;
  });
}

const counted = (count: number): string => (count === 1 ? '1 entry' : `${count} entries`);

/** A few names, and how many more there are. */
export const listed = (names: readonly string[]): string =>
  names.length > mostNamed
    ? `${names.slice(0, mostNamed).join(', ')} and ${names.length - mostNamed} more`
    : names.join(', ');
