import { causeOf } from './foreign/cause.ts';
import type { InvocationContext, Middleware } from './invocation.ts';
import { log } from './log.ts';
import { metricsIn, takeCounted } from './metrics.ts';
import { isName } from './names.ts';
import type { Operation } from './operation.ts';
import { problemOf } from './problems/call.ts';

/** One log line for each invocation, with its metrics: who called what, over which connection, and how it went. */
export function invocationLog({
  name,
  effect,
  system,
}: Operation): Required<Pick<Middleware, 'after' | 'onError'>> {
  const line = ({ invocation, awsRequestId, startedAt }: InvocationContext) => ({
    operation: name,
    system: system.name,
    effect,
    trigger: invocation.trigger,
    // It may not have been checked yet.
    connection: isName(invocation.connection) ? invocation.connection : undefined,
    actor: invocation.actor,
    actorProven: false,
    requestId: awsRequestId,
    apiRequestId: invocation.apiRequestId,
    durationMs: Math.round(performance.now() - startedAt),
    calls: 1,
    ...takeCounted(),
  });
  return {
    after: ({ context }) => {
      const fields = line(context);
      log('INFO', 'operation succeeded', { ...fields, ...metricsIn(fields) });
    },
    onError: ({ context, error }) => {
      const { details, cause } = problemOf(error);
      const { code, status, detail, upstream } = details;
      const isOurs = status >= 500;
      const fields = {
        ...line(context),
        code,
        failures: 1,
        ...(isOurs && { errors: 1 }),
        ...(upstream?.status === 401 && { signInsRefused: 1 }),
      };
      log(isOurs ? 'ERROR' : 'WARN', 'operation failed', {
        ...fields,
        status,
        detail,
        upstream,
        cause: causeOf(cause),
        ...metricsIn(fields),
      });
    },
  };
}
