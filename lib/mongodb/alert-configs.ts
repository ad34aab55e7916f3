import * as z from 'zod';
import { change } from '../arguments/change.ts';
import { groupId, objectId } from '../arguments/ids.ts';
import type { Reach } from '../audit.ts';
import type { Applied, Plan } from '../change.ts';
import { orMissing } from '../field-errors.ts';
import { leavesOpen } from '../left-open.ts';
import { listed, shown, shownList } from '../lenient.ts';
import { Problem } from '../problems/problem.ts';
import { problemDetails } from '../problems/problem-details.ts';
import { notFoundKind } from '../problems/upstream.ts';
import type { Switches } from '../temporary/temporary.ts';
import type { AdminClient } from './client.ts';
import { timestamp } from './timestamp.ts';
import { alertConfigUnreadableKind } from './unreadable.ts';

// Alert configurations, which Atlas and Ops Manager have alike.

const notification = z
  .object({
    typeName: z.string(),
    delayMin: z.int(),
    intervalMin: z.int(),
    emailEnabled: z.boolean(),
    smsEnabled: z.boolean(),
    roles: z.array(z.string()),
    teamName: z.string(),
    channelName: z.string(),
  })
  .partial()
  .describe('Who is told, and how. Addresses, tokens and keys are left out.');

const threshold = z.object({ operator: z.string(), threshold: z.number(), units: z.string() }).partial();

const alertConfig = z
  .object({
    id: z.string().describe('The id of the alert configuration.'),
    eventTypeName: z.string().describe('The event that it watches for.'),
    enabled: z.boolean().describe('Whether it raises alerts.'),
    created: timestamp.describe('When it was made.'),
    updated: timestamp.describe('When it was last changed.'),
    matchers: z
      .array(z.object({ fieldName: z.string(), operator: z.string(), value: z.string() }).partial())
      .describe('To which hosts, clusters or replica sets it is limited.'),
    threshold,
    metricThreshold: z.object({ ...threshold.shape, metricName: z.string(), mode: z.string() }).partial(),
    notifications: z.array(notification),
  })
  .partial();

/** Alert configurations to be shown. That old ones lack members has been seen: their event was retired. */
export const alertConfigs = shown(
  alertConfig,
  [
    ...['id', 'eventTypeName', 'enabled', 'matchers.fieldName', 'matchers.operator', 'matchers.value'],
    ...['metricThreshold.metricName', 'notifications', 'notifications.typeName'],
  ],
  ({ id }) => id,
);

/** A list of them. */
export const alertConfigList = shownList(alertConfigs, {
  results: 'The alert configurations.',
  totalCount: 'How many there are in all, as an estimate.',
});

/** What a change rests on. */
const switchable = shown(
  alertConfig.pick({ id: true, eventTypeName: true, enabled: true }),
  ['id', 'eventTypeName', 'enabled'],
  ({ id }) => id,
);

/** One alert configuration in a change: what it is set to or, where that did not succeed, why. */
const selected = z.object({
  id: z
    .string()
    .optional()
    .describe('The id of the alert configuration; missing where it could not be read.'),
  eventTypeName: z.string().optional().describe('The event that it watches for.'),
  enabled: z.boolean().optional().describe('Whether it raises alerts.'),
  problem: problemDetails.optional().describe('Why it could not be set.'),
});

export const selectedAlertConfigs = z.array(selected);

type Selected = z.output<typeof selectedAlertConfigs>;

const alertConfigId = objectId('an alert configuration');

/** What a change of alert configurations takes. */
export const toggleInput = z
  .strictObject({
    groupId,
    enabled: z
      .boolean({ error: orMissing('must be true or false') })
      .describe('Whether the alert configurations are to raise alerts.')
      .meta({ examples: [false] }),
    alertConfigIds: z
      .array(alertConfigId, { error: 'must be a list of ids' })
      .min(1, 'must name at least one alert configuration')
      .max(500, 'must name at most 500 alert configurations')
      .transform((ids) => [...new Set(ids)])
      .optional()
      .describe('Which alert configurations to set, by id.'),
    all: z
      .boolean({ error: 'must be true or false' })
      .default(false)
      .describe('Whether to set every alert configuration of the project instead.')
      .meta({ examples: [true] }),
    eventTypeName: z
      .string({ error: 'must be text' })
      .min(1, 'must not be empty')
      .optional()
      .describe('With all, only those that watch for this event.'),
    ...change,
  })
  .refine(({ alertConfigIds, all }) => all !== (alertConfigIds !== undefined), {
    path: ['alertConfigIds'],
    error: 'name alertConfigIds, or say all=true, and not both',
  })
  .refine(({ eventTypeName, all }) => all || eventTypeName === undefined, {
    path: ['eventTypeName'],
    error: 'only goes with all=true',
  });

/** The fields of `toggleInput` that come in a request's body. */
export const toggleBody = ['enabled', 'alertConfigIds', 'all', 'eventTypeName'] as const;

