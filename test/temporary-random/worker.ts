import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import * as z from 'zod';
import { handler as toggleAlertConfig } from '../../functions/atlas/toggle-alert-config.ts';
import { handler as listTemporary } from '../../functions/changes/list-temporary.ts';
import { handler as restoreNow } from '../../functions/changes/restore-now.ts';
import { handler as toggleSystemAlerts } from '../../functions/sps/toggle-system-alerts.ts';
import { handler as toggleTrafficAlerts } from '../../functions/sps/toggle-traffic-alerts.ts';
import { demo, demoWorld } from '../../infra/local/simulators/atlas.ts';
import { demoConfiguration, startSps } from '../../infra/local/simulators/sps.ts';
import { lambdaContext, serviceAccount, startSystems } from '../harness.ts';
import { batches } from '../random-batches.ts';
import { administrator } from '../sps-harness.ts';
import { startScheduling } from '../temporary-harness.ts';
import { type Ask, type Place, sequence } from './sequence.ts';

const { seeds, sequences, shrink } = batches.parse(workerData);

const systems = await startSystems();
const scheduling = await startScheduling();
const sps = await startSps();
const appliance = systems.store(administrator(sps), 'sps');
const atlas = systems.store(serviceAccount(systems.atlas));
const { groupId } = demo;

const configs = () => systems.atlas.organizations[0]?.groups[0]?.alertConfigs ?? [];
const configId = (index: string) => configs()[Number(index)]?.id ?? '';

type Alerts = Record<string, Record<string, boolean>>;

/** The states of all switches that are played with, and of all others together. */
function states(): Record<string, unknown> {
  const { system_alerts, traffic_alerts } = sps.state().configuration;
  const of = (place: Place, alerts: Alerts) =>
    Object.entries(alerts).flatMap(([name, channels]) =>
      Object.entries(channels).map(([channel, on]) => [`${place} ${name}.${channel}`, on]),
    );
  return Object.fromEntries([
    ...of('systemAlerts', { ...system_alerts }),
    ...of('trafficAlerts', { ...traffic_alerts }),
    ...configs().map(({ enabled }, index) => [`alertConfigs ${index}`, enabled]),
  ]);
}

const alertsOf = (set: Record<string, boolean>): Alerts => {
  const alerts: Alerts = {};
  for (const [name, on] of Object.entries(set)) {
    const [alert = '', channel = ''] = name.split('.');
    alerts[alert] = { ...alerts[alert], [channel]: on };
  }
  return alerts;
};

/** A change for good, by the id of its request. */
const forGood = new Map<string, Record<string, boolean>>();

async function change(
  place: Place,
  set: Record<string, boolean>,
  seconds: number | undefined,
): Promise<void> {
  const duration = seconds === undefined ? {} : { for: `PT${seconds}S` };
  const context = lambdaContext();
  if (seconds === undefined)
    forGood.set(
      context.awsRequestId,
      Object.fromEntries(Object.entries(set).map(([name, on]) => [`${place} ${name}`, on])),
    );
  if (place === 'systemAlerts' || place === 'trafficAlerts') {
    const handler = place === 'systemAlerts' ? toggleSystemAlerts : toggleTrafficAlerts;
    await handler({ connection: appliance, input: { alerts: alertsOf(set), ...duration } }, context);
    return;
  }
  const alertConfigIds = Object.keys(set).map(configId);
  const enabled = Object.values(set)[0];
  await toggleAlertConfig(
    { connection: atlas, input: { groupId, enabled, alertConfigIds, ...duration } },
    context,
  );
}

const pending = z.object({ results: z.array(z.object({ id: z.string(), operation: z.string() })) });
const operations: Record<Place, string> = {
  systemAlerts: 'sps.toggleSystemAlerts',
  trafficAlerts: 'sps.toggleTrafficAlerts',
  alertConfigs: 'atlas.toggleAlertConfig',
};

async function endEarly(place: Place, only: string | undefined): Promise<void> {
  const { results } = pending.parse(await listTemporary({}, lambdaContext()));
  const id = results.find(({ operation }) => operation === operations[place])?.id;
  if (id === undefined) return;
  const name = place === 'alertConfigs' && only !== undefined ? configId(only) : only;
  try {
    await restoreNow({ input: { id, ...(name !== undefined && { switches: [name] }) } }, lambdaContext());
  } catch (error) {
    // Another caller was faster, or this switch is not among what is pending.
    const isNothing = error instanceof Error && ['NOTHING_PENDING', 'INVALID_INPUT'].includes(error.name);
    if (!isNothing) throw error;
  }
}

/** What one alert configuration is set to, all are that one call names. */
const alike = (set: Record<string, boolean>): Record<string, boolean> => {
  const [first = false] = Object.values(set);
  return Object.fromEntries(Object.keys(set).map((name) => [name, first]));
};

async function perform(ask: Ask): Promise<void> {
  if ('pass' in ask) return scheduling.pass(ask.pass);
  if ('restoreNow' in ask) return endEarly(ask.restoreNow, ask.only);
  return change(ask.in, ask.in === 'alertConfigs' ? alike(ask.set) : ask.set, ask.seconds);
}

const auditLine = z.object({ message: z.enum(['change made', 'change not needed']), requestId: z.string() });

async function trySequence(rounds: Ask[][]): Promise<void> {
  sps.commitAs('colleague', (configuration) => Object.assign(configuration, demoConfiguration()));
  systems.atlas.organizations.splice(0, Number.POSITIVE_INFINITY, ...demoWorld());
  systems.logLines.length = 0;
  scheduling.deliveries.length = 0;
  forGood.clear();
  const expected = states();

  for (const round of rounds) await Promise.all(round.map(perform));
  for (let tries = 0; tries < 200 && (tries === 0 || scheduling.scheduler.schedules.size > 0); tries++) {
    // What the stand-in's own clock has set off may still be running.
    if (tries > 1) await sleep(10);
    await scheduling.pass(31 * 86_400);
  }

  // Of those that ask at the same time, the audit tells who was last.
  for (const line of systems.logLines) {
    const made = auditLine.safeParse(JSON.parse(line)).data;
    Object.assign(expected, made && forGood.get(made.requestId));
    if (made) forGood.delete(made.requestId);
  }
  assert.equal(forGood.size, 0, 'a change for good has no audit record');
  assert.deepEqual(
    scheduling.deliveries.flatMap(({ error }) => error ?? []),
    [],
  );
  assert.equal(scheduling.scheduler.schedules.size, 0, 'something stays pending');
  assert.deepEqual(states(), expected);
}

const failures: { seed: number; message: string }[] = [];
for (const seed of seeds)
  try {
    const holds = fc.asyncProperty(sequence, (rounds) =>
      trySequence(rounds).catch((error: unknown) => {
        throw new Error(`${error instanceof Error ? error.stack : error}\n${systems.logLines.join('')}`);
      }),
    );
    await fc.assert(holds, { seed, numRuns: sequences, endOnFailure: !shrink, includeErrorInReport: true });
  } catch (error) {
    failures.push({ seed, message: error instanceof Error ? error.message : String(error) });
  }
parentPort?.postMessage(failures);
await Promise.all([scheduling.stop(), sps.close(), systems.stop()]);
