import * as z from 'zod';
import { Problem } from '../problem.ts';
import type { ProblemDetails } from '../problem-details.ts';
import { StateMoved } from '../problems.ts';
import type { UpstreamResponse } from '../upstream/http-client.ts';

type Upstream = NonNullable<ProblemDetails['upstream']>;

const errorBody = z.object({
  error: z.object({
    type: z.string(),
    message: z.string().optional().catch(undefined),
    details: z
      .looseObject({ user: z.string().optional().catch(undefined) })
      .optional()
      .catch(undefined),
  }),
});

/** What SPS says of an error; empty where the body is not in SPS's own format. */
function errorOf({ text }: UpstreamResponse) {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  return errorBody.safeParse(body).data?.error;
}

export function upstreamOf(response: UpstreamResponse): Upstream {
  const error = errorOf(response);
  return {
    status: response.status,
    ...(error && { errorCode: error.type }),
    ...(error?.message && { detail: error.message }),
  };
}

/**
 * The problem that an SPS answer other than success amounts to. The HTTP status decides. Of SPS's error types only
 * Unauthenticated, Unauthorized and NotFound are documented, so the others are handed on and not relied on.
 */
export function spsProblem(response: UpstreamResponse, connectionName: string, role?: string): Problem {
  const upstream = upstreamOf(response);
  const said = upstream.detail ? ` SPS says: ${upstream.detail}` : '';
  const common = { system: 'sps', upstream };
  const { status } = response;
  const server = status >= 500;
  switch (status) {
    case 400:
      return new Problem({
        ...common,
        code: 'UPSTREAM_BAD_REQUEST',
        title: 'Refused as invalid',
        status: 400,
        detail: `SPS refused the change as invalid. Nothing was changed.${said}`,
        retryable: false,
        remedy: 'Correct the input as SPS says and call again.',
      });
    case 403:
      return new Problem({
        ...common,
        code: 'UPSTREAM_PERMISSION_DENIED',
        title: 'Permission denied',
        status: 502,
        detail: `SPS signed the user of connection ${connectionName} in, but does not let it do this.${said}`,
        retryable: false,
        remedy: `Give a group of that user ${role ?? 'the "REST server" privilege'} at AAA > Access Control.`,
      });
    case 404:
      return new Problem({
        ...common,
        code: 'NOT_FOUND',
        title: 'Not found',
        status: 404,
        detail: `This SPS has nothing under this path.${said}`,
        retryable: false,
        remedy: `Check that the baseUrl of connection ${connectionName} leads to an SPS of version 6 or later.`,
      });
    default:
      return new Problem({
        ...common,
        code: 'UPSTREAM_ERROR',
        title: 'Upstream error',
        status: status === 503 ? 503 : 502,
        detail: `SPS answered with status ${status}.${said}`,
        retryable: server,
        ...(server && { retryAfter: 30 }),
        remedy: server
          ? 'Try again in a while: an SPS that restarts or upgrades answers like this. If it stays, look at the appliance.'
          : `Check that the baseUrl of connection ${connectionName} leads to the SPS itself.`,
      });
  }
}

/**
 * Whether a refused attempt to open a transaction can mean that the configuration is locked. No source says what
 * SPS answers then, so every refusal counts that is not about the request or about who sends it.
 */
export function mayBeLock(response: UpstreamResponse): boolean {
  const type = errorOf(response)?.type;
  if (response.status === 403 || response.status === 503)
    return type !== undefined && type !== 'Unauthorized';
  return response.status === 409 || response.status === 423;
}

/** Somebody else's lock outlasted the time that there was to wait. */
export function configurationLocked(response: UpstreamResponse): Problem {
  const upstream = upstreamOf(response);
  const user = errorOf(response)?.details?.user;
  return new Problem({
    code: 'CONFIGURATION_LOCKED',
    title: 'Configuration locked',
    status: 423,
    detail: `The configuration of the SPS is locked by ${user ? `user ${user}` : 'somebody else'}. Nothing was changed.${upstream.detail ? ` SPS says: ${upstream.detail}` : ''}`,
    system: 'sps',
    retryable: true,
    retryAfter: 60,
    remedy:
      'Try again in a minute. The lock is held by whoever has a configuration page, a console login or a transaction open; they free it by leaving, or SPS does when they have been idle.',
    upstream,
  });
}

/** Earlier calls to the same appliance took all the time that there was. */
export const queuedTooLong = (): Problem =>
  new Problem({
    code: 'CONFIGURATION_LOCKED',
    title: 'Configuration locked',
    status: 423,
    detail: 'Earlier changes by Switchboard to the same SPS are not through yet. Nothing was changed.',
    system: 'sps',
    retryable: true,
    retryAfter: 30,
    remedy: 'Try again shortly: changes to one SPS are made one after the other.',
  });

/** The login was accepted and its session was not, which is what a wrong clock looks like from outside. */
export function sessionRefused(connectionName: string, response: UpstreamResponse, skewMs: number): Problem {
  const minutes = Math.round(skewMs / 60_000);
  const clock =
    minutes === 0
      ? 'Its clock and ours agree to the minute.'
      : `Its clock is ${Math.abs(minutes)} min ${minutes > 0 ? 'ahead of' : 'behind'} ours.`;
  return new Problem({
    code: 'SESSION_REFUSED',
    title: 'Session refused',
    status: 502,
    detail: `SPS accepted the login of connection ${connectionName} and then refused its session. ${clock}`,
    system: 'sps',
    retryable: false,
    remedy:
      'Set the clock of the SPS (Basic Settings > Date & Time, with NTP): a session is good for minutes, so with clock skew it is over before it is used.',
    upstream: upstreamOf(response),
  });
}

/** The session ended between two requests, and an open transaction with it. */
export class SessionLost extends StateMoved {
  constructor() {
    super('sps', 'SPS ended our session in the middle.');
  }
}

/** The answer to a commit was lost, and so were the means to find out. */
export const outcomeUnknown = (path: string, cause: unknown): Problem =>
  new Problem(
    {
      code: 'OUTCOME_UNKNOWN',
      title: 'Outcome unknown',
      status: 504,
      detail: `The connection to SPS failed while it was committing the change of ${path}, and SPS cannot be asked whether it took.`,
      system: 'sps',
      retryable: true,
      retryAfter: 30,
      remedy:
        'Call again: the change sets a state, so repeating it does no harm, and the answer says what the state is.',
    },
    { cause },
  );
