import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { switchboardApp } from '../infra/app.ts';
import { fanOutDefinition, fanOutMachine } from '../infra/fan-out-definition.ts';
import { findOperations } from '../infra/operations.ts';
import { functionNameOf } from '../lib/function-name.ts';

const operations = await findOperations();

let folder: string;
let template: Template;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-'));
  const outdir = join(folder, 'cdk.out');
  const app = await switchboardApp(join(folder, 'bundles'), {
    outdir,
    analyticsReporting: false,
    // `npm run synth` has CDK's own check.
    builtinCloudFormationValidation: false,
  });
  template = Template.fromJSON(app.synth().getStackByName('Switchboard').template);
});

after(() => rm(folder, { recursive: true }));

/** The one resource of a type with these properties: its name in the template. */
function nameOf(type: string, properties: object): string {
  const [name, ...others] = Object.keys(template.findResources(type, { Properties: properties }));
  assert.ok(name && others.length === 0, `${others.length} others like ${name}`);
  return name;
}

const tracing = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];

const attribute = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });

for (const { operation } of operations)
  describe(operation.name, () => {
    const { name, summary, http, system } = operation;
    const ownFunction = () => nameOf('AWS::Lambda::Function', { Description: `${name}: ${summary}` });

    test('has a route that asks for IAM authorization, or is public, and leads to its function', () => {
      const integration = nameOf('AWS::ApiGatewayV2::Integration', {
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: attribute(ownFunction()),
        PayloadFormatVersion: '2.0',
      });
      template.hasResourceProperties('AWS::ApiGatewayV2::Route', {
        RouteKey: `${http.method} ${http.path}`,
        AuthorizationType: http.isPublic ? 'NONE' : 'AWS_IAM',
        Target: { 'Fn::Join': ['', ['integrations/', { Ref: integration }]] },
      });
    });

    test('runs its bundle, whole and without maps, on arm64 and Node 24', async () => {
      template.hasResourceProperties('AWS::Lambda::Function', {
        Description: `${name}: ${summary}`,
        Architectures: ['arm64'],
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Timeout: 28,
        LoggingConfig: { LogFormat: 'JSON' },
      });
      const dir = join(folder, 'bundles', name);
      const files = await readdir(dir);
      assert.deepEqual(
        files.filter((file) => !file.endsWith('.mjs')),
        [],
      );
      // index.mjs and its chunks load one another by name.
      const texts = await Promise.all(files.map((file) => readFile(join(dir, file), 'utf8')));
      const loaded = texts.flatMap((text) =>
        [...text.matchAll(/(?:from|import)\s*\(?"\.\/([\w-]+\.mjs)"/g)].map(([, file = '']) => file),
      );
      assert.ok(loaded.length > 0);
      for (const file of ['index.mjs', ...loaded]) assert.ok(files.includes(file), file);
    });

    test('has a role of its own: its log, the secrets of its system and no others, and the publisher of outcomes', () => {
      const [resource] = Object.values(
        template.findResources('AWS::Lambda::Function', {
          Properties: { Description: `${name}: ${summary}` },
        }),
      );
      const { Role, LoggingConfig } = resource?.['Properties'] ?? {};
      const [role] = Role['Fn::GetAtt'];
      const policy = template.findResources('AWS::IAM::Policy', { Properties: { Roles: [{ Ref: role }] } });
      assert.equal(Object.keys(policy).length, 1);
      const statements = Object.values(policy)[0]?.['Properties'].PolicyDocument.Statement;
      const secrets = [
        'arn:',
        { Ref: 'AWS::Partition' },
        ':secretsmanager:',
        { Ref: 'AWS::Region' },
        ':',
        { Ref: 'AWS::AccountId' },
        `:secret:switchboard/${system.name}/*`,
      ];
      const onlyApiKeys = { StringEquals: { 'aws:ResourceTag/switchboard-sign-in': 'api-key' } };
      const expected = [
        {
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Effect: 'Allow',
          Resource: attribute(LoggingConfig.LogGroup.Ref),
        },
        { Action: tracing, Effect: 'Allow', Resource: '*' },
        ...(system.secret
          ? [
              {
                Action: 'secretsmanager:GetSecretValue',
                ...(system.sharesTokens && { Condition: onlyApiKeys }),
                Effect: 'Allow',
                Resource: { 'Fn::Join': ['', secrets] },
              },
            ]
          : []),
        {
          Action: 'lambda:InvokeFunction',
          Effect: 'Allow',
          Resource: attribute(
            nameOf('AWS::Lambda::Function', { FunctionName: 'switchboard-publish-outcome' }),
          ),
        },
      ];
      assert.deepEqual(statements.slice(0, expected.length), expected);
      // What a few need besides, the tests of what they need it for look at.
      const others = JSON.stringify(statements.slice(expected.length));
      assert.doesNotMatch(others, /"logs:/);
      assert.equal(others.split('GetSecretValue').length - 1, system.sharesTokens ? 1 : 0);
    });

    test('has the outcome of its asynchronous invocations published', () => {
      const publisher = attribute(
        nameOf('AWS::Lambda::Function', { FunctionName: 'switchboard-publish-outcome' }),
      );
      template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
        FunctionName: { Ref: ownFunction() },
        DestinationConfig: { OnSuccess: { Destination: publisher }, OnFailure: { Destination: publisher } },
        MaximumRetryAttempts: 2,
        MaximumEventAgeInSeconds: 3600,
      });
    });
  });

