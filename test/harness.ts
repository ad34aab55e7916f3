import { randomUUID } from 'node:crypto';
import { mock } from 'node:test';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import * as z from 'zod';
import { type AtlasSimulator, demo, startAtlas } from '../infra/local/simulators/atlas.ts';
import { useLocalAws } from '../infra/local/simulators/aws/credentials.ts';
import {
  type OpsManagerSimulator,
  demo as opsManagerDemo,
  startOpsManager,
} from '../infra/local/simulators/ops-manager.ts';
import { type SecretsManager, startSecretsManager } from '../infra/local/simulators/secrets-manager.ts';
import { secretIdOf } from '../lib/connections.ts';
import type { Declaration } from '../lib/operation.ts';
import { type ProblemDetails, problemDetails } from '../lib/problems/problem-details.ts';

// What an end-to-end test needs: simulated Atlas, Ops Manager and Secrets Manager on loopback, and the two ways of
// calling a handler.

export type Handler = (event: unknown, context: Context) => Promise<unknown>;

/** One call, whichever way it goes. */
export interface Call {
  connection: string;
  /** The organization and the service account of the demo world unless given. */
  input?: Record<string, unknown>;
  remainingMs?: TimeLeft;
}

/**
 * What Lambda says is left of its time-out, in milliseconds; 28 s unless given. A number is where it begins to pass; `left`
 * stays as it is until the test says otherwise, however slow the machine is.
 */
export type TimeLeft = number | { left: number };

export type Outcome = { answer: unknown } | { problem: ProblemDetails };

export interface Systems {
  atlas: AtlasSimulator;
  opsManager: OpsManagerSimulator;
  secretsManager: SecretsManager;
  /**
   * Stores a connection, to Atlas unless said, under a name that nothing has used yet, so that its first call is a
   * cold one.
   */
  store(secret: unknown, system?: string): string;
  /** Every log line since the start. */
  logLines: string[];
  stop(): Promise<void>;
}

const { orgId, clientId, clientSecret, publicKey, privateKey } = demo;
const target = { orgId, clientId };

/** Starts the systems, points the AWS SDK at them and takes the log away from stdout. */
export async function startSystems(): Promise<Systems> {
  const [atlas, opsManager, secretsManager] = await Promise.all([
    startAtlas(),
    startOpsManager(),
    startSecretsManager(),
  ]);
  process.env['AWS_ENDPOINT_URL_SECRETS_MANAGER'] = secretsManager.url;
  useLocalAws();

  const logLines: string[] = [];
  const write = process.stdout.write.bind(process.stdout);
  const stdout = mock.method(process.stdout, 'write', (chunk: string | Uint8Array): boolean => {
    // The test runner reports over stdout as well.
    if (typeof chunk !== 'string' || !chunk.startsWith('{"timestamp"')) return write(chunk);
    logLines.push(chunk);
    return true;
  });

  return {
    atlas,
    opsManager,
    secretsManager,
    store(secret, system = 'atlas') {
      const connection = `test-${randomUUID()}`;
      const text = typeof secret === 'string' || secret === undefined ? secret : JSON.stringify(secret);
      secretsManager.put(secretIdOf(system, connection), text);
      return connection;
    },
    logLines,
    async stop() {
      stdout.mock.restore();
      await Promise.all([atlas.close(), opsManager.close(), secretsManager.close()]);
    },
  };
}

/** A connection that signs in as the demo world's service account (OAuth 2). */
export const serviceAccount = ({ url: baseUrl }: Pick<AtlasSimulator, 'url'>) => ({
  baseUrl,
  clientId,
  clientSecret,
});

/** A connection that signs in with the demo world's API key (Digest). */
export const apiKey = ({ url: baseUrl }: AtlasSimulator) => ({ baseUrl, publicKey, privateKey });

/** A connection that signs in with the demo world's API key of Ops Manager. */
export const opsManagerKey = ({ url: baseUrl }: Pick<OpsManagerSimulator, 'url'>) => ({
  baseUrl,
  publicKey: opsManagerDemo.publicKey,
  privateKey: opsManagerDemo.privateKey,
});

/** An event as an HTTP API makes it (payload 2.0); `query` is a query string. */
export function httpEvent(
  { orgId, clientId, connection }: Record<'orgId' | 'clientId' | 'connection', string>,
  query = '',
  body?: string,
): APIGatewayProxyEventV2 {
  const path = `/atlas/${connection}/orgs/${orgId}/serviceAccounts/${clientId}/accessList`;
  const routeKey = 'GET /atlas/{connection}/orgs/{orgId}/serviceAccounts/{clientId}/accessList';
  const search = new URLSearchParams(query);
  const names = [...new Set(search.keys())];
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: query,
    headers: { host: 'api.example' },
    // An HTTP API joins the values of a repeated parameter with commas.
    ...(names.length > 0 && {
      queryStringParameters: Object.fromEntries(names.map((name) => [name, search.getAll(name).join(',')])),
    }),
    pathParameters: { connection, orgId, clientId },
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      domainName: 'api.example',
      domainPrefix: 'api',
      http: { method: 'GET', path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey,
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: 1_767_225_600_000,
    },
    ...(body !== undefined && { body }),
    isBase64Encoded: false,
  };
}

