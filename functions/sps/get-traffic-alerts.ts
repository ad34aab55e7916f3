import * as z from 'zod';
import { pretty } from '../../lib/arguments/shared.ts';
import { handlerFor } from '../../lib/handler.ts';
import { defineOperation } from '../../lib/operation.ts';
import { alerts, trafficAlerts } from '../../lib/sps/alerts.ts';
import { sps } from '../../lib/sps/sps.ts';

export const operation = defineOperation({
  name: 'sps.getTrafficAlerts',
  effect: 'read',
  system: sps,
  summary: 'Show which traffic alerts are on',
  description: 'Every traffic alert of an SPS, and whether it goes out by e-mail and by SNMP.',
  role: 'read rights for Basic Settings > Alerting & Monitoring',
  impact: 'Nobody can see which traffic alerts of an SPS are switched off.',
  http: { method: 'GET', path: '/sps/{connection}/alerting/traffic_alerts' },
  input: z.strictObject({ pretty }),
  output: alerts,
  run: async (client) => alerts.parse(await client.read(trafficAlerts)),
});

export const handler = handlerFor(operation);
