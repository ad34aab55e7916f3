import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { demo as atlas } from '../infra/local/simulators/atlas.ts';
import { demo as sps } from '../infra/local/simulators/sps.ts';
import { type Program, run, startMain } from './program.ts';

let folder: string;
let main: Program;
let url: string;

/** Runs `npm run audit -- …words`, less npm. */
const audit = (...words: string[]) => run(folder, 'audit.ts', ...words);

/** Each change that it shows: its first line, without the time. */
const shown = async (...words: string[]): Promise<string[]> =>
  (await audit(...words)).stdout
    .split('\n')
    .filter((line) => /^\d{4}-/.test(line))
    .map((line) => line.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}/, '').replace(/ \(\d+ ms\)$/, ''));

const send = (method: string, path: string, body?: unknown) =>
  fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

const alerts = '/sps/demo/alerting/system_alerts';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-'));
});

after(() => rm(folder, { recursive: true }));

test('npm run audit says so where nothing was ever changed', async () => {
  const { code, stderr } = await audit();
  assert.equal(code, 1);
  assert.match(stderr, /^No change has been made from this folder/);
});

describe('npm run audit', () => {
  before(async () => {
    main = await startMain(folder);
    url = main.url;
    await send('PATCH', `${alerts}?dryRun=true`, { xcbSwapFull: { email: true } });
    await send('GET', alerts);
    await send('PATCH', alerts, { xcbDiskFull: { snmp: false } });
    await send('PATCH', alerts, { xcbDiskFull: { snmp: false } });
    await send('DELETE', `/atlas/demo/orgs/${atlas.orgId}/liveMigrations/linkTokens?confirm=${atlas.orgId}`);
    await send('PATCH', `${alerts}?for=PT2H`, { xcbHWError: { snmp: false } });
    await send('PUT', '/sps/demo/management/snmp/trap', {
      version: {
        selection: '2c',
        value: { community: 'audit-local-2718', server: { selection: 'ip', value: '10.20.30.40' } },
      },
    });
    const unfinished = {
      timestamp: '2026-01-02T03:04:05.678Z',
      auditId: 'one',
      outcome: 'intended',
      operation: 'sps.toggleSystemAlerts',
      connection: 'dc1',
      actor: 'arn:aws:iam::123456789012:user/ada',
      requestId: 'two',
      before: { xcbDiskFull: { email: true } },
      after: { xcbDiskFull: { email: false } },
    };
    // Somebody's process was ended in the middle, and the file with it.
    await appendFile(
      join(folder, '.switchboard', 'audit.jsonl'),
      `${JSON.stringify(unfinished)}\n{"timestamp":"2026-01-02T03:0`,
    );
  });

  after(async () => {
    await main.stop();
  });

  test('shows each change once, as it ended, and nothing that only looked', async () => {
    const lines = await shown();
    assert.deepEqual(lines.slice(0, 3), [
      'sps.toggleSystemAlerts  demo  made',
      'sps.toggleSystemAlerts  demo  was so already',
      'atlas.deleteLinkTokens  demo  made',
    ]);
    assert.equal(lines.at(-1), 'sps.toggleSystemAlerts  dc1  UNFINISHED: no outcome was written');
  });

  test('shows when, who, before and after', async () => {
    const { stdout, stderr, code } = await audit('--connection', 'dc1');
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(
      stdout,
      [
        '2026-01-02 03:04:05Z  sps.toggleSystemAlerts  dc1  UNFINISHED: no outcome was written',
        '  by arn:aws:iam::123456789012:user/ada',
        '  asked for: xcbDiskFull.email: true → false',
        '',
      ].join('\n'),
    );
    assert.match(
      (await audit()).stdout,
      /made \(\d+ ms\)\n {2}by somebody unnamed\n {2}xcbDiskFull\.snmp: true → false\n/,
    );
    assert.match(
      (await audit()).stdout,
      /\n {2}by somebody unnamed, for PT2H\n {2}xcbHWError\.snmp: true → false\n/,
    );
    assert.match(
      (await audit('--operation', 'sps.updateSnmpTrap')).stdout,
      /\n {2}version\.value\.community: "\[redacted\]" → "\[redacted, another\]"\n/,
    );
  });

  test('shows what is asked for', async () => {
    const all = (await shown()).length;
    assert.deepEqual(await shown('--unfinished'), await shown('--actor', 'user/ada'));
    assert.equal((await shown('--unfinished')).length, 1);
    assert.deepEqual(await shown('--operation', 'atlas.deleteLinkTokens'), [
      'atlas.deleteLinkTokens  demo  made',
    ]);
    assert.equal((await shown('--operation', 'sps')).length, all - 1);
    assert.deepEqual(await shown('--operation', 'sps.toggle'), []);
    assert.equal((await shown('--since', '2h')).length, all - 1);
    assert.equal((await shown('--since', '2026-01-01')).length, all);
    assert.equal((await audit('--actor', 'bob')).stdout, 'No such change.\n');
  });

  test('shows of what was made in part which part was not, and why', async () => {
    const problem = { code: 'ALERT_CONFIG_NOT_FOUND', detail: 'It is not there.', status: 404 };
    const partial = {
      timestamp: '2026-01-03T03:04:05.678Z',
      auditId: 'three',
      outcome: 'partial',
      operation: 'atlas.toggleAlertConfig',
      connection: 'demo',
      requestId: 'four',
      before: [{ id: 'a', enabled: true }, { id: 'b' }],
      after: [
        { id: 'a', enabled: false },
        { id: 'b', problem },
      ],
    };
    await appendFile(join(folder, '.switchboard', 'audit.jsonl'), `\n${JSON.stringify(partial)}\n`);
    assert.equal(
      (await audit('--operation', 'atlas.toggleAlertConfig')).stdout,
      [
        '2026-01-03 03:04:05Z  atlas.toggleAlertConfig  demo  MADE IN PART',
        '  by somebody unnamed',
        '  b: ALERT_CONFIG_NOT_FOUND: It is not there.',
        '  a.enabled: true → false',
        '',
      ].join('\n'),
    );
  });

  test('never shows a secret, nor keeps one', async () => {
    const { stdout } = await audit();
    const file = await readFile(join(folder, '.switchboard', 'audit.jsonl'), 'utf8');
    assert.match(file, /sps\.updateSnmpTrap/);
    for (const secret of ['audit-local-2718', sps.password, atlas.clientSecret, atlas.privateKey])
      assert.ok(!(stdout + file).includes(secret), secret);
  });

  test('says what is wrong with the command line', async () => {
    for (const [words, complaint] of [
      [['--since', 'yesterday'], /^--since must be like 30m, 2h, 7d or 2026-11-25T14:00, not yesterday\./],
      [['--whom', 'ada'], /--whom.*\n\nUsage: npm run audit/s],
    ] as const) {
      const { code, stdout, stderr } = await audit(...words);
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, complaint);
      assert.doesNotMatch(stderr, /\n {4}at /);
    }
    assert.match((await audit('--help')).stdout, /^Usage: npm run audit/);
  });
});
