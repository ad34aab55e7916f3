import * as z from 'zod';
import { pretty } from '../../lib/arguments.ts';
import { functionNameOf } from '../../lib/function-name.ts';
import { handlerFor } from '../../lib/handler.ts';
import { invoke } from '../../lib/lambda.ts';
import { defineOperation } from '../../lib/operation.ts';
import { requireScope } from '../../lib/scopes.ts';
import { changes } from '../../lib/temporary/changes.ts';
import { readLedger } from '../../lib/temporary/ledger.ts';
import { nothingPending } from '../../lib/temporary/problems.ts';
import { restored } from '../../lib/temporary/restore.ts';

export const operation = defineOperation({
  name: 'changes.restoreNow',
  effect: 'change',
  system: changes,
  summary: 'Put back now what is set for a while',
  description:
    'Ends early what was set for a while: each switch gets its original value, unless somebody has changed it meanwhile.',
  role: 'none',
  impact: 'What was set for a while cannot be put back before its time.',
  http: { method: 'POST', path: '/changes/temporary/{id}/restore', body: ['switches'] },
  input: z.strictObject({
    id: z
      .string({ error: 'must be an id from changes.listTemporary' })
      .regex(/^\w[\w.-]{0,63}$/, 'must be an id from changes.listTemporary')
      .describe('Names what is pending, as changes.listTemporary and the change itself answer it.'),
    switches: z
      .array(z.string({ error: 'must be the name of a switch' }), { error: 'must be a list of switches' })
      .min(1, 'must name at least one switch')
      .optional()
      .describe('Which switches to put back; all of them where this is left out.'),
    pretty,
  }),
  output: restored,
  run: async (_client, { id, switches }, call) => {
    const { deadline, actor, requestId } = call;
    const ledger = await readLedger(id);
    if (!ledger) throw nothingPending(id);
    requireScope(call, 'change', ledger.operation);
    const event = {
      connection: ledger.connection,
      actor: actor ?? `request ${requestId}`,
      restore: { id, ...(switches && { switches }) },
    };
    return restored.parse(await invoke(functionNameOf(ledger.operation), event, deadline));
  },
});

export const handler = handlerFor(operation);
