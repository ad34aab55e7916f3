import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { findOperations } from '../infra/operations.ts';
import { functionNameOf } from '../lib/function-name.ts';
import { synthesize } from './template.ts';

// What the stack does so that people hear of what happens, and can look it up.

const operations = (await findOperations()).map(({ operation }) => operation);
const changing = operations.filter(({ effect }) => effect !== 'read');
const schedules = [
  { name: 'nightly', operation: 'sps.getSystemAlerts', connection: 'dc1', expression: 'rate(1 day)' },
];

const plain = await synthesize({ schedules });
const full = await synthesize({ schedules, alarms: { email: 'ops@example.com' }, audit: { table: true } });
const ownKey = await synthesize({ kmsKey: 'new', alarms: {}, audit: { table: true } });

const alarm = z.object({
  AlarmDescription: z.string().min(40),
  MetricName: z.string().optional(),
  AlarmActions: z.array(z.unknown()).optional(),
});

const alarmsIn = ({ template }: { template: Template }) =>
  Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) =>
    alarm.parse(Properties),
  );

/** The one resource of a type: its name in the template, and its properties. */
function only({ template }: { template: Template }, type: string) {
  const [found, ...others] = Object.entries(template.findResources(type));
  assert.ok(found && others.length === 0, `${others.length} others`);
  return { name: found[0], resource: found[1], properties: found[1]['Properties'] };
}

test('cdk-nag finds nothing, whatever is set', () => {
  assert.deepEqual([...plain.findings, ...full.findings, ...ownKey.findings], []);
});

