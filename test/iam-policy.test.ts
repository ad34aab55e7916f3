import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as z from 'zod';
import { findOperations } from '../infra/operations.ts';
import { templateOf } from './template.ts';

const oneOrMore = z.union([z.array(z.string()), z.string().transform((one) => [one])]);

const policy = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.array(
    z.strictObject({
      Sid: z.string(),
      Effect: z.enum(['Allow', 'Deny']),
      Action: oneOrMore,
      Resource: oneOrMore,
    }),
  ),
});

const readme = await readFile(join(import.meta.dirname, '..', 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/```json\n(.*?)```/gs)].map(([, text = '']) => text);
const [written = '', ...others] = blocks.filter((text) => text.includes('"execute-api:Invoke"'));
const { Statement: statements } = policy.parse(JSON.parse(written));

/** IAM's wildcards: a star is any text, slashes too, and a question mark any one character. */
const covers = (pattern: string, text: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  ).test(text);

function allows(action: string, resource: string): boolean {
  const matching = statements.filter(
    ({ Action, Resource }) =>
      Action.some((one) => covers(one.toLowerCase(), action.toLowerCase())) &&
      Resource.some((one) => covers(one, resource)),
  );
  return (
    matching.some(({ Effect }) => Effect === 'Allow') && !matching.some(({ Effect }) => Effect === 'Deny')
  );
}

const operations = new Map(
  (await findOperations()).map(({ operation }) => {
    const { http, effect, system } = operation;
    return [`${http.method} ${http.path}`, { effect, connected: system.secret !== undefined }];
  }),
);
const route = z.object({ Properties: z.object({ RouteKey: z.string(), AuthorizationType: z.string() }) });
const template = await templateOf();
const routeKeys = Object.values(template.findResources('AWS::ApiGatewayV2::Route'))
  .map((found) => route.parse(found).Properties)
  .filter(({ AuthorizationType }) => AuthorizationType === 'AWS_IAM')
  .map(({ RouteKey }) => RouteKey);
const { StageName } =
  Object.values(template.findResources('AWS::ApiGatewayV2::Stage'))[0]?.['Properties'] ?? {};

/** What IAM is asked about when a route is called over a connection. */
function arnOf(routeKey: string, connection: string, other = '0123456789abcdef01234567'): string {
  const [method = '', path = ''] = routeKey.split(' ');
  const called = path.replace('{connection}', connection).replace(/\{\w+\}/g, other);
  return `arn:aws:execute-api:eu-central-1:111122223333:a1b2c3d4e5/${StageName}/${method}${called}`;
}

const may = (routeKey: string, connection: string) =>
  allows('execute-api:Invoke', arnOf(routeKey, connection));

test('the README has one policy, and the template routes that ask for IAM', () => {
  assert.deepEqual(others, []);
  assert.ok(routeKeys.length > 20);
});

describe('the policy of the README', () => {
  for (const routeKey of routeKeys) {
    const { effect, connected = false } = operations.get(routeKey) ?? {};
    const reads = connected && effect === 'read';
    const changes = connected && effect === 'change';
    test(`${routeKey}: production ${reads}, staging ${reads || changes}, and nothing else`, () => {
      assert.deepEqual([may(routeKey, 'prod'), may(routeKey, 'staging')], [reads, reads || changes]);
      for (const other of [
        'dev',
        'prod2',
        'production',
        'pro',
        'x.prod',
        'staging-2',
        '*',
        'prod%2F..%2Fdev',
      ])
        assert.equal(may(routeKey, other), false, other);
      for (const named of ['prod', 'staging'])
        assert.ok(
          !allows('execute-api:Invoke', arnOf(routeKey, 'dev', named)),
          'where another part is called so',
        );
    });
  }

  test('covers no other action, API, stage or account', () => {
    const arn = arnOf('GET /sps/{connection}/alerting', 'prod');
    assert.ok(allows('execute-api:Invoke', arn));
    assert.ok(!allows('execute-api:ManageConnections', arn));
    for (const [part, other] of [
      ['a1b2c3d4e5', 'b1b2c3d4e5'],
      ['$default', 'beta'],
      ['111122223333', '222222222222'],
    ] as const)
      assert.ok(
        !allows(
          'execute-api:Invoke',
          arn.replace(part, () => other),
        ),
        part,
      );
  });
});
