import * as z from 'zod';
import { change } from '../../lib/arguments/change.ts';
import { defineChange } from '../../lib/change.ts';
import { handlerFor } from '../../lib/handler.ts';
import { alertStates, alertSwitches, alerts, planAlerts, systemAlerts } from '../../lib/sps/alerts.ts';
import { sps } from '../../lib/sps/sps.ts';

export const operation = defineChange({
  name: 'sps.toggleSystemAlerts',
  effect: 'change',
  system: sps,
  summary: 'Switch system alerts on or off',
  description:
    'Sets system alerts of an SPS on or off for e-mail and SNMP; "*" stands for all of them. It sets states, so it can be repeated; alerts and channels left out stay as they are.',
  role: 'write rights for Basic Settings > Alerting & Monitoring',
  impact: 'Noisy system alerts of an SPS stay on, or silenced ones stay silent.',
  http: { method: 'PATCH', path: '/sps/{connection}/alerting/system_alerts', body: 'alerts' },
  input: z.strictObject({ alerts: alertStates('xcbDiskFull'), ...change }),
  state: alerts,
  plan: (client, { alerts }) => planAlerts(client, systemAlerts, alerts),
  read: (client) => client.read(systemAlerts),
  apply: (client, plan) => client.replace(systemAlerts, plan),
  switches: alertSwitches,
  rehearse: (client, plan) => client.rehearse(systemAlerts, plan),
});

export const handler = handlerFor(operation);
