import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { Plan } from '../change.ts';
import type { Switches } from '../temporary/temporary.ts';
import { replaceObjects, writeForm } from './changes.ts';

/** One resource of an SPS's configuration. */
export interface Resource<Body> {
  /** Below `/api/configuration`. */
  path: string;
  /** The form in which it is read; a value to write may hold `{plain}`, a new password, for a reference to one. */
  body: z.ZodType<Body>;
  /** What SPS answers where it is read. */
  answer: z.ZodType<{ body: Body }>;
}

export const resource = <Body>(path: string, body: z.ZodType<Body>): Resource<Body> => ({
  path,
  body,
  answer: z.object({ body }),
});

/**
 * A value of a schema's shape, kept whole: what the schema does not name stays in it, and so is not lost when the
 * value is written back.
 */
export const whole = <Schema extends z.ZodType>(schema: Schema) =>
  z.custom<z.input<Schema>>().superRefine((value, context) => {
    for (const issue of schema.safeParse(value).error?.issues ?? []) context.addIssue({ ...issue });
  });

/** A plan for a resource. What differs only in how references are written is no change. */
export const planFor = <Body>(before: Body, after: Body, warnings: string[] = []): Plan<Body> => ({
  before,
  after: isDeepStrictEqual(writeForm(before), writeForm(after)) ? before : after,
  warnings,
});

/** The settings that are there: those left out stay as they are, and so must not override anything. */
export const given = <Value>(settings: Record<string, Value | undefined>): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

/** A value without new passwords: what is pending is kept where secrets must not be. */
const withoutNew = (value: unknown): unknown =>
  replaceObjects(value, (part) => ('plain' in part ? '(new)' : undefined));

/** The settings of a resource as switches, each by its name and with how to read it. */
export const settingSwitches = <Body>(
  readers: Record<string, (body: Body) => unknown>,
): Switches<{ settings: object }, Body> => ({
  scope: () => ({}),
  values: (body, { settings }) =>
    Object.fromEntries(
      Object.keys(settings).map((name) => [name, withoutNew(writeForm(readers[name]?.(body)))]),
    ),
  inputs: (settings) => (Object.keys(settings).length > 0 ? [{ settings }] : []),
});
