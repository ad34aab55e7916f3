import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Operation } from '../lib/operation.ts';
import { costTable } from './costs/table.ts';
import { findOperations } from './operations.ts';

const readme = join(import.meta.dirname, '..', 'README.md');

/** The README with its tables of operations and of costs as they are now. */
export async function withTables(text: string): Promise<string> {
  const operations = (await findOperations()).map(({ operation }) => operation);
  return withPart(withPart(text, 'operations', operationTable(operations)), 'costs', await costTable());
}

function operationTable(operations: Operation[]): string {
  const rows = operations.map(
    ({ name, effect, http, summary }) =>
      `| \`${name}\` | ${effect} | \`${http.method} ${http.path}\` | ${summary} |`,
  );
  return ['| operation | effect | HTTP | what it does |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** Puts a part between the two comments that it has in the README. */
function withPart(text: string, name: string, part: string): string {
  const start = `<!-- ${name}: made by \`npm run readme\` -->`;
  const end = `<!-- /${name} -->`;
  const [before, rest] = text.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`README.md lacks ${start} or ${end}`);
  return `${before}${start}\n${part}\n${end}${after}`;
}

if (import.meta.main) await writeFile(readme, await withTables(await readFile(readme, 'utf8')));
