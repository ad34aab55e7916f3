import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { demo } from '../infra/local/simulators/atlas.ts';
import { findOperations } from '../infra/operations.ts';
import { readSchedules, SchedulesError } from '../infra/schedule-context.ts';
import { synthesize, templateOf } from './template.ts';

const operations = (await findOperations()).map(({ operation }) => operation);
const { orgId } = demo;

const quiet = {
  name: 'maintenance-quiet',
  operation: 'sps.toggleSystemAlerts',
  connection: 'dc1',
  input: { alerts: { xcbDiskFull: { email: false } } },
  expression: 'cron(0 2 ? * SUN *)',
  timezone: 'Europe/Berlin',
  flexibleWindowMinutes: 15,
};
const tokens = {
  name: 'migration-ends',
  operation: 'atlas.deleteLinkTokens',
  connection: 'prod',
  input: { orgId, confirm: orgId },
  expression: 'at(2027-01-31T18:00:00)',
};

describe('the stack with schedules', () => {
  let template: Template;
  let findings: unknown[];

  before(async () => {
    ({ template, findings } = await synthesize({ schedules: [quiet, tokens] }));
  });

  const propertiesOf = (type: string, properties: object) => {
    const [found, ...others] = Object.entries(template.findResources(type, { Properties: properties }));
    assert.ok(found && others.length === 0, `${type}: ${others.length + (found ? 1 : 0)}`);
    return { id: found[0], properties: found[1]['Properties'] };
  };
  const scheduleOf = (name: string) => propertiesOf('AWS::Scheduler::Schedule', { Name: name });
  const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

  test('has each in the group switchboard, with its time, zone and window', () => {
    const group = propertiesOf('AWS::Scheduler::ScheduleGroup', { Name: 'switchboard' });
    const weekly = scheduleOf(quiet.name).properties;
    const once = scheduleOf(tokens.name).properties;
    for (const { Name } of [weekly, once])
      template.hasResource('AWS::Scheduler::Schedule', {
        Properties: { Name, GroupName: 'switchboard' },
        DependsOn: [group.id],
      });
    assert.deepEqual(
      [weekly.ScheduleExpression, weekly.ScheduleExpressionTimezone, weekly.FlexibleTimeWindow],
      [quiet.expression, 'Europe/Berlin', { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 }],
    );
    assert.deepEqual(
      [once.ScheduleExpression, once.ScheduleExpressionTimezone, once.FlexibleTimeWindow],
      [tokens.expression, 'Etc/UTC', { Mode: 'OFF' }],
    );
  });

  test('sends the operation what a direct invocation takes, and the execution id as its key', () => {
    for (const { name, operation, connection, input } of [quiet, tokens]) {
      const { Target } = scheduleOf(name).properties;
      const fn = propertiesOf('AWS::Lambda::Function', {
        FunctionName: `switchboard-${operation.replace('.', '-')}`,
      });
      assert.deepEqual(Target.Arn, arnOf(fn.id));
      assert.deepEqual(JSON.parse(Target.Input), {
        connection,
        input,
        actor: `schedule:${name}`,
        idempotencyKey: '<aws.scheduler.execution-id>',
      });
    }
  });

  test('tries few times, and each has a dead-letter queue and a role of its own, no more', () => {
    const queues = [quiet, tokens].map(({ name }) => {
      const { Target } = scheduleOf(name).properties;
      assert.deepEqual(Target.RetryPolicy, { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 });
      const [role] = Target.RoleArn['Fn::GetAtt'];
      const trust = template.findResources('AWS::IAM::Role')[role]?.['Properties'].AssumeRolePolicyDocument;
      assert.equal(trust.Statement.length, 1);
      assert.deepEqual(trust.Statement[0].Principal, { Service: 'scheduler.amazonaws.com' });
      const { properties } = propertiesOf('AWS::IAM::Policy', { Roles: [{ Ref: role }] });
      assert.deepEqual(properties.PolicyDocument.Statement, [
        { Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: Target.Arn },
        { Action: 'sqs:SendMessage', Effect: 'Allow', Resource: Target.DeadLetterConfig.Arn },
      ]);
      return Target.DeadLetterConfig.Arn['Fn::GetAtt'][0];
    });
    assert.equal(new Set(queues).size, 2);
    for (const queue of queues) assert.ok(template.findResources('AWS::SQS::Queue')[queue]);
  });

  test('has an alarm for each that says what its failure means', () => {
    for (const { name, operation } of [quiet, tokens]) {
      const impact = operations.find((one) => one.name === operation)?.impact;
      assert.ok(impact);
      const { properties } = propertiesOf('AWS::CloudWatch::Alarm', {
        AlarmDescription: Match.stringLikeRegexp(`^Schedule ${name} \\(${operation}\\) failed\\. ${impact}`),
      });
      const metrics = z
        .array(z.object({ MetricStat: z.object({ Metric: z.unknown() }).optional() }))
        .parse(properties.Metrics);
      assert.ok(
        metrics.some(({ MetricStat }) =>
          JSON.stringify(MetricStat?.Metric)?.includes(`"Value":"schedule:${name}"`),
        ),
      );
    }
  });

  test('leaves nothing for cdk-nag to find', () => assert.deepEqual(findings, []));

  test('is not made where an input is wrong, and the error names the schedule and the field', async () => {
    await assert.rejects(
      templateOf({ schedules: [quiet, { ...tokens, input: { orgId: 'prod', confirm: 'prod' } }] }),
      (error: Error) =>
        error instanceof SchedulesError &&
        error.message.includes('migration-ends: input.orgId must be 24 lower-case hexadecimal digits'),
    );
  });
});

