import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { checkTimeOuts, timeOuts } from '../infra/limits.ts';
import { findOperations } from '../infra/operations.ts';
import { chatRoutes } from '../infra/routes.ts';
import { functionNameOf } from '../lib/function-name.ts';
import { templateOf } from './template.ts';

// What the stack does so that no call takes too long and no script takes too much, and who can read which secret of
// Atlas.

const operations = (await findOperations()).map(({ operation }) => operation);

let template: Template;

const lambdas = z.record(
  z.string(),
  z.object({
    Properties: z.object({
      FunctionName: z.string(),
      Timeout: z.number(),
      ReservedConcurrentExecutions: z.number().optional(),
      Role: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }),
      Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }).optional(),
    }),
  }),
);

const functionsOf = (template: Template) =>
  Object.values(lambdas.parse(template.findResources('AWS::Lambda::Function'))).map(
    ({ Properties }) => Properties,
  );

const functionOf = (name: string) => {
  const found = functionsOf(template).find(({ FunctionName }) => FunctionName === functionNameOf(name));
  assert.ok(found, name);
  return found;
};

before(async () => {
  template = await templateOf();
});

describe('time-outs', () => {
  test('rise from the upstream to API Gateway, and are those of the functions', () => {
    const milliseconds = Object.values(timeOuts);
    assert.deepEqual(
      milliseconds,
      milliseconds.toSorted((one, other) => one - other),
    );
    assert.equal(milliseconds.at(-1), 30_000);
    for (const { name } of operations)
      assert.equal(functionOf(name).Timeout * 1_000, timeOuts['its Lambda function']);
    assert.equal(functionOf('atlas.token').Timeout * 1_000, timeOuts['the function that mints tokens']);
  });

  test('that do not fit together fail the making of the stack, and say which', () => {
    for (const [name, ms] of Object.entries({ 'an operation': 28_000, 'API Gateway': 25_000 }))
      assert.throws(
        () => checkTimeOuts({ ...timeOuts, [name]: ms }),
        /^Error: The time-outs do not fit together: .+ may take 28000 ms, but .+ is over after 2[58]000 ms\.$/,
      );
    checkTimeOuts(timeOuts);
  });
});

describe('limits', () => {
  test('each route has one of its own, by what it does', () => {
    const [stage] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    const settings = stage?.['Properties'].RouteSettings;
    const ofOperations = operations.map(({ http: { method, path } }) => `${method} ${path}`);
    const ofChat = chatRoutes.map((path) => `POST ${path}`);
    assert.deepEqual(Object.keys(settings).toSorted(), [...ofOperations, ...ofChat].toSorted());
    const rates = { read: 5, change: 1, destroy: 1 };
    for (const route of ofChat) assert.equal(settings[route].ThrottlingRateLimit, rates.read);
    for (const { http, effect } of operations)
      assert.equal(settings[`${http.method} ${http.path}`].ThrottlingRateLimit, rates[effect]);
    // API Gateway wants the routes to be there first.
    const routes = Object.entries(template.findResources('AWS::ApiGatewayV2::Route'));
    for (const [name, { Properties }] of routes)
      if (Properties.RouteKey in settings)
        assert.ok(stage?.['DependsOn'].includes(name), Properties.RouteKey);
  });

  test('each function that calls an upstream runs at most 10 times at once, and all leave room for others', () => {
    for (const { name, system } of operations)
      assert.equal(
        functionOf(name).ReservedConcurrentExecutions,
        system.secret ? 10 : undefined,
        `${name} is reserved otherwise`,
      );
    const reserved = functionsOf(template).reduce(
      (sum, { ReservedConcurrentExecutions = 0 }) => sum + ReservedConcurrentExecutions,
      0,
    );
    // Of the usual 1000, Lambda keeps 100 for functions without.
    assert.ok(reserved > 0 && reserved <= 900 / 2, `${reserved} reserved`);
  });

  test('nothing is reserved where the context says that the account has nothing to spare', async () => {
    for (const { ReservedConcurrentExecutions } of functionsOf(
      await templateOf({ reservedConcurrency: false }),
    ))
      assert.equal(ReservedConcurrentExecutions, undefined);
  });
});

describe("Atlas's tokens", () => {
  /** What a function's role may do with secrets and functions: the actions, the end of the ARN, and on what condition. */
  const rightsOf = (name: string) => {
    const [role] = functionOf(name).Role['Fn::GetAtt'];
    const [policy] = Object.values(
      template.findResources('AWS::IAM::Policy', { Properties: { Roles: [{ Ref: role }] } }),
    );
    return z
      .array(z.looseObject({ Action: z.unknown(), Resource: z.unknown(), Condition: z.unknown().optional() }))
      .parse(policy?.['Properties'].PolicyDocument.Statement)
      .filter(({ Action }) => !/logs:|xray:/.test(JSON.stringify(Action)))
      .map(({ Action, Resource, Condition }) => [
        [Action].flat().join(),
        JSON.stringify(Resource).match(/[:"]([^:"]+)"[\]}]+$/)?.[1],
        Condition !== undefined,
      ]);
  };

  test('are minted by one function at a time, which alone reads client secrets and writes tokens', () => {
    assert.equal(functionOf('atlas.token').ReservedConcurrentExecutions, 1);
    assert.deepEqual(rightsOf('atlas.token'), [
      ['secretsmanager:GetSecretValue', 'switchboard/atlas/*', false],
      [
        'secretsmanager:GetSecretValue,secretsmanager:PutSecretValue,secretsmanager:CreateSecret',
        'switchboard/tokens/atlas/*',
        false,
      ],
    ]);
    assert.equal(JSON.stringify(template).split('secretsmanager:PutSecretValue').length, 2);
  });

  test('are what operations on Atlas read; of its connections they read those marked as API keys', () => {
    for (const { name, system } of operations.filter(({ system }) => system.name === 'atlas')) {
      assert.ok(system.sharesTokens);
      const secrets = rightsOf(name).filter(([action]) => String(action).startsWith('secretsmanager:'));
      assert.deepEqual(secrets, [
        ['secretsmanager:GetSecretValue', 'switchboard/atlas/*', true],
        ['secretsmanager:GetSecretValue', 'switchboard/tokens/atlas/*', false],
      ]);
      assert.equal(
        functionOf(name).Environment?.Variables['ATLAS_TOKEN_FUNCTION'],
        functionNameOf('atlas.token'),
      );
    }
  });
});
