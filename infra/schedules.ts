import { Duration, RemovalPolicy, Stack, TimeZone } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ContextAttribute,
  ScheduleExpression,
  ScheduleGroup,
  Schedule as SchedulerSchedule,
  ScheduleTargetInput,
  TimeWindow,
} from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { AlarmAtOnce } from './alarms/alarm-at-once.ts';
import { DeadLetters, letSend } from './dead-letters.ts';
import type { OperationFunction } from './operation-function.ts';
import { scheduleFailures } from './outcomes.ts';
import { actorOf, eventOf, type Schedule } from './schedule-context.ts';

interface SchedulesProps {
  schedules: Schedule[];
  /** The function of each operation, by the operation's name. */
  functions: ReadonlyMap<string, OperationFunction>;
}

/** The schedules of `cdk.json`: each invokes its operation's function directly, by EventBridge Scheduler. */
export class Schedules extends Construct {
  constructor(scope: Construct, id: string, { schedules, functions }: SchedulesProps) {
    super(scope, id);
    if (schedules.length === 0) return;
    const group = new ScheduleGroup(this, 'Group', {
      scheduleGroupName: 'switchboard',
      // All that is in it comes from cdk.json.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    for (const schedule of schedules) {
      const operation = functions.get(schedule.operation.name);
      if (!operation) throw new Error(`${schedule.operation.name} has no function`);
      new OneSchedule(this, schedule.name, { schedule, fn: operation.fn, group });
    }
  }
}

interface OneScheduleProps {
  schedule: Schedule;
  fn: OperationFunction['fn'];
  group: ScheduleGroup;
}

class OneSchedule extends Construct {
  constructor(scope: Construct, id: string, { schedule, fn, group }: OneScheduleProps) {
    super(scope, id);
    const { name, operation, connection, expression, timezone, flexibleWindowMinutes } = schedule;

    const { queue } = new DeadLetters(this, 'DeadLetters');
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': Stack.of(this).account,
            'aws:SourceArn': group.scheduleGroupArn,
          },
        },
      }),
      description: `Starts ${operation.name} for schedule ${name}`,
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [fn.functionArn] }),
    );
    letSend(role, queue);

    const scheduled = new SchedulerSchedule(this, 'Schedule', {
      scheduleName: name,
      scheduleGroup: group,
      description: `${operation.name}${connection === undefined ? '' : ` over ${connection}`}`,
      schedule: ScheduleExpression.expression(expression, TimeZone.of(timezone)),
      timeWindow:
        flexibleWindowMinutes === undefined
          ? TimeWindow.off()
          : TimeWindow.flexible(Duration.minutes(flexibleWindowMinutes)),
      // CDK's own LambdaInvoke would let the role invoke every version of the function as well.
      target: {
        bind: () => ({
          arn: fn.functionArn,
          role,
          input: ScheduleTargetInput.fromObject(eventOf(schedule, ContextAttribute.executionId)),
          deadLetterConfig: { arn: queue.queueArn },
          // Scheduler's own defaults are 185 times in a day: what was to be done at night would be done by day.
          retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: Duration.hours(1).toSeconds() },
        }),
      },
    });

    // It names the group by its name alone.
    scheduled.node.addDependency(group);

    new AlarmAtOnce(this, 'Alarm', {
      alarmDescription: `Schedule ${name} (${operation.name}) failed. ${operation.impact} The event bus switchboard has the problem; if the operation could not even be started, the schedule's dead-letter queue has why.`,
      metric: new MathExpression({
        expression: 'FILL(failed, 0) + FILL(undelivered, 0)',
        usingMetrics: {
          failed: scheduleFailures(actorOf(name)),
          undelivered: queue.metricApproximateNumberOfMessagesVisible(),
        },
        label: `failures of ${name}`,
        period: Duration.minutes(5),
      }),
    });
  }
}
