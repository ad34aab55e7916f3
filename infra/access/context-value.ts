import type * as z from 'zod';
import { fieldErrors } from '../../lib/field-errors.ts';

/** A setting of `cdk.json` cannot be used; the message names each field. */
export class ContextError extends Error {}

/** A context value in the shape of a schema; `known` are the names to offer for an unknown one. */
export function contextValue<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  value: unknown,
  known?: string[],
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const isText = typeof value === 'string' && /^\s*[{[]/.test(value);
  const hint = isText ? ' (-c passes it as text: it has to stand in cdk.json)' : '';
  const errors = fieldErrors(parsed.error.issues, known).map(({ field, detail }) =>
    field === '(root)' ? `  ${name} ${detail}${hint}` : `  ${name}.${field} ${detail}`,
  );
  throw new ContextError(`cdk.json cannot be used:\n${errors.join('\n')}`);
}
