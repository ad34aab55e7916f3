import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { prefersHtml } from '../lib/accept.ts';
import { negotiateLanguage } from '../lib/language.ts';
import { duration, millisecondsOf } from '../lib/temporary/duration.ts';

test('HTML for those who name it, JSON for those who name that, or take anything', () => {
  for (const accept of [
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8',
    'text/html',
    'TEXT/HTML ; Q = 1 , application/json ; q = 0.9',
    'application/json;q=0, text/html;q=0.001',
    'text/html, */*',
    'text/*',
    'text/*;q=0.9, application/*;q=0.8',
    'text/html;level=1;q=1, application/json;q=0.999',
    `text/html;q=0.${'9'.repeat(400)}, application/json;q=0.5`,
    'text/html;charset=utf-8, application/json;q=high',
    ',,;;, text/html',
  ])
    assert.ok(prefersHtml(accept), accept);
  for (const accept of [
    undefined,
    '',
    '*/*',
    'application/json',
    'application/json, text/html',
    'text/html;q=0.5, application/json',
    'text/html;q=0',
    'text/html;q=0, */*',
    'text/html;q=0.5, */*',
    '*/*, text/*;q=0.1',
    'application/problem+json',
    `text/html;q=0.${'0'.repeat(400)}1, application/json;q=0.5`,
    `text/html;q=${'9'.repeat(400)}, application/json;q=1`,
    'text/html;q=high',
    'text/html;q=-1',
    'text/html;q=1e9, application/json;q=0.5',
    'text/html;q=NaN',
    'texthtml',
  ])
    assert.ok(!prefersHtml(accept), accept);
});

test('a language is found however its weight is written', () => {
  for (const [header, language] of [
    ['pt-BR;q=0.9, en;q=0.8', 'pt-BR'],
    ['pt-BR ; q = 0.9 , en ; q = 0.8', 'pt-BR'],
    [`pt-BR;q=0.${'9'.repeat(400)}, en;q=0.9`, 'pt-BR'],
    [`pt-BR;q=${'1'.repeat(400)}, en;q=0.9`, 'pt-BR'],
    [`en;q=0.1${'0'.repeat(400)}, pt`, 'pt-BR'],
    ['PT-br;Q=0.5', 'pt-BR'],
    ['pt-BR;q=1e9, en;q=0.1', 'en'],
    ['pt-BR;q=-1', 'en'],
    ['pt-BR;q=', 'en'],
    ['__proto__, constructor;q=0.5', 'en'],
  ] as const)
    assert.equal(negotiateLanguage(header), language, header.slice(0, 60));
});

// The grammar of RFC 9110, and anything else besides.
const weight = fc.oneof(
  fc.constantFrom('', ';q=0', ';q=1', ';q=1.000', ';q=0.5', '; Q=0.001'),
  fc.string({ maxLength: 8 }).map((text) => `;q=${text}`),
  fc.integer({ min: 0, max: 400 }).map((digits) => `;q=0.${'7'.repeat(digits)}`),
);
const range = fc.oneof(
  fc.constantFrom(
    '*',
    '*/*',
    'text/html',
    'text/*',
    'application/json',
    'application/*',
    'en',
    'pt',
    'pt-BR',
    'en-GB',
    'fr',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const header = fc
  .array(fc.tuple(range, weight), { maxLength: 6 })
  .map((parts) => parts.map((part) => part.join('')).join(','));

test('any header has one answer, and what a header adds at weight 0 never wins', () => {
  fc.assert(
    fc.property(header, (text) => {
      assert.equal(typeof prefersHtml(text), 'boolean');
      assert.ok(['en', 'pt-BR'].includes(negotiateLanguage(text)));
      if (!text.toLowerCase().includes('html') && !text.includes('text/*'))
        assert.ok(!prefersHtml(`${text},text/html;q=0`));
    }),
    { numRuns: 2_000 },
  );
});

test('a duration of ISO 8601 is taken from 1 minute to 31 days, and comes to its milliseconds', () => {
  const amount = fc.option(fc.nat({ max: 100_000 }), { nil: undefined });
  const units = ['W', 'D', 'H', 'M', 'S'] as const;
  const milliseconds = [604_800_000, 86_400_000, 3_600_000, 60_000, 1_000];
  fc.assert(
    fc.property(fc.tuple(amount, amount, amount, amount, amount), (amounts) => {
      fc.pre(amounts.some((one) => one !== undefined));
      const written = amounts.map((one, index) => (one === undefined ? '' : `${one}${units[index]}`));
      const time = written.slice(2).join('');
      const text = `P${written.slice(0, 2).join('')}${time === '' ? '' : `T${time}`}`;
      const expected = amounts.reduce<number>(
        (sum, one = 0, index) => sum + one * (milliseconds[index] ?? 0),
        0,
      );
      assert.equal(millisecondsOf(text), expected);
      assert.equal(duration.safeParse(text).success, expected >= 60_000 && expected <= 31 * 86_400_000);
    }),
    { numRuns: 1_000 },
  );
});

test('anything else is no duration, and told so in our words', () => {
  for (const text of [
    '',
    'P',
    'PT',
    'P1DT',
    'PT1',
    '1H',
    'P1Y',
    'P1M',
    'PT1H30',
    'P-1D',
    'PT1.5H',
    'PT 1H',
    'pt1h',
    `P${'9'.repeat(400)}D`,
  ])
    assert.match(
      String(duration.safeParse(text).error?.issues[0]?.message),
      /^must be (an ISO 8601 duration|from 1 minute)/,
      text,
    );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string().map((text) => `P${text}`),
      ),
      (text) => {
        const { success } = duration.safeParse(text);
        if (success) assert.match(text, /^P(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?$/);
      },
    ),
    { numRuns: 2_000 },
  );
});
