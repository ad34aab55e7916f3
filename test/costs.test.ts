import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costsOf } from '../infra/costs/costs.ts';
import { everySetting } from '../infra/costs/table.ts';
import { templateOf } from '../infra/synthesize.ts';

const template = await templateOf(everySetting);

const total = (given: unknown, calls: number) =>
  costsOf(given, [calls]).reduce((sum, { monthly: [amount = 0] }) => sum + amount, 0);

test('each type of resource, with every setting on, has its cost', () => {
  const rows = costsOf(template, [0]);
  assert.ok(rows.length > 25);
  for (const { monthly } of rows) for (const amount of monthly) assert.ok(amount >= 0);
});

test('a type that nobody has thought about is named', () => {
  const odd = { Resources: { ...Object(template['Resources']), Odd: { Type: 'AWS::RDS::DBInstance' } } };
  assert.throws(() => costsOf(odd, [0]), /AWS::RDS::DBInstance/);
});

test('what is added to the stack shows', () => {
  const secret = { Type: 'AWS::SecretsManager::Secret', Properties: {} };
  const more = { Resources: { ...Object(template['Resources']), More: secret } };
  assert.ok(Math.abs(total(more, 0) - total(template, 0) - 0.4) < 1e-9);
  assert.ok(total(template, 1e6) > total(template, 1e4));
});