describe('a schedule is refused', () => {
  const refused: [why: string, schedule: object, says: string][] = [
    [
      'for an operation that there is not',
      { ...quiet, operation: 'sps.toggleSystemAlert' },
      'maintenance-quiet: operation is not known here; did you mean sps.toggleSystemAlerts?',
    ],
    [
      'for an argument that there is not',
      { ...quiet, input: { ...quiet.input, forr: 'PT2H' } },
      'input.forr is not known here (did you mean for?)',
    ],
    ['for an argument that is missing', { ...quiet, input: {} }, 'maintenance-quiet: input.alerts '],
    [
      'for what it does not know itself',
      { ...quiet, timeZone: 'UTC' },
      'timeZone is not known here (did you mean timezone?)',
    ],
    [
      'without a connection where one is needed',
      { ...quiet, connection: undefined },
      'connection must be the name of a connection',
    ],
    [
      'with a connection where there is none',
      { ...quiet, operation: 'errors.list', input: {} },
      'connection does not belong here',
    ],
    [
      'without the confirmation of what cannot be undone',
      { ...tokens, input: { orgId } },
      'migration-ends: input.confirm must repeat orgId',
    ],
    [
      'with another confirmation',
      { ...tokens, input: { orgId, confirm: 'f'.repeat(24) } },
      'input.confirm must repeat orgId',
    ],
    [
      'with an unknown time zone',
      { ...quiet, timezone: 'Europe/Atlantis' },
      'timezone must be the name of a time zone',
    ],
    [
      'with an offset for a time zone',
      { ...quiet, timezone: '+02:00' },
      'timezone must be the name of a time zone',
    ],
    ['on a day that there is not', { ...quiet, expression: 'cron(0 3 ? * XYZ#2 *)' }, 'has a day of week'],
    ['in years that run backwards', { ...quiet, expression: 'cron(0 3 1 1 ? 2027-2026)' }, 'has a year'],
    ['with the name of their group', { ...quiet, name: 'Group' }, 'Group: name is the name of what'],
    [
      'with a window over a day',
      { ...quiet, flexibleWindowMinutes: 1441 },
      'flexibleWindowMinutes must be at most 1440',
    ],
    [
      'with a name that Scheduler does not take',
      { ...quiet, name: 'every night' },
      'every night: name must be',
    ],
  ];
  for (const [why, schedule, says] of refused)
    test(why, () => {
      assert.throws(
        () => readSchedules([schedule], operations),
        (error: Error) => error instanceof SchedulesError && error.message.includes(says),
      );
    });

  test('that is no more than a name', () => {
    assert.throws(
      () => readSchedules(['nightly'], operations),
      /\n {2}number 1: must be an object with name,/,
    );
  });

  test('with a password in it, which is not repeated', () => {
    const trap = operations.find(({ name }) => name === 'sps.updateSnmpAgent');
    assert.ok(trap);
    const input = { settings: { users: [{ password: { plain: 'hunter2-hunter2' } }] } };
    assert.throws(
      () => readSchedules([{ ...quiet, operation: trap.name, input }], operations),
      ({ message }: Error) =>
        message.includes('input.settings.users.0.password.plain is a secret') && !message.includes('hunter2'),
    );
  });

  test('with a name that another one has', () => {
    assert.throws(() => readSchedules([quiet, quiet], operations), /name is that of two schedules/);
  });
});

