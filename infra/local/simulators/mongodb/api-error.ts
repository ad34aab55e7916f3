import { STATUS_CODES } from 'node:http';
import { asText, type Breakage, broken, type FaultTiming } from '../faults.ts';
import { type Answer, json, type Response } from '../listen.ts';

export type ErrorParameters = (string | number)[] | null;

/** An error as the API answers it: no API version in the type, and the code in a header as well. */
export function apiError(
  status: number,
  errorCode: string,
  detail: string,
  parameters: ErrorParameters = null,
  headers?: Record<string, string>,
): Response {
  // The names go in the order that Atlas sends them.
  const body = { detail, error: status, errorCode, parameters, reason: STATUS_CODES[status] ?? 'Error' };
  return json(status, body, { 'x-error-code': errorCode, ...headers });
}

/** The 401 that a missing, wrong or used-up credential gets: all of them look alike. */
export function unauthorized(challenge: string): Response {
  const body = {
    error: 401,
    reason: 'Unauthorized',
    detail: 'You are not authorized for this resource.',
    errorCode: 'UNEXPECTED_ERROR',
  };
  return json(401, body, { 'x-error-code': body.errorCode, 'www-authenticate': challenge }, 2);
}

/** Something goes wrong for the next request, or for the next `times` requests, once `skip` have passed. */
export type ApiFault = FaultTiming &
  (
    | Breakage
    /** Answers this error, in the API's shape unless a body is given. Nothing is carried out. */
    | {
        status: number;
        errorCode?: string;
        detail?: string;
        parameters?: ErrorParameters;
        retryAfter?: string | undefined;
        body?: unknown;
      }
  );

/** The answer that a fault makes of the true one. */
export async function faulty(fault: ApiFault, answerTruly: () => Promise<Answer>): Promise<Answer> {
  if (!('status' in fault)) return broken(fault, answerTruly);
  const { status, retryAfter, body } = fault;
  const {
    errorCode = status === 429 ? 'RATE_LIMITED' : 'UNEXPECTED_ERROR',
    detail = 'This fault was asked for.',
    parameters = null,
  } = fault;
  const headers = retryAfter === undefined ? undefined : { 'retry-after': retryAfter };
  const given = apiError(status, errorCode, detail, parameters, headers);
  return body === undefined ? given : { ...given, body: asText(body) };
}
