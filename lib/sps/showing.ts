import * as z from 'zod';
import { readEntries, shown } from '../lenient.ts';
import type { SpsClient } from './client.ts';
import type { Resource } from './resource.ts';

const warnings = z
  .array(z.string())
  .optional()
  .describe('What of the settings could not be read, and is left out.');

/**
 * How a resource is shown: what can be read of it, and in `warnings` what cannot, one member or another of a version
 * that we do not know. Every member of the schema is optional; `expected` has the paths of those that are always there.
 */
export function showing<Shape extends z.ZodRawShape>(
  { path }: Resource<unknown>,
  schema: z.ZodObject<Shape>,
  expected: readonly string[],
) {
  const how = shown(schema, expected, () => undefined);
  const output = schema.extend({ warnings });
  const read = async (client: SpsClient): Promise<z.output<typeof output>> => {
    const { body } = await client.get(path, z.object({ body: z.record(z.string(), z.unknown()) }));
    return output.parse(
      readEntries(how, [body]).reduce(
        (_none, { entry, unread }) => ({
          ...entry,
          ...(unread.size > 0 && { warnings: [...unread].map((path) => `${path} could not be read.`) }),
        }),
        {},
      ),
    );
  };
  return { output, read };
}
