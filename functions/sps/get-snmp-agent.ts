import * as z from 'zod';
import { pretty } from '../../lib/arguments/shared.ts';
import { handlerFor } from '../../lib/handler.ts';
import { defineOperation } from '../../lib/operation.ts';
import { agentShown } from '../../lib/sps/snmp-agent.ts';
import { sps } from '../../lib/sps/sps.ts';

export const operation = defineOperation({
  name: 'sps.getSnmpAgent',
  effect: 'read',
  system: sps,
  summary: "Show the SNMP agent's settings",
  description:
    'Where the SNMP agent of an SPS listens, who may ask it, and how they sign in. The community is left out: it is shown to those who may change it.',
  role: 'read rights for Basic Settings > Local Services',
  impact: 'Nobody can see who may query an SPS by SNMP.',
  http: { method: 'GET', path: '/sps/{connection}/local_services/snmp_agent' },
  input: z.strictObject({ pretty }),
  output: agentShown.output,
  run: agentShown.read,
});

export const handler = handlerFor(operation);
