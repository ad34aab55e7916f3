import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { connectionName } from '../../lib/arguments/shared.ts';
import { fieldErrors } from '../../lib/field-errors.ts';
import type { System } from '../../lib/system.ts';

/** A connection as Secrets Manager would hold it. */
export interface StoredConnection {
  system: string;
  connection: string;
  /** The secret's value: JSON. */
  value: string;
}

/** A connections file cannot be used; the message says why, for people. */
export class ConnectionsFileError extends Error {}

/** The connections of a file `{"<system>": {"<connection>": {…}}}`, each in the shape of its system's secret. */
export async function readConnectionsFile(path: string, systems: System[]): Promise<StoredConnection[]> {
  const shape = z.strictObject(
    Object.fromEntries(
      systems.flatMap(({ name, secret }) =>
        secret ? [[name, z.record(connectionName, secret).optional()]] : [],
      ),
    ),
  );
  const parsed = shape.safeParse(await readJson(path));
  if (!parsed.success) {
    const errors = fieldErrors(
      parsed.error.issues,
      systems.filter(({ secret }) => secret).map(({ name }) => name),
    );
    const lines = errors.map(({ field, detail }) => `  ${field}: ${detail}`);
    throw new ConnectionsFileError(`${path} is not a connections file:\n${lines.join('\n')}`);
  }
  return Object.entries(parsed.data).flatMap(([system, connections = {}]) =>
    Object.entries(connections).map(([connection, value]) => ({
      system,
      connection,
      value: JSON.stringify(value),
    })),
  );
}

async function readJson(path: string): Promise<unknown> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new ConnectionsFileError(`${path} cannot be read: ${error.message}`);
  });
  const text = textOf(bytes);
  if (text === undefined) throw new ConnectionsFileError(`${path} is not in UTF-8.`);
  if (text.trim() === '') throw new ConnectionsFileError(`${path} is not a connections file: it is empty.`);
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's own message quotes the text, which holds credentials: only the place is taken from it.
    const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(String(error)) ?? [];
    const where = line === undefined ? '' : ` (line ${line}, column ${column})`;
    throw new ConnectionsFileError(`${path} is not JSON${where}.`);
  }
}

/** Text without its byte order mark; `undefined` where bytes are none in UTF-8. */
function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
