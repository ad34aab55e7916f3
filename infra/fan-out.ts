import { ArnFormat, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Encryption } from './access/encryption.ts';
import { AlarmAtOnce } from './alarms/alarm-at-once.ts';
import {
  canFanOut,
  fanOutDefinition,
  fanOutEnvironment,
  fanOutLabel,
  fanOutMachine,
} from './fan-out-definition.ts';
import type { OperationFunction } from './operation-function.ts';
import type { Outcomes } from './outcomes.ts';

interface FanOutProps {
  /** The function of each operation, by the operation's name. */
  functions: ReadonlyMap<string, OperationFunction>;
  /** Told how each one ended. */
  outcomes: Outcomes;
}

/** The state machine that runs one operation over many connections, and what its two operations may do with it. */
export class FanOut extends Construct {
  constructor(scope: Construct, id: string, { functions, outcomes }: FanOutProps) {
    super(scope, id);
    const start = functions.get('fanOut.start');
    const get = functions.get('fanOut.get');
    if (!start || !get) return;
    const runs = [...functions.values()].filter(({ operation }) => canFanOut(operation));

    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description: 'Runs operations over many connections',
    });
    const logGroup = new LogGroup(this, 'Log', {
      // Below this prefix, logs of any number of services share one resource policy of limited size.
      logGroupName: `/aws/vendedlogs/states/${fanOutMachine}`,
      retention: RetentionDays.THREE_MONTHS,
      ...Encryption.of(this).logs,
      // Of a fixed name: one that is left behind would be in the way of the next stack.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const machine = new StateMachine(this, 'Machine', {
      stateMachineName: fanOutMachine,
      comment: fanOutDefinition.Comment,
      definitionBody: DefinitionBody.fromString(JSON.stringify(fanOutDefinition)),
      role,
      // What goes in and comes out stays out of the log.
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: false },
      tracingEnabled: true,
    });

    outcomes.listenToExecutions(machine.stateMachineArn);
    new AlarmAtOnce(this, 'Failures', {
      alarmDescription:
        'A run of an operation over many connections has failed, so that it is not done on some of them: fanOut.get tells which, and why.',
      metric: new MathExpression({
        expression: 'FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0)',
        usingMetrics: {
          failed: machine.metricFailed(),
          timedOut: machine.metricTimedOut(),
          aborted: machine.metricAborted(),
        },
        period: Duration.minutes(5),
      }),
    });

    const arn = (resource: string, resourceName: string) =>
      Stack.of(this).formatArn({
        service: 'states',
        resource,
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    const whole = arn('execution', `${fanOutMachine}:*`);
    const each = arn('execution', `${fanOutMachine}/${fanOutLabel}:*`);
    const mapRuns = arn('mapRun', `${fanOutMachine}/${fanOutLabel}:*`);

    allow(
      role,
      ['lambda:InvokeFunction'],
      runs.map(({ fn }) => fn.functionArn),
    );
    // By its name: the machine waits for this policy.
    allow(role, ['states:StartExecution'], [arn('stateMachine', fanOutMachine)]);
    allow(role, ['states:DescribeExecution', 'states:StopExecution'], [each]);

    allow(start.role, ['states:StartExecution'], [machine.stateMachineArn]);
    allow(start.role, ['secretsmanager:ListSecrets'], ['*']);
    allow(get.role, ['states:DescribeExecution'], [whole, each]);
    allow(get.role, ['states:ListMapRuns'], [whole]);
    allow(get.role, ['states:ListExecutions'], [mapRuns]);

    const environment = fanOutEnvironment(
      machine.stateMachineArn,
      runs.map(({ operation }) => operation),
    );
    for (const { fn } of [start, get])
      for (const [name, value] of Object.entries(environment)) fn.addEnvironment(name, value);

    const executions =
      'Executions get their ids when they are begun; the pattern covers those of this one state machine.';
    acknowledge(role, each, executions);
    acknowledge(get.role, whole, executions);
    acknowledge(get.role, each, executions);
    acknowledge(get.role, mapRuns, executions);
    acknowledge(
      start.role,
      '*',
      'ListSecrets knows no narrower resource. It tells names, which "*" needs, and no values.',
    );
    acknowledge(
      role,
      '*',
      'CDK lets the state machine set up the delivery of its own log and send traces; those actions know no narrower resource.',
    );
  }
}

const allow = (role: Role, actions: string[], resources: string[]): boolean =>
  role.addToPolicy(new PolicyStatement({ effect: Effect.ALLOW, actions, resources }));

const acknowledge = (role: Role, resource: string, reason: string): void =>
  Validations.of(role).acknowledge({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::${readable(resource)}]`,
    reason,
  });

/** An ARN as cdk-nag writes it, with what only a deployment knows in angle brackets. */
const readable = (resource: string): string =>
  resource === '*'
    ? resource
    : resource.replace(
        /^.*(?=:(execution|mapRun):)/,
        'arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>',
      );
