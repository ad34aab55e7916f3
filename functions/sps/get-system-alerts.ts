import * as z from 'zod';
import { pretty } from '../../lib/arguments/shared.ts';
import { handlerFor } from '../../lib/handler.ts';
import { defineOperation } from '../../lib/operation.ts';
import { alerts, systemAlerts } from '../../lib/sps/alerts.ts';
import { sps } from '../../lib/sps/sps.ts';

export const operation = defineOperation({
  name: 'sps.getSystemAlerts',
  effect: 'read',
  system: sps,
  summary: 'Show which system alerts are on',
  description: 'Every system alert of an SPS, and whether it goes out by e-mail and by SNMP.',
  role: 'read rights for Basic Settings > Alerting & Monitoring',
  impact: 'Nobody can see which system alerts of an SPS are switched off.',
  http: { method: 'GET', path: '/sps/{connection}/alerting/system_alerts' },
  input: z.strictObject({ pretty }),
  output: alerts,
  run: async (client) => alerts.parse(await client.read(systemAlerts)),
});

export const handler = handlerFor(operation);
