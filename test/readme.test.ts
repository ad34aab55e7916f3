import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { findOperations } from '../infra/operations.ts';
import { withOperations } from '../infra/readme.ts';

test('the table of operations in the README is that of the operations', async () => {
  const text = await readFile(join(import.meta.dirname, '..', 'README.md'), 'utf8');
  const operations = (await findOperations()).map(({ operation }) => operation);
  assert.equal(text, withOperations(text, operations), 'to write it anew: npm run readme');
});
