import type { InvocationContext, Middleware } from './invocation.ts';
import { log } from './log.ts';
import type { Operation } from './operation.ts';
import { problemOf } from './problems/call.ts';

/** One log line for each invocation: who called what, over which connection, and how it went. */
export function invocationLog({ name, effect }: Operation): Middleware {
  const line = ({ invocation, awsRequestId, startedAt }: InvocationContext) => ({
    operation: name,
    effect,
    trigger: invocation.trigger,
    connection: invocation.connection,
    actor: invocation.actor,
    requestId: awsRequestId,
    durationMs: Math.round(performance.now() - startedAt),
  });
  return {
    after: ({ context }) => log('INFO', 'operation succeeded', line(context)),
    onError: ({ context, error }) => {
      const { details, cause } = problemOf(error);
      const { code, status, detail, upstream } = details;
      log(status >= 500 ? 'ERROR' : 'WARN', 'operation failed', {
        ...line(context),
        code,
        status,
        detail,
        upstream,
        ...(cause instanceof Error && { cause: cause.stack }),
      });
    },
  };
}