describe('a schedule over many connections', () => {
  const everywhere = (call: object) => ({
    name: 'everywhere',
    operation: 'fanOut.start',
    input: { connections: '*', ...call },
    expression: 'rate(1 day)',
  });

  test('is taken where its operation takes the input', () => {
    const call = { operation: quiet.operation, input: quiet.input };
    assert.equal(readSchedules([everywhere(call)], operations).length, 1);
  });

  const refused: [why: string, call: object, says: string][] = [
    [
      'with an argument that the operation lacks',
      { operation: quiet.operation, input: { ...quiet.input, forr: 1 } },
      'input.input.forr is not known here',
    ],
    [
      'with an operation that has no connections',
      { operation: 'errors.list' },
      'input.operation is not known here; known are atlas.checkConnection, ',
    ],
    [
      'without a confirmation',
      { operation: tokens.operation, input: { orgId } },
      'input.input.confirm must repeat orgId',
    ],
    [
      'with no connections',
      { operation: quiet.operation, input: quiet.input, connections: [] },
      'input.connections must be',
    ],
  ];
  for (const [why, call, says] of refused)
    test(`is refused ${why}`, () => {
      assert.throws(
        () => readSchedules([everywhere(call)], operations),
        ({ message }: Error) => message.includes(`everywhere: ${says}`),
      );
    });
});

test('all that is wrong is told at once', () => {
  assert.throws(
    () =>
      readSchedules(
        [
          { ...quiet, connection: '/' },
          { ...tokens, input: {} },
        ],
        operations,
      ),
    /maintenance-quiet: connection .+\n {2}migration-ends: input\.orgId /,
  );
});

test('a rehearsal of what cannot be undone needs no confirmation', () => {
  const [schedule] = readSchedules([{ ...tokens, input: { orgId, dryRun: true } }], operations);
  assert.equal(schedule?.operation.name, tokens.operation);
});

test('no schedules are no error', () => {
  assert.deepEqual(readSchedules(undefined, operations), []);
});

describe('expressions', () => {
  const isTaken = (expression: string) => {
    try {
      readSchedules([{ ...quiet, expression }], operations);
      return true;
    } catch (error) {
      assert.match(String(error), /maintenance-quiet: expression /);
      return false;
    }
  };

  const good = [
    'rate(1 day)',
    'rate(12 hours)',
    'rate(5 minutes)',
    'at(2028-02-29T00:00:00)',
    'cron(0 2 * * ? *)',
    'cron(15,45 8-17/2 ? JAN-MAR MON-FRI 2026-2030)',
    'cron(0/15 * 1W * ? *)',
    'cron(0 9 L * ? *)',
    'cron(0 9 ? * 6#3 *)',
    'cron(0 9 ? * 5L *)',
  ];
  for (const expression of good) test(`${expression} is taken`, () => assert.ok(isTaken(expression)));

  const bad = [
    '',
    'every night',
    'rate(0 days)',
    'rate(1.5 hours)',
    'rate(1 week)',
    'rate(12 hours',
    'at(2027-02-29T00:00:00)',
    'at(2027-02-28)',
    'at(2027-02-28T00:00:00Z)',
    'cron(0 2 * * *)',
    'cron(0 2 * * * *)',
    'cron(0 2 ? * ? *)',
    'cron(60 2 * * ? *)',
    'cron(0 24 * * ? *)',
    'cron(0 2 32 * ? *)',
    'cron(0 2 ? FOO MON *)',
    'cron(0 2 ? * MON#6 *)',
    'cron(0 2 * * ? 1969)',
    'cron(0 2 1-2-3 * ? *)',
    'cron(0  2 * * ? *)',
  ];
  for (const expression of bad) test(`${expression} is not`, () => assert.ok(!isTaken(expression)));
});
