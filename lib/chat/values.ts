import * as z from 'zod';
import { isName, namedPath } from '../names.ts';
import { unseenIn } from '../nearest-name.ts';
import { Misunderstood } from './misunderstood.ts';
import type { Word } from './words.ts';

// Words become values by what the schema of their place takes. Whether a value is right is for the operation to say.

/** The shapes that a schema takes, without what wraps them. */
export function shapesOf(schema: unknown): unknown[] {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodReadonly
  )
    return shapesOf(schema.unwrap());
  if (schema instanceof z.ZodPipe) return shapesOf(schema.in);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(shapesOf);
  return [schema];
}

/** The names of the members that a schema takes; none for a map, which takes any. */
export const membersOf = (schema: unknown): string[] => [
  ...new Set(
    shapesOf(schema).flatMap((shape) => (shape instanceof z.ZodObject ? Object.keys(shape.shape) : [])),
  ),
];

/** The shapes that a member may have; none where a schema has no such member. */
export const memberShapes = (schemas: unknown[], name: string): unknown[] =>
  schemas.flatMap(shapesOf).flatMap((shape) => {
    if (shape instanceof z.ZodRecord) return shapesOf(shape.valueType);
    if (shape instanceof z.ZodObject && Object.hasOwn(shape.shape, name)) return shapesOf(shape.shape[name]);
    return [];
  });

const states = new Map([
  ['on', true],
  ['true', true],
  ['yes', true],
  ['off', false],
  ['false', false],
  ['no', false],
]);

/** A word as a value of one of some shapes. Throws `Misunderstood` where it can be none of them. */
export function typed(shapes: unknown[], { value, quoted }: Word, path: string): unknown {
  const takes = (...kinds: (abstract new (...args: never[]) => unknown)[]) =>
    shapes.some((shape) => kinds.some((kind) => shape instanceof kind));
  if (takes(z.ZodArray)) {
    const elements = shapes.flatMap((shape) => (shape instanceof z.ZodArray ? shapesOf(shape.element) : []));
    if (elements.every((shape) => shape instanceof z.ZodObject))
      throw new Misunderstood(`${namedPath(path)} is more than a line of chat can say; set it over HTTP.`);
    return value.split(',').map((part) => typed(elements, { value: part.trim(), quoted }, path));
  }
  if (!quoted && takes(z.ZodBoolean)) {
    const state = states.get(value.toLowerCase());
    if (state !== undefined) return state;
    if (!takes(z.ZodString))
      throw new Misunderstood(
        `${namedPath(path)} must be on or off${isName(value) ? `, not “${value}”` : unseenIn(value)}.`,
      );
  }
  if (!quoted && takes(z.ZodNumber) && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  if (!takes(z.ZodString) && takes(z.ZodObject, z.ZodRecord)) {
    const members = shapes.flatMap(membersOf);
    const those = members.map((member) => `${path}.${member}`).join(', ') || `${path}.<name>`;
    throw new Misunderstood(`${namedPath(path)} has parts; say which: ${those}.`);
  }
  return value;
}
