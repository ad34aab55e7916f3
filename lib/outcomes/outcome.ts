import * as z from 'zod';
import { operationOf } from '../function-name.ts';
import { redactedJson } from '../redaction.ts';

/**
 * What Lambda tells a destination of an asynchronous invocation that has ended, as far as it is read here.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export const asyncInvocationRecord = z.object({
  requestContext: z.object({
    requestId: z.string(),
    functionArn: z.string(),
    condition: z.string(),
    approximateInvokeCount: z.int().optional(),
  }),
  requestPayload: z.unknown().optional(),
  responsePayload: z.unknown().optional(),
});

/** What is told of how an operation ended that nobody waited for. */
export interface Outcome {
  detailType: 'Operation Succeeded' | 'Operation Failed';
  detail: {
    operation: string;
    connection?: string | undefined;
    actor?: string | undefined;
    idempotencyKey?: string | undefined;
    /** The id of the fan-out that has ended, where it was one. */
    fanOut?: string;
    requestId: string;
    /** How often the operation was run. */
    attempts?: number | undefined;
    result?: unknown;
    problem?: unknown;
    note?: string;
  };
}

const invocation = z.object({
  connection: z.string().optional().catch(undefined),
  actor: z.string().optional().catch(undefined),
  idempotencyKey: z.string().optional().catch(undefined),
});

const thrown = z.object({ errorType: z.string(), errorMessage: z.string() });

/** The outcome of an operation's asynchronous invocation. */
export function outcomeOf({
  requestContext,
  requestPayload,
  responsePayload,
}: z.output<typeof asyncInvocationRecord>): Outcome {
  const { requestId, functionArn, condition, approximateInvokeCount } = requestContext;
  const [, functionName = ''] = /:function:([^:]+)/.exec(functionArn) ?? [];
  const { connection, actor, idempotencyKey } = invocation.safeParse(requestPayload).data ?? {};
  const detail = {
    operation: operationOf(functionName) ?? functionName,
    connection,
    actor,
    idempotencyKey,
    requestId,
    attempts: approximateInvokeCount,
  };
  return condition === 'Success'
    ? { detailType: 'Operation Succeeded', detail: { ...detail, result: responsePayload } }
    : {
        detailType: 'Operation Failed',
        detail: { ...detail, problem: problemIn(responsePayload, condition) },
      };
}

/** The problem that an operation threw; of an ending that is not its own (a time-out, say), what Lambda tells of it. */
function problemIn(payload: unknown, condition: string): unknown {
  const failure = thrown.safeParse(payload).data;
  // It was never run, so it told nothing.
  if (!failure) return { code: condition, detail: 'Lambda gave up before the operation was run.' };
  try {
    return JSON.parse(failure.errorMessage);
  } catch {
    return { code: failure.errorType, detail: failure.errorMessage };
  }
}

/** EventBridge takes 256 kB an event, names and addresses included. */
const mostBytes = 240_000;
/** What is kept of a result that is too large, in bytes of JSON. */
const keptBytes = 60_000;

/** The detail of the outcome's event: JSON without secrets, short enough to be sent. */
export function detailJson({ detail }: Outcome): string {
  const json = redactedJson(detail);
  if (Buffer.byteLength(json) <= mostBytes) return json;
  const { result, problem, ...rest } = detail;
  const whole = redactedJson(result ?? problem);
  const start = Buffer.from(whole).subarray(0, keptBytes).toString();
  return redactedJson({
    ...rest,
    [problem === undefined ? 'result' : 'problem']: start,
    note: `Cut: of ${Buffer.byteLength(whole)} bytes of JSON these are the first ${keptBytes}, as text.`,
  });
}
