import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as z from 'zod';
import { accessListOf } from '../infra/local/simulators/atlas.ts';
import { findOperations } from '../infra/operations.ts';
import { compiled } from '../lib/compiled.ts';
import { exampleInput } from './example-input.ts';

/** The compiled twin of a schema: what is given out once it is in steady use. */
async function twinOf<Schema extends z.ZodType>(schema: Schema): Promise<Schema> {
  // The compiler is loaded meanwhile.
  for (;;) {
    const given = compiled(schema);
    if (given !== schema) return given;
    await sleep(1);
  }
}

const outcome = (schema: z.ZodType, value: unknown) => {
  const { success, data, error } = schema.safeParse(value);
  return { success, data, issues: error?.issues };
};

const found = await findOperations();

// What the demo has none of before somebody makes it.
const ids: Record<string, object> = {
  'changes.restoreNow': { id: 'sps-toggleSystemAlerts-0123456789abcdef' },
  'fanOut.get': { id: '0b7e5a34-6a5e-4c3b-9d5e-2f1a4f1f8a11' },
};

describe('a schema in steady use', () => {
  for (const { operation } of found)
    test(`says of the input of ${operation.name} what it said before`, async () => {
      const { input } = operation;
      const twin = await twinOf(input);
      const good = { ...ids[operation.name], ...exampleInput(operation) };
      assert.deepEqual(outcome(twin, good), { success: true, data: input.parse(good), issues: undefined });
      for (const bad of [{ ...good, junk: 1 }, { ...good, pretty: 'no' }, null, []])
        assert.deepEqual(outcome(twin, bad), outcome(input, bad));
    });

  test('leaves out what is not documented and names what is wrong, as before', async () => {
    const operation = found.find(({ operation }) => operation.name === 'atlas.listAccessList')?.operation;
    assert.ok(operation);
    const twin = await twinOf(operation.output);
    const results = accessListOf(3);
    const page = { results: results.map((entry) => ({ ...entry, more: 1 })), totalCount: 3, links: [] };
    assert.deepEqual(twin.parse(page), { results, totalCount: 3 });
    const bad = { results: [{ ipAddress: '1.2.3.4' }, { ipAddress: '1.2.3' }] };
    assert.deepEqual(twin.safeParse(bad).error?.issues[0]?.path, ['results', 1, 'ipAddress']);
  });
});

test('the first uses are interpreted: compiling takes longer than a few calls give back', async () => {
  const operation = found[0]?.operation;
  assert.ok(operation);
  const fresh = operation.input.clone();
  for (let use = 0; use < 10; use++) {
    assert.equal(compiled(fresh), fresh);
    await sleep(1);
  }
});