/** How people say it: enable or disable. */
export const toggleVerbs = { enable: { enabled: true }, disable: { enabled: false } };

type Toggle = z.output<typeof toggleInput>;

const pathOf = (groupId: string): string => `/groups/${groupId}/alertConfigs`;

/**
 * Reads which alert configurations there are and picks those to set. A single request: a project has at most 500. One
 * without a state or an id that can be read is a problem of its own, and keeps none of the others from being set.
 */
export async function planToggle(client: AdminClient, input: Toggle): Promise<Plan<Selected>> {
  const { groupId, enabled, alertConfigIds, eventTypeName } = input;
  const { entries, warnings } = await client.getAll(pathOf(groupId), switchable);
  const present = entries.map(({ entry }) => settable(client, entry));
  const before: Selected = alertConfigIds
    ? alertConfigIds.map(
        (id) => present.find((one) => one.id === id) ?? { id, problem: notThere(client, id) },
      )
    : present.filter((one) => eventTypeName === undefined || one.eventTypeName === eventTypeName);
  if (before.length === 0) warnings.push('No alert configuration of this project matches.');
  const leftOut = before.flatMap(({ id, problem }) =>
    problem ? [[id ?? 'One without an id', problem.detail]] : [],
  );
  for (const [id, detail] of leftOut.slice(0, mostLeftOut)) warnings.push(`${id} is left out: ${detail}`);
  if (leftOut.length > mostLeftOut) warnings.push(`${leftOut.length - mostLeftOut} more are left out.`);
  const nameless = present.filter((one) => one.eventTypeName === undefined);
  if (eventTypeName !== undefined && nameless.length > 0)
    warnings.push(
      `Left out, because the event that they watch for could not be read: ${listed(nameless.map(({ id = 'one without an id' }) => id))}.`,
    );
  return { before, after: before.map((one) => (one.problem ? one : { ...one, enabled })), warnings };
}

const mostLeftOut = 20;

/** One that can be set, or why it cannot: its id becomes part of a path, and its state is what may be put back. */
function settable(client: AdminClient, entry: z.output<typeof switchable.entry>): Selected[number] {
  const { id, enabled } = entry;
  const isId = id !== undefined && alertConfigId.safeParse(id).success;
  if (isId && enabled !== undefined) return entry;
  const { id: _id, ...rest } = entry;
  return {
    ...(isId ? entry : rest),
    problem: new Problem(
      alertConfigUnreadableKind,
      isId ? { id, member: 'enabled' } : { id: '(?)', member: 'id' },
      { system: client.system },
    ).in(client.language),
  };
}

const nowOn = z.object({ enabled: z.literal(true) });
const nowOff = z.object({ enabled: z.literal(false) });

/**
 * Sets what differs, one after the other; where one cannot be set, the others are. Only `enabled` is ever sent: a
 * full PUT would have to repeat notification secrets, which the APIs do not give out, and without `enabled` disables.
 */
export async function applyToggle(
  client: AdminClient,
  { before, after }: Plan<Selected>,
  { groupId, enabled }: Toggle,
): Promise<Applied<Selected>> {
  const reached: Selected = [];
  let made = 0;
  let failure: unknown;
  for (const [index, wanted] of after.entries()) {
    const present = before[index];
    const { id, problem } = wanted;
    if (problem || id === undefined || !present || present.enabled === enabled) {
      reached.push(wanted);
      continue;
    }
    try {
      await client.patch(`${pathOf(groupId)}/${id}`, { enabled }, enabled ? nowOn : nowOff);
      reached.push(wanted);
      made++;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // What leaves open whether it was made says more of the whole than what was refused.
      if (failure === undefined || leavesOpen(error, false)) failure = error;
      reached.push({ ...present, problem: error.in(client.language) });
    }
  }
  // Where nothing at all succeeded, the call as a whole has failed.
  if (failure !== undefined && made === 0) throw failure;
  return { after: reached };
}

/** An alert configuration that could not be set, or is not there, is one that was asked for. */
export function toggleReach(state: Selected): Reach {
  const missed = state.filter(({ problem }) => problem).length;
  if (missed === 0) return 'whole';
  return missed < state.length ? 'part' : 'nothing';
}

/** Each alert configuration is a switch, by its id. */
export const alertConfigSwitches: Switches<Toggle, Selected> = {
  scope: ({ groupId }) => ({ groupId }),
  values: (state) =>
    Object.fromEntries(
      state.flatMap(({ id, enabled, problem }) => (problem || id === undefined ? [] : [[id, enabled]])),
    ),
  inputs: (values, scope) =>
    [true, false].flatMap((enabled) => {
      const alertConfigIds = Object.keys(values).filter((id) => values[id] === enabled);
      return alertConfigIds.length > 0 ? [{ ...scope, enabled, alertConfigIds }] : [];
    }),
};

const notThere = (client: AdminClient, id: string) =>
  new Problem(
    notFoundKind,
    { said: `no alert configuration ${id}`, connection: client.connectionName },
    { system: client.system },
  ).in(client.language);
