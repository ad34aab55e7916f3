import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { withTables } from '../infra/readme.ts';

test('the tables of operations and of costs in the README are those of the operations and of the stack', async () => {
  const text = await readFile(join(import.meta.dirname, '..', 'README.md'), 'utf8');
  // Not assert.equal: it would print the whole README, twice.
  assert.ok(text === (await withTables(text)), 'to write them anew: npm run readme');
});
