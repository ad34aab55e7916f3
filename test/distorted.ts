import * as z from 'zod';

const scalars: unknown[] = [
  ...[undefined, null, true, 0, -1, 1.5, 2 ** 60, Number.NaN, '', ' ', 'x', 'x'.repeat(10_000), 5n],
  ...[
    [],
    [null],
    ['x', 'x'],
    Array.from({ length: 1_001 }, () => 'x'),
    {},
    { odd: 1 },
    { '': 1 },
    { 'a/b': {} },
  ],
];

/** Inputs that a schema cannot take, or might not: wrong types, missing and unknown members, at every depth. */
export function* distorted(schema: unknown): Generator<unknown> {
  yield* scalars;
  yield* inside(schema);
}

function* inside(schema: unknown): Generator<unknown> {
  if (schema instanceof z.ZodObject) {
    const members = Object.entries<unknown>(schema.shape);
    // So that the union's member is the one that is meant.
    const literals = Object.fromEntries(
      members.flatMap(([name, part]) => (part instanceof z.ZodLiteral ? [[name, part.value]] : [])),
    );
    yield { ...literals, odd: 1 };
    for (const [name, part] of members)
      for (const value of distorted(part)) yield { ...literals, [name]: value };
  } else if (schema instanceof z.ZodArray) {
    for (const value of distorted(schema.element)) yield [value];
  } else if (schema instanceof z.ZodRecord) {
    for (const value of distorted(schema.valueType)) yield { prod: value, xcbDiskFull: value, U1: value };
    for (const name of ['', ' ', '__proto__', 'a/b', 'x'.repeat(300)]) yield { [name]: 1 };
  } else if (schema instanceof z.ZodUnion) {
    for (const option of schema.options) yield* inside(option);
  } else if (schema instanceof z.ZodPipe) {
    yield* inside(schema.in);
    yield* inside(schema.out);
  } else if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodCatch ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodLazy
  ) {
    yield* inside(schema.unwrap());
  }
}

/** Sentences of zod's own, in which it tells what is wrong where a schema has no words for it. */
export const sentencesOfZod =
  /\bInvalid\b|\bexpected\b|\breceived\b|Too (big|small)|Unrecognized|must (match|start with|end with|include)|Input|multiple of/;

/** A good value with one part of it made another, left out or added to: each part in turn, and the whole. */
export function* mutated(good: unknown): Generator<unknown> {
  for (const scalar of scalars) if (typeof scalar !== 'bigint') yield scalar;
  if (Array.isArray(good)) {
    yield [...good, 'x', 'x'];
    for (const [index, part] of good.entries())
      for (const other of mutated(part)) yield good.with(index, other);
  } else if (typeof good === 'object' && good !== null) {
    yield { ...good, odd: 1 };
    for (const [name, part] of Object.entries(good))
      for (const other of mutated(part)) yield { ...good, [name]: other };
  }
}
