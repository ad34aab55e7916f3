import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import * as z from 'zod';
import { Problem } from '../../lib/problem.ts';
import { invalidInput, problemOf } from '../../lib/problems.ts';
import { redactedJson } from '../../lib/redaction.ts';
import { functionTimeoutMs } from '../limits.ts';
import { openApi } from '../openapi.ts';
import { type FoundOperation, pathParameters } from '../operations.ts';
import { referenceFile } from './reference.ts';

const lambdaResponse = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

/**
 * The HTTP API on loopback: the same routes, events and handlers as behind API Gateway, with the API reference at
 * `/`. `examples` are values for the arguments of that name, for the reference.
 */
export function createGateway(operations: FoundOperation[], examples: Record<string, string>): Server {
  const description = JSON.stringify(
    openApi(
      operations.map(({ operation }) => operation),
      examples,
    ),
  );
  const routes = operations.map((found) => ({ ...found, pattern: patternOf(found.operation.http.path) }));

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const url = new URL(request.url ?? '/', 'http://gateway');
    if (!namesLoopback(request.headers.host)) throw foreignHost();
    if (request.method === 'GET') {
      if (url.pathname === '/openapi.json')
        return { status: 200, headers: { 'content-type': 'application/json' }, body: description };
      const file = await referenceFile(url.pathname);
      if (file) return { status: 200, ...file };
    }
    const onPath = routes.filter(({ pattern }) => pattern.test(url.pathname));
    const route = onPath.find(({ operation }) => operation.http.method === request.method);
    if (!route) throw noRoute(request.method ?? '', url.pathname, onPath);
    const event = eventOf(request, url, route.operation.http.path, await buffer(request));
    const { statusCode, headers, body } = lambdaResponse.parse(
      await route.handler(event, contextOf(route.operation.name)),
    );
    return { status: statusCode, headers, body };
  };

  return createServer((request, response) => {
    void answer(request)
      .catch(problemAnswer)
      .then(({ status, headers, body }) => response.writeHead(status, headers).end(body));
  });
}

/** Answered here and not by a handler, so it has an instance of its own. */
function problemAnswer(error: unknown): Answer {
  const problem = problemOf(error).for(randomUUID());
  return {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json' },
    body: redactedJson(problem),
  };
}

// A web page could otherwise reach the gateway, and the real credentials behind it, through a DNS name of its own.
const namesLoopback = (host = ''): boolean => /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host);

const foreignHost = () =>
  new Problem({
    code: 'HOST_NOT_ALLOWED',
    title: 'Host not allowed',
    status: 421,
    detail: 'The local gateway answers only requests to a loopback host.',
    retryable: false,
    remedy: 'Use the address that it printed when it started.',
  });

function noRoute(method: string, path: string, onPath: FoundOperation[]): Problem {
  const [known] = onPath;
  return new Problem({
    code: known ? 'METHOD_NOT_ALLOWED' : 'ROUTE_NOT_FOUND',
    title: known ? 'Method not allowed' : 'No such route',
    status: known ? 405 : 404,
    detail: known
      ? `${path} does not take ${method}; it takes ${onPath.map(({ operation }) => operation.http.method).join(', ')}.`
      : `No operation answers ${method} ${path}.`,
    retryable: false,
    remedy: 'The API reference at / lists every route.',
  });
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);

function eventOf(request: IncomingMessage, url: URL, path: string, body: Buffer): APIGatewayProxyEventV2 {
  const method = request.method ?? 'GET';
  const { groups = {} } = patternOf(path).exec(url.pathname) ?? {};
  const query = Object.fromEntries(
    [...new Set(url.searchParams.keys())].map((name) => [name, url.searchParams.getAll(name).join(',')]),
  );
  const parameters = pathParameters(path).map((name) => [name, decoded(name, groups[name] ?? '')]);
  const sourceIp = request.socket.remoteAddress ?? '127.0.0.1';
  const now = new Date();
  return {
    version: '2.0',
    routeKey: `${method} ${path}`,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(',')]),
    ),
    ...(url.search.length > 1 && { queryStringParameters: query }),
    pathParameters: Object.fromEntries(parameters),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: 'localhost',
      domainPrefix: 'local',
      http: {
        method,
        path: url.pathname,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: `${method} ${path}`,
      stage: '$default',
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
    },
    ...(body.length > 0 && { body: body.toString() }),
    isBase64Encoded: false,
  };
}

function decoded(field: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidInput([{ field, detail: 'is not valid percent-encoding' }]);
  }
}

function contextOf(name: string): Context {
  const endsAt = performance.now() + functionTimeoutMs;
  const functionName = name.replace('.', '-');
  return {
    awsRequestId: randomUUID(),
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${functionName}`,
    memoryLimitInMB: '512',
    logGroupName: `/switchboard/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, endsAt - performance.now()),
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
