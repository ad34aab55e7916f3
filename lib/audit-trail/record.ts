import * as z from 'zod';
import { fromJson } from '../json.ts';
import { jsonWithoutSecrets } from '../secret-fields.ts';

/** What `lib/audit.ts` writes into a log line: of each change its intent, and under the same id its outcome. */
export const auditRecord = z.object({
  timestamp: z.string(),
  auditId: z.string(),
  /** `intended` is all that there is of a change whose process was ended in the middle. */
  outcome: z.enum(['intended', 'made', 'partial', 'failed', 'unknown', 'unchanged', 'repeat']),
  operation: z.string(),
  effect: z.string().optional(),
  connection: z.string(),
  actor: z.string().optional(),
  /** False: whoever may invoke the function can send an event that names anybody. */
  actorProven: z.boolean().optional(),
  trigger: z.string().optional(),
  requestId: z.string(),
  /** The request in the access log of the HTTP API, which does prove who sent it. */
  apiRequestId: z.string().optional(),
  idempotencyKey: z.string().optional(),
  /** Where it was made for a while: for how long. */
  for: z.string().optional(),
  /** What a put-back ends. */
  putsBack: z
    .object({
      because: z.enum(['due', 'asked']),
      changes: z.array(
        z.object({
          auditId: z.string().optional(),
          by: z.string().optional(),
          switches: z.array(z.string()),
        }),
      ),
    })
    .optional(),
  before: z.unknown().optional(),
  /** What was reached; of an intent, what is planned. */
  after: z.unknown().optional(),
  code: z.string().optional(),
  detail: z.string().optional(),
  durationMs: z.number().optional(),
});

export type AuditRecord = z.output<typeof auditRecord>;

/** The record in a log line; `undefined` where the line has none. */
export const recordIn = (line: string): AuditRecord | undefined => auditRecord.safeParse(fromJson(line)).data;

/** Bytes of JSON: EventBridge takes 256 kB an event, and DynamoDB 400 an item. */
const mostBytes = 240_000;
const keptBytes = 60_000;

/** A state as JSON without secrets. Of one that is too large for where records go, only the beginning. */
export function stateJson(state: unknown): string {
  const json = jsonWithoutSecrets(state);
  return Buffer.byteLength(json) <= mostBytes / 2
    ? json
    : JSON.stringify(`Cut: ${Buffer.from(json).subarray(0, keptBytes).toString()}`);
}
