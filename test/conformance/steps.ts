import { gzipSync } from 'node:zlib';
import { fanOutMachine } from '../../infra/fan-out-definition.ts';
import { demo as atlas } from '../../infra/local/simulators/atlas.ts';
import { fanOutId } from '../../lib/fan-out/planned.ts';
import { functionNameOf } from '../../lib/function-name.ts';
import { placeId } from '../../lib/temporary/place.ts';

/** One invocation of a function as it is deployed. */
export interface Step {
  what: string;
  /** The file that is bundled. */
  entry: string;
  event: unknown;
  /** What it then asks AWS for, and how that is answered. */
  asks: string[];
  /** Where moto answers otherwise, and why that is a limit of moto's. */
  moto?: { asks: string[]; because: string };
}

const toggle = 'functions/sps/toggle-system-alerts.ts';
const over = (connection: string, more: object = {}) => ({
  connection,
  actor: 'ada',
  input: { alerts: { xcbDiskFull: { email: false } }, ...more },
});

const swap = { alerts: { xcbSwapFull: { email: true } } };

/** The place of a connection's system alerts, which names its schedule. */
const placeOf = (connection: string) =>
  placeId({ operation: 'sps.toggleSystemAlerts', connection, scope: {} });
const place = placeOf('dc1');
const schedule = `/schedules/${place}`;

const auditRecord = {
  timestamp: '2026-11-27T12:00:00.000Z',
  level: 'INFO',
  message: 'change made',
  auditId: 'a-1',
  operation: 'sps.toggleSystemAlerts',
  effect: 'change',
  connection: 'dc1',
  actor: 'ada',
  requestId: 'r-1',
  outcome: 'made',
  durationMs: 12,
  before: { xcbDiskFull: { email: true } },
  after: { xcbDiskFull: { email: false } },
};
const logs = (...records: object[]) => ({
  awslogs: {
    data: gzipSync(
      JSON.stringify({
        messageType: 'DATA_MESSAGE',
        logEvents: records.map((record, index) => ({
          id: String(index),
          timestamp: 1,
          message: JSON.stringify(record),
        })),
      }),
    ).toString('base64'),
  },
});

