import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { AwsTransport } from '../aws-transport.ts';
import { redactedJson } from '../redaction.ts';
import { type AuditRecord, stateJson } from './record.ts';

const client = new EventBridgeClient({ requestHandler: new AwsTransport() });

const detailTypes = {
  intended: 'Change Intended',
  made: 'Change Made',
  failed: 'Change Failed',
  unchanged: 'Change Not Needed',
  repeat: 'Change Repeated',
} as const satisfies Record<AuditRecord['outcome'], string>;

/** Tells an event bus of a record. Throws where the bus does not take it. */
export async function tell(eventBus: string, record: AuditRecord): Promise<void> {
  const { before, after, ...about } = record;
  const { Entries: [entry] = [] } = await client.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: eventBus,
          Source: 'switchboard',
          Time: new Date(record.timestamp),
          DetailType: detailTypes[record.outcome],
          Detail: redactedJson({ ...about, ...states({ before, after }) }),
        },
      ],
    }),
  );
  if (entry?.ErrorCode !== undefined)
    throw new Error(`The event was refused: ${entry.ErrorCode} ${entry.ErrorMessage}`);
}

const states = (given: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(given)
      .filter(([, state]) => state !== undefined)
      .map(([name, state]) => [name, JSON.parse(stateJson(state))]),
  );
