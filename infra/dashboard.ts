import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  SearchExpression,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { metricNamespace } from '../lib/metrics.ts';
import { metric } from './alarms/metric.ts';
import type { OperationFunction } from './operation-function.ts';

interface DashboardProps {
  alarms: Alarm[];
  operations: OperationFunction[];
}

/** What one looks at when something is wrong: what is, what was changed last, and where the time goes. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { alarms, operations }: DashboardProps) {
    super(scope, id);
    const changing = operations.filter(({ operation }) => operation.effect !== 'read');
    new CloudWatchDashboard(this, 'Dashboard', {
      dashboardName: 'switchboard',
      defaultInterval: Duration.hours(3),
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 6 })],
        [
          graph('Calls', ours('operation', 'calls', 'Sum')),
          graph('Failures by code', ours('system,code', 'failures', 'Sum')),
          graph('Throttled', search('AWS/Lambda,FunctionName', 'switchboard MetricName="Throttles"', 'Sum')),
        ],
        [
          graph('Upstream, p95', ours('system', 'upstreamMs', 'p95')),
          graph('Retries', ours('system', 'retries', 'Sum')),
          new GraphWidget({
            title: 'Longest call and wait for a lock, refused sign-ins',
            width: 8,
            left: [metric('durationMs', 'Maximum'), metric('lockWaitMs', 'Maximum')],
            right: [metric('signInsRefused', 'Sum')],
          }),
        ],
        [
          new LogQueryWidget({
            title: 'Latest changes',
            logGroupNames: changing.map(({ logGroup }) => logGroup.logGroupName),
            view: LogQueryVisualizationType.TABLE,
            queryLines: [
              'filter ispresent(auditId) and outcome != "intended"',
              'sort @timestamp desc',
              'limit 20',
              'display @timestamp, actor, operation, connection, outcome, code, durationMs',
            ],
            width: 24,
            height: 8,
          }),
        ],
      ],
    });
  }
}

const graph = (title: string, expression: SearchExpression): GraphWidget =>
  new GraphWidget({ title, left: [expression], width: 8 });

const ours = (dimensions: string, metricName: string, statistic: string): SearchExpression =>
  search(`${metricNamespace},${dimensions}`, `MetricName="${metricName}"`, statistic);

/** Every metric that is found: an operation that is new, shows by itself. */
const search = (schema: string, what: string, statistic: string): SearchExpression =>
  new SearchExpression({
    expression: `SEARCH('{${schema}} ${what}', '${statistic}', 300)`,
    // It would be the expression, before the name of each that is found.
    label: '',
    period: Duration.minutes(5),
  });
