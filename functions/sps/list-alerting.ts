import * as z from 'zod';
import { pretty } from '../../lib/arguments/shared.ts';
import { handlerFor } from '../../lib/handler.ts';
import { defineOperation } from '../../lib/operation.ts';
import { groups, listGroups } from '../../lib/sps/alerting.ts';
import { sps } from '../../lib/sps/sps.ts';

export const operation = defineOperation({
  name: 'sps.listAlerting',
  effect: 'read',
  system: sps,
  summary: 'List the groups of alerts',
  description: 'The groups of alerts that an SPS has, such as system_alerts and traffic_alerts.',
  role: 'read rights for Basic Settings > Alerting & Monitoring',
  impact: 'Nobody can see which groups of alerts an SPS has.',
  http: { method: 'GET', path: '/sps/{connection}/alerting' },
  input: z.strictObject({ pretty }),
  output: groups,
  run: listGroups,
});

export const handler = handlerFor(operation);
