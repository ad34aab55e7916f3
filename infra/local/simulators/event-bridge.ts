import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { checkedInput } from './aws/constraints.ts';
import { AwsError, notSimulated } from './aws/error.ts';
import { bodyOf, listenAsAws, success, targetOf } from './aws/service.ts';
import type { Listener } from './listen.ts';

const entry = z.strictObject({
  EventBusName: z.string().default('default'),
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  Time: z.number().optional(),
});
const putEvents = z.strictObject({ Entries: z.array(entry) });

type Entry = z.output<typeof entry>;

export interface EventBridgeStandIn extends Listener {
  /** What the buses took, oldest first. */
  events: Entry[];
}

/** The largest request: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const sizeLimit = 256 * 1024;

/** A stand-in for the one operation of EventBridge in use, PutEvents, with these buses beside `default`. */
export async function startEventBridge(buses: string[]): Promise<EventBridgeStandIn> {
  const events: Entry[] = [];
  const listener = await listenAsAws('events', async (request) => {
    if (targetOf('events', request) !== 'PutEvents') throw notSimulated(targetOf('events', request));
    const { Entries } = checkedInput('events', 'PutEvents', putEvents, bodyOf(request));
    if (Entries.reduce((sum, one) => sum + sizeOf(one), 0) > sizeLimit)
      throw new AwsError(
        'ValidationException',
        'Total size of the entries in the request is over the limit.',
      );
    const results = Entries.map((one) => {
      const refusal = refusalOf(one);
      if (refusal) return refusal;
      // AWS takes an event for a bus that is not there, and drops it.
      if (['default', ...buses].includes(one.EventBusName.replace(/^arn:.*\//, ''))) events.push(one);
      return { EventId: randomUUID() };
    });
    const FailedEntryCount = results.filter((result) => 'ErrorCode' in result).length;
    return success('events', { FailedEntryCount, Entries: results });
  });
  return { ...listener, events };
}

function refusalOf(entry: Entry): { ErrorCode: string; ErrorMessage: string } | undefined {
  for (const name of ['Source', 'DetailType', 'Detail'] as const)
    if (!entry[name])
      return {
        ErrorCode: 'InvalidArgument',
        ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      };
  if (entry.Source?.startsWith('aws.'))
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  const isObject = z.record(z.string(), z.unknown()).safeParse(parsed(entry.Detail ?? '')).success;
  return isObject ? undefined : { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** As AWS counts it: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const sizeOf = ({ Time, Source = '', DetailType = '', Detail = '' }: Entry): number =>
  (Time === undefined ? 0 : 14) + Buffer.byteLength(Source + DetailType + Detail);
