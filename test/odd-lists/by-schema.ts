import fc from 'fast-check';
import * as z from 'zod';
import document from './mongodb-lists.json' with { type: 'json' };

// Values by the schemas of MongoDB's OpenAPI document.

const node = z.object({
  $ref: z.string().optional(),
  oneOf: z.array(z.unknown()).optional(),
  enum: z.array(z.string()).optional(),
  type: z.string().optional(),
  format: z.string().optional(),
  pattern: z.string().optional(),
  nullable: z.boolean().optional(),
  minimum: z.number().optional(),
  minItems: z.int().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).default([]),
  items: z.unknown().optional(),
});

const schemas: Record<string, unknown> = document.schemas;
const made = new Map<string, fc.Arbitrary<unknown>>();

const time = fc
  .date({ min: new Date('2015-01-01T00:00:00Z'), max: new Date('2030-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
const address = fc.oneof(fc.ipV4(), fc.ipV6());

// What their schemas allow there is more than they answer: patterns that pass 999.9.9.9, and a configuration without id.
const better: Record<string, fc.Arbitrary<unknown>> = {
  cidrBlock: address.chain((text) =>
    fc.nat(text.includes(':') ? 128 : 32).map((prefix) => `${text}/${prefix}`),
  ),
  ipAddress: address,
  lastUsedAddress: address,
};
const alwaysThere = new Set(['id', 'enabled', 'value']);

/** Values that a schema of the document allows. */
export function bySchema(schema: unknown): fc.Arbitrary<unknown> {
  const { $ref, oneOf, nullable, ...rest } = node.parse(schema);
  if ($ref !== undefined) {
    const name = $ref.replace(/^.*\//, '');
    const known = made.get(name) ?? bySchema(schemas[name]);
    made.set(name, known);
    return known;
  }
  const values = oneOf ? fc.oneof(...oneOf.map(bySchema)) : plain(rest);
  return nullable ? fc.option(values) : values;
}

function plain(schema: Omit<z.output<typeof node>, '$ref' | 'oneOf' | 'nullable'>): fc.Arbitrary<unknown> {
  const { type, format, pattern, minimum, minItems, items, properties = {}, required } = schema;
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (type) {
    case 'object': {
      const members = Object.entries(properties).map(([name, member]): [string, fc.Arbitrary<unknown>] => [
        name,
        name in better ? fc.option(better[name] ?? fc.constant(null)) : bySchema(member),
      ]);
      const needed = Object.keys(properties).filter(
        (name) => required.includes(name) || alwaysThere.has(name),
      );
      return fc.record(Object.fromEntries(members), { requiredKeys: needed });
    }
    case 'array':
      return fc.array(bySchema(items), { minLength: minItems ?? 0, maxLength: 3 });
    case 'integer':
      return fc.integer({ min: minimum ?? 0, max: 2 ** 31 - 1 });
    case 'number':
      // JSON has no -0.
      return fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    case 'boolean':
      return fc.boolean();
    default:
      if (format === 'date-time') return time;
      if (pattern?.includes('a-f0-9')) return fc.stringMatching(/^[a-f0-9]{24}$/);
      return fc.string({ minLength: 1, maxLength: 12 });
  }
}

const entryOf = (list: keyof typeof document.lists): fc.Arbitrary<unknown> => {
  const name = document.lists[list].$ref.replace(/^.*\//, '');
  const results = z.object({ properties: z.object({ results: z.object({ items: z.unknown() }) }) });
  return bySchema(results.parse(schemas[name]).properties.results.items);
};

/** The entries of the lists that there are, by what they are lists of. */
export const entriesOf = {
  accessList: entryOf('accessList'),
  alertConfigs: entryOf('alertConfigs'),
  organizations: entryOf('organizations'),
};
