import * as z from 'zod';

/** What JSON can say. Objects that hide something, such as `ForeignText`, do not fit it. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json | undefined };

/** A part of what came as JSON that nobody looks into. */
export const json = z.custom<Json>();

/** What a text says as JSON; `undefined` where it is none. A parser's own error would quote it. */
export function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How deep anything is nested that is meant. What goes far beyond ends the recursions that work on it. */
export const mostLevels = 64;

/** The parts of a value level by level: itself, what is in it, and so on. */
export function* levelsOf(value: unknown): Generator<unknown[]> {
  for (let level = [value]; level.length > 0; level = level.flatMap(partsOf)) yield level;
}

function partsOf(part: unknown): unknown[] {
  if (Array.isArray(part)) return part;
  return typeof part === 'object' && part !== null ? Object.entries(part).flat() : [];
}

/** Whether a value is nested deeper than anything that is meant. */
export function isDeep(value: unknown): boolean {
  let level = [value];
  for (let levels = 0; level.length > 0; levels++) {
    if (levels > mostLevels) return true;
    level = level.filter(isNesting).flatMap((part): unknown[] => Object.values(part));
  }
  return false;
}

const isNesting = (part: unknown): part is object => typeof part === 'object' && part !== null;
