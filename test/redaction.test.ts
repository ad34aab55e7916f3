import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keepSecret, redactedJson } from '../lib/redaction.ts';

/** All strings in a value, its keys aside. */
const stringsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
};

test('a secret is replaced wherever it stands, whatever characters it has', () => {
  const character = fc.constantFrom(...'aB3"\\/\n\t\u0001é€😀 ');
  const secret = fc.string({ unit: character, minLength: 4, maxLength: 12 });
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), fc.jsonValue(), fc.option(fc.constant(2)), (...drawn) => {
      const [kept, before, after, beside, indent] = drawn;
      keepSecret(kept);
      const value = { beside, list: [{ text: before + kept + after, plainly: kept }], number: 1 };
      const json = redactedJson(value, indent ?? undefined);
      for (const text of stringsIn(JSON.parse(json))) assert.ok(!text.includes(kept), json);
    }),
    { numRuns: 500 },
  );
});

test('what has no secret in it stays as it is', () => {
  keepSecret('correct horse');
  const value = { text: 'correct', list: [1, null, { horse: true }], left: undefined };
  assert.equal(redactedJson(value), JSON.stringify(value));
  assert.equal(redactedJson(value, 2), JSON.stringify(value, null, 2));
});

test('what stands under a name that only secrets have is replaced, known or not', () => {
  const value = { snmp: { community: 'public', port: 161 }, users: [{ password: 'x', name: 'password' }] };
  assert.deepEqual(JSON.parse(redactedJson(value)), {
    snmp: { community: '[redacted]', port: 161 },
    users: [{ password: '[redacted]', name: 'password' }],
  });
});
