import * as z from 'zod';
import { price } from './prices.ts';
import { usage } from './usage.ts';

const resource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
const withResources = z.object({ Resources: z.record(z.string(), resource) });

type Resource = z.output<typeof resource>;

interface Stack {
  /** All resources of the type. */
  resources: Resource[];
  /** The operations that the stack has. */
  operations: number;
  calls: number;
}

/** What a type of resource costs a month, and what that is for. */
type Cost = { for: string; monthly(stack: Stack): number };

const free: Cost = { for: 'nothing', monthly: () => 0 };

/** What all calls write into logs, in gigabytes. */
const logGigabytes = (calls: number): number => (calls * usage.logKilobytes) / 1e6;
const audited = (calls: number): number => calls * usage.changes * 2;

/** The metrics that log lines carry (lib/metrics.ts), where anything is called at all. */
const metricsInLines = ({ operations, calls }: Stack): number =>
  calls === 0 ? 0 : 2 * operations + 2 * 3 + 3 + usage.problemCodes;

/** The metrics that an alarm looks at. */
function metricsOf({ Properties }: Resource): number {
  const { Metrics } = z
    .object({ Metrics: z.array(z.object({ MetricStat: z.unknown().optional() })).optional() })
    .parse(Properties);
  return Metrics?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1;
}

const zones = ({ Properties }: Resource): number =>
  z.object({ SubnetIds: z.array(z.unknown()).default(['one']) }).parse(Properties).SubnetIds.length;

const sum = <T>(all: T[], amount: (one: T) => number): number =>
  all.reduce((total, one) => total + amount(one), 0);

/** By type: everything that a template of the stack may have. */
const costs: Record<string, Cost> = {
  'AWS::Lambda::Function': {
    for: 'requests, computing and traces of all calls',
    monthly: ({ calls }) =>
      calls *
      (price.lambdaRequest + usage.seconds * usage.gigabytes * price.lambdaGigabyteSecond + price.trace),
  },
  'AWS::ApiGatewayV2::Api': { for: 'requests', monthly: ({ calls }) => calls * price.apiRequest },
  'AWS::Logs::LogGroup': {
    for: 'what is written and kept, and the metrics in it',
    monthly: (stack) =>
      logGigabytes(stack.calls) * (price.logGigabyte + usage.logMonths * price.logGigabyteMonth) +
      metricsInLines(stack) * price.metricMonth,
  },
  'AWS::CloudWatch::Alarm': {
    for: 'each metric that one looks at',
    monthly: ({ resources }) => sum(resources, metricsOf) * price.alarmMetricMonth,
  },
  'AWS::CloudWatch::Dashboard': {
    for: 'each',
    monthly: ({ resources }) => resources.length * price.dashboardMonth,
  },
  'AWS::Events::EventBus': {
    for: 'events: outcomes of scheduled calls, records of the audit',
    monthly: ({ calls }) => (calls * usage.scheduled + audited(calls)) * price.event,
  },
  'AWS::Scheduler::ScheduleGroup': {
    for: 'invocations of what is put back',
    monthly: ({ calls }) => calls * usage.scheduled * price.scheduledInvocation,
  },
  'AWS::StepFunctions::StateMachine': {
    for: 'state transitions',
    monthly: ({ calls }) => calls * usage.fannedOut * 4 * price.stateTransition,
  },
  'AWS::SecretsManager::Secret': {
    for: 'each, and reading at each start',
    monthly: ({ resources, calls }) =>
      resources.length * price.secretMonth + calls * usage.coldStarts * price.secretRequest,
  },
  'AWS::KMS::Key': {
    for: 'each, and its use at each start and for each scheduled call',
    monthly: ({ resources, calls }) =>
      resources.length * price.keyMonth + calls * (usage.coldStarts + usage.scheduled) * price.keyRequest,
  },
  'AWS::DynamoDB::Table': {
    for: 'records of the audit: writing, and a year of keeping with recovery',
    monthly: ({ calls }) =>
      audited(calls) *
      (price.tableWrite + ((usage.auditKilobytes * 12) / 1e6) * (2 * price.tableGigabyteMonth)),
  },
  'AWS::SNS::Topic': { for: 'mails of alarms', monthly: () => usage.alarmsRung * price.mail },
  'AWS::SQS::Queue': {
    for: 'what could not be delivered: next to nothing',
    monthly: ({ calls }) => calls * 1e-4 * price.queueRequest,
  },
  'AWS::EC2::VPCEndpoint': {
    for: 'each, in each subnet',
    monthly: ({ resources }) => sum(resources, zones) * price.endpointMonth,
  },
  'AWS::ApiGatewayV2::Authorizer': free,
  'AWS::ApiGatewayV2::Integration': free,
  'AWS::ApiGatewayV2::Route': free,
  'AWS::ApiGatewayV2::Stage': free,
  'AWS::EC2::SecurityGroup': free,
  'AWS::Events::Rule': free,
  'AWS::IAM::Policy': free,
  'AWS::IAM::Role': free,
  'AWS::Lambda::EventInvokeConfig': free,
  'AWS::Lambda::Permission': free,
  'AWS::Logs::MetricFilter': free,
  'AWS::Logs::SubscriptionFilter': free,
  'AWS::SNS::Subscription': free,
  'AWS::SNS::TopicPolicy': free,
  'AWS::SQS::QueuePolicy': free,
  'AWS::Scheduler::Schedule': free,
};

/** What one type of resource in a template costs a month, in US dollars, at each number of calls. */
export interface Row {
  type: string;
  count: number;
  for: string;
  monthly: number[];
}

/** A row for each type of resource in a template. Throws for a type that nobody has thought about. */
export function costsOf(template: unknown, callsAMonth: readonly number[]): Row[] {
  const all = Object.values(withResources.parse(template).Resources);
  const operations = all.filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Integration').length;
  return Object.entries(Object.groupBy(all, ({ Type }) => Type))
    .map(([type, resources = []]) => {
      const cost = costs[type];
      if (!cost) throw new Error(`What does ${type} cost? infra/costs/costs.ts does not say.`);
      return {
        type,
        count: resources.length,
        for: cost.for,
        monthly: callsAMonth.map((calls) => cost.monthly({ resources, operations, calls })),
      };
    })
    .toSorted((a, b) => (b.monthly.at(-1) ?? 0) - (a.monthly.at(-1) ?? 0) || (a.type < b.type ? -1 : 1));
}