/** In this order: what one leaves behind, the next ones meet. */
export const steps: Step[] = [
  {
    what: 'a change over a connection',
    entry: toggle,
    event: over('dc1'),
    asks: [`GET ${schedule} ResourceNotFoundException`, 'GetSecretValue 200'],
  },
  {
    what: 'a connection that there is not',
    entry: toggle,
    event: over('missing'),
    asks: ['GetSecretValue ResourceNotFoundException'],
  },
  {
    what: 'a secret that was made and not filled',
    entry: toggle,
    event: over('empty'),
    asks: ['GetSecretValue ResourceNotFoundException'],
  },
  {
    what: 'a secret that is marked for deletion',
    entry: toggle,
    event: over('deleted'),
    asks: ['GetSecretValue InvalidRequestException'],
  },
  {
    what: 'a secret whose value is bytes',
    entry: toggle,
    event: over('binary'),
    asks: ['GetSecretValue 200', `GET /schedules/${placeOf('binary')} ResourceNotFoundException`],
  },
  {
    what: 'a change for a while',
    entry: toggle,
    event: over('dc1', { ...swap, for: 'PT1H' }),
    asks: [
      `GET ${schedule} ResourceNotFoundException`,
      `GET ${schedule} ResourceNotFoundException`,
      `POST ${schedule} 200`,
    ],
  },
  {
    what: 'another change for a while in the same place',
    entry: toggle,
    event: over('dc1', { ...swap, for: 'PT2H' }),
    asks: [
      `GET ${schedule} 200`,
      `GET ${schedule} 200`,
      `POST ${schedule} ConflictException`,
      `PUT ${schedule} 200`,
    ],
  },
  {
    what: 'what is set for a while',
    entry: 'functions/changes/list-temporary.ts',
    event: {},
    asks: ['GET /schedules 200', `GET ${schedule} 200`],
  },
  {
    what: 'a look at putting it back',
    entry: 'functions/changes/restore-now.ts',
    event: { input: { id: place, dryRun: true } },
    asks: [`GET ${schedule} 200`],
  },
  {
    what: 'putting back by a function that there is not',
    entry: 'functions/changes/restore-now.ts',
    event: { input: { id: place } },
    asks: [
      `GET ${schedule} 200`,
      'POST /2015-03-31/functions/switchboard-sps-toggleSystemAlerts/invocations ResourceNotFoundException',
    ],
  },
  {
    what: 'putting back what is not pending',
    entry: 'functions/changes/restore-now.ts',
    event: { input: { id: 'sps-toggleSystemAlerts-0' } },
    asks: ['GET /schedules/sps-toggleSystemAlerts-0 ResourceNotFoundException'],
  },
  {
    what: 'the event of its schedule',
    entry: toggle,
    event: { connection: 'dc1', actor: 'restore', restore: { id: place, switches: ['xcbSwapFull.email'] } },
    asks: [`DELETE ${schedule} 200`, `GET ${schedule} 200`, `GET ${schedule} 200`, `GET ${schedule} 200`],
  },
  {
    what: 'a fan-out over all connections',
    entry: 'functions/fan-out/start.ts',
    event: { input: { operation: 'sps.getSystemAlerts', connections: '*' }, idempotencyKey: 'one' },
    asks: ['ListSecrets 200', 'StartExecution 200'],
  },
  {
    what: 'the same fan-out once more',
    entry: 'functions/fan-out/start.ts',
    event: { input: { operation: 'sps.getSystemAlerts', connections: '*' }, idempotencyKey: 'one' },
    asks: ['ListSecrets 200', 'StartExecution 200'],
  },
  {
    what: 'a fan-out that is under way',
    entry: 'functions/fan-out/get.ts',
    event: {
      input: {
        operation: 'sps.getSystemAlerts',
        id: fanOutId('sps.getSystemAlerts', { idempotencyKey: 'one', requestId: '' }),
      },
    },
    asks: [
      'ListMapRuns 200',
      'ListExecutions 200',
      // The whole, and each connection.
      ...Array.from({ length: 4 }, () => 'DescribeExecution 200'),
    ],
    moto: {
      asks: ['ListMapRuns 200', 'DescribeExecution 200'],
      because: 'moto keeps executions and does not run them, so no connection is begun',
    },
  },
  {
    what: 'a fan-out that there is not',
    entry: 'functions/fan-out/get.ts',
    event: { input: { operation: 'sps.getSystemAlerts', id: 'f0d5a1c0-0000-4000-8000-000000000000' } },
    asks: ['DescribeExecution ExecutionDoesNotExist'],
  },
  {
    what: 'a first token for Atlas',
    entry: 'infra/entries/atlas-token.ts',
    event: { connection: 'prod' },
    asks: [
      'CreateSecret 200',
      'GetSecretValue 200',
      'GetSecretValue ResourceNotFoundException',
      'PutSecretValue ResourceNotFoundException',
    ],
  },
  {
    what: 'a token that is kept already',
    entry: 'infra/entries/atlas-token.ts',
    event: { connection: 'prod' },
    asks: ['GetSecretValue 200', 'GetSecretValue 200'],
  },
  {
    what: 'a list over the token that is kept',
    entry: 'functions/atlas/list-access-list.ts',
    event: { connection: 'prod', input: { orgId: atlas.orgId, clientId: atlas.clientId } },
    asks: ['GetSecretValue 200'],
  },
  {
    what: 'a list without a token, and without the function that mints',
    entry: 'functions/atlas/list-access-list.ts',
    event: { connection: 'other', input: { orgId: atlas.orgId, clientId: atlas.clientId } },
    asks: [
      'GetSecretValue ResourceNotFoundException',
      'POST /2015-03-31/functions/switchboard-atlas-token/invocations ResourceNotFoundException',
    ],
  },
  {
    what: 'the outcome of an asynchronous invocation',
    entry: 'infra/entries/publish-outcome.ts',
    event: {
      version: '1.0',
      timestamp: '2026-11-27T12:00:00.000Z',
      requestContext: {
        requestId: 'r-1',
        functionArn: `arn:aws:lambda:us-east-1:123456789012:function:${functionNameOf('sps.toggleSystemAlerts')}:$LATEST`,
        condition: 'Success',
        approximateInvokeCount: 1,
      },
      requestPayload: over('dc1'),
      responseContext: { statusCode: 200, executedVersion: '$LATEST' },
      responsePayload: { changed: true },
    },
    asks: ['PutEvents 200'],
  },
  {
    what: 'the end of a fan-out',
    entry: 'infra/entries/publish-outcome.ts',
    event: {
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      detail: {
        executionArn: `arn:aws:states:us-east-1:123456789012:execution:${fanOutMachine}:one`,
        name: 'one',
        status: 'SUCCEEDED',
        input: JSON.stringify({
          id: 'one',
          operation: 'sps.getSystemAlerts',
          functionName: 'f',
          runs: [],
          toleratedFailurePercentage: 0,
        }),
      },
    },
    asks: ['PutEvents 200'],
  },
  {
    what: 'audit records',
    entry: 'infra/entries/forward-audit.ts',
    event: logs(auditRecord, { ...auditRecord, auditId: 'a-2', actor: 'ação' }),
    asks: ['PutEvents 200', 'PutEvents 200', 'PutItem 200', 'PutItem 200'],
  },
  {
    what: 'an audit record that comes twice',
    entry: 'infra/entries/forward-audit.ts',
    event: logs(auditRecord),
    asks: ['PutEvents 200', 'PutItem ConditionalCheckFailedException'],
  },
];
