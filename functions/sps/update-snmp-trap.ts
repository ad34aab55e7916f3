import * as z from 'zod';
import { change } from '../../lib/arguments/change.ts';
import { defineChange } from '../../lib/change.ts';
import { handlerFor } from '../../lib/handler.ts';
import { planTrap, snmpTrap, trap, trapSettings, trapSwitches } from '../../lib/sps/snmp-trap.ts';
import { sps } from '../../lib/sps/sps.ts';

export const operation = defineChange({
  name: 'sps.updateSnmpTrap',
  effect: 'change',
  system: sps,
  summary: 'Change where SNMP traps go',
  description:
    'Sets the server for SNMP alerts of an SPS, by SNMP v2c or v3, or switches them off and on. What is left out stays as it is. A new password is given as {"plain": "…"}.',
  role: 'write rights for Basic Settings > Management',
  impact: 'The SNMP alerts of an SPS keep going where they went.',
  http: { method: 'PUT', path: '/sps/{connection}/management/snmp/trap', body: 'settings' },
  input: z.strictObject({ settings: trapSettings, ...change }),
  state: trap,
  plan: async (client, { settings, for: duration }) =>
    planTrap(await client.read(snmpTrap), settings, duration),
  read: (client) => client.read(snmpTrap),
  apply: (client, plan) => client.replace(snmpTrap, plan),
  switches: trapSwitches,
  rehearse: (client, plan) => client.rehearse(snmpTrap, plan),
});

export const handler = handlerFor(operation);
