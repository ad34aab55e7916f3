import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { AwsTransport } from '../aws-transport.ts';
import { log } from '../log.ts';
import { asyncInvocationRecord, detailJson, outcomeOf } from './outcome.ts';

const client = new EventBridgeClient({ requestHandler: new AwsTransport() });

/**
 * Tells the event bus, named in `EVENT_BUS`, how an operation ended that nobody waited for. Lambda calls it with its
 * record of each asynchronous invocation. Throws where the bus does not take the event, so that Lambda tries again.
 */
export async function publishOutcome(record: unknown): Promise<void> {
  const outcome = outcomeOf(asyncInvocationRecord.parse(record));
  const { Entries: [entry] = [] } = await client.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: process.env['EVENT_BUS'],
          Source: 'switchboard',
          DetailType: outcome.detailType,
          Detail: detailJson(outcome),
        },
      ],
    }),
  );
  if (entry?.ErrorCode !== undefined)
    throw new Error(`The event was refused: ${entry.ErrorCode} ${entry.ErrorMessage}`);
  const { result: _result, problem, ...about } = outcome.detail;
  log('INFO', 'outcome published', {
    ...about,
    outcome: outcome.detailType,
    ...(problem !== undefined && { problem }),
  });
}
