import { isDeepStrictEqual } from 'node:util';
import { leafPath, passwordBody } from './assumed.ts';
import type { Snapshot } from './configuration.ts';
import { resourcesByPath } from './resources.ts';
import type { SpsSettings } from './settings.ts';

export interface Change {
  type: 'create' | 'delete' | 'replace';
  path: string;
  old_value?: unknown;
  new_value?: unknown;
}

/** What differs between two states, as `/api/transaction/changes` tells it. Never a password. */
export function changesBetween(before: Snapshot, after: Snapshot, settings: SpsSettings): Change[] {
  const created = Object.keys(after.passwords)
    .filter((key) => !Object.hasOwn(before.passwords, key))
    .map((key): Change => {
      return { type: 'create', path: `/api/configuration/passwords/${key}`, new_value: passwordBody };
    });
  const replaced = [...resourcesByPath.values()].flatMap(({ path, show }): Change[] => {
    const old_value = show(before.configuration, settings);
    const new_value = show(after.configuration, settings);
    if (isDeepStrictEqual(old_value, new_value)) return [];
    if (settings.changesGranularity === 'object') return [{ type: 'replace', path, old_value, new_value }];
    return leaves(old_value, new_value).map(({ path: field, ...change }) => ({
      ...change,
      path: leafPath(path, field),
    }));
  });
  return [...created, ...replaced];
}

function leaves(before: unknown, after: unknown, place: string[] = []): Change[] {
  if (isDeepStrictEqual(before, after)) return [];
  const path = place.join('/');
  if (before === undefined) return [{ type: 'create', path, new_value: after }];
  if (after === undefined) return [{ type: 'delete', path, old_value: before }];
  if (!isObject(before) || !isObject(after))
    return [{ type: 'replace', path, old_value: before, new_value: after }];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => leaves(before[name], after[name], [...place, name]));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
