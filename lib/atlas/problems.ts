import * as z from 'zod';
import { Problem } from '../problem.ts';
import type { ProblemDetails } from '../problem-details.ts';
import { credentialsRefused } from '../problems.ts';
import { singleHeader, type UpstreamResponse } from '../upstream/http-client.ts';
import { parseRetryAfter } from '../upstream/retry.ts';

/** Whose request it was; the words for it go into the remedies. */
export interface Caller {
  connectionName: string;
  credential: 'service account' | 'API key';
  /** The role that the operation needs; absent while signing in. */
  role?: string;
}

type Upstream = NonNullable<ProblemDetails['upstream']>;

const apiError = z.object({
  errorCode: z.string(),
  detail: z.string().nullish(),
  // Objects by Atlas's schema, strings and numbers on the wire.
  parameters: z
    .array(z.union([z.string(), z.number()]))
    .nullish()
    .catch(undefined),
  badRequestDetail: z
    .object({ fields: z.array(z.object({ field: z.string(), description: z.string() })) })
    .nullish()
    .catch(undefined),
});

// The token endpoint answers OAuth errors, except for 429, which has Atlas's own shape.
const oauthError = z
  .object({ error: z.string(), error_description: z.string().optional() })
  .transform(({ error, error_description }) => ({ errorCode: error, detail: error_description }));

type AtlasError = z.output<typeof apiError> | z.output<typeof oauthError>;

/**
 * The problem that an Atlas answer other than success amounts to. The HTTP status decides and `errorCode` only
 * refines: Atlas answers 401, and even 404, with UNEXPECTED_ERROR.
 */
export function atlasProblem(response: UpstreamResponse, caller: Caller): Problem {
  const error = parseError(response.text);
  const upstream = upstreamOf(response.status, error);
  const said = upstream.detail ? ` Atlas says: ${upstream.detail}` : '';
  const own = error && error.errorCode !== 'UNEXPECTED_ERROR' ? error.errorCode : undefined;
  const parameters = error && 'parameters' in error ? error.parameters : undefined;
  const common = {
    system: 'atlas',
    upstream,
    ...(parameters && parameters.length > 0 && { parameters }),
  };
  const connection = `connection ${caller.connectionName}`;
  const principal = `the ${caller.credential} of ${connection}`;

  switch (response.status) {
    case 400: {
      const fields = error && 'badRequestDetail' in error ? error.badRequestDetail?.fields : undefined;
      return new Problem({
        ...common,
        code: own ?? 'UPSTREAM_BAD_REQUEST',
        title: 'Refused as invalid',
        status: 400,
        detail: `Atlas refused the request as invalid.${said}`,
        retryable: false,
        remedy: 'Correct the input as Atlas says and call again.',
        ...(fields && { errors: fields.map(({ field, description }) => ({ field, detail: description })) }),
      });
    }
    case 401:
      return credentialsRefused('atlas', caller.connectionName, upstream, caller.role);
    case 403:
      return own === 'IP_ADDRESS_NOT_ON_ACCESS_LIST' || own === 'ORG_REQUIRES_ACCESS_LIST'
        ? addressRefused(own, parameters?.[0], principal, common)
        : new Problem({
            ...common,
            code: own ?? 'UPSTREAM_PERMISSION_DENIED',
            title: 'Permission denied',
            status: 502,
            detail: `Atlas signed ${principal} in, but does not let it do this.${said}`,
            retryable: false,
            remedy: `Give ${principal} the role ${caller.role ?? 'that the operation needs'}, and check that it belongs to this organization.`,
          });
    case 404:
      return new Problem({
        ...common,
        code: own ?? 'NOT_FOUND',
        title: 'Not found',
        status: 404,
        detail: `Atlas knows nothing under this path.${said}`,
        retryable: false,
        remedy: `Check the ids. Atlas gives the same answer for what ${principal} may not see, so check as well that ${connection} is for the right organization.`,
      });
    case 406:
    case 410:
      return new Problem({
        ...common,
        code: own ?? 'UPSTREAM_VERSION_REFUSED',
        title: 'API version refused',
        status: 502,
        detail: `Atlas no longer serves the API version that Switchboard asks for.${said}`,
        retryable: false,
        remedy: 'Update Switchboard.',
      });
    case 409:
      return new Problem({
        ...common,
        code: own ?? 'CONFLICT',
        title: 'Conflict',
        status: 409,
        detail: `What was asked for conflicts with the present state.${said}`,
        retryable: false,
        remedy: 'Resolve what Atlas names and call again.',
      });
    case 429:
      return new Problem({
        ...common,
        code: own ?? 'RATE_LIMITED',
        title: 'Too many requests',
        status: 429,
        detail: `Atlas limits how often this may be asked, and the limit is reached.${said}`,
        retryable: true,
        retryAfter: secondsToWait(response),
        remedy: 'Wait for retryAfter seconds, and wait clearly longer if it is refused again.',
      });
    default:
      return new Problem({
        ...common,
        code: own ?? 'UPSTREAM_ERROR',
        title: 'Upstream error',
        status: response.status === 503 ? 503 : 502,
        detail: `Atlas answered with status ${response.status}.${said}`,
        retryable: response.status >= 500,
        ...(response.status >= 500 && { retryAfter: secondsToWait(response) }),
        remedy:
          response.status >= 500
            ? "Try again in a while. If it stays, look at Atlas's status page."
            : `Check that the baseUrl of ${connection} leads to Atlas itself.`,
      });
  }
}

