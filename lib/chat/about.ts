import * as z from 'zod';
import { fanOutGet } from '../fan-out/input.ts';
import type { Operation } from '../operation.ts';
import { restoreNow } from '../temporary/place.ts';

// Two operations are about what another one did, and it takes the right to that.

/** What another operation did: over these connections. */
export const about = z.object({ operation: z.string(), connections: z.array(z.string()) });

export type About = z.output<typeof about>;

const readers: Record<string, z.ZodType<About>> = {
  [fanOutGet]: z
    .object({ operation: z.string(), connections: z.array(z.object({ connection: z.string() })) })
    .transform(({ operation, connections }) => ({
      operation,
      connections: connections.map(({ connection }) => connection),
    })),
  [restoreNow]: z
    .object({ operation: z.string(), connection: z.string() })
    .transform(({ operation, connection }) => ({ operation, connections: [connection] })),
};

/** Whether an operation is about another one's doing: what exactly, only its answer tells. */
export const isAboutAnother = ({ name }: Operation): boolean => name in readers;

/** What another operation did that an answer is about; `undefined` where it is about nothing else. */
export const aboutOf = ({ name }: Operation, output: unknown): About | undefined =>
  readers[name]?.safeParse(output).data;
