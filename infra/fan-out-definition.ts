import type { Operation } from '../lib/operation.ts';

/** The name of the state machine; it is part of its executions' ARNs. */
export const fanOutMachine = 'switchboard-fan-out';

/** The label of its one Distributed Map; it is part of the ARNs of each connection's execution. */
export const fanOutLabel = 'connections';

/** How many connections are worked on at the same time. */
const concurrency = 5;

/**
 * The state machine that runs one operation over many connections, in Amazon States Language. Its input is
 * `FanOutInput`. It is a Distributed Map whatever the number of connections: only that kind tolerates failures, each
 * connection has an execution of its own to look at while the others run, and there is one way of working to know.
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
 */
export const fanOutDefinition = {
  Comment: 'Runs one operation over many connections',
  StartAt: 'Each connection',
  TimeoutSeconds: 3600,
  States: {
    'Each connection': {
      Type: 'Map',
      Label: fanOutLabel,
      ItemsPath: '$.runs',
      ItemSelector: {
        'functionName.$': '$.functionName',
        event: {
          'connection.$': '$$.Map.Item.Value.connection',
          'input.$': '$$.Map.Item.Value.input',
          'actor.$': '$.actor',
          'idempotencyKey.$': '$.id',
        },
      },
      MaxConcurrency: concurrency,
      // How each connection went stands in its own execution: all answers together may be more than Step Functions takes.
      ResultPath: null,
      ToleratedFailurePercentagePath: '$.toleratedFailurePercentage',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'Run the operation',
        States: {
          'Run the operation': {
            Type: 'Task',
            Resource: 'arn:aws:states:::lambda:invoke',
            Parameters: { 'FunctionName.$': '$.functionName', 'Payload.$': '$.event' },
            OutputPath: '$.Payload',
            TimeoutSeconds: 60,
            // Troubles of Lambda itself. What an operation reports as its problem is its outcome.
            Retry: [
              {
                ErrorEquals: [
                  'Lambda.ServiceException',
                  'Lambda.AWSLambdaException',
                  'Lambda.SdkClientException',
                  'Lambda.TooManyRequestsException',
                ],
                IntervalSeconds: 2,
                MaxAttempts: 3,
                BackoffRate: 2,
              },
            ],
            End: true,
          },
        },
      },
      End: true,
    },
  },
};

/** Whether an operation can be run over many connections. */
export const canFanOut = ({ system }: Operation): boolean => system.secret !== undefined;

/** What the functions of `fanOut.start` and `fanOut.get` find in their environment. */
export const fanOutEnvironment = (stateMachineArn: string, operations: Operation[]) => ({
  FAN_OUT_STATE_MACHINE: stateMachineArn,
  FAN_OUT_OPERATIONS: operations
    .filter(canFanOut)
    .map(({ name, effect }) => `${name}:${effect}`)
    .join(','),
});
