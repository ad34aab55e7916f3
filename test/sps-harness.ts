import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { demo as atlasDemo } from '../infra/local/simulators/atlas.ts';
import { demo, type SpsSimulator } from '../infra/local/simulators/sps.ts';
import { secretIdOf } from '../lib/connections.ts';
import type { Declaration } from '../lib/operation.ts';
import {
  answered,
  directOutcome,
  type Handler,
  httpEvent,
  httpOutcome,
  type Outcome,
  type Systems,
  type TimeLeft,
} from './harness.ts';

// What the tests of the SPS operations share: calling any of them over either trigger, and what must hold afterwards.

/** The module of an operation. */
export interface Unit {
  operation: Pick<Declaration, 'http'>;
  handler: Handler;
}

export interface SpsCall {
  connection: string;
  input?: Record<string, unknown>;
  remainingMs?: TimeLeft;
}

/** Who calls over HTTP. */
export const actor = 'arn:aws:iam::123456789012:user/ada';

/** A connection that signs in as the demo's administrator. */
export const administrator = ({ url: baseUrl }: Pick<SpsSimulator, 'url'>) => ({
  baseUrl,
  username: demo.username,
  password: demo.password,
});

/** Stores a connection under a name that nothing has used yet, so that its first call is a cold one. */
export function storeSps({ secretsManager }: Systems, secret: unknown): string {
  const connection = `test-${randomUUID()}`;
  secretsManager.put(secretIdOf('sps', connection), JSON.stringify(secret));
  return connection;
}

/** An event as an HTTP API makes it: the field that is the operation's body goes there, the others into the query. */
export function spsEvent(
  { http }: Unit['operation'],
  connection: string,
  input: Record<string, unknown> = {},
) {
  const { method } = http;
  const [bodyField = ''] = [http.body ?? []].flat();
  const { [bodyField]: body, ...query } = input;
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) search.append(name, String(value));
  const { orgId, clientId } = atlasDemo;
  const event = httpEvent({ orgId, clientId, connection }, search.toString(), JSON.stringify(body));
  const routeKey = `${method} ${http.path}`;
  const path = http.path.replace('{connection}', connection);
  return {
    ...event,
    routeKey,
    rawPath: path,
    pathParameters: { connection },
    requestContext: {
      ...event.requestContext,
      routeKey,
      http: { ...event.requestContext.http, method, path },
      authorizer: { iam: { userArn: actor } },
    },
  };
}

/** Calls an operation over HTTP. */
export const call = ({ operation, handler }: Unit, { connection, input, remainingMs }: SpsCall) =>
  httpOutcome(handler, spsEvent(operation, connection, input), remainingMs);

/** Invokes an operation directly. */
export const invoke = ({ handler }: Unit, { remainingMs, ...event }: SpsCall): Promise<Outcome> =>
  directOutcome(handler, event, remainingMs);

const object = z.record(z.string(), z.unknown());
const changeAnswer = z.strictObject({
  changed: z.boolean(),
  dryRun: z.boolean(),
  before: object,
  after: object,
  changes: z.array(z.looseObject({ type: z.string(), path: z.string() })).optional(),
  warnings: z.array(z.string()),
  digest: z.string(),
});

/** What a change that must succeed answers. */
export const changeOf = (outcome: Outcome) => changeAnswer.parse(answered(outcome));

/** The requests from the given number on: method, and path below `/api/`. */
export const requestsOf = ({ requests }: SpsSimulator, from = 0): string[] =>
  requests.slice(from).map(({ method, target }) => `${method} ${target.replace('/api/', '')}`);

/** Nobody holds the lock, and no transaction is open. */
export function assertIdle(sps: SpsSimulator): void {
  const { lock, sessions, transactions } = sps.state();
  assert.equal(lock, undefined);
  assert.deepEqual(
    sessions.filter(({ transaction }) => transaction === 'open'),
    [],
  );
  assert.deepEqual(
    transactions.filter(({ state }) => state === 'open' || state === 'changed'),
    [],
  );
}

const auditLine = z.object({ outcome: z.string(), auditId: z.string(), effect: z.string() });

/** Each intent in the log has exactly one outcome. Answers how many there are. */
export function assertAudited({ logLines }: Systems): number {
  const lines = logLines.flatMap((line) => auditLine.safeParse(JSON.parse(line)).data ?? []);
  const intended = lines.filter(({ outcome }) => outcome === 'intended').map(({ auditId }) => auditId);
  const ended = lines.filter(({ auditId, outcome }) => outcome !== 'intended' && intended.includes(auditId));
  assert.deepEqual(ended.map(({ auditId }) => auditId).toSorted(), intended.toSorted());
  return intended.length;
}
