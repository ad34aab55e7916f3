import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { functionNameOf } from '../../lib/function-name.ts';
import { functionTimeoutMs } from '../limits.ts';

/** What Lambda would hand an operation's handler beside the event. */
export function localContext(operation: string): Context {
  const endsAt = performance.now() + functionTimeoutMs;
  const functionName = functionNameOf(operation);
  return {
    awsRequestId: randomUUID(),
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${functionName}`,
    memoryLimitInMB: '512',
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, endsAt - performance.now()),
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
