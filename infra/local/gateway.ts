import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { invalidInput, problemOf } from '../../lib/problems/call.ts';
import type { ProblemDetails } from '../../lib/problems/problem-details.ts';
import { jsonWithoutSecrets } from '../../lib/secret-fields.ts';
import { type Examples, openApi } from '../openapi.ts';
import { type FoundOperation, type OperationModule, pathParameters } from '../operations.ts';
import { localContext } from './local-context.ts';
import { referenceFile } from './reference.ts';
import { type Signer, signatureProblem } from './sigv4.ts';
import { json, type Request, type Response } from './simulators/listen.ts';

const lambdaResponse = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

/** A route of the HTTP API and the function behind it. */
export interface Route {
  method: string;
  path: string;
  /** The function's name, as operations have names. */
  name: string;
  handler: OperationModule['handler'];
  /** Whether it wants no signature, where the others do. */
  isPublic?: true;
}

/**
 * The HTTP API on loopback: the same routes, events and handlers as behind API Gateway, with the API reference at
 * `/`. `others` are the routes that no operation has. Where there is a signer, requests have to bear its signature
 * (SigV4), and what they do is done under its name; without one, nobody is asked.
 */
export function gateway(
  operations: FoundOperation[],
  examples: Examples,
  others: Route[] = [],
  signer?: Signer,
): (request: Request) => Promise<Response> {
  const description = openApi(
    operations.map(({ operation }) => operation),
    examples,
  );
  const routes = [
    ...operations.map(({ operation: { http, name }, handler }) => ({ ...http, name, handler })),
    ...others,
  ].map((route) => ({ ...route, pattern: patternOf(route.path) }));

  const answer = async (request: Request): Promise<Response> => {
    const { method, url } = request;
    if (Number(url.port || 80) !== request.port) return otherHost(url.host, request.port);
    if (method === 'GET' && url.pathname === '/openapi.json') return json(200, description);
    const page = method === 'GET' ? await referenceFile(url.pathname) : undefined;
    if (page) return page;
    const onPath = routes.filter(({ pattern }) => pattern.test(url.pathname));
    const route = onPath.find((one) => one.method === method);
    if (!route) return noRoute(method, url.pathname, onPath);
    const isSigned = signer !== undefined && !route.isPublic;
    const problem = isSigned ? await signatureProblem(request, signer) : undefined;
    if (problem) return forbidden(problem.detail);
    if (!route.isPublic && !saysJson(request)) return notJson();
    const event = eventOf(request, route.path, isSigned ? signer.arn : undefined);
    const { statusCode, headers, body } = lambdaResponse.parse(
      await route.handler(event, localContext(route.name)),
    );
    return { status: statusCode, headers, body };
  };
  return (request) => answer(request).catch(problemResponse);
}

/** Answered here and not by a handler, so it has an instance of its own. */
const problemResponse = (error: unknown): Response => problemJson(problemOf(error).for(randomUUID()));

const problemJson = (problem: ProblemDetails): Response => ({
  status: problem.status,
  headers: { 'content-type': 'application/problem+json' },
  body: jsonWithoutSecrets(problem),
});

/** A page may know this machine by another address, but not make its browser send the one that it came in at. */
const otherHost = (host: string, port: number): Response =>
  problemJson({
    type: 'about:blank',
    code: 'MISDIRECTED_REQUEST',
    title: 'Wrong host',
    status: 421,
    detail: `The request is for ${host}, and this is port ${port}.`,
    retryable: false,
    remedy: `Call 127.0.0.1:${port}.`,
  });

/**
 * Whether a request that may change something says that it is JSON. A web page from elsewhere cannot without asking
 * first (CORS), and is never let. Without a body, that is so for every method but POST.
 */
const saysJson = ({ method, headers, bytes }: Request): boolean =>
  (method !== 'POST' && bytes.length === 0) ||
  /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '');

/** In AWS nobody is asked for this: no web page has the signature that is wanted there. */
const notJson = (): Response =>
  problemJson({
    type: 'about:blank',
    code: 'JSON_REQUIRED',
    title: 'Content type must be JSON',
    status: 415,
    detail: 'On a laptop, a POST, and any request with a body, must say that it is JSON. Nothing was done.',
    retryable: false,
    remedy:
      "Send the header content-type: application/json. With curl, use --json instead of -d, and --json '{}' where there is nothing to send.",
  });

/** API Gateway answers the same status, and says no reason. */
const forbidden = (reason: string): Response =>
  problemJson({
    type: 'about:blank',
    code: 'FORBIDDEN',
    title: 'Access denied',
    status: 403,
    detail: reason,
    retryable: false,
    remedy: 'Sign the request with SigV4 for execute-api, as the curl lines printed at the start do.',
  });

/** API Gateway's own answer here says less. It is about HTTP alone, so it has no page of its own. */
function noRoute(method: string, path: string, onPath: { method: string }[]): Response {
  const others = onPath.map((route) => route.method).join(', ');
  return problemJson({
    type: 'about:blank',
    ...(onPath.length > 0
      ? {
          code: 'METHOD_NOT_ALLOWED',
          title: 'Method not allowed',
          status: 405,
          detail: `${path} does not take ${method}; it takes ${others}.`,
        }
      : {
          code: 'ROUTE_NOT_FOUND',
          title: 'No such route',
          status: 404,
          detail: `No operation answers ${method} ${path}.`,
        }),
    retryable: false,
    remedy: 'The API reference at / lists every route.',
  });
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);

function eventOf({ method, url, headers, bytes, body }: Request, path: string, userArn: string | undefined) {
  const { groups = {} } = patternOf(path).exec(url.pathname) ?? {};
  const query = Object.fromEntries(
    [...new Set(url.searchParams.keys())].map((name) => [name, url.searchParams.getAll(name).join(',')]),
  );
  const parameters = pathParameters(path).map((name) => [name, decoded(name, groups[name] ?? '')]);
  const now = new Date();
  return {
    version: '2.0',
    routeKey: `${method} ${path}`,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value].flat().join(',')]),
    ),
    ...(url.search.length > 1 && { queryStringParameters: query }),
    pathParameters: Object.fromEntries(parameters),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      ...(userArn !== undefined && { authorizer: { iam: { userArn } } }),
      domainName: 'localhost',
      domainPrefix: 'local',
      http: {
        method,
        path: url.pathname,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: `${method} ${path}`,
      stage: '$default',
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
    },
    // As API Gateway does with what is no text.
    ...(isUtf8(bytes)
      ? { ...(body !== '' && { body }), isBase64Encoded: false }
      : { body: bytes.toString('base64'), isBase64Encoded: true }),
  };
}

function decoded(field: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidInput([{ field, detail: 'is not valid percent-encoding' }]);
  }
}
