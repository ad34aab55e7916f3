// CloudWatch reads metrics out of log lines that say what in them is one (the embedded metric format). So they ride in
// the line that each invocation writes anyway, and cost no library, no request and no time.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html

/** Where all metrics of Switchboard are. */
export const metricNamespace = 'Switchboard';

const count = (Name: string) => ({ Name, Unit: 'Count' });
const milliseconds = (Name: string) => ({ Name, Unit: 'Milliseconds' });

/** The metrics by what tells their values apart. Each such combination is paid for, so there are few. */
const metrics = [
  { dimensions: ['operation'], metrics: [count('calls'), count('errors')] },
  { dimensions: ['system', 'code'], metrics: [count('failures')] },
  { dimensions: ['system'], metrics: [milliseconds('upstreamMs'), count('retries')] },
  // Alarms look at these over all operations.
  {
    dimensions: [],
    metrics: [milliseconds('durationMs'), milliseconds('lockWaitMs'), count('signInsRefused')],
  },
];

/** CloudWatch takes no more values of a metric from one line. */
const mostValues = 100;

// Lambda runs one invocation at a time in a process. On a laptop several may mix, and no metrics are made there.
let upstreamMs: number[] = [];
let retries = 0;
let lockWaitMs = 0;

/** Counts a request to an upstream system that took so long, in milliseconds, whatever came of it. */
export function countRequest(ms: number): void {
  if (upstreamMs.length < mostValues) upstreamMs.push(Math.round(ms * 10) / 10);
}

/** Counts a request that is sent again. */
export function countRetry(): void {
  retries++;
}

/** Counts time, in milliseconds, that was spent waiting for somebody else's lock. */
export function countLockWait(ms: number): void {
  lockWaitMs += Math.round(ms);
}

/** What was counted since this was last asked: only what there was any of. */
export function takeCounted() {
  const counted = {
    ...(upstreamMs.length > 0 && { upstreamMs }),
    ...(retries > 0 && { retries }),
    ...(lockWaitMs > 0 && { lockWaitMs }),
  };
  upstreamMs = [];
  retries = 0;
  lockWaitMs = 0;
  return counted;
}

/**
 * The member that tells CloudWatch which of a log line's others are metrics. Not there outside Lambda, where people
 * read the lines.
 */
export const metricsIn = (line: object) =>
  process.env['AWS_LAMBDA_FUNCTION_NAME'] !== undefined && {
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: metrics.flatMap(({ dimensions, metrics }) => {
        const there = metrics.filter(({ Name }) => Name in line);
        return there.length === 0
          ? []
          : { Namespace: metricNamespace, Dimensions: [dimensions], Metrics: there };
      }),
    },
  };
