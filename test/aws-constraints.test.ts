import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import recorded from '../infra/local/simulators/aws/constraints.json' with { type: 'json' };
import { checkedInput } from '../infra/local/simulators/aws/constraints.ts';
import { constraints } from './botocore.ts';
import { botocore, toolMissing } from './python-tools.ts';

const botocoreMissing = await toolMissing(botocore);

test("what the stand-ins hold requests against is what AWS's service models say", {
  skip: botocoreMissing ?? false,
}, async (context) => {
  const now = await constraints();
  const { botocore: version } = z.object({ botocore: z.string() }).parse(now);
  if (version !== recorded.botocore && !process.env['CI']) {
    context.skip(`left out: recorded from botocore ${recorded.botocore}, and here is ${version}`);
    return;
  }
  const how = 'python3 test/botocore/constraints.py > infra/local/simulators/aws/constraints.json';
  assert.deepEqual(now, recorded, `record them anew: ${how}`);
});

const anything = z.looseObject({});
const refusals: [
  service: 'lambda' | 'scheduler' | 'secretsmanager',
  operation: string,
  input: object,
  why: RegExp,
][] = [
  ['secretsmanager', 'GetSecretValue', {}, /'SecretId'.*must not be null/],
  ['secretsmanager', 'GetSecretValue', { SecretId: '' }, /'SecretId'.*length greater than or equal to 1/],
  ['secretsmanager', 'ListSecrets', { MaxResults: 101 }, /'MaxResults'.*value less than or equal to 100/],
  [
    'secretsmanager',
    'ListSecrets',
    { Filters: [{ Key: 'colour' }] },
    /'Filters\.1\.member\.Key'.*enum value set/,
  ],
  ['scheduler', 'GetSchedule', { Name: 'a b' }, /'Name'.*regular expression pattern/],
  ['scheduler', 'CreateSchedule', { Name: 'a' }, /^3 validation errors.*'Target'/],
  ['lambda', 'Invoke', { FunctionName: 'a/b' }, /'FunctionName'.*regular expression pattern/],
];
for (const [service, operation, input, message] of refusals)
  test(`${operation} with ${JSON.stringify(input)} is refused as AWS refuses it`, () => {
    assert.throws(() => checkedInput(service, operation, anything, input), {
      code: 'ValidationException',
      message,
    });
  });

test('a value that is refused is not repeated: it may be a secret', () => {
  const input = { Name: 'one', SecretString: 'hunter2'.repeat(10_000) };
  assert.throws(
    () => checkedInput('secretsmanager', 'CreateSecret', anything, input),
    (error: Error) => !error.message.includes('hunter2'),
  );
});
