import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from '../lib/digest.ts';

test('a digest stands for a state in whatever order its members come', () => {
  assert.equal(digestOf({ a: 1, b: [{ c: 2, d: 3 }] }), digestOf({ b: [{ d: 3, c: 2 }], a: 1 }));
  assert.notEqual(digestOf({ a: 1 }), digestOf({ a: 2 }));
  assert.notEqual(digestOf({ list: [1, 2] }), digestOf({ list: [2, 1] }));
});

test('a digest is the same in whatever language a problem is told, and another for another problem', () => {
  const state = (code: string, detail: string) => [{ id: 'one', problem: { code, detail } }];
  const english = digestOf(state('NOT_FOUND', 'There is none.'));
  assert.equal(english, digestOf(state('NOT_FOUND', 'Não há nenhuma.')));
  assert.notEqual(english, digestOf(state('FORBIDDEN', 'There is none.')));
});
