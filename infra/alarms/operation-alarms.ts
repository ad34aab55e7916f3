import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { tokenKeeperName } from '../../lib/atlas/token-keeper.ts';
import { functionNameOf } from '../../lib/function-name.ts';
import { metricNamespace } from '../../lib/metrics.ts';
import { BundledFunction } from '../bundled-function.ts';
import { functionTimeoutMs } from '../limits.ts';
import type { OperationFunction } from '../operation-function.ts';
import { AlarmAtOnce } from './alarm-at-once.ts';
import { metric } from './metric.ts';

/** Milliseconds from which on a call was near its function's time-out. */
const nearTimeOutMs = functionTimeoutMs * 0.8;

/** Milliseconds of waiting for a lock that are more than somebody's passing change. */
const longLockWaitMs = 10_000;

const crashes = { metricNamespace, metricName: 'crashes' };

interface OperationAlarmsProps {
  operations: OperationFunction[];
}

/** One alarm for each operation, which says what its failure means for people, and a few over all functions. */
export class OperationAlarms extends Construct {
  constructor(scope: Construct, id: string, { operations }: OperationAlarmsProps) {
    super(scope, id);
    for (const { operation } of operations)
      new AlarmAtOnce(this, operation.name, {
        alarmDescription: `${operation.name} failed. ${operation.impact} The log of ${functionNameOf(operation.name)} has why: "operation failed".`,
        metric: metric('errors', 'Sum', { operation: operation.name }),
      });

    for (const { node, logGroup } of scope.node.findAll().filter((each) => each instanceof BundledFunction))
      new MetricFilter(this, `Crash.${node.path}`, {
        logGroup,
        // Lambda's own report of an invocation: what ends like this leaves no line of ours.
        filterPattern: FilterPattern.any(
          FilterPattern.stringValue('$.record.status', '=', 'timeout'),
          FilterPattern.stringValue('$.record.errorType', '=', 'Runtime.*'),
        ),
        ...crashes,
        metricValue: '1',
      });
    new AlarmAtOnce(this, 'Crashes', {
      alarmDescription:
        'A function of Switchboard timed out, crashed or could not start. A change that was under way has an intent and no outcome in the audit: see "intents without outcome" in the README.',
      metric: metric(crashes.metricName, 'Sum'),
    });
    new AlarmAtOnce(this, 'Throttles', {
      alarmDescription:
        'Lambda refused to run a function of this account and region, because too many ran at once. The dashboard shows whether it was one of Switchboard: those run at most 10 times at once.',
      // That the function for tokens is refused is how it runs once at a time.
      metric: new MathExpression({
        expression: 'FILL(all, 0) - FILL(tokens, 0)',
        usingMetrics: {
          all: LambdaFunction.metricAllThrottles({ period: Duration.minutes(5) }),
          tokens: new Metric({
            namespace: 'AWS/Lambda',
            metricName: 'Throttles',
            dimensionsMap: { FunctionName: functionNameOf(tokenKeeperName) },
            statistic: 'Sum',
            period: Duration.minutes(5),
          }),
        },
        label: 'refused calls',
        period: Duration.minutes(5),
      }),
    });
    new AlarmAtOnce(this, 'NearTimeOut', {
      alarmDescription: `A call took more than ${nearTimeOutMs / 1_000} of the ${functionTimeoutMs / 1_000} s that it has. The upstream is slow; the dashboard shows which.`,
      metric: metric('durationMs', 'Maximum'),
      threshold: nearTimeOutMs,
    });
    new AlarmAtOnce(this, 'SignInsRefused', {
      alarmDescription:
        'An upstream answered 401: the credentials of a connection have expired, were revoked or are wrong. The log line "operation failed" with upstream.status 401 names the connection; store valid ones in its secret.',
      metric: metric('signInsRefused', 'Sum'),
    });
    new Alarm(this, 'LockWaits', {
      alarmDescription: `Changes of an SPS had to wait more than ${longLockWaitMs / 1_000} s for its configuration lock, twice in 15 minutes. Somebody has a configuration page or a transaction open; CONFIGURATION_LOCKED in the log says who.`,
      metric: metric('lockWaitMs', 'Maximum'),
      threshold: longLockWaitMs,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
