import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { metricNamespace } from '../../lib/metrics.ts';

/** One of the metrics of lib/metrics.ts, over five minutes. */
export const metric = (
  metricName: string,
  statistic: string,
  dimensionsMap: Record<string, string> = {},
): Metric =>
  new Metric({
    namespace: metricNamespace,
    metricName,
    dimensionsMap,
    statistic,
    period: Duration.minutes(5),
  });
