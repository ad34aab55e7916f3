import {
  ActionAfterCompletion,
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  FlexibleTimeWindowMode,
  GetScheduleCommand,
  ListSchedulesCommand,
  ResourceNotFoundException,
  SchedulerClient,
  ScheduleState,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import * as z from 'zod';
import { AwsTransport } from '../aws-transport.ts';
import { functionNameOf } from '../function-name.ts';
import { fromJson } from '../json.ts';
import { awsUnavailable } from '../problems/aws.ts';
import { canRestore, placeId, restoreActor, restoreSettings } from './place.ts';
import { temporaryUnreadable } from './problems.ts';

// What is pending is kept where it has to be anyway: in the one-time schedule that will put it back.

const entry = z.object({
  /** The value to put back, and the one that it replaces. */
  original: z.unknown(),
  set: z.unknown(),
  /** The value that an earlier change for a while had set, as long as it may still be there instead. */
  earlier: z.unknown().optional(),
  /** When to put it back: an ISO 8601 time. */
  until: z.string(),
  /** The change, as the audit knows it, and who made it. */
  auditId: z.string().optional(),
  by: z.string().optional(),
  /** Since when no schedule tries any more to put it back: an ISO 8601 time. */
  givenUp: z.string().optional(),
});

/** One switch that is set for a while. */
export type Entry = z.output<typeof entry>;

const ledger = z.object({
  operation: z.string(),
  connection: z.string(),
  scope: z.record(z.string(), z.string()),
  /** By the name of the switch. */
  entries: z.record(z.string(), entry),
});

/** What is set for a while in one place. */
export type Ledger = z.output<typeof ledger>;

// The schedule's input is the event that its function gets; the ledger travels in it.
const restoreEvent = z.object({ ledger });

let client: SchedulerClient | undefined;

/** Asks Scheduler, for a few seconds at most: whoever waits may hold the turn of an appliance. */
async function ask<T>(
  work: (scheduler: SchedulerClient, options: { abortSignal: AbortSignal }) => Promise<T>,
) {
  client ??= new SchedulerClient({ requestHandler: new AwsTransport() });
  try {
    return await work(client, { abortSignal: AbortSignal.timeout(askMs) });
  } catch (error) {
    if (error instanceof ResourceNotFoundException || error instanceof ConflictException) throw error;
    throw await awsUnavailable('EventBridge Scheduler', error);
  }
}

const askMs = 5_000;

const group = (): string => restoreSettings.pick({ RESTORE_GROUP: true }).parse(process.env).RESTORE_GROUP;

/** The ledger of an id; undefined where nothing is pending. */
export async function readLedger(id: string): Promise<Ledger | undefined> {
  if (!canRestore()) return undefined;
  try {
    const get = new GetScheduleCommand({ GroupName: group(), Name: id });
    const { Target } = await ask((scheduler, options) => scheduler.send(get, options));
    const { data } = restoreEvent.safeParse(fromJson(Target?.Input ?? ''));
    if (!data) throw temporaryUnreadable(group(), id);
    return data.ledger;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/**
 * Keeps a ledger, with a schedule for the earliest of its entries and not before a time, if there is one; one that
 * fires no more where all of them are given up. A ledger without entries is deleted.
 */
export async function writeLedger(ledger: Ledger, notBefore?: Date): Promise<void> {
  const id = placeId(ledger);
  const entries = Object.values(ledger.entries);
  if (entries.length === 0) {
    await deleteLedger(id);
    return;
  }
  const live = entries.filter(({ givenUp }) => givenUp === undefined);
  const [earliest = new Date(Date.now() + idleMs).toISOString()] = live.map(({ until }) => until).toSorted();
  const soonest = (notBefore ?? new Date(Date.now() + soonMs)).toISOString();
  const [, at = earliest] = [earliest, soonest].toSorted();
  const { RESTORE_ROLE_ARN, RESTORE_GROUP, FUNCTION_ARN_PREFIX } = restoreSettings.parse(process.env);
  const schedule = {
    GroupName: RESTORE_GROUP,
    Name: id,
    Description: `Puts back what ${ledger.operation} set for a while over ${ledger.connection}`,
    // Whole seconds, in UTC.
    ScheduleExpression: `at(${at.slice(0, 19)})`,
    FlexibleTimeWindow: { Mode: FlexibleTimeWindowMode.OFF },
    State: live.length > 0 ? ScheduleState.ENABLED : ScheduleState.DISABLED,
    // It is the record of what is pending, so it stays until all is put back.
    ActionAfterCompletion: ActionAfterCompletion.NONE,
    Target: {
      Arn: `${FUNCTION_ARN_PREFIX}${functionNameOf(ledger.operation)}`,
      RoleArn: RESTORE_ROLE_ARN,
      Input: JSON.stringify({
        connection: ledger.connection,
        actor: restoreActor,
        idempotencyKey: '<aws.scheduler.execution-id>',
        restore: { id, dueBy: '<aws.scheduler.scheduled-time>' },
        ledger,
      }),
      RetryPolicy: { MaximumRetryAttempts: 5, MaximumEventAgeInSeconds: 3_600 },
    },
  };
  try {
    await ask((scheduler, options) => scheduler.send(new CreateScheduleCommand(schedule), options));
  } catch (error) {
    if (!(error instanceof ConflictException)) throw error;
    await ask((scheduler, options) => scheduler.send(new UpdateScheduleCommand(schedule), options));
  }
}

/** Milliseconds from now that a schedule is set to whose time has passed: Scheduler wants a time to come. */
const soonMs = 5_000;

/** Where a schedule that does not fire is set to: a time to come, as Scheduler may want one. */
const idleMs = 24 * 60 * 60_000;

async function deleteLedger(id: string): Promise<void> {
  try {
    const gone = new DeleteScheduleCommand({ GroupName: group(), Name: id });
    await ask((scheduler, options) => scheduler.send(gone, options));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
}

/** Every ledger there is, by its id; none where changes cannot be put back. */
export async function listLedgers(): Promise<[id: string, Ledger][]> {
  if (!canRestore()) return [];
  const found: [string, Ledger][] = [];
  for (const name of await names()) {
    const ledger = await readLedger(name);
    if (ledger) found.push([name, ledger]);
  }
  return found;
}

async function names(): Promise<string[]> {
  const found: string[] = [];
  let NextToken: string | undefined;
  do {
    const list = new ListSchedulesCommand({ GroupName: group(), NextToken });
    const page = await ask((scheduler, options) => scheduler.send(list, options));
    found.push(...(page.Schedules ?? []).flatMap(({ Name }) => Name ?? []));
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return found;
}
