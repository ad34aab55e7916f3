import * as z from 'zod';
import recorded from './constraints.json' with { type: 'json' };
import { AwsError, notSimulated } from './error.ts';

// What AWS's service models allow, recorded from botocore, which has them: test/botocore/constraints.py.

interface Shape {
  type: string;
  required?: string[] | undefined;
  members?: Record<string, Shape> | undefined;
  member?: Shape | undefined;
  min?: number | undefined;
  max?: number | undefined;
  pattern?: string | undefined;
  enum?: string[] | undefined;
}

const shape: z.ZodType<Shape> = z.lazy(() =>
  z.strictObject({
    type: z.string(),
    required: z.array(z.string()).optional(),
    members: z.record(z.string(), shape).optional(),
    member: shape.optional(),
    min: z.number().optional(),
    max: z.number().optional(),
    pattern: z.string().optional(),
    enum: z.array(z.string()).optional(),
  }),
);

const services = z.record(z.string(), z.record(z.string(), shape)).parse(recorded.services);

/** The input of an operation as the stand-in takes it; throws AWS's `ValidationException` where the model rules it out. */
export function checkedInput<Schema extends z.ZodType>(
  service: keyof typeof recorded.services,
  operation: string,
  taken: Schema,
  input: unknown,
): z.output<Schema> {
  const model = services[service]?.[operation];
  if (!model) throw new Error(`No constraints are recorded for ${service} ${operation}.`);
  const [first, ...others] = violations(model, input, '');
  if (first !== undefined) {
    const count = others.length + 1;
    throw new AwsError(
      'ValidationException',
      `${count} validation error${count > 1 ? 's' : ''} detected: ${[first, ...others].join('; ')}`,
    );
  }
  const { data, error } = taken.safeParse(input);
  if (error) throw notSimulated(`${operation} with such ${error.issues[0]?.path.join('.') || 'members'}`);
  return data;
}

// The value itself is left out, where AWS repeats it: it may be a secret.
function violations(shape: Shape, value: unknown, path: string): string[] {
  const failed = (constraint: string) => [
    `Value at '${path}' failed to satisfy constraint: Member must ${constraint}`,
  ];
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  switch (shape.type) {
    case 'structure': {
      if (typeof value !== 'object' || value === null) return failed('be a structure');
      const given = new Map(Object.entries(value).filter(([, one]) => one !== undefined && one !== null));
      const members = Object.entries(shape.members ?? {});
      return [
        ...(shape.required ?? [])
          .filter((name) => !given.has(name))
          .map((name) => `Value at '${at(name)}' failed to satisfy constraint: Member must not be null`),
        ...members.flatMap(([name, member]) =>
          given.has(name) ? violations(member, given.get(name), at(name)) : [],
        ),
      ];
    }
    case 'list': {
      if (!Array.isArray(value)) return failed('be a list');
      return [
        ...outside(shape, value.length, failed, 'length'),
        ...value.flatMap((one, index) =>
          shape.member ? violations(shape.member, one, `${path}.${index + 1}.member`) : [],
        ),
      ];
    }
    case 'string': {
      if (typeof value !== 'string') return failed('be a string');
      if (shape.enum && !shape.enum.includes(value))
        return failed(`satisfy enum value set: [${shape.enum.join(', ')}]`);
      if (shape.pattern !== undefined && !new RegExp(`^(?:${shape.pattern})$`).test(value))
        return failed(`satisfy regular expression pattern: ${shape.pattern}`);
      return outside(shape, value.length, failed, 'length');
    }
    case 'blob':
      return typeof value === 'string'
        ? outside(shape, Buffer.from(value, 'base64').length, failed, 'length')
        : failed('be a blob');
    case 'integer':
    case 'long':
      return typeof value === 'number' && Number.isInteger(value)
        ? outside(shape, value, failed, 'value')
        : failed('be an integer');
    case 'boolean':
      return typeof value === 'boolean' ? [] : failed('be a boolean');
    default:
      return [];
  }
}

function outside(
  { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: Shape,
  size: number,
  failed: (constraint: string) => string[],
  what: 'length' | 'value',
): string[] {
  const have = what === 'length' ? 'have length' : 'have value';
  if (size < min) return failed(`${have} greater than or equal to ${min}`);
  return size > max ? failed(`${have} less than or equal to ${max}`) : [];
}
