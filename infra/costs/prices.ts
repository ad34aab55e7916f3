/**
 * List prices in US dollars, on demand, of the region us-east-1, without free tiers, as they stood in January 2026.
 * https://aws.amazon.com/pricing/ has those of today.
 */
export const pricesOf = { region: 'us-east-1', date: '2026-01' };

export const price = {
  lambdaRequest: 0.2 / 1e6,
  lambdaGigabyteSecond: 0.0000133334,
  apiRequest: 1 / 1e6,
  logGigabyte: 0.5,
  logGigabyteMonth: 0.03,
  metricMonth: 0.3,
  alarmMetricMonth: 0.1,
  dashboardMonth: 3,
  trace: 5 / 1e6,
  event: 1 / 1e6,
  scheduledInvocation: 1 / 1e6,
  stateTransition: 0.025 / 1e3,
  queueRequest: 0.4 / 1e6,
  secretMonth: 0.4,
  secretRequest: 0.05 / 1e4,
  keyMonth: 1,
  keyRequest: 0.03 / 1e4,
  mail: 2 / 1e5,
  tableWrite: 0.625 / 1e6,
  tableGigabyteMonth: 0.25,
  /** Of one interface endpoint in one availability zone: $0.01 an hour. */
  endpointMonth: 7.3,
} as const;
