import * as z from 'zod';
import type { Plan } from '../change.ts';
import { listed } from '../lenient.ts';
import { nearestName, unseenIn } from '../nearest-name.ts';
import { invalidInput, mostFields } from '../problems/call.ts';
import { upstreamAnswerUnexpected } from '../problems/upstream.ts';
import type { Switches } from '../temporary/temporary.ts';
import type { SpsClient } from './client.ts';
import { missingDestinations } from './destinations.ts';
import { given, planFor, type Resource, resource } from './resource.ts';

/** A channel that is on, off or not there yet: one that can be switched. */
const switchable = z.boolean().optional();
const channels = z.record(z.string(), z.unknown());

/** As they are read, and written back: what is odd about one of them stays as it is. */
const wholeAlerts = z.record(z.string(), z.unknown());

type Alerts = z.output<typeof wholeAlerts>;

/** The members of what is an object, and none of anything else. */
const membersOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];

const shownChannels = (alert: unknown): Record<string, boolean | null> =>
  Object.fromEntries(membersOf(alert).map(([channel, on]) => [channel, typeof on === 'boolean' ? on : null]));

/** The alerts of an SPS as they are shown. Which there are is for the SPS to say: versions differ. */
export const alerts = wholeAlerts
  .transform((alerts) =>
    Object.fromEntries(Object.entries(alerts).map(([name, alert]) => [name, shownChannels(alert)])),
  )
  .pipe(z.record(z.string(), z.record(z.string(), z.boolean().nullable())))
  .describe(
    'Each alert, and for each channel (email, snmp) whether it goes out there; null where the SPS says neither.',
  );

export const systemAlerts = resource('/alerting/system_alerts', wholeAlerts);
export const trafficAlerts = resource('/alerting/traffic_alerts', wholeAlerts);

const everyAlert = '*';

const channelStates = z
  .strictObject(
    {
      email: z.boolean({ error: 'must be true or false' }).optional(),
      snmp: z.boolean({ error: 'must be true or false' }).optional(),
    },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys' ? undefined : 'must be an object of email and snmp',
    },
  )
  .refine((states) => Object.keys(states).length > 0, 'must set email, snmp or both');

/** What to set: `{"xcbDiskFull": {"snmp": true}}`, and `"*"` for every alert. What is left out stays as it is. */
export const alertStates = (example: string) =>
  z
    .record(z.string(), channelStates, { error: 'must be an object of alerts' })
    .refine((states) => Object.keys(states).length > 0, 'must name at least one alert, or "*" for all')
    .describe('Alerts by name, each with the states to set for email and snmp; "*" stands for all of them.')
    .meta({ examples: [{ [example]: { email: false } }] });

type AlertStates = z.output<ReturnType<typeof alertStates>>;

/** Each channel of each alert is a switch of its own: `xcbDiskFull.snmp`. */
export const alertSwitches: Switches<{ alerts: AlertStates }, Alerts> = {
  scope: () => ({}),
  values: (state, { alerts: { [everyAlert]: every, ...states } }) =>
    Object.fromEntries(
      Object.entries(state).flatMap(([name, alert]) =>
        Object.keys({ ...given(every ?? {}), ...given(states[name] ?? {}) }).map((channel) => [
          `${name}.${channel}`,
          channelsOf(alert)?.[channel],
        ]),
      ),
    ),
  inputs: (values) => {
    const alerts: Record<string, Record<string, unknown>> = {};
    for (const [name, on] of Object.entries(values)) {
      const dot = name.lastIndexOf('.');
      const alert = name.slice(0, dot);
      alerts[alert] = { ...alerts[alert], [name.slice(dot + 1)]: on };
    }
    return Object.keys(alerts).length > 0 ? [{ alerts }] : [];
  },
};

/** Switching these off hides who signs in and who changes the configuration. */
const watchful = ['xcbConfigChange', 'xcbLogin', 'xcbLoginFailure'];

const channelsOf = (alert: unknown) => channels.safeParse(alert).data;

/** Works out which alerts to switch; one request, and one more for each channel that is switched on. */
export async function planAlerts(
  client: SpsClient,
  resource: Resource<Alerts>,
  states: AlertStates,
): Promise<Plan<Alerts>> {
  const before = await client.read(resource);
  refuseUnknown(states, Object.keys(before));
  const forAll = given(states[everyAlert] ?? {});
  const after: Alerts = {};
  const switches: { name: string; channel: string; on: boolean }[] = [];
  const odd: string[] = [];
  for (const [name, alert] of Object.entries(before)) {
    const present = channelsOf(alert);
    const own = given(states[name] ?? {});
    const next = { ...present };
    for (const [channel, on] of Object.entries({ ...forAll, ...own })) {
      // One that is neither on nor off is nothing that can be switched.
      if (!present || !switchable.safeParse(present[channel]).success) {
        if (channel in own) throw notSwitchable(`${name}.${channel}`);
        odd.push(`${name}.${channel}`);
      } else if (present[channel] !== on) {
        next[channel] = on;
        switches.push({ name, channel, on });
      }
    }
    after[name] = present ? next : alert;
  }
  const switchedOn = new Set(switches.filter(({ on }) => on).map(({ channel }) => channel));
  const hidden = switches.filter(({ name, on }) => !on && watchful.includes(name));
  return planFor(before, after, [
    ...(await missingDestinations(client, [...switchedOn])),
    ...hidden.map(
      ({ name, channel }) =>
        `${name} no longer goes out by ${channel}: changes like this one, or sign-ins, will go unnoticed there.`,
    ),
    ...(odd.length > 0 ? [`Left as it is, since SPS says neither on nor off of it: ${listed(odd)}.`] : []),
  ]);
}

/** What is asked for rests on something that SPS does not say. */
const notSwitchable = (name: string) =>
  upstreamAnswerUnexpected(
    'sps',
    { en: `${name} is neither true nor false`, 'pt-BR': `${name} não é nem true nem false` },
    { status: 200 },
  );

function refuseUnknown(states: AlertStates, known: string[]): void {
  const unknown = Object.keys(states).filter((name) => name !== everyAlert && !known.includes(name));
  if (unknown.length === 0) return;
  const refused = unknown
    .slice(0, mostFields + 1)
    .map((name) => ({ name, nearest: nearestName(name, known) }));
  const lost = refused.find(({ nearest }) => nearest === undefined);
  // All that there are is a long list: it is given once.
  const suggestion = ({ name, nearest }: { name: string; nearest: string | undefined }) => {
    if (nearest !== undefined) return `; the nearest is ${nearest}`;
    return name === lost?.name ? `; it has ${known.join(', ')}` : '';
  };
  throw invalidInput(
    refused.map((one) => ({
      field: `alerts.${one.name}`,
      detail: `is not an alert of this SPS${unseenIn(one.name)}${suggestion(one)}`,
    })),
  );
}
