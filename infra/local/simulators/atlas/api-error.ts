import { STATUS_CODES } from 'node:http';
import { json, type Response } from '../listen.ts';

/** An error as the Admin API answers it: no API version in the type, and the code in a header as well. */
export function apiError(
  status: number,
  errorCode: string,
  detail: string,
  parameters: (string | number)[] | null = null,
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
