import * as z from 'zod';
import { operationOf } from '../function-name.ts';
import { fromJson, type Json, json } from '../json.ts';
import { functionFailure, functionNeverRun, problemTold } from '../problems/function.ts';
import { jsonWithoutSecrets, withoutSecrets } from '../secret-fields.ts';

/**
 * What Lambda tells a destination of an asynchronous invocation that has ended, as far as it is read here.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export const asyncInvocationRecord = z.object({
  requestContext: z.object({
    requestId: z.string().catch('unknown'),
    functionArn: z.string(),
    condition: z.string(),
    approximateInvokeCount: z.int().optional().catch(undefined),
  }),
  requestPayload: z.unknown().optional(),
  responsePayload: json.optional(),
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
    result?: Json | undefined;
    problem?: Json | undefined;
    note?: string;
  };
}

const invocation = z.object({
  connection: z.string().optional().catch(undefined),
  actor: z.string().optional().catch(undefined),
  idempotencyKey: z.string().optional().catch(undefined),
});

/** The outcome of an operation's asynchronous invocation. */
export function outcomeOf({
  requestContext,
  requestPayload,
  responsePayload,
}: z.output<typeof asyncInvocationRecord>): Outcome {
  const { requestId, functionArn, condition, approximateInvokeCount } = requestContext;
  const [, functionName = ''] = /:function:([^:]+)/.exec(functionArn) ?? [];
  const { connection, actor, idempotencyKey } = invocation.safeParse(requestPayload).data ?? {};
  const operation = operationOf(functionName) ?? functionName;
  const detail = {
    operation,
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
        detail: { ...detail, problem: problemIn(responsePayload, condition, operation) },
      };
}

/** The problem that an operation threw; of an ending that is not its own (a time-out, say), what Lambda tells of it. */
function problemIn(payload: unknown, condition: string, operation: string): Json | undefined {
  const told = typeof payload === 'string' ? (fromJson(payload) ?? payload) : payload;
  const own = problemTold(told);
  if (own) return withoutSecrets(own);
  const { details } =
    condition === 'EventAgeExceeded'
      ? functionNeverRun(operation, condition)
      : functionFailure(operation, told);
  return withoutSecrets(details);
}

/** EventBridge takes 256 kB an event, names and addresses included. */
const mostBytes = 240_000;
/** What is kept of a result that is too large, in bytes of JSON. */
const keptBytes = 60_000;

/** The detail of the outcome's event: JSON without secrets, short enough to be sent. */
export function detailJson({ detail }: Outcome): string {
  const json = jsonWithoutSecrets(detail);
  if (Buffer.byteLength(json) <= mostBytes) return json;
  const { result, problem, ...rest } = detail;
  const whole = jsonWithoutSecrets(result ?? problem);
  const start = Buffer.from(whole).subarray(0, keptBytes).toString();
  return jsonWithoutSecrets({
    ...rest,
    [problem === undefined ? 'result' : 'problem']: start,
    note: `Cut: of ${Buffer.byteLength(whole)} bytes of JSON these are the first ${keptBytes}, as text.`,
  });
}