test('there is an alarm for what was set for a while and is not put back', () => {
  template.hasResourceProperties('AWS::Logs::MetricFilter', {
    FilterPattern: '{ ($.outcome = "Operation Failed") && ($.actor = "restore") }',
    MetricTransformations: [Match.objectLike({ MetricName: 'RestoreFailures' })],
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'Switchboard',
    MetricName: 'RestoreFailures',
    Threshold: 1,
  });
});

describe('chat', () => {
  const receiver = () =>
    nameOf('AWS::Lambda::Function', { FunctionName: 'switchboard-chat-receiver', Timeout: 15 });
  const worker = () =>
    nameOf('AWS::Lambda::Function', { FunctionName: 'switchboard-chat-worker', Timeout: 56 });

  /** What the role of a function may, besides its log and its traces. */
  const statementsOf = (fn: string) => {
    const { Role } = template.findResources('AWS::Lambda::Function')[fn]?.['Properties'] ?? {};
    const [role] = Role['Fn::GetAtt'];
    const policies = template.findResources('AWS::IAM::Policy', { Properties: { Roles: [{ Ref: role }] } });
    return z
      .array(z.looseObject({ Action: z.unknown(), Resource: z.unknown() }))
      .parse(Object.values(policies).flatMap(({ Properties }) => Properties.PolicyDocument.Statement))
      .filter(({ Action }) => !/logs:|xray:/.test(JSON.stringify(Action)));
  };

  const slackSecret = {
    'Fn::Join': [
      '',
      [
        ...['arn:', { Ref: 'AWS::Partition' }, ':secretsmanager:', { Ref: 'AWS::Region' }, ':'],
        ...[{ Ref: 'AWS::AccountId' }, ':secret:switchboard/chat/slack-??????'],
      ],
    ],
  };

  test('has its two routes without IAM, which lead to the receiver', () => {
    const integration = nameOf('AWS::ApiGatewayV2::Integration', { IntegrationUri: attribute(receiver()) });
    for (const path of ['commands', 'interactions'])
      template.hasResourceProperties('AWS::ApiGatewayV2::Route', {
        RouteKey: `POST /chat/slack/${path}`,
        AuthorizationType: 'NONE',
        Target: { 'Fn::Join': ['', ['integrations/', { Ref: integration }]] },
      });
  });

  test('has an alarm for what was acknowledged and not handed over, a crash or a time-out included', () => {
    const [filter] = Object.values(
      template.findResources('AWS::Logs::MetricFilter', {
        Properties: { FilterPattern: '{ $.message = "chat event not handed over" }' },
      }),
    );
    assert.ok(filter);
    const { LoggingConfig } =
      template.findResources('AWS::Lambda::Function')[receiver()]?.['Properties'] ?? {};
    assert.deepEqual(filter['Properties'].LogGroupName, LoggingConfig.LogGroup);
    const named = (Namespace: string, MetricName: string) =>
      Match.objectLike({
        MetricStat: Match.objectLike({ Metric: Match.objectLike({ Namespace, MetricName }) }),
      });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Threshold: 1,
      Metrics: Match.arrayWith([
        named('Switchboard', 'ChatEventsNotHandedOver'),
        named('AWS/Lambda', 'Errors'),
      ]),
    });
  });

  test("has a receiver that may read Slack's secret and invoke the worker, no more", () => {
    assert.partialDeepStrictEqual(statementsOf(receiver()), [
      { Action: 'secretsmanager:GetSecretValue', Resource: slackSecret },
      { Action: 'lambda:InvokeFunction', Resource: attribute(worker()) },
    ]);
    assert.equal(statementsOf(receiver()).length, 2);
  });

  test("has a worker that may read Slack's secret and invoke the operations, and has its failures kept", () => {
    const [read, run, keep, ...others] = statementsOf(worker());
    assert.deepEqual(read?.Resource, slackSecret);
    assert.equal(run?.Action, 'lambda:InvokeFunction');
    assert.deepEqual(
      run.Resource,
      operations.map(({ operation: { name, summary } }) =>
        attribute(nameOf('AWS::Lambda::Function', { Description: `${name}: ${summary}` })),
      ),
    );
    assert.deepEqual(others, []);
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: worker() },
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination: keep?.Resource } },
    });
  });
});

