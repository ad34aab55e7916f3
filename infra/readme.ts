import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Operation } from '../lib/operation.ts';
import { findOperations } from './operations.ts';

const readme = join(import.meta.dirname, '..', 'README.md');
const start = '<!-- operations: made by `npm run readme` -->';
const end = '<!-- /operations -->';

/** The README with its table of operations as the operations have it now. */
export function withOperations(text: string, operations: Operation[]): string {
  const [before, rest] = text.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`README.md lacks ${start} or ${end}`);
  const rows = operations.map(
    ({ name, effect, http, summary }) =>
      `| \`${name}\` | ${effect} | \`${http.method} ${http.path}\` | ${summary} |`,
  );
  const table = ['| operation | effect | HTTP | what it does |', '| --- | --- | --- | --- |', ...rows];
  return `${before}${start}\n${table.join('\n')}\n${end}${after}`;
}

if (import.meta.main) {
  const operations = (await findOperations()).map(({ operation }) => operation);
  await writeFile(readme, withOperations(await readFile(readme, 'utf8'), operations));
}
