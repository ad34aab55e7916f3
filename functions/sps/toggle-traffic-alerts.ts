import * as z from 'zod';
import { change } from '../../lib/arguments/change.ts';
import { defineChange } from '../../lib/change.ts';
import { handlerFor } from '../../lib/handler.ts';
import { alertStates, alertSwitches, alerts, planAlerts, trafficAlerts } from '../../lib/sps/alerts.ts';
import { sps } from '../../lib/sps/sps.ts';

export const operation = defineChange({
  name: 'sps.toggleTrafficAlerts',
  effect: 'change',
  system: sps,
  summary: 'Switch traffic alerts on or off',
  description:
    'Sets traffic alerts of an SPS on or off for e-mail and SNMP; "*" stands for all of them. It sets states, so it can be repeated; alerts and channels left out stay as they are.',
  role: 'write rights for Basic Settings > Alerting & Monitoring',
  impact: 'Noisy traffic alerts of an SPS stay on, or silenced ones stay silent.',
  http: { method: 'PATCH', path: '/sps/{connection}/alerting/traffic_alerts', body: 'alerts' },
  input: z.strictObject({ alerts: alertStates('scbCredStoreClosed'), ...change }),
  state: alerts,
  plan: (client, { alerts }) => planAlerts(client, trafficAlerts, alerts),
  read: (client) => client.read(trafficAlerts),
  apply: (client, plan) => client.replace(trafficAlerts, plan),
  switches: alertSwitches,
  rehearse: (client, plan) => client.rehearse(trafficAlerts, plan),
});

export const handler = handlerFor(operation);
