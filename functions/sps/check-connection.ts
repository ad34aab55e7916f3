import * as z from 'zod';
import { pretty } from '../../lib/arguments/shared.ts';
import { checked, checking, checkReport } from '../../lib/check/check.ts';
import { handlerFor } from '../../lib/handler.ts';
import { defineOperation } from '../../lib/operation.ts';
import { listGroups } from '../../lib/sps/alerting.ts';
import { sps } from '../../lib/sps/sps.ts';

export const operation = defineOperation({
  name: 'sps.checkConnection',
  effect: 'read',
  system: checking(sps),
  summary: 'Check a connection to an SPS',
  description:
    'Whether a connection works, step by step: its secret, the way to the SPS and its certificate, the sign-in, and a look at the alerting. What does not is answered with what to do. Whether its user may change anything, only a dry run of a change can tell.',
  role: '"REST server" privilege, and read rights for Basic Settings > Alerting & Monitoring',
  impact: 'Nobody can tell why a connection to an SPS does not work.',
  http: { method: 'GET', path: '/sps/{connection}/check' },
  input: z.strictObject({ pretty }),
  output: checkReport,
  run: (use, _input, call) =>
    checked(
      use,
      async (client) => {
        const { items } = await listGroups(client);
        return `It can see the alerting: ${items.flatMap(({ key }) => key ?? []).join(', ')}.`;
      },
      call,
    ),
});

export const handler = handlerFor(operation);
