import * as z from 'zod';
import { change } from '../arguments/change.ts';
import { groupId, objectId } from '../arguments/ids.ts';
import type { Reach } from '../audit.ts';
import type { Applied, Plan } from '../change.ts';
import { orMissing } from '../field-errors.ts';
import { leavesOpen } from '../left-open.ts';
import { Problem } from '../problems/problem.ts';
import { problemDetails } from '../problems/problem-details.ts';
import { notFoundKind } from '../problems/upstream.ts';
import type { Switches } from '../temporary/temporary.ts';
import type { AdminClient } from './client.ts';

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

const alertConfig = z.object({
  id: z.string().describe('The id of the alert configuration.'),
  eventTypeName: z.string().describe('The event that it watches for.'),
  enabled: z.boolean().describe('Whether it raises alerts.'),
  created: z.string().optional().describe('When it was made.'),
  updated: z.string().optional().describe('When it was last changed.'),
  matchers: z
    .array(z.object({ fieldName: z.string(), operator: z.string(), value: z.string() }))
    .optional()
    .describe('To which hosts, clusters or replica sets it is limited.'),
  threshold: threshold.optional(),
  metricThreshold: z
    .object({ ...threshold.shape, metricName: z.string(), mode: z.string() })
    .partial()
    .optional(),
  notifications: z.array(notification).optional(),
});

/** A page of alert configurations. */
export const alertConfigs = z.object({
  results: z.array(alertConfig).describe('The alert configurations.'),
  totalCount: z.int().min(0).optional().describe('How many there are in all, as an estimate.'),
});

const known = z.object({
  results: z.array(alertConfig.pick({ id: true, eventTypeName: true, enabled: true })),
});

/** One alert configuration in a change: what it is set to or, where that did not succeed, why. */
const selected = z.object({
  id: z.string().describe('The id of the alert configuration.'),
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

/** Reads which alert configurations there are and picks those to set. A single request: a project has at most 500. */
export async function planToggle(client: AdminClient, input: Toggle): Promise<Plan<Selected>> {
  const { groupId, enabled, alertConfigIds, eventTypeName } = input;
  const present = await client.getAll(pathOf(groupId), known);
  const before: Selected = alertConfigIds
    ? alertConfigIds.map(
        (id) => present.find((one) => one.id === id) ?? { id, problem: notThere(client, id) },
      )
    : present.filter((one) => eventTypeName === undefined || one.eventTypeName === eventTypeName);
  const warnings =
    before.length === 0
      ? ['No alert configuration of this project matches.']
      : before.flatMap(({ id, problem }) => (problem ? [`${id} is left out: ${problem.detail}`] : []));
  return { before, after: before.map((one) => (one.problem ? one : { ...one, enabled })), warnings };
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
    if (wanted.problem || !present || present.enabled === enabled) {
      reached.push(wanted);
      continue;
    }
    try {
      await client.patch(`${pathOf(groupId)}/${wanted.id}`, { enabled }, enabled ? nowOn : nowOff);
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
    Object.fromEntries(state.filter(({ problem }) => !problem).map(({ id, enabled }) => [id, enabled])),
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
