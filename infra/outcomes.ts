import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { metricNamespace } from '../lib/metrics.ts';
import { restoreActor } from '../lib/temporary/place.ts';
import { AlarmAtOnce } from './alarms/alarm-at-once.ts';
import { BundledFunction } from './bundled-function.ts';
import { DeadLetters, queueDestination } from './dead-letters.ts';

interface OutcomesProps {
  /** The folder with the bundled publisher. */
  codeDir: string;
}

/**
 * The event bus `switchboard`: how each operation ended that nobody waited for. Lambda hands the outcome of every
 * asynchronous invocation to one small function, which puts it on the bus.
 */
export class Outcomes extends Construct {
  readonly bus: EventBus;
  readonly #publisher: BundledFunction;
  readonly #unpublished: Queue;

  constructor(scope: Construct, id: string, { codeDir }: OutcomesProps) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: 'switchboard',
      description: 'How operations ended that nobody waited for.',
    });
    this.#publisher = new BundledFunction(this, 'Publisher', {
      functionName: 'switchboard-publish-outcome',
      description: 'Tells the event bus how operations ended that nobody waited for',
      codeDir,
    });
    const { fn, role, logGroup } = this.#publisher;
    fn.addEnvironment('EVENT_BUS', this.bus.eventBusName);
    this.bus.grantPutEventsTo(fn);

    const { queue } = new DeadLetters(this, 'Unpublished');
    this.#unpublished = queue;
    fn.configureAsyncInvoke({ onFailure: queueDestination(role, queue) });
    new AlarmAtOnce(this, 'UnpublishedAlarm', {
      alarmDescription:
        'The event bus was not told how an operation ended: whoever listens there waits in vain. The queue has what was to be told.',
      metric: queue.metricApproximateNumberOfMessagesVisible(),
    });

    new MetricFilter(this, 'ScheduleFailures', {
      logGroup,
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue('$.outcome', '=', 'Operation Failed'),
        FilterPattern.stringValue('$.actor', '=', 'schedule:*'),
      ),
      ...failures,
      metricValue: '1',
      dimensions: { Actor: '$.actor' },
    });

    const restoreFailures = new MetricFilter(this, 'RestoreFailures', {
      logGroup,
      filterPattern: FilterPattern.all(
        FilterPattern.stringValue('$.outcome', '=', 'Operation Failed'),
        FilterPattern.stringValue('$.actor', '=', restoreActor),
      ),
      metricNamespace: failures.metricNamespace,
      metricName: 'RestoreFailures',
      metricValue: '1',
    });
    new AlarmAtOnce(this, 'RestoreFailuresAlarm', {
      alarmDescription:
        'What was set for a while is not back as it was. It is tried again for three days, and then left to people: changes.listTemporary shows what is pending or given up, and changes.restoreNow puts it back by hand.',
      metric: restoreFailures.metric({ statistic: 'Sum', period: Duration.minutes(5) }),
    });
  }

  /** Has the ends of a state machine's executions told on the bus. */
  listenToExecutions(machineArn: string): void {
    const { fn } = this.#publisher;
    new Rule(this, 'ExecutionEnded', {
      description: 'How a run of an operation over many connections ended',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: [machineArn],
          status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
        },
      },
      targets: [new LambdaFunction(fn, { retryAttempts: 3, deadLetterQueue: this.#unpublished })],
    });
  }

  /** Has a function's asynchronous invocations end on the bus. */
  listenTo({ fn, role }: BundledFunction): void {
    role.addToPolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ['lambda:InvokeFunction'],
        resources: [this.#publisher.fn.functionArn],
      }),
    );
    // CDK's own LambdaDestination would let the role invoke every version of the publisher as well.
    const publisher = { bind: () => ({ destination: this.#publisher.fn.functionArn }) };
    fn.configureAsyncInvoke({
      onSuccess: publisher,
      onFailure: publisher,
      retryAttempts: 2,
      // What was to be done at night must not be done by day.
      maxEventAge: Duration.hours(1),
    });
  }
}

const failures = { metricNamespace, metricName: 'ScheduleFailures' };

/** How often the operation of a schedule has failed for good, by the schedule's actor. */
export const scheduleFailures = (actor: string): Metric =>
  new Metric({
    namespace: failures.metricNamespace,
    metricName: failures.metricName,
    dimensionsMap: { Actor: actor },
    statistic: 'Sum',
    period: Duration.minutes(5),
  });
