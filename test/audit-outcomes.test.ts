import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import * as z from 'zod';
import * as deleteLinkTokens from '../functions/atlas/delete-link-tokens.ts';
import * as toggle from '../functions/atlas/toggle-alert-config.ts';
import * as restoreNow from '../functions/changes/restore-now.ts';
import * as toggleSps from '../functions/sps/toggle-system-alerts.ts';
import { changeAsText, changesIn } from '../infra/local/audited-change.ts';
import * as atlas from '../infra/local/simulators/atlas.ts';
import { listen } from '../infra/local/simulators/listen.ts';
import { type SpsSimulator, startSps } from '../infra/local/simulators/sps.ts';
import { type AuditRecord, recordIn } from '../lib/audit-trail/record.ts';
import { defineChange } from '../lib/change.ts';
import { handlerFor } from '../lib/handler.ts';
import { certify, withoutOpenssl } from './certify.ts';
import {
  actor,
  answered,
  calls,
  directOutcome,
  failed,
  type Systems,
  serviceAccount,
  startSystems,
} from './harness.ts';
import { administrator } from './sps-harness.ts';
import { type Scheduling, startScheduling } from './temporary-harness.ts';

// The audit says what was reached, and what nobody can say.

const { groupId, orgId } = atlas.demo;

let systems: Systems;
let scheduling: Scheduling;
let sps: SpsSimulator;
let connection: string;
let appliance: string;
let ids: string[];

before(async () => {
  systems = await startSystems();
  scheduling = await startScheduling();
  sps = await startSps();
});

beforeEach(() => {
  systems.atlas.organizations.splice(0, Number.POSITIVE_INFINITY, ...atlas.demoWorld());
  connection = systems.store(serviceAccount(systems.atlas));
  appliance = systems.store(administrator(sps), 'sps');
  const configs = systems.atlas.organizations[0]?.groups[0]?.alertConfigs ?? [];
  ids = configs.flatMap(({ id, enabled }) => (enabled ? [id] : [])).slice(0, 2);
  systems.logLines.length = 0;
});

afterEach(async () => {
  systems.atlas.recover();
  sps.recover();
  await scheduling.pass(40 * 24 * 3_600);
});

after(async () => {
  await sps.close();
  await scheduling.stop();
  await systems.stop();
});

const records = (): AuditRecord[] => systems.logLines.flatMap((line) => recordIn(line) ?? []);

/** The record of how the only change ended. */
function ended(): AuditRecord {
  const [last, ...others] = records().filter(({ outcome }) => outcome !== 'intended');
  assert.ok(last);
  assert.deepEqual(others, []);
  return last;
}

const printed = (): string => changesIn(records()).map(changeAsText).join('\n');

const off = (input: object = {}, remainingMs?: number) =>
  calls.http(toggle, {
    connection,
    input: { groupId, enabled: false, alertConfigIds: ids, ...input },
    ...(remainingMs !== undefined && { remainingMs }),
  });

const arranged = z.looseObject({ temporary: z.looseObject({ id: z.string() }) });

const nobody = 'f'.repeat(24);