/** A mint refused with 403: the account has as many live tokens as Atlas allows (100). */
export function tokenRefused({ connectionName }: Caller, response: UpstreamResponse): Problem {
  const upstream = upstreamOf(response.status, parseError(response.text));
  return new Problem({
    code: 'ACCESS_TOKEN_REFUSED',
    title: 'No access token',
    status: 503,
    detail: `Atlas gives the service account of connection ${connectionName} no further access token.${upstream.detail ? ` Atlas says: ${upstream.detail}` : ''}`,
    system: 'atlas',
    retryable: true,
    retryAfter: 600,
    remedy:
      'Atlas allows 100 live tokens for each service account, and each lives an hour: wait, or give the callers service accounts of their own.',
    upstream,
  });
}

/** Whether a refused mint is about the credentials themselves. */
export function isInvalidClient({ status, text }: UpstreamResponse): boolean {
  return status === 401 || parseError(text)?.errorCode === 'invalid_client';
}

// The token was minted, so the credentials are good; what refuses is the access list of the credential that
// calls. People take it for the list that the call asks about, so the texts keep the two apart.
function addressRefused(
  code: string,
  address: string | number | undefined,
  principal: string,
  common: { system: string; upstream: Upstream },
): Problem {
  const egress = address === undefined ? "this function's egress address" : `the egress address ${address}`;
  const [detail, remedy] =
    code === 'ORG_REQUIRES_ACCESS_LIST'
      ? [
          `Atlas signed ${principal} in, but its organization wants an access list, and the one of ${principal} does not hold ${egress}.`,
          `Add ${address ?? 'the egress address'} to the access list of ${principal}; a project's IP access list does not count here.`,
        ]
      : [
          `Atlas signed ${principal} in, but the access list of ${principal} lacks ${egress}.`,
          `Add ${address ?? 'the egress address'} to the access list of ${principal} (not to the list that was asked about, nor to a project's IP access list). Lambda's egress address stays the same only behind a NAT gateway.`,
        ];
  return new Problem({
    ...common,
    code,
    title: 'Address not on the access list',
    status: 502,
    detail,
    retryable: false,
    remedy,
  });
}

function parseError(text: string): AtlasError | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  return z.union([apiError, oauthError]).safeParse(body).data;
}

function upstreamOf(status: number, error: AtlasError | undefined): Upstream {
  return {
    status,
    ...(error && { errorCode: error.errorCode }),
    ...(error?.detail && { detail: error.detail }),
  };
}

// Atlas has sent 0, and sometimes sends nothing; its own advice is to start from 10 seconds then.
function secondsToWait(response: UpstreamResponse): number {
  return Math.ceil((parseRetryAfter(singleHeader(response, 'retry-after')) ?? 0) / 1_000) || 10;
}