describe('alarms', () => {
  for (const { name, impact } of operations)
    test(`${name} has one, which says what its failure means`, () => {
      full.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        Namespace: 'Switchboard',
        MetricName: 'errors',
        Dimensions: [{ Name: 'operation', Value: name }],
        Statistic: 'Sum',
        Threshold: 1,
        TreatMissingData: 'notBreaching',
        AlarmDescription: Match.stringLikeRegexp(`^${name} failed\\. ${escaped(impact)}`),
      });
    });

  for (const MetricName of ['crashes', 'signInsRefused', 'durationMs', 'lockWaitMs'])
    test(`there is one over all functions for ${MetricName}`, () => {
      full.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        Namespace: 'Switchboard',
        MetricName,
        Dimensions: Match.absent(),
      });
    });

  test('there is one for calls that Lambda refuses', () => {
    full.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: 'FILL(all, 0) - FILL(tokens, 0)' }),
        Match.objectLike({
          MetricStat: Match.objectLike({
            Metric: {
              Namespace: 'AWS/Lambda',
              MetricName: 'Throttles',
              Dimensions: [{ Name: 'FunctionName', Value: 'switchboard-atlas-token' }],
            },
          }),
        }),
      ]),
    });
  });

  test('each queue for what could not be delivered sets one off', () => {
    const queues = Object.keys(full.template.findResources('AWS::SQS::Queue'));
    const alarms = JSON.stringify(full.template.findResources('AWS::CloudWatch::Alarm'));
    for (const queue of queues) assert.ok(alarms.includes(`"Fn::GetAtt":["${queue}","QueueName"]`), queue);
    assert.ok(queues.length >= 4);
  });

  test('a crash or a time-out of any function is counted', () => {
    const logs = Object.values(full.template.findResources('AWS::Lambda::Function')).map(
      ({ Properties }) => Properties.LoggingConfig.LogGroup.Ref,
    );
    const counted = Object.values(full.template.findResources('AWS::Logs::MetricFilter'))
      .map(({ Properties }) => Properties)
      .filter(({ MetricTransformations }) => MetricTransformations[0].MetricName === 'crashes')
      .map(({ LogGroupName, FilterPattern }) => {
        assert.equal(
          FilterPattern,
          '{ ($.record.status = "timeout") || ($.record.errorType = "Runtime.*") }',
        );
        return LogGroupName.Ref;
      });
    assert.deepEqual(counted.toSorted(), logs.toSorted());
  });

  test('all tell the one topic, where they are to tell somebody', () => {
    const { name } = only(full, 'AWS::SNS::Topic');
    for (const { AlarmActions } of alarmsIn(full)) assert.deepEqual(AlarmActions, [{ Ref: name }]);
    full.template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'ops@example.com',
      TopicArn: { Ref: name },
    });
    plain.template.resourceCountIs('AWS::SNS::Topic', 0);
    assert.deepEqual(
      alarmsIn(plain).map(({ AlarmActions }) => AlarmActions),
      alarmsIn(full).map(() => undefined),
    );
    ownKey.template.resourceCountIs('AWS::SNS::Subscription', 0);
  });

  for (const [whose, made] of Object.entries({ 'a key of its own': full, "the stack's own key": ownKey }))
    test(`the topic is encrypted with ${whose}, and CloudWatch may use it and publish, over TLS`, () => {
      const { name, properties } = only(made, 'AWS::SNS::Topic');
      const key = only(made, 'AWS::KMS::Key');
      assert.deepEqual(properties.KmsMasterKeyId, { 'Fn::GetAtt': [key.name, 'Arn'] });
      const cloudWatch = {
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      };
      const published = only(made, 'AWS::SNS::TopicPolicy').properties.PolicyDocument.Statement;
      assert.partialDeepStrictEqual(
        published.toSorted((one: { Effect: string }, other: { Effect: string }) =>
          one.Effect.localeCompare(other.Effect),
        ),
        [
          { ...cloudWatch, Action: 'sns:Publish', Resource: { Ref: name } },
          { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        ],
      );
      assert.equal(published.length, 2);
      made.template.hasResourceProperties('AWS::KMS::Key', {
        KeyPolicy: {
          Statement: Match.arrayWith([
            Match.objectLike({ ...cloudWatch, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'] }),
          ]),
        },
      });
    });
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

describe('audit records', () => {
  test('go from the log of each function that changes anything, and of no other, to one function', () => {
    const [forwarder] = Object.keys(
      full.template.findResources('AWS::Lambda::Function', {
        Properties: { FunctionName: 'switchboard-forward-audit' },
      }),
    );
    const logs = changing.map(({ name }) => {
      const [fn] = Object.values(
        full.template.findResources('AWS::Lambda::Function', {
          Properties: { FunctionName: functionNameOf(name) },
        }),
      );
      return fn?.['Properties'].LoggingConfig.LogGroup.Ref;
    });
    const subscribed = Object.values(full.template.findResources('AWS::Logs::SubscriptionFilter')).map(
      ({ Properties }) => {
        assert.deepEqual(Properties.DestinationArn, { 'Fn::GetAtt': [forwarder, 'Arn'] });
        assert.equal(Properties.FilterPattern, '{ $.auditId = "*" }');
        return Properties.LogGroupName.Ref;
      },
    );
    assert.deepEqual(subscribed.toSorted(), logs.toSorted());
  });

  test('are in no table unless that is set', () => {
    plain.template.resourceCountIs('AWS::DynamoDB::Table', 0);
    full.template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'switchboard-forward-audit',
      Environment: { Variables: { AUDIT_TABLE: 'switchboard-audit' } },
    });
  });

  test('are in a table that stays, can be restored, and is not deleted by mistake', () => {
    const { resource, properties } = only(full, 'AWS::DynamoDB::Table');
    assert.deepEqual([resource['DeletionPolicy'], resource['UpdateReplacePolicy']], ['Retain', 'Retain']);
    assert.partialDeepStrictEqual(properties, {
      TableName: 'switchboard-audit',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      KeySchema: [
        { AttributeName: 'auditId', KeyType: 'HASH' },
        { AttributeName: 'outcome', KeyType: 'RANGE' },
      ],
    });
    const key = only(ownKey, 'AWS::KMS::Key').name;
    assert.partialDeepStrictEqual(only(ownKey, 'AWS::DynamoDB::Table').properties.SSESpecification, {
      KMSMasterKeyId: { 'Fn::GetAtt': [key, 'Arn'] },
    });
  });

  test('are added to the table by one role, and changed or removed by nobody', () => {
    const { properties } = only(full, 'AWS::DynamoDB::Table');
    const [rewriting, adding, ...others] = properties.ResourcePolicy.PolicyDocument.Statement;
    assert.deepEqual(others, []);
    assert.partialDeepStrictEqual(rewriting, { Effect: 'Deny', Principal: { AWS: '*' } });
    for (const action of ['UpdateItem', 'DeleteItem', 'BatchWriteItem', 'PartiQLUpdate', 'PartiQLDelete'])
      assert.ok(rewriting.Action.includes(`dynamodb:${action}`), action);
    assert.equal(rewriting.Condition, undefined);
    const [fn] = Object.values(
      full.template.findResources('AWS::Lambda::Function', {
        Properties: { FunctionName: 'switchboard-forward-audit' },
      }),
    );
    assert.partialDeepStrictEqual(adding, {
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 'dynamodb:PutItem',
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': fn?.['Properties'].Role } },
    });
    // What the role may in turn, test/roles.test.ts says.
    const policies = JSON.stringify(full.template.findResources('AWS::IAM::Policy'));
    assert.deepEqual(policies.match(/dynamodb:\w+/g), ['dynamodb:PutItem']);
  });
});

test('every function is traced', () => {
  full.template.allResourcesProperties('AWS::Lambda::Function', { TracingConfig: { Mode: 'Active' } });
});

test('the dashboard shows alarms, metrics and the latest changes', () => {
  const { properties } = only(full, 'AWS::CloudWatch::Dashboard');
  const body = JSON.stringify(properties.DashboardBody);
  for (const shown of [
    'calls',
    'failures',
    'upstreamMs',
    'retries',
    'durationMs',
    'lockWaitMs',
    'signInsRefused',
  ])
    assert.ok(body.includes(shown), shown);
  for (const name of Object.keys(full.template.findResources('AWS::CloudWatch::Alarm')))
    assert.ok(body.includes(`"Fn::GetAtt":["${name}","Arn"]`), name);
});

for (const [what, context, complaint] of [
  ['an address that is none', { alarms: { email: 'ops' } }, /alarms\.email must be an e-mail address/],
  ['an unknown alarm setting', { alarms: { mail: 'ops@example.com' } }, /alarms\.mail .*did you mean email/],
  ['a table that is neither', { audit: { table: 'yes' } }, /audit\.table must be true or false/],
  ['an audit that is no object', { audit: true }, /audit must be an object, as in \{"table": true\}/],
] as const)
  test(`${what} fails the making of the stack`, async () => {
    await assert.rejects(synthesize(context), { message: complaint });
  });
