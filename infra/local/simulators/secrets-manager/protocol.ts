import { randomUUID } from 'node:crypto';
import type { Request, Response } from '../listen.ts';

/** An error as AWS answers it. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/**
 * The region that a request is signed for; throws an `AwsError` where it does not name the access key.
 * The signature itself is not checked: whoever knows the access key id is let in.
 */
export function signedRegion({ method, url, headers }: Request, accessKeyId: string): string {
  if (method !== 'POST' || url.pathname !== '/')
    throw new AwsError('UnknownOperationException', 'Requests are POST / with X-Amz-Target.', 404);
  const { authorization } = headers;
  if (!authorization)
    throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  const scope = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/secretsmanager\/aws4_request,/;
  const [, key, region = ''] = scope.exec(authorization) ?? [];
  if (key !== accessKeyId)
    throw new AwsError(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    );
  return region;
}

export const success = (body: object): Response => response(200, body);

export const failure = ({ code, message, status }: AwsError): Response =>
  response(status, { __type: code, Message: message }, { 'x-amzn-errortype': code });

const response = (status: number, body: object, headers?: Record<string, string>): Response => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID(), ...headers },
  body: JSON.stringify(body),
});