test('there is one route and one function for each operation and for chat, and one role for each function', () => {
  template.resourceCountIs('AWS::ApiGatewayV2::Route', operations.length + 2);
  const functions = Object.values(template.findResources('AWS::Lambda::Function'));
  const roles = functions.map(({ Properties }) => Properties.Role['Fn::GetAtt'][0]);
  assert.equal(new Set(roles).size, functions.length);
  // Beside the operations, the keeper of tokens, the publisher of outcomes and the two of chat.
  assert.equal(functions.length, operations.length + 5);
});

test('the publisher of outcomes may put events on the bus switchboard, and no more beside its log and its dead letters', () => {
  const fn = nameOf('AWS::Lambda::Function', { FunctionName: 'switchboard-publish-outcome' });
  const { Role, LoggingConfig, Environment } =
    template.findResources('AWS::Lambda::Function')[fn]?.['Properties'] ?? {};
  const policy = nameOf('AWS::IAM::Policy', { Roles: [{ Ref: Role['Fn::GetAtt'][0] }] });
  const bus = nameOf('AWS::Events::EventBus', { Name: 'switchboard' });
  const statements =
    template.findResources('AWS::IAM::Policy')[policy]?.['Properties'].PolicyDocument.Statement;
  assert.deepEqual(
    statements.map(({ Action, Resource }: { Action: unknown; Resource: unknown }) => [Action, Resource]),
    [
      [['logs:CreateLogStream', 'logs:PutLogEvents'], attribute(LoggingConfig.LogGroup.Ref)],
      [tracing, '*'],
      ['events:PutEvents', attribute(bus)],
      ['sqs:SendMessage', deadLettersOf(fn)],
    ],
  );
  assert.deepEqual(Environment, { Variables: { EVENT_BUS: { Ref: bus } } });
});

/** Where a function's failed invocations go. */
const deadLettersOf = (fn: string): unknown =>
  Object.values(
    template.findResources('AWS::Lambda::EventInvokeConfig', {
      Properties: { FunctionName: { Ref: fn } },
    }),
  )[0]?.['Properties'].DestinationConfig.OnFailure.Destination;

test('no role has a managed policy, and each is taken by one AWS service that acts for it', () => {
  for (const { Properties } of Object.values(template.findResources('AWS::IAM::Role'))) {
    assert.equal(Properties.ManagedPolicyArns, undefined);
    const [{ Principal }, ...others] = Properties.AssumeRolePolicyDocument.Statement;
    assert.match(Principal.Service, /^(lambda|states|scheduler)\.amazonaws\.com$/);
    assert.deepEqual([Object.keys(Principal), others], [['Service'], []]);
  }
});

