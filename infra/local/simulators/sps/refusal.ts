import type * as z from 'zod';
import type { errorStatuses } from './assumed.ts';
import type { Body } from './configuration.ts';

/** SPS does not do what was asked for. */
export class Refusal extends Error {
  readonly type: keyof typeof errorStatuses;
  readonly details: Body;

  constructor(type: keyof typeof errorStatuses, message: string, details: Body = {}) {
    super(message);
    this.type = type;
    this.details = details;
  }
}

/** A body that has the right shape; a `Refusal` that names the first bad field is thrown otherwise. */
export function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const { data, error } = schema.safeParse(body);
  if (data !== undefined) return data;
  const [issue] = error?.issues ?? [];
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const field = [...(issue?.path ?? []), ...unknown].join('.');
  throw new Refusal('SemanticError', `${field || 'The object'}: ${issue?.message}`, { field });
}
