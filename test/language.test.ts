import assert from 'node:assert/strict';
import { test } from 'node:test';
import { negotiateLanguage } from '../lib/language.ts';

const answers = (...headers: (string | undefined)[]) => new Set(headers.map(negotiateLanguage));

test('Portuguese for those who ask for it, however they write it', () => {
  assert.deepEqual(
    answers(
      'pt-BR',
      'pt',
      'PT-br',
      'pt-BR,pt;q=0.9,en-US;q=0.8,en;q=0.7',
      'fr, pt;q=0.1',
      'en;q=0.5, pt-BR;q=0.501',
    ),
    new Set(['pt-BR']),
  );
});

test('English for those who ask for it, and for everybody else', () => {
  assert.deepEqual(
    answers(
      'en',
      'en-GB,pt-BR;q=0.9',
      'pt;q=0.8, en',
      'fr',
      '*',
      '',
      undefined,
      'pt;q=high',
      'pt;q=0',
      ';,;',
      'ptolemaic',
    ),
    new Set(['en']),
  );
});

test('a language refused is not answered with, and the asterisk stands for the other', () => {
  assert.deepEqual(answers('en;q=0, *', '*, en;q=0.1'), new Set(['pt-BR']));
  assert.deepEqual(answers('pt-BR;q=0, *;q=0.1', '*;q=0.5, pt;q=0.3'), new Set(['en']));
});

test('of two languages equally welcome, the one named first', () => {
  assert.deepEqual(answers('pt-BR, en', 'fr, pt;q=0.5, en;q=0.5'), new Set(['pt-BR']));
  assert.deepEqual(answers('en, pt-BR'), new Set(['en']));
});
