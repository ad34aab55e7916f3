import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { log } from '../log.ts';
import { tell } from './event-bus.ts';
import { recordIn } from './record.ts';

/**
 * What CloudWatch Logs hands to the function of a subscription: compressed JSON.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */
const subscription = z.object({
  awslogs: z.object({
    data: z
      .base64()
      .transform((data): unknown => JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString())),
  }),
});

const batch = z.object({ logEvents: z.array(z.object({ message: z.string() })) });

/**
 * Hands the audit records of log lines on: to the event bus named in `EVENT_BUS` and, where `AUDIT_TABLE` names one, to
 * a table. Throws where either does not take them all, so that Lambda tries again; the table then has each record once,
 * and the bus may be told twice.
 */
export async function forwardAudit(event: unknown): Promise<void> {
  const { awslogs } = subscription.parse(event);
  const records = batch.parse(awslogs.data).logEvents.flatMap(({ message }) => recordIn(message) ?? []);
  const table = process.env['AUDIT_TABLE'];
  // Loaded where there is a table only.
  const keep = table === undefined ? undefined : (await import('./table.ts')).keep;
  const results = await Promise.allSettled(
    records.flatMap((record) => [
      tell(process.env['EVENT_BUS'] ?? '', record),
      ...(table !== undefined && keep ? [keep(table, record)] : []),
    ]),
  );
  const [failed] = results.filter((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  log('INFO', 'audit records handed on', {
    records: records.map(({ auditId, outcome }) => `${auditId} ${outcome}`),
  });
}