/** Lambda's context of an invocation that has so much time left. */
export function lambdaContext(time: TimeLeft = 28_000): Context {
  const startedAt = performance.now();
  return {
    awsRequestId: randomUUID(),
    functionName: 'test',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:test',
    memoryLimitInMB: '512',
    logGroupName: '/test',
    logStreamName: 'test',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () =>
      typeof time === 'number' ? startedAt + time - performance.now() : time.left,
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}

/** A response as Lambda hands it to an HTTP API. */
export const httpResponse = z.strictObject({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

/** What the handler answers to an HTTP API event. */
export async function respond(handler: Handler, event: unknown, remainingMs?: TimeLeft) {
  return httpResponse.parse(await handler(event, lambdaContext(remainingMs)));
}

// An error body may hold nothing that is not declared.
const problem = problemDetails.strict().required({ instance: true });

/** What comes of an HTTP API event. */
export async function httpOutcome(
  handler: Handler,
  event: unknown,
  remainingMs?: TimeLeft,
): Promise<Outcome> {
  const { statusCode, headers, body } = await respond(handler, event, remainingMs);
  const type = headers['content-type'];
  if (statusCode === 200 && type === 'application/json') return { answer: JSON.parse(body) };
  if (type !== 'application/problem+json') throw new Error(`Unexpected ${statusCode} of type ${type}`);
  const details = problem.parse(JSON.parse(body));
  const retryAfter = details.retryAfter === undefined ? undefined : String(details.retryAfter);
  if (details.status !== statusCode || headers['retry-after'] !== retryAfter)
    throw new Error('Status line, headers and body contradict each other');
  return { problem: details };
}

/** What comes of a direct invocation. */
export async function directOutcome(
  handler: Handler,
  event: unknown,
  remainingMs?: TimeLeft,
): Promise<Outcome> {
  try {
    return { answer: await handler(event, lambdaContext(remainingMs)) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const details = problem.parse(JSON.parse(error.message));
    if (error.name !== details.code) throw new Error('Name and code contradict each other');
    return { problem: details };
  }
}

/** The two ways of calling a handler, with one kind of outcome, so that one table of cases serves both. */
export const triggers = {
  async http(handler: Handler, { connection, input = {}, remainingMs }: Call): Promise<Outcome> {
    const { orgId, clientId, ...query } = { ...target, ...input };
    const path = { connection, orgId: String(orgId), clientId: String(clientId) };
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) search.append(name, String(value));
    return httpOutcome(handler, httpEvent(path, search.toString()), remainingMs);
  },

  async direct(handler: Handler, { connection, input = {}, remainingMs }: Call): Promise<Outcome> {
    return directOutcome(handler, { connection, input: { ...target, ...input } }, remainingMs);
  },
};

/** The module of an operation. */
export interface Unit {
  operation: Pick<Declaration, 'http'>;
  handler: Handler;
}

/** One call of any operation. */
export interface UnitCall {
  /** Absent for what has no system behind it. */
  connection?: string;
  input?: Record<string, unknown>;
  /** Over HTTP only. */
  headers?: Record<string, string>;
  remainingMs?: TimeLeft;
}

/** An event as an HTTP API makes it: each field of the input goes where the operation takes it, others into the query. */
export function unitEvent({ operation: { http } }: Unit, { connection, input = {}, headers = {} }: UnitCall) {
  const { method, path: template, body: bodyFields } = http;
  const pathParameters: Record<string, string> = connection === undefined ? {} : { connection };
  const members: Record<string, unknown> = {};
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(input))
    if (template.includes(`{${name}}`)) pathParameters[name] = String(value);
    else if ([bodyFields ?? []].flat().includes(name)) members[name] = value;
    else search.append(name, String(value));
  const path = template.replace(/\{(\w+)\}/g, (_whole, name) => pathParameters[name] ?? '');
  const routeKey = `${method} ${template}`;
  const body = typeof bodyFields === 'string' ? members[bodyFields] : bodyFields && members;
  const names = { ...target, connection: connection ?? '' };
  const event = httpEvent(names, search.toString(), JSON.stringify(body));
  return {
    ...event,
    routeKey,
    rawPath: path,
    headers: { ...event.headers, ...headers },
    pathParameters,
    requestContext: {
      ...event.requestContext,
      routeKey,
      http: { ...event.requestContext.http, method, path },
      authorizer: { iam: { userArn: actor } },
    },
  };
}

/** Who calls over HTTP. */
export const actor = 'arn:aws:iam::123456789012:user/ada';

/** The two ways of calling any operation. */
export const calls = {
  http: (unit: Unit, call: UnitCall): Promise<Outcome> =>
    httpOutcome(unit.handler, unitEvent(unit, call), call.remainingMs),
  direct: ({ handler }: Unit, { connection, input, remainingMs }: UnitCall): Promise<Outcome> =>
    directOutcome(handler, { ...(connection !== undefined && { connection }), input }, remainingMs),
};

/** What an Admin API was asked for in earnest from a request on, without what only fetched a Digest challenge. */
export const askedOf = (
  { requests }: Pick<AtlasSimulator | OpsManagerSimulator, 'requests'>,
  from = 0,
): string[] =>
  requests
    .slice(from)
    .filter(({ target, headers }) => headers.authorization && !target.startsWith('/api/oauth/'))
    .map(({ method, target }) => `${method} ${target.replace(/^\/api\/(atlas\/v2|public\/v1\.0)/, '')}`);

export const triggerNames = ['http', 'direct'] as const;

/** The answer of a call that must succeed. */
export function answered(outcome: Outcome): unknown {
  if ('answer' in outcome) return outcome.answer;
  throw new Error(`Unexpected problem: ${JSON.stringify(outcome.problem)}`);
}

/** The problem of a call that must fail. */
export function failed(outcome: Outcome): ProblemDetails {
  if ('problem' in outcome) return outcome.problem;
  throw new Error(`Unexpected answer: ${JSON.stringify(outcome.answer).slice(0, 200)}`);
}
