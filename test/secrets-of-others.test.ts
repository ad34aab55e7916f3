import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as z from 'zod';
import { handler as listAccessList } from '../functions/atlas/list-access-list.ts';
import * as toggleAlertConfig from '../functions/atlas/toggle-alert-config.ts';
import { operation as trapOperation, handler as updateTrap } from '../functions/sps/update-snmp-trap.ts';
import { alertConfigsOf, alertKinds, demo } from '../infra/local/simulators/atlas.ts';
import { type SpsSimulator, startSps } from '../infra/local/simulators/sps.ts';
import {
  actor,
  apiKey,
  calls,
  failed,
  type Systems,
  serviceAccount,
  startSystems,
  triggers,
} from './harness.ts';
import { administrator } from './sps-harness.ts';

let systems: Systems;
let sps: SpsSimulator;

before(async () => {
  [systems, sps] = await Promise.all([startSystems(), startSps()]);
});

after(() => Promise.all([systems.stop(), sps.close()]));

const settings = (community: string) => ({
  settings: {
    version: { selection: '2c', value: { community, server: { selection: 'ip', value: '192.0.2.9' } } },
  },
});

const echo = (detail: string) => ({ status: 400, on: 'api' as const, body: { errorCode: 'ECHO', detail } });

test("a community that is called as the caller's ARN leaves the actor in the record", async () => {
  const unit = { operation: trapOperation, handler: updateTrap };
  const connection = systems.store(administrator(sps), 'sps');
  systems.logLines.length = 0;
  for (const community of [actor, 'sps', 'made'])
    await calls.http(unit, { connection, input: settings(community) });
  const record = z.object({
    auditId: z.string(),
    actor: z.string(),
    operation: z.string(),
    outcome: z.string(),
  });
  const records = systems.logLines.flatMap((line) => record.safeParse(JSON.parse(line)).data ?? []);
  assert.equal(records.length, 6);
  for (const { actor: who, operation, outcome } of records) {
    assert.equal(who, actor);
    assert.equal(operation, 'sps.updateSnmpTrap');
    assert.match(outcome, /^(intended|made)$/);
  }
});

test('a key that is all of one letter blots it in what the upstream says, and in no word of ours', async () => {
  const connection = systems.store({ ...apiKey(systems.atlas), privateKey: 'xxxxxxxx' });
  const problem = failed(await triggers.direct(listAccessList, { connection }));
  assert.match(problem.remedy, /expired/);
  assert.equal(JSON.stringify(problem).includes('[redacted]'), false);
});

test('whoever guesses a secret does not learn that it is right', async () => {
  const connection = systems.store(apiKey(systems.atlas));
  await triggers.direct(listAccessList, { connection });
  const told = async (guess: string) =>
    failed(await triggers.direct(listAccessList, { connection, input: { [guess]: 1 } })).errors;
  assert.match(JSON.stringify(await told(demo.privateKey)), new RegExp(demo.privateKey));
  assert.match(JSON.stringify(await told('not-the-key-at-all')), /not-the-key-at-all/);
});

test('what is secret of one connection is a text like any other over the next', async () => {
  const byKey = systems.store(apiKey(systems.atlas));
  const byAccount = systems.store(serviceAccount(systems.atlas));
  const said = async (connection: string) => {
    await triggers.direct(listAccessList, { connection });
    systems.atlas.fail(echo(`it is ${demo.privateKey}`));
    return failed(await triggers.direct(listAccessList, { connection })).upstream?.detail;
  };
  assert.equal(await said(byKey), 'it is [redacted]');
  assert.equal(await said(byAccount), `it is ${demo.privateKey}`);
});

test('a name that is not one is not said again, and of thousands only ten are', async () => {
  const connection = systems.store(apiKey(systems.atlas));
  const made = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`name${index}`, 1]));
  const strange = { '<script>': 1, ['z'.repeat(65)]: 1, 'with space': 1 };
  const few = failed(await triggers.direct(listAccessList, { connection, input: strange }));
  assert.deepEqual(
    few.errors?.map(({ field }) => field),
    Array.from({ length: 3 }, () => '(not a name)'),
  );
  assert.doesNotMatch(JSON.stringify(few), /script|zzz|with space/);
  const many = failed(await triggers.direct(listAccessList, { connection, input: made }));
  assert.equal(many.errors?.length, 11);
  assert.equal(many.errors?.at(-1)?.field, '(more)');
});

test('an error is below 32 kB, however much a stale plan is of, and has the digest to go on with', async () => {
  const { groupId } = demo;
  const [group] = systems.atlas.organizations[0]?.groups ?? [];
  assert.ok(group);
  const { alertConfigs } = group;
  group.alertConfigs = alertConfigsOf(groupId, alertKinds, 400);
  const connection = systems.store(apiKey(systems.atlas));
  const input = { groupId, enabled: false, all: true, digest: '0'.repeat(64) };
  const { code, preview, ...problem } = failed(await calls.http(toggleAlertConfig, { connection, input }));
  group.alertConfigs = alertConfigs;
  assert.equal(code, 'PLAN_STALE');
  assert.ok(Buffer.byteLength(JSON.stringify({ ...problem, preview }, null, 2)) < 32_768);
  assert.partialDeepStrictEqual(preview, { changed: true, dryRun: true });
  assert.match(JSON.stringify(preview), /"digest":"\w+"/);
});

test('an error is below 32 kB, whatever the upstream says', async () => {
  const connection = systems.store(apiKey(systems.atlas));
  const long = '\u0001'.repeat(200_000);
  systems.logLines.length = 0;
  systems.atlas.fail({
    status: 400,
    on: 'api',
    body: {
      errorCode: long,
      detail: long,
      parameters: Array.from({ length: 5_000 }, () => long.slice(0, 50)),
      badRequestDetail: { fields: Array.from({ length: 5_000 }, () => ({ field: 'a', description: 'b' })) },
    },
  });
  const problem = failed(await triggers.direct(listAccessList, { connection }));
  assert.equal(problem.status, 400);
  for (const text of [JSON.stringify(problem, null, 2), ...systems.logLines])
    assert.ok(Buffer.byteLength(text) < 32_768, `${Buffer.byteLength(text)} bytes`);
});
