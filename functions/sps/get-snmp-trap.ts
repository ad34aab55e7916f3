import * as z from 'zod';
import { pretty } from '../../lib/arguments/shared.ts';
import { handlerFor } from '../../lib/handler.ts';
import { defineOperation } from '../../lib/operation.ts';
import { trapShown } from '../../lib/sps/snmp-trap.ts';
import { sps } from '../../lib/sps/sps.ts';

export const operation = defineOperation({
  name: 'sps.getSnmpTrap',
  effect: 'read',
  system: sps,
  summary: 'Show where SNMP traps go',
  description:
    'The server that an SPS sends its SNMP alerts to, and the protocol. The community is left out: it is shown to those who may change it.',
  role: 'read rights for Basic Settings > Management',
  impact: 'Nobody can see where the SNMP alerts of an SPS go.',
  http: { method: 'GET', path: '/sps/{connection}/management/snmp/trap' },
  input: z.strictObject({ pretty }),
  output: trapShown.output,
  run: trapShown.read,
});

export const handler = handlerFor(operation);
