import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { direct } from './adapters/direct.ts';
import { http } from './adapters/http.ts';
import { isHttpEvent, isObject } from './adapters/http-event.ts';
import { notTakable } from './adapters/takable.ts';
import { connectionName } from './arguments/shared.ts';
import { compiled } from './compiled.ts';
import type { Call } from './connections.ts';
import { Deadline } from './deadline.ts';
import { fieldErrors } from './field-errors.ts';
import type { Invocation, InvocationContext, Middleware } from './invocation.ts';
import { invocationLog } from './invocation-log.ts';
import type { Operation } from './operation.ts';
import { invalidInput } from './problems/call.ts';
import { CallSecrets } from './secret-fields.ts';
import type { RestoreRequest } from './temporary/restore.ts';
import { reserveMs } from './time-outs.ts';

/**
 * The Lambda handler of an operation, whatever triggers it: an HTTP API event (payload 2.0) is answered with a
 * response; a direct invocation is answered with the output, and fails by throwing.
 */
export function handlerFor(operation: Operation): (event: unknown, context: Context) => Promise<unknown> {
  const perform = async (_event: unknown, context: InvocationContext): Promise<unknown> => {
    const { invocation, deadline, awsRequestId: requestId } = context;
    const { connectionName, input } = parse(operation, invocation);
    const call = {
      deadline,
      operation: operation.name,
      role: operation.role,
      connectionName,
      actor: invocation.actor,
      trigger: invocation.trigger,
      apiRequestId: invocation.apiRequestId,
      scopes: invocation.scopes,
      idempotencyKey: invocation.idempotencyKey,
      requestId,
      language: invocation.language,
      secrets: new CallSecrets(),
    };
    call.secrets.add(input);
    const { restore } = invocation;
    if (restore) return operation.system.use(call, (client) => restoreIn(operation, client, restore, call));
    const output = await operation.system.use(call, (client) => operation.run(client, input, call));
    return input['envelope'] === true ? enveloped(output) : output;
  };
  const line = invocationLog(operation);
  const triggeredBy = ({ before = () => {}, after = () => {}, onError = () => {} }: Middleware) =>
    // The deadline ends the work, and in time: middy's own time-out would answer while it goes on.
    middy<unknown, unknown, unknown, InvocationContext>(perform, { timeoutEarlyInMillis: 0 })
      .before(before)
      // The last to be added is the first to see an answer or an error: the log is written once it is known whether
      // the answer can be given, and sees an error before the adapter gives it another form.
      .after(line.after)
      .after(after)
      .onError(onError)
      .onError(line.onError);
  const onHttp = triggeredBy(http(operation));
  const onDirect = triggeredBy(direct());
  return async (event, context) => {
    const [stack, trigger] = isHttpEvent(event) ? [onHttp, 'http' as const] : [onDirect, 'direct' as const];
    using deadline = new Deadline(() => context.getRemainingTimeInMillis() - reserveMs);
    const invocation: Invocation = {
      trigger,
      connection: undefined,
      input: undefined,
      language: 'en',
      pretty: false,
    };
    return await stack(event, Object.assign(context, { deadline, invocation, startedAt: performance.now() }));
  };
}

function restoreIn(operation: Operation, client: unknown, restore: RestoreRequest, call: Call) {
  if (operation.restore) return operation.restore(client, restore, call);
  throw invalidInput([{ field: 'restore', detail: 'does not belong here: nothing is put back' }]);
}

function parse({ input: schema, system }: Operation, { connection, input, restore }: Invocation) {
  for (const [field, value] of Object.entries({ connection, ...(isObject(input) && input) })) {
    const detail = notTakable(value) ?? notTakable(field);
    if (detail !== undefined) throw invalidInput([{ field, detail }]);
  }
  const named = (system.secret ? connectionName : noConnection).safeParse(connection);
  const given = restore ? noInput.safeParse(input) : compiled(schema).safeParse(input);
  if (named.success && given.success) return { connectionName: named.data, input: given.data };
  throw invalidInput([
    ...(named.error?.issues ?? []).map(({ message }) => ({ field: 'connection', detail: message })),
    ...fieldErrors(given.error?.issues ?? [], Object.keys(schema.shape)),
  ]);
}

const noInput = z.strictObject({});

const noConnection = z
  .undefined({ error: 'does not belong here: there is nothing to connect to' })
  .transform(() => '');

/** Atlas's own form: a list gets the status beside its results, anything else is wrapped. */
const enveloped = (output: unknown) =>
  typeof output === 'object' && output !== null && 'results' in output
    ? { ...output, status: 200 }
    : { status: 200, content: output };
