import * as z from 'zod';
import { dryRun, planDigest } from '../../lib/arguments/change.ts';
import { pretty } from '../../lib/arguments/shared.ts';
import { digestOf } from '../../lib/digest.ts';
import { hint } from '../../lib/field-errors.ts';
import { functionNameOf } from '../../lib/function-name.ts';
import { handlerFor } from '../../lib/handler.ts';
import { invoke } from '../../lib/lambda.ts';
import { defineOperation } from '../../lib/operation.ts';
import { invalidInput } from '../../lib/problems/call.ts';
import { planStale } from '../../lib/problems/change.ts';
import { requireScope } from '../../lib/scopes.ts';
import { changes } from '../../lib/temporary/changes.ts';
import { readLedger } from '../../lib/temporary/ledger.ts';
import { restoreNow } from '../../lib/temporary/place.ts';
import { nothingPending } from '../../lib/temporary/problems.ts';
import { restored } from '../../lib/temporary/restore.ts';

const values = z.record(z.string(), z.unknown());

export const operation = defineOperation({
  name: restoreNow,
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
    dryRun,
    digest: planDigest
      .optional()
      .describe('Puts back only where what is pending is still what a dry run answered this digest for.'),
    pretty,
  }),
  output: restored.extend({
    operation: z.string().optional().describe('The operation that set it.'),
    connection: z.string().optional().describe('The connection over which it was set.'),
    changed: z.boolean().describe('Whether anything was put back or, in a dry run, would be.'),
    dryRun: z.boolean().describe('Whether this was only a look at what would be put back.'),
    before: values.describe('The values that are set for a while, by switch.'),
    after: values.describe('The values that are put back, by switch.'),
    digest: z.string().describe('Stands for what is pending. Given back, it makes a stale call fail.'),
  }),
  run: async (_client, { id, switches, dryRun, digest }, call) => {
    const { deadline, actor, requestId, idempotencyKey } = call;
    const ledger = await readLedger(id);
    // The second delivery of one event finds nothing left to do.
    const isRepeat = digest !== undefined && idempotencyKey !== undefined;
    if (!ledger && !isRepeat) throw nothingPending(id);
    if (ledger) requireScope(call, 'change', ledger.operation);
    const entries = Object.entries(ledger?.entries ?? {});
    const names = entries.map(([name]) => name);
    const unknown = (switches ?? []).filter((name) => !names.includes(name));
    if (unknown.length > 0 && !isRepeat)
      throw invalidInput(
        unknown.map((name) => ({
          field: 'switches',
          detail: `${name} is not set for a while${hint(name, names)}`,
        })),
      );
    const pending = entries.filter(([name]) => switches?.includes(name) ?? true);
    const valuesOf = (which: 'set' | 'original') =>
      Object.fromEntries(pending.map(([name, entry]) => [name, entry[which]]));
    const preview = {
      ...(ledger && { operation: ledger.operation, connection: ledger.connection }),
      changed: pending.length > 0,
      dryRun,
      before: valuesOf('set'),
      after: valuesOf('original'),
      restored: [],
      leftAlone: [],
      digest: digestOf(pending),
    };
    if (!ledger) return preview;
    if (digest !== undefined && digest !== preview.digest)
      throw planStale('changes', { ...preview, dryRun: true });
    if (dryRun) return preview;
    const event = {
      connection: ledger.connection,
      actor: actor ?? `request ${requestId}`,
      // What is set for a while after this was read, was not asked for.
      restore: { id, switches: pending.map(([name]) => name) },
    };
    const done = restored.parse(await invoke(functionNameOf(ledger.operation), event, deadline));
    const isBack = ([name]: [string, unknown]) => done.restored.includes(name);
    return {
      ...preview,
      ...done,
      changed: done.restored.length > 0,
      before: Object.fromEntries(Object.entries(preview.before).filter(isBack)),
      after: Object.fromEntries(Object.entries(preview.after).filter(isBack)),
    };
  },
});

export const handler = handlerFor(operation);
