import * as z from 'zod';
import { pretty } from '../../lib/arguments/shared.ts';
import { handlerFor } from '../../lib/handler.ts';
import { defineOperation } from '../../lib/operation.ts';
import { hasScope } from '../../lib/scopes.ts';
import { changes } from '../../lib/temporary/changes.ts';
import { listLedgers } from '../../lib/temporary/ledger.ts';

const pending = z.object({
  id: z.string().describe('Names the place, for changes.restoreNow.'),
  operation: z.string().describe('The operation that set it.'),
  connection: z.string().describe('The connection over which it was set.'),
  scope: z.record(z.string(), z.string()).describe('The arguments that say where, such as a project.'),
  switch: z.string().describe('What was set.'),
  original: z.unknown().describe('The value that is put back.'),
  set: z.unknown().describe('The value that it has for a while.'),
  until: z.string().describe('When it is put back.'),
  by: z.string().optional().describe('Who set it.'),
  givenUp: z
    .string()
    .optional()
    .describe('Since when it is tried no more, after days of failures; changes.restoreNow can still do it.'),
});

export const operation = defineOperation({
  name: 'changes.listTemporary',
  effect: 'read',
  system: changes,
  summary: 'List what is set for a while',
  description: 'Every switch that was set for a while and is still to be put back, the next one first.',
  role: 'none',
  impact: 'Nobody can see which changes are still to be put back.',
  http: { method: 'GET', path: '/changes/temporary' },
  input: z.strictObject({ pretty }),
  output: z.object({ results: z.array(pending).describe('What is pending.'), totalCount: z.int() }),
  run: async (_client, _input, call) => {
    // What is set is shown to who may look at that system.
    const ledgers = (await listLedgers()).filter(([, { operation }]) => hasScope(call, 'read', operation));
    const results = ledgers.flatMap(([id, { entries, ...place }]) =>
      Object.entries(entries).map(([name, { auditId: _auditId, ...entry }]) => ({
        id,
        ...place,
        switch: name,
        ...entry,
      })),
    );
    return {
      results: results.toSorted((a, b) => (a.until < b.until ? -1 : 1)),
      totalCount: results.length,
    };
  },
});

export const handler = handlerFor(operation);
