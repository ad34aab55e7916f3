import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as toggle from '../functions/sps/toggle-system-alerts.ts';
import { type SpsSimulator, startSps } from '../infra/local/simulators/sps.ts';
import { answered, failed, type Systems, startSystems } from './harness.ts';
import { administrator, call, storeSps } from './sps-harness.ts';

// The queries of the README and of the dashboard find something only as long as log lines have their fields.

const root = join(import.meta.dirname, '..');
const readme = await readFile(join(root, 'README.md'), 'utf8');
const dashboard = await readFile(join(root, 'infra', 'dashboard.ts'), 'utf8');

const queries = [
  ...[...readme.matchAll(/^```\n(filter [^`]+)^```/gm)].map(([, query = '']) => query),
  ...[...dashboard.matchAll(/queryLines: \[([^\]]+)\]/g)].map(([, lines = '']) =>
    [...lines.matchAll(/'([^']+)'/g)].map(([, line]) => line).join('\n| '),
  ),
];

const words = new Set(
  'filter sort limit display stats as by and or like desc asc ispresent count latest min'.split(' '),
);

/** The fields that a query reads, and the outcomes that it compares with. */
function read(query: string) {
  const named = [...query.matchAll(/ as (\w+)/g)].map(([, name]) => name);
  const bare = query.replace(/"[^"]*"|\/[^/\n]*\//g, '');
  const fields = [...bare.matchAll(/(?<![@\w])[A-Za-z]\w*/g)]
    .map(([field]) => field)
    .filter((field) => !words.has(field) && !named.includes(field));
  return {
    fields,
    outcomes: [...query.matchAll(/(?:outcome|state) !?= "(\w+)"/g)].map(([, value]) => value),
  };
}

let systems: Systems;
let sps: SpsSimulator;
let lines: Record<string, unknown>[];

before(async () => {
  systems = await startSystems();
  sps = await startSps();
  const change = {
    connection: storeSps(systems, administrator(sps)),
    input: { alerts: { xcbSwapFull: { email: true } } },
  };
  sps.fail({ on: /PUT \/api\/configuration/, html: 500 });
  failed(await call(toggle, change));
  sps.recover();
  answered(await call(toggle, change));
  lines = systems.logLines.map((line) => JSON.parse(line)).filter(({ auditId }) => auditId);
});

after(async () => {
  await sps.close();
  await systems.stop();
});

test('there are three queries in the README and one on the dashboard', () => {
  assert.equal(queries.length, 4);
});

for (const query of queries)
  test(`log lines have what is asked for: ${query.split('\n')[0]}`, () => {
    const { fields, outcomes } = read(query);
    assert.ok(fields.length >= 4, String(fields));
    for (const field of fields)
      assert.ok(
        lines.some((line) => field in line),
        field,
      );
    assert.ok(outcomes.length > 0);
    for (const outcome of outcomes)
      assert.ok(
        lines.some((line) => line['outcome'] === outcome),
        outcome,
      );
  });

test('a field that no line has would be noticed', () => {
  assert.ok(
    read('filter ispresent(auditID) and outcome = "done"').fields.some(
      (field) => !(field in (lines[0] ?? {})),
    ),
  );
});