describe('many connections', () => {
  const machine = () => nameOf('AWS::StepFunctions::StateMachine', { StateMachineName: fanOutMachine });

  /** What a role may do: the actions, and the ends of the ARNs or the logical ids. */
  const rightsOf = (role: string) => {
    const policy = nameOf('AWS::IAM::Policy', { Roles: [{ Ref: role }] });
    const { Statement } =
      template.findResources('AWS::IAM::Policy')[policy]?.['Properties'].PolicyDocument ?? {};
    return statements
      .parse(Statement)
      .map(({ Action, Resource }): [string, string[]] => [
        [Action].flat().join(),
        [Resource]
          .flat()
          .map((resource) =>
            typeof resource === 'string'
              ? resource
              : 'Fn::Join' in resource
                ? String(resource['Fn::Join'][1].at(-1))
                : 'Ref' in resource
                  ? resource.Ref
                  : resource['Fn::GetAtt'][0],
          ),
      ]);
  };
  const roleOf = (name: string) => {
    const fn = nameOf('AWS::Lambda::Function', { FunctionName: functionNameOf(name) });
    return z
      .string()
      .parse(template.findResources('AWS::Lambda::Function')[fn]?.['Properties'].Role['Fn::GetAtt'][0]);
  };

  test('are worked on by the definition that is tested here, whose log has no inputs', () => {
    const { DefinitionString, LoggingConfiguration } =
      template.findResources('AWS::StepFunctions::StateMachine')[machine()]?.['Properties'] ?? {};
    assert.deepEqual(JSON.parse(DefinitionString), fanOutDefinition);
    assert.equal(LoggingConfiguration.IncludeExecutionData, false);
  });

  test('are reached through the functions of the operations that have any, and no others', () => {
    const { RoleArn } =
      template.findResources('AWS::StepFunctions::StateMachine')[machine()]?.['Properties'] ?? {};
    const functions = operations
      .filter(({ operation }) => operation.system.secret)
      .map(({ operation: { name } }) =>
        nameOf('AWS::Lambda::Function', { FunctionName: functionNameOf(name) }),
      );
    const rights = rightsOf(RoleArn['Fn::GetAtt'][0]).filter(([action]) => !/^(logs|xray):/.test(action));
    assert.deepEqual(rights, [
      ['lambda:InvokeFunction', functions],
      ['states:StartExecution', [`:stateMachine:${fanOutMachine}`]],
      ['states:DescribeExecution,states:StopExecution', [`:execution:${fanOutMachine}/connections:*`]],
    ]);
  });

  test('are begun by one function, which alone may list the names of secrets', () => {
    assert.deepEqual(rightsOf(roleOf('fanOut.start')).slice(-2), [
      ['states:StartExecution', [machine()]],
      ['secretsmanager:ListSecrets', ['*']],
    ]);
    assert.equal(JSON.stringify(template).split('secretsmanager:ListSecrets').length, 2);
  });

  test('are looked at by another, which may only read', () => {
    assert.deepEqual(rightsOf(roleOf('fanOut.get')).slice(-3), [
      [
        'states:DescribeExecution',
        [`:execution:${fanOutMachine}:*`, `:execution:${fanOutMachine}/connections:*`],
      ],
      ['states:ListMapRuns', [`:execution:${fanOutMachine}:*`]],
      ['states:ListExecutions', [`:mapRun:${fanOutMachine}/connections:*`]],
    ]);
  });
});

const resource = z.union([
  z.string(),
  z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) }),
  z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }),
  z.object({ Ref: z.string() }),
]);
const statements = z.array(
  z.object({
    Action: z.union([z.string(), z.array(z.string())]),
    Resource: z.union([resource, z.array(resource)]),
  }),
);

test('every log has a retention', () => {
  template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: Match.anyValue() });
});

test('calls are throttled and written to the access log', () => {
  template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
    StageName: '$default',
    DefaultRouteSettings: { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 },
    AccessLogSettings: { DestinationArn: Match.anyValue(), Format: Match.stringLikeRegexp('requestId') },
  });
});

test('cdk-nag finds nothing, and each of its findings that was set aside has a reason', async () => {
  const report = z
    .object({
      pluginReports: z.array(
        z.object({
          pluginName: z.string(),
          conclusion: z.string(),
          violations: z.array(z.unknown()),
          suppressedViolations: z.array(z.object({ reason: z.string().min(20) })),
        }),
      ),
    })
    .parse(JSON.parse(await readFile(join(folder, 'cdk.out', 'validation-report.json'), 'utf8')));
  for (const pack of ['AwsSolutions', 'Serverless']) {
    const nag = report.pluginReports.find(({ pluginName }) => pluginName === pack);
    assert.equal(nag?.conclusion, 'success');
    assert.deepEqual(nag.violations, []);
  }
});
