import * as z from 'zod';

/**
 * One entry of `GET /api/transaction/changes`: what the transaction does to the configuration so far. Kept as SPS
 * sends it, for the answer.
 */
export const listedChange = z.looseObject({
  type: z.string(),
  path: z.string(),
  old_value: z.unknown().optional(),
  new_value: z.unknown().optional(),
});

export type ListedChange = z.output<typeof listedChange>;

/** Whether an entry says that a password was created. */
const isPassword = ({ type, path }: ListedChange): boolean =>
  type === 'create' && /^passwords(\/|$)/.test(inConfiguration(path));

/** The list as callers may see it: of a new password, that it was created. */
export const shownChanges = (listed: ListedChange[]): object[] =>
  listed.map((change) => (isPassword(change) ? { type: change.type, path: change.path } : change));

/** What a transaction is to do to a resource. Its path is below `/api/configuration`. */
export interface Meant {
  path: string;
  before: unknown;
  after: unknown;
}

/** A value at a path below a resource, such as `xcbDiskFull/snmp`, as text. A list is one, and so is a reference. */
interface Leaf {
  before: string | undefined;
  after: string | undefined;
}

/**
 * Compares what a transaction does with what it was meant to do to one resource; answers the path of the first
 * difference, `undefined` where there is none. SPS may list a change as a whole resource or value by value.
 *
 * Passwords that were created on the way count as meant where `withPasswords` is set.
 */
export function unexpectedChange(
  listed: ListedChange[],
  { path, before, after }: Meant,
  withPasswords: boolean,
): string | undefined {
  const meant = differences(before, after);
  const seen = new Set<string>();
  for (const change of listed) {
    const place = inConfiguration(change.path);
    if (withPasswords && isPassword(change)) continue;
    const below = belowResource(place, path);
    if (below === undefined) return place;
    const list = meantListAbove(below, meant);
    const isTold = change.old_value !== undefined || change.new_value !== undefined;
    if (list !== undefined && !(list === below && isTold)) {
      seen.add(list);
      continue;
    }
    const reference = meantReferenceAbove(below, meant);
    // The rest of a reference says again what its key says.
    if (reference !== undefined && below !== `${reference}/key`) continue;
    const at = reference ?? below;
    for (const [leaf, { before, after }] of differences(change.old_value, change.new_value, at)) {
      const expected = meant.get(leaf);
      const oldKnown = change.old_value !== undefined;
      if (expected?.after !== after || (oldKnown && expected?.before !== before)) return `${path}/${leaf}`;
      seen.add(leaf);
    }
  }
  const missing = [...meant.keys()].find((leaf) => !seen.has(leaf));
  return missing === undefined ? undefined : `${path}/${missing}`;
}

/** A value as SPS wants it written: what it shows as `{key, meta}`, a reference, is the key alone there. */
export const writeForm = (value: unknown): unknown => replaceObjects(value, keyOf);

const keyOf = (object: object): string | undefined =>
  'key' in object && typeof object.key === 'string' ? object.key : undefined;

const asWritten = (value: unknown): unknown => (isMap(value) ? (keyOf(value) ?? value) : value);

/**
 * A value in which objects, at any depth, are what `replace` makes of them, if it makes anything. Where it makes nothing,
 * parts are the same as before, so that who compares need not go into them.
 */
export function replaceObjects(value: unknown, replace: (object: object) => unknown): unknown {
  if (Array.isArray(value)) {
    const parts = value.map((part) => replaceObjects(part, replace));
    return parts.every((part, index) => part === value[index]) ? value : parts;
  }
  if (!isMap(value)) return value;
  const replaced = replace(value);
  if (replaced !== undefined) return replaced;
  const parts = Object.entries(value).map(([name, part]) => [name, replaceObjects(part, replace)] as const);
  return parts.every(([name, part]) => part === value[name]) ? value : Object.fromEntries(parts);
}

/** Where two values differ, and in what. Parts that are the same are not gone into: nearly all of them are. */
function differences(before: unknown, after: unknown, at = ''): Map<string, Leaf> {
  const found = new Map<string, Leaf>();
  const compare = (before: unknown, after: unknown, at: string): void => {
    if (before === after) return;
    const [old, young] = [asWritten(before), asWritten(after)];
    const [oldParts, youngParts] = [partsOf(old), partsOf(young)];
    for (const name of new Set([...Object.keys(oldParts), ...Object.keys(youngParts)]))
      compare(oldParts[name], youngParts[name], at === '' ? name : `${at}/${name}`);
    const leaf = { before: textOf(old), after: textOf(young) };
    if (leaf.before !== leaf.after) found.set(at, leaf);
  };
  compare(before, after, at);
  return found;
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const partsOf = (value: unknown): Record<string, unknown> => (isMap(value) ? value : {});

/** A value that has no parts of its own, as text. A list is one value. */
const textOf = (value: unknown): string | undefined =>
  isMap(value) ? undefined : JSON.stringify(writeForm(value));

/** A path as SPS lists it, below `/api/configuration`. */
const inConfiguration = (path: string): string =>
  path.replace(/^\/?(api\/)?configuration\//, '').replace(/^\/|\/$/g, '');

/** The rest of a path below a resource, `''` for the resource itself; `undefined` for what lies elsewhere. */
function belowResource(place: string, resource: string): string | undefined {
  const root = inConfiguration(resource);
  if (place === root) return '';
  return place.startsWith(`${root}/`) || place.startsWith(`${root}#`)
    ? place.slice(root.length + 1)
    : undefined;
}

function meantListAbove(below: string, meant: Map<string, Leaf>): string | undefined {
  return [...meant].find(
    ([leaf, { before, after }]) =>
      (before ?? after)?.startsWith('[') && (below === leaf || below.startsWith(`${leaf}/`)),
  )?.[0];
}

function meantReferenceAbove(below: string, meant: Map<string, Leaf>): string | undefined {
  return [...meant.keys()].find((leaf) => below === `${leaf}/key` || below.startsWith(`${leaf}/meta/`));
}
