import { randomUUID } from 'node:crypto';
import { type SignatureProblem, signatureProblem } from '../../sigv4.ts';
import { type Answer, type Listener, listen, type Request, type Response } from '../listen.ts';
import { localCredentials, region } from './credentials.ts';
import { AwsError } from './error.ts';

/** How each service that is stood in for is spoken to: the name that is signed for, and its protocol. */
const services = {
  secretsmanager: { json: '1.1', target: 'secretsmanager', message: 'Message' },
  states: { json: '1.0', target: 'AWSStepFunctions', message: 'message' },
  events: { json: '1.1', target: 'AWSEvents', message: 'message' },
  dynamodb: { json: '1.0', target: 'DynamoDB_20120810', message: 'message' },
  lambda: { json: undefined, message: 'Message' },
  scheduler: { json: undefined, message: 'Message' },
} as const;

export type AwsService = keyof typeof services;

/**
 * Listens as a service of AWS does: whoever has not signed with the credentials of this process is refused, and an
 * `AwsError` is answered in the service's protocol.
 */
export function listenAsAws(
  service: AwsService,
  answer: (request: Request) => Promise<Answer>,
  port = 0,
): Promise<Listener> {
  return listen(async (request) => {
    const answered = await checkSignature(service, request)
      .then(() => answer(request))
      .catch((error: unknown) => {
        if (error instanceof AwsError) return failure(service, error);
        throw error;
      });
    if (typeof answered === 'string') return answered;
    // The SDK sets its clock by the date, and a test may have moved ours.
    const headers = { date: new Date().toUTCString(), 'x-amzn-requestid': randomUUID(), ...answered.headers };
    return { ...answered, headers };
  }, port);
}

/** The operation that a request of a JSON service names; throws where it is none. */
export function targetOf(service: AwsService, { method, url, headers }: Request): string {
  const spoken = services[service];
  if (spoken.json === undefined) throw new Error(`${service} has no targets.`);
  const [target, operation] = String(headers['x-amz-target']).split('.');
  if (method !== 'POST' || url.pathname !== '/' || target !== spoken.target || !operation)
    throw new AwsError('UnknownOperationException', 'Requests are POST / with X-Amz-Target.', 404);
  if (headers['content-type'] !== `application/x-amz-json-${spoken.json}`)
    throw new AwsError('SerializationException', `${service} speaks JSON ${spoken.json}.`);
  return operation;
}

/** The JSON of a request. */
export function bodyOf({ body }: Request): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new AwsError('SerializationException', 'The body is not JSON.');
  }
}

export function success(service: AwsService, body: object): Response {
  return response(service, 200, body);
}

export function failure(service: AwsService, { code, message, status }: AwsError): Response {
  const spoken = services[service];
  const body = { ...(spoken.json !== undefined && { __type: code }), [spoken.message]: message };
  return response(service, status, body, { 'x-amzn-errortype': code });
}

const response = (
  service: AwsService,
  status: number,
  body: object,
  headers?: Record<string, string>,
): Response => {
  const { json } = services[service];
  const type = json === undefined ? 'application/json' : `application/x-amz-json-${json}`;
  return { status, headers: { 'content-type': type, ...headers }, body: JSON.stringify(body) };
};

const refusals: Record<SignatureProblem['kind'], [code: string, message: string | undefined]> = {
  missing: ['MissingAuthenticationTokenException', 'Missing Authentication Token'],
  incomplete: ['IncompleteSignatureException', undefined],
  unknown: ['UnrecognizedClientException', 'The security token included in the request is invalid.'],
  invalid: ['InvalidSignatureException', undefined],
};

async function checkSignature(service: AwsService, request: Request): Promise<void> {
  const problem = await signatureProblem(request, localCredentials, { region, service });
  if (!problem) return;
  const [code, message = problem.detail] = refusals[problem.kind];
  throw new AwsError(code, message, services[service].json === undefined ? 403 : 400);
}
