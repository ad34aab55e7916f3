import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keepSecret, redactedJson, secretsCompared } from '../lib/redaction.ts';

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

test('of two secrets where one begins with the other, nothing of either is left', () => {
  keepSecret('Winter2025');
  keepSecret('Winter2025!xyz');
  const json = redactedJson({ first: 'with Winter2025!xyz', second: 'with Winter2025' });
  assert.equal(json, '{"first":"with [redacted]","second":"with [redacted]"}');
});

test('nothing that has no JSON has none', () => {
  assert.equal(redactedJson(undefined), undefined);
});

test('a list, a number or a truth is no less secret under such a name', () => {
  const json = redactedJson({
    community: ['public'],
    password: 12345,
    plain: true,
    privateKey: { name: 'x' },
  });
  assert.deepEqual(JSON.parse(json), {
    community: '[redacted]',
    password: '[redacted]',
    plain: '[redacted]',
    privateKey: { name: 'x' },
  });
});

test('of two states, whether a secret is another one shows, and which does not', () => {
  const before = { users: [{ name: 'a', password: 'old-1' }], trap: { community: 'same' } };
  const after = {
    users: [
      { name: 'a', password: 'new-1' },
      { name: 'b', password: 'new-2' },
    ],
    trap: { community: 'same' },
  };
  assert.deepEqual(JSON.parse(redactedJson(secretsCompared(before, after))), {
    users: [
      { name: 'a', password: '[redacted, another]' },
      { name: 'b', password: '[redacted, another]' },
    ],
    trap: { community: '[redacted]' },
  });
});

test('a record stays one where a secret is a word such as its own', () => {
  for (const word of ['made', 'sps', 'e']) keepSecret(word);
  const record = { auditId: '5e5f', outcome: 'made', operation: 'sps.updateSnmpTrap', connection: 'sps' };
  assert.equal(redactedJson(record), JSON.stringify(record));
  assert.equal(redactedJson({ detail: 'sps said: made' }), '{"detail":"[redacted] said: [redacted]"}');
});

// Last, because from here on every string is looked at.
test('a secret with half a pair of surrogates is replaced, also where it meets the other half', () => {
  keepSecret('half\ud83d');
  for (const text of ['half\ud83d', 'half\ud83d\ude00'])
    assert.equal(redactedJson({ text }).includes('half'), false);
});
