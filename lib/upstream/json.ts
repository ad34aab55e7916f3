import type * as z from 'zod';
import { compiled } from '../compiled.ts';
import { fieldErrors } from '../field-errors.ts';
import { upstreamAnswerUnexpected } from '../problems/upstream.ts';
import type { UpstreamResponse } from './http-client.ts';

/** The answer's body as the schema has it; throws `UPSTREAM_ANSWER_UNEXPECTED` where it is anything else. */
export function parseJson<Schema extends z.ZodType>(
  system: string,
  { status, text }: UpstreamResponse,
  schema: Schema,
): z.output<Schema> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw upstreamAnswerUnexpected(system, 'its body is not JSON', { status });
  }
  const parsed = compiled(schema).safeParse(body);
  if (parsed.success) return parsed.data;
  const [first] = fieldErrors(parsed.error.issues);
  const what = first ? `${first.field} ${first.detail}` : 'the body has another shape';
  throw upstreamAnswerUnexpected(system, `its body is not as documented: ${what}`, { status });
}
