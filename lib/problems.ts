import { Problem } from './problem.ts';
import type { ProblemDetails } from './problem-details.ts';

// Every problem that Switchboard itself can name, in one place. Those that an upstream names are made
// beside its client.

/** What a client answers when its secret may be out of date: the sign to read it again. */
export const credentialsRefusedCode = 'UPSTREAM_CREDENTIALS_REFUSED';

/** The call's input is wrong; `errors` names each bad field. */
export const invalidInput = (errors: NonNullable<ProblemDetails['errors']>): Problem =>
  new Problem({
    code: 'INVALID_INPUT',
    title: 'Invalid input',
    status: 400,
    detail: errors.map(({ field, detail }) => `${field}: ${detail}`).join('; '),
    retryable: false,
    remedy: 'Correct the fields listed in errors and call again. Nothing was done.',
    errors,
  });

/** There is no secret for this connection, or it is still empty. */
export const connectionNotFound = (system: string, connection: string, secretId: string): Problem =>
  new Problem({
    code: 'CONNECTION_NOT_FOUND',
    title: 'Unknown connection',
    status: 404,
    detail: `There is no connection named ${connection} for ${system}: secret ${secretId} does not exist or holds no value.`,
    system,
    retryable: false,
    remedy: `Check the connection's name, or store its credentials in secret ${secretId}.`,
  });

/** Switchboard's own role may not read the connection's secret. */
export const connectionAccessDenied = (system: string, secretId: string, cause: unknown): Problem =>
  new Problem(
    {
      code: 'CONNECTION_ACCESS_DENIED',
      title: 'Connection not readable',
      status: 500,
      detail: `Secrets Manager does not let this function read secret ${secretId}.`,
      system,
      retryable: false,
      remedy: `Allow the function's role secretsmanager:GetSecretValue on ${secretId}, and kms:Decrypt on its key if it has a key of its own.`,
    },
    { cause },
  );

/** The secret is there, but does not have the shape of a connection. Names fields, never values. */
export const connectionMalformed = (
  system: string,
  secretId: string,
  errors: NonNullable<ProblemDetails['errors']>,
): Problem =>
  new Problem({
    code: 'CONNECTION_MALFORMED',
    title: 'Connection malformed',
    status: 500,
    detail: `Secret ${secretId} does not hold a valid ${system} connection: ${errors.map(({ field, detail }) => `${field}: ${detail}`).join('; ')}`,
    system,
    retryable: false,
    remedy: `Store the connection again in secret ${secretId}, in the shape that the README gives for ${system}.`,
    errors,
  });

/** Secrets Manager could not be asked just now. */
export const secretsManagerUnavailable = (system: string, secretId: string, cause: unknown): Problem =>
  new Problem(
    {
      code: 'SECRETS_MANAGER_UNAVAILABLE',
      title: 'Secrets Manager unavailable',
      status: 503,
      detail: `Secrets Manager gave no usable answer for secret ${secretId}.`,
      system,
      retryable: true,
      retryAfter: 5,
      remedy:
        'Try again in a few seconds. If it stays, look at the AWS status page and at the Secrets Manager quotas.',
    },
    { cause },
  );

/** The upstream refused the connection's credentials, even after they were read again. */
export const credentialsRefused = (
  system: string,
  connection: string,
  upstream: ProblemDetails['upstream'],
  role?: string,
): Problem =>
  new Problem({
    code: credentialsRefusedCode,
    title: 'Credentials refused',
    status: 502,
    detail: `${system} does not accept the credentials of connection ${connection}.`,
    system,
    retryable: false,
    remedy: `Check whether the credentials of ${connection} have expired, were deleted${role ? `, or lack the role ${role}` : ''}, and store valid ones in secret switchboard/${system}/${connection}. New ones are used at once.`,
    ...(upstream && { upstream }),
  });

/** The connection to the upstream failed, retries included. */
export const upstreamUnreachable = (system: string, cause: unknown): Problem =>
  new Problem(
    {
      code: 'UPSTREAM_UNREACHABLE',
      title: 'Upstream unreachable',
      status: 502,
      detail: `The connection to ${system} failed (${codeOf(cause)}).`,
      system,
      retryable: true,
      retryAfter: 5,
      remedy: `Try again shortly. If it stays, check ${system}'s status, the connection's baseUrl, and the network path to it.`,
    },
    { cause },
  );

/** The upstream's certificate is not one that we trust. */
export const upstreamUntrusted = (system: string, cause: unknown): Problem =>
  new Problem(
    {
      code: 'UPSTREAM_UNTRUSTED',
      title: 'Certificate not trusted',
      status: 502,
      detail: `The TLS certificate of ${system} could not be verified (${codeOf(cause)}).`,
      system,
      retryable: false,
      remedy:
        "If the system uses a private authority, add that authority's certificate to the connection as ca (PEM).",
    },
    { cause },
  );

/** The upstream answered with something that is not what its API promises. */
export const upstreamAnswerUnexpected = (
  system: string,
  what: string,
  upstream: NonNullable<ProblemDetails['upstream']>,
): Problem =>
  new Problem({
    code: 'UPSTREAM_ANSWER_UNEXPECTED',
    title: 'Unexpected answer',
    status: 502,
    detail: `${system} answered with status ${upstream.status}, but ${what}.`,
    system,
    retryable: true,
    retryAfter: 5,
    remedy: `Try again. If it stays, check that the connection's baseUrl leads to ${system} itself and not to a proxy or a sign-in page.`,
    upstream,
  });

/** The time for this call ran out. `waitingFor` says on whom: the system itself, or what stands before it. */
export const deadlineExceeded = (system: string, waitingFor: string = system): Problem =>
  new Problem({
    code: 'DEADLINE_EXCEEDED',
    title: 'Out of time',
    status: 504,
    detail: `The time for this call ran out while waiting for ${waitingFor}.`,
    system,
    retryable: true,
    retryAfter: 5,
    remedy: `Try again. If it stays, ${waitingFor} is slow or not reachable from here.`,
  });

/** Somebody changed, between our read and our write, what a change was worked out from. It was not made. */
export class StateMoved extends Problem {
  constructor(system: string, what: string) {
    super({
      code: 'STATE_MOVED',
      title: 'State moved',
      status: 409,
      detail: `${what} Nothing was changed.`,
      system,
      retryable: true,
      retryAfter: 5,
      remedy: 'Try again. If it stays, find out who or what else keeps changing the same configuration.',
    });
  }
}

/** The caller's digest is of another state than the present one. `preview` is what the change would do now. */
export const planStale = (system: string, preview: unknown): Problem =>
  new Problem({
    code: 'PLAN_STALE',
    title: 'Plan out of date',
    status: 409,
    detail: 'The state is no longer the one that the dry run showed. Nothing was changed.',
    system,
    retryable: false,
    remedy: 'Look at preview: it shows what the change would do now. To make it, call again with its digest.',
    preview,
  });

/** A defect of ours. The log line with the same request id holds what is known. */
export const internalError = (cause: unknown): Problem =>
  new Problem(
    {
      code: 'INTERNAL_ERROR',
      title: 'Internal error',
      status: 500,
      detail: 'Switchboard met an error that it did not expect.',
      retryable: false,
      remedy: 'Look up the request id of instance in the logs, and report it.',
    },
    { cause },
  );

/** What was thrown, as a problem. */
export const problemOf = (error: unknown): Problem =>
  error instanceof Problem ? error : internalError(error);

function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'unknown cause';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}
