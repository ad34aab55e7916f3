import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { AwsTransport } from './aws-transport.ts';

const client = new EventBridgeClient({ requestHandler: new AwsTransport() });

/** Puts an event of Switchboard on a bus; `detail` is its JSON. Throws where the bus does not take it. */
export async function putEvent(
  eventBus: string | undefined,
  { detailType, detail, time }: { detailType: string; detail: string; time?: Date },
): Promise<void> {
  const { Entries: [entry] = [] } = await client.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: eventBus,
          Source: 'switchboard',
          DetailType: detailType,
          Detail: detail,
          ...(time && { Time: time }),
        },
      ],
    }),
  );
  if (entry?.ErrorCode !== undefined)
    throw new Error(`The event was refused: ${entry.ErrorCode} ${entry.ErrorMessage}`);
}
