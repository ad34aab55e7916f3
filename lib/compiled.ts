import type * as z from 'zod';
import { causeOf } from './foreign/cause.ts';
import { log } from './log.ts';

// Zod can turn a schema into straight code that checks several times as fast. Loading its compiler and compiling take
// milliseconds, though, and a process that serves a few calls would never earn them back: until a schema is in steady
// use it is interpreted.
const steadyUses = 10;

const uses = new WeakMap<z.ZodType, number>();
const twins = new WeakMap<z.ZodType, z.ZodType>();

let compile: typeof z.compile | undefined;

/** The schema to check a value with this time: itself or, in steady use, its compiled twin, which says the same. */
export function compiled<Schema extends z.ZodType>(schema: Schema): Schema {
  const twin = twins.get(schema);
  if (isTwin(twin, schema)) return twin;
  const count = (uses.get(schema) ?? 0) + 1;
  uses.set(schema, count);
  if (count === steadyUses) void loadCompiler();
  if (count <= steadyUses || !compile) return schema;
  const made = compile(schema);
  twins.set(schema, made);
  return made;
}

/** A compiled schema is a clone that shares the definition. */
const isTwin = <Schema extends z.ZodType>(twin: z.ZodType | undefined, schema: Schema): twin is Schema =>
  twin?.def === schema.def;

async function loadCompiler(): Promise<void> {
  try {
    ({ compile } = await import('./compiler.ts'));
  } catch (error) {
    // Slower, and nothing else.
    log('WARN', 'schemas stay interpreted', { cause: causeOf(error) });
  }
}
