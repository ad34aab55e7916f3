import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import type { Operation } from '../lib/operation.ts';
import type { System } from '../lib/system.ts';

/** What every file below `functions/` exports. */
export interface OperationModule {
  operation: Operation;
  handler(event: unknown, context: Context): Promise<unknown>;
}

/** An operation with its handler and the file that holds both. */
export interface FoundOperation extends OperationModule {
  file: string;
}

const root = join(import.meta.dirname, '..');

/** The files that hold the operations, below the repository. */
export const operationFiles = (): string[] => globSync('functions/*/*.ts', { cwd: root }).toSorted();

/** Every operation there is: the files are the list. Throws where a file is none, or where two clash. */
export async function findOperations(): Promise<FoundOperation[]> {
  const found = await Promise.all(
    operationFiles().map(async (path) => {
      const file = join(root, path);
      const module: unknown = await import(file);
      if (!isOperationModule(module)) throw new Error(`${path} must export an operation and its handler`);
      return { operation: module.operation, handler: module.handler, file };
    }),
  );
  const taken = new Map<string, string>();
  for (const { operation, file } of found)
    for (const key of [operation.name, `${operation.http.method} ${operation.http.path}`]) {
      if (taken.has(key)) throw new Error(`${key} is in both ${taken.get(key)} and ${file}`);
      taken.set(key, file);
    }
  return found;
}

const isOperationModule = (module: unknown): module is OperationModule =>
  typeof module === 'object' && module !== null && 'operation' in module && 'handler' in module;

/** The systems that operations work on, each once: operations about a connection have their own way of using one. */
export const systemsOf = (operations: Pick<OperationModule, 'operation'>[]): System[] => [
  ...new Map(operations.map(({ operation: { system } }) => [system.name, system])).values(),
];

/** The names in braces of a path template. */
export const pathParameters = (path: string): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => name ?? []);

const withExamples = z.object({ examples: z.array(z.unknown()) });

const exampleOf = (schema: z.core.$ZodType | undefined): unknown =>
  schema instanceof z.ZodType ? withExamples.safeParse(schema.meta()).data?.examples[0] : undefined;

/** The example of a request's body that an operation's arguments give of themselves. */
export function bodyExample({ http: { body }, input }: Operation): unknown {
  if (body === undefined) return undefined;
  if (typeof body === 'string') return exampleOf(input.shape[body]);
  const members = body.map((field) => [field, exampleOf(input.shape[field])] as const);
  return Object.fromEntries(members.filter(([, example]) => example !== undefined));
}
