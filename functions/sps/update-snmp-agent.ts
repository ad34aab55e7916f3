import * as z from 'zod';
import { change } from '../../lib/arguments/change.ts';
import { defineChange } from '../../lib/change.ts';
import { handlerFor } from '../../lib/handler.ts';
import { agent, agentSettings, agentSwitches, planAgent, snmpAgent } from '../../lib/sps/snmp-agent.ts';
import { sps } from '../../lib/sps/sps.ts';

export const operation = defineChange({
  name: 'sps.updateSnmpAgent',
  effect: 'change',
  system: sps,
  summary: "Change the SNMP agent's settings",
  description:
    'Sets where the SNMP agent of an SPS listens, who may ask it and how they sign in. What is left out stays as it is; a list is replaced whole. A new password is given as {"plain": "…"}.',
  role: 'write rights for Basic Settings > Local Services',
  impact: 'Who may query an SPS by SNMP stays as it was.',
  http: { method: 'PUT', path: '/sps/{connection}/local_services/snmp_agent', body: 'settings' },
  input: z.strictObject({ settings: agentSettings, ...change }),
  state: agent,
  plan: async (client, { settings, for: duration }) =>
    planAgent(await client.read(snmpAgent), settings, duration),
  read: (client) => client.read(snmpAgent),
  apply: (client, plan) => client.replace(snmpAgent, plan),
  switches: agentSwitches,
  rehearse: (client, plan) => client.rehearse(snmpAgent, plan),
});

export const handler = handlerFor(operation);
