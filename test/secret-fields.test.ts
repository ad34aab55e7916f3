import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonWithoutSecrets, secretsCompared, withoutSecrets } from '../lib/secret-fields.ts';

test('what has no secret in it stays as it is', () => {
  const value = { text: 'correct', list: [1, null, { horse: true }], left: undefined };
  assert.equal(jsonWithoutSecrets(value), JSON.stringify(value));
  assert.equal(jsonWithoutSecrets(value, 2), JSON.stringify(value, null, 2));
});

test('what stands under a name that only secrets have is replaced', () => {
  const value = { snmp: { community: 'public', port: 161 }, users: [{ password: 'x', name: 'password' }] };
  assert.deepEqual(withoutSecrets(value), {
    snmp: { community: '[redacted]', port: 161 },
    users: [{ password: '[redacted]', name: 'password' }],
  });
});

test('nothing that has no JSON has none', () => {
  assert.equal(jsonWithoutSecrets(undefined), undefined);
  assert.equal(withoutSecrets(undefined), undefined);
});

test('a list, a number or a truth is no less secret under such a name', () => {
  const value = { community: ['public'], password: 12345, plain: true, privateKey: { name: 'x' } };
  assert.deepEqual(withoutSecrets(value), {
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
  assert.deepEqual(withoutSecrets(secretsCompared(before, after)), {
    users: [
      { name: 'a', password: '[redacted, another]' },
      { name: 'b', password: '[redacted, another]' },
    ],
    trap: { community: '[redacted]' },
  });
});
