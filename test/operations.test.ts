import assert from 'node:assert/strict';
import { basename, dirname } from 'node:path';
import { describe, test } from 'node:test';
import * as z from 'zod';
import { findOperations, pathParameters } from '../infra/operations.ts';

const found = await findOperations();

test('the files below functions/ are the operations', () => {
  const names = found.map(({ operation }) => operation.name);
  assert.ok(names.includes('atlas.listAccessList'));
  assert.equal(new Set(names).size, names.length);
});

for (const { operation, handler, file } of found)
  describe(operation.name, () => {
    const { name, system, http, input } = operation;

    test('is named after its file', () => {
      const kebab = (words: string) => words.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      const [, verbNoun = ''] = name.split('.');
      assert.deepEqual(
        [basename(dirname(file)), basename(file)],
        [kebab(system.name), `${kebab(verbNoun)}.ts`],
      );
      assert.equal(name, `${system.name}.${verbNoun}`);
    });

    test('tells people what they need to know', () => {
      const { summary, description, role, impact } = operation;
      for (const text of [summary, description, role, impact]) assert.match(text, /^\S.+\S$/);
      assert.match(impact, /^[A-Z].*\.$/);
      // Menus and Lambda's description have no room for more.
      assert.ok(`${name}: ${summary}`.length <= 100);
    });

    test('describes each of its arguments', () => {
      for (const [field, { description }] of Object.entries(input.shape))
        assert.ok(description, `${field} has no description`);
    });

    test('takes every argument of its path, and the connection first where it needs one', () => {
      const fields = pathParameters(http.path);
      if (system.secret) assert.equal(fields.shift(), 'connection');
      assert.ok(
        `${http.path}/`.startsWith(system.secret ? `/${system.name}/{connection}/` : `/${system.name}/`),
      );
      assert.deepEqual(
        fields.filter((field) => !(field in input.shape)),
        [],
      );
    });

    test('lets no argument of its path lead elsewhere', () => {
      for (const field of pathParameters(http.path).filter((name) => name !== 'connection'))
        for (const value of ['..', '../x', 'a/b', 'a?b', 'a#b', '%2e%2e', ''])
          assert.equal(
            z.safeParse(input.shape[field] ?? z.never(), value).success,
            false,
            `${field}: ${value}`,
          );
    });

    test('exports its handler', () => {
      assert.equal(handler.length, 2);
    });
  });