describe('a change is recorded as', () => {
  test('made where all of it was reached', async () => {
    answered(await off());
    const { outcome, after } = ended();
    assert.equal(outcome, 'made');
    assert.partialDeepStrictEqual(
      after,
      ids.map((id) => ({ id, enabled: false })),
    );
    assert.match(printed(), / {2}made /);
  });

  test('partial where one of several was refused, with what was reached', async () => {
    systems.atlas.fail({ skip: 2, status: 403, on: 'api' });
    answered(await off());
    const { outcome, after } = ended();
    assert.equal(outcome, 'partial');
    assert.partialDeepStrictEqual(after, [
      { id: ids[0], enabled: false },
      { id: ids[1], enabled: true, problem: { status: 502 } },
    ]);
    assert.match(printed(), /MADE IN PART/);
    assert.doesNotMatch(printed(), new RegExp(`${ids[1]}\\.enabled`));
  });

  test('partial where one of several is not there', async () => {
    answered(await off({ alertConfigIds: [ids[0], nobody] }));
    assert.equal(ended().outcome, 'partial');
  });

  test('failed where none is there', async () => {
    answered(await off({ alertConfigIds: [nobody] }));
    assert.equal(ended().outcome, 'failed');
  });

  test('partial where the rest is so already', async () => {
    answered(await off());
    systems.logLines.length = 0;
    answered(await off({ alertConfigIds: [...ids, nobody] }));
    assert.equal(ended().outcome, 'partial');
  });

  test('failed where all was refused, and nothing was reached', async () => {
    systems.atlas.fail({ skip: 1, times: 2, status: 403, on: 'api' });
    failed(await off());
    const { outcome, after, before } = ended();
    assert.deepEqual([outcome, after], ['failed', undefined]);
    assert.ok(before);
    assert.match(printed(), / {2}failed .*asked for: /s);
  });

  test('unknown where the answer was lost, whatever was tried', async () => {
    systems.atlas.fail({ skip: 1, times: 9, lost: true, on: 'api' });
    failed(await off({ alertConfigIds: [ids[0]] }));
    const { outcome, after } = ended();
    assert.deepEqual([outcome, after], ['unknown', undefined]);
    assert.match(printed(), /OUTCOME UNKNOWN: it may have been made.*asked for: /s);
  });

  test('unknown where the deadline cut it off', async () => {
    systems.atlas.fail({ skip: 1, silent: true, on: 'api' });
    assert.equal(failed(await off({ alertConfigIds: [ids[0]] }, 1_500)).code, 'DEADLINE_EXCEEDED');
    assert.equal(ended().outcome, 'unknown');
  });

  test('unknown where the answer does not tell', async () => {
    systems.atlas.fail({ skip: 1, body: { id: ids[0], enabled: true }, on: 'api' });
    failed(await off({ alertConfigIds: [ids[0]] }));
    assert.equal(ended().outcome, 'unknown');
  });

  test('unknown where what cannot be undone got no answer', async () => {
    systems.atlas.fail({ times: 9, lost: true, on: 'api' });
    const input = { orgId, confirm: orgId };
    failed(await calls.http(deleteLinkTokens, { connection, input }));
    assert.equal(ended().outcome, 'unknown');
  });

  test('failed where who answers is not trusted, and so was told nothing', {
    skip: withoutOpenssl,
  }, async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'audit-'));
    context.after(() => rmSync(folder, { recursive: true }));
    const stranger = await listen(async () => ({ status: 200 }), 0, certify(folder, 'stranger'));
    context.after(() => stranger.close());
    const connection = systems.store(serviceAccount(stranger));
    const input = { orgId, confirm: orgId };
    const { code } = failed(await calls.http(deleteLinkTokens, { connection, input }));
    assert.deepEqual([code, ended().outcome], ['UPSTREAM_UNTRUSTED', 'failed']);
  });

  test('unknown where the fault is ours', async () => {
    const { operation } = deleteLinkTokens;
    const defect = {
      operation,
      handler: handlerFor(
        defineChange({
          ...operation,
          state: z.number(),
          effect: 'destroy',
          confirms: 'orgId',
          plan: async () => ({ before: 1, after: 2, warnings: [] }),
          apply: () => Promise.reject(new TypeError('a defect')),
        }),
      ),
    };
    const input = { orgId, confirm: orgId };
    assert.equal(failed(await calls.http(defect, { connection, input })).code, 'INTERNAL_ERROR');
    assert.equal(ended().outcome, 'unknown');
  });

  test('unknown where SPS cannot tell whether it committed it', async () => {
    sps.fail({ on: /PUT \/api\/transaction$/, lost: true });
    sps.fail({ on: /GET \/api\/transaction$/, html: 500 });
    sps.fail({ on: /GET .*system_alerts$/, skip: 1, times: 9, reset: true });
    const input = { alerts: { xcbHWError: { email: false } } };
    const problem = failed(await calls.http(toggleSps, { connection: appliance, input }));
    assert.equal(problem.code, 'OUTCOME_UNKNOWN');
    assert.equal(ended().outcome, 'unknown');
  });

  test('failed where SPS did not commit it, though no answer came', async () => {
    sps.fail({ on: /PUT \/api\/configuration/, times: 9, html: 502 });
    const input = { alerts: { xcbSwapFull: { email: true } } };
    failed(await calls.http(toggleSps, { connection: appliance, input }));
    assert.equal(ended().outcome, 'failed');
  });

  test('unchanged where all was so, and repeat where an event comes again', async () => {
    const event = {
      connection,
      input: { groupId, enabled: false, alertConfigIds: ids },
      idempotencyKey: 'event-1',
    };
    answered(await directOutcome(toggle.handler, event));
    assert.equal(ended().outcome, 'made');
    systems.logLines.length = 0;
    answered(await directOutcome(toggle.handler, event));
    assert.equal(ended().outcome, 'repeat');
    systems.logLines.length = 0;
    answered(await off());
    assert.equal(ended().outcome, 'unchanged');
  });
});

describe('a put-back', () => {
  const made = () => records().find(({ outcome, putsBack }) => outcome === 'made' && !putsBack);
  const putBack = () => records().find(({ outcome, putsBack }) => outcome === 'made' && putsBack);

  test('names the change that it ends, and that its time was over', async () => {
    answered(await off({ for: 'PT1H' }));
    const change = made();
    await scheduling.pass(3_601);
    assert.deepEqual(putBack()?.putsBack, {
      because: 'due',
      changes: [{ auditId: change?.auditId, by: actor, switches: ids }],
    });
    assert.ok(printed().includes(`after the change of ${actor} (${change?.auditId})`));
  });

  test('names who asked for it, and each change that it ends', async () => {
    answered(await off({ for: 'PT1H', alertConfigIds: [ids[0]] }));
    const first = made();
    const second = { groupId, enabled: false, alertConfigIds: [ids[1]], for: 'PT1H' };
    const later = await directOutcome(toggle.handler, { connection, input: second, actor: 'bot' });
    const { id } = arranged.parse(answered(later)).temporary;
    const by = 'on call';
    answered(await directOutcome(restoreNow.handler, { input: { id }, actor: by }));
    const record = putBack();
    assert.equal(record?.actor, by);
    assert.equal(record?.putsBack?.because, 'asked');
    assert.deepEqual(
      record?.putsBack?.changes.map((change) => [change.by, change.switches]),
      [
        [actor, [ids[0]]],
        ['bot', [ids[1]]],
      ],
    );
    assert.equal(record?.putsBack?.changes[0]?.auditId, first?.auditId);
  });
});
