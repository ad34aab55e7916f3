import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { App } from 'aws-cdk-lib';
import { readAuth } from '../infra/access/auth-context.ts';
import { readConnections } from '../infra/access/connections-context.ts';
import { checkContextNames } from '../infra/access/context-names.ts';
import { ContextError } from '../infra/access/context-value.ts';
import { readKmsKey } from '../infra/access/kms-context.ts';
import { readVpc } from '../infra/access/vpc-context.ts';
import { readAlarms } from '../infra/alarms/alarms-context.ts';
import { readAudit } from '../infra/audit/audit-context.ts';
import { everySetting } from '../infra/costs/table.ts';
import { ConnectionsFileError, readConnectionsFile } from '../infra/local/connections-file.ts';
import { findOperations, systemsOf } from '../infra/operations.ts';
import { readSchedules, SchedulesError } from '../infra/schedule-context.ts';
import { slack } from '../lib/chat/slack.ts';
import { fieldErrors } from '../lib/field-errors.ts';
import { distorted, mutated, sentencesOfZod } from './distorted.ts';

const found = await findOperations();
const operations = found.map(({ operation }) => operation);
const systems = [...systemsOf(found), slack];

/** Nothing in it is a sentence of zod's, of a parser's, or a piece of a program. */
function assertOurs(text: string): void {
  assert.doesNotMatch(text, sentencesOfZod);
  assert.doesNotMatch(text, /undefined|\[object|NaN|Unexpected token|\n {2,}at |TypeError|ZodError/);
}

describe('what is wrong with it is told in our words, whatever comes, by', () => {
  const schemas = [
    ...operations.map(({ name, input }) => ({ name, schema: input })),
    ...systems.flatMap(({ name, secret }) =>
      secret ? [{ name: `a secret of ${name}`, schema: secret }] : [],
    ),
  ];
  for (const { name, schema } of schemas)
    test(name, () => {
      let refused = 0;
      for (const input of distorted(schema)) {
        const { error } = schema.safeParse(input);
        if (!error) continue;
        refused++;
        for (const { field, detail } of fieldErrors(error.issues)) {
          assert.notEqual(detail, '', field);
          assert.doesNotMatch(detail, sentencesOfZod, field);
        }
      }
      assert.ok(refused > 10);
    });
});

const { kmsKey, vpc, connections, audit, alarms, auth, schedules } = everySetting;

describe('a context value that cannot be used is named, in our words:', () => {
  const readers: [name: string, good: unknown, read: (value: unknown) => unknown][] = [
    ['auth', auth, readAuth],
    ['kmsKey', kmsKey, readKmsKey],
    [
      'vpc',
      { ...vpc, securityGroupIds: ['sg-0123456789abcdef0'], systems: ['sps'], endpoints: [] },
      (value) => readVpc(value, systems),
    ],
    ['connections', { ...connections, chat: ['slack'] }, (value) => readConnections(value, systems)],
    ['audit', audit, readAudit],
    ['alarms', alarms, readAlarms],
    [
      'schedules',
      [{ ...schedules[0], input: {}, timezone: 'Europe/Berlin', flexibleWindowMinutes: 5 }],
      (value) => readSchedules(value, operations),
    ],
  ];
  for (const [name, good, read] of readers)
    test(name, () => {
      read(good);
      let refused = 0;
      for (const value of mutated(good))
        try {
          read(value);
        } catch (error) {
          refused++;
          assert.ok(error instanceof ContextError || error instanceof SchedulesError, String(error));
          assert.match(error.message, new RegExp(`\\b${name}\\b`));
          assertOurs(error.message);
        }
      assert.ok(refused > 10, `${refused}`);
    });

  test('reservedConcurrency, and a name that is not known', () => {
    const check = (context: object) => () => checkContextNames(new App({ context }).node);
    for (const reservedConcurrency of ['maybe', 5, [], {}])
      assert.throws(check({ reservedConcurrency }), /reservedConcurrency must be true or false/);
    assert.throws(check({ kmskey: 'new' }), /kmskey is not known here \(did you mean kmsKey\?\)/);
    assert.throws(
      check({ '\u200bkmsKey': 'new' }),
      /is not known here \(it has U\+200B in it, .*\); known are/,
    );
  });
});

describe('a connections file that cannot be used', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'switchboard-'));
  });
  after(() => rm(folder, { recursive: true }));

  /** What is said of a file that holds this; its connections where it can be used. */
  const read = async (bytes: string | Uint8Array) => {
    const file = join(folder, 'connections.json');
    await writeFile(file, bytes);
    try {
      return await readConnectionsFile(file, systems);
    } catch (error) {
      assert.ok(error instanceof ConnectionsFileError, String(error));
      assertOurs(error.message);
      return error.message;
    }
  };

  const good = {
    sps: {
      dc1: { baseUrl: 'https://sps.example.com', username: 'switchboard', password: 'hunter2-hunter2' },
    },
    chat: { slack: { signingSecret: 'hunter2-hunter2', grants: { U1: { read: ['*/*'] } } } },
  };

  test('says where, and shows no secret', async () => {
    assert.equal((await read(JSON.stringify(good))).length, 2);
    for (const value of mutated(good)) {
      const said = await read(JSON.stringify(value) ?? '');
      if (typeof said !== 'string') continue;
      assert.match(said, /connections\.json is not /);
      assert.doesNotMatch(said, /hunter2/);
    }
  });

  const damaged: [what: string, bytes: string | Uint8Array, says: RegExp][] = [
    ['is empty', '', /is empty/],
    ['ends too early', JSON.stringify(good).slice(0, -9), /is not JSON/],
    ['has a comma too many', '{\n  "sps": {},\n}', /is not JSON \(line 3, column 1\)/],
    ['has a comment', '// mine\n{}', /is not JSON/],
    ['is a list', '[]', /\(root\): must be an object/],
    ['names no system', '{"spss": {}}', /spss: is not known here \(did you mean sps\?\)/],
    ['is in UTF-16', Buffer.from('\ufeff{}', 'utf16le'), /is not in UTF-8/],
    [
      'is in ISO-8859-1',
      Buffer.from('{"sps": {"dc1": {"username": "S\u00e3o"}}}', 'latin1'),
      /is not in UTF-8/,
    ],
  ];
  for (const [what, bytes, says] of damaged)
    test(`because it ${what}`, async () => assert.match(String(await read(bytes)), says));

  test('but for a byte order mark', async () =>
    assert.equal((await read(`\ufeff${JSON.stringify(good)}`)).length, 2));

  test('because there is none, or it is a folder', async () => {
    await assert.rejects(
      readConnectionsFile(join(folder, 'none.json'), systems),
      /none\.json cannot be read: ENOENT: no such file/,
    );
    await assert.rejects(
      readConnectionsFile(folder, systems),
      /cannot be read: EISDIR: illegal operation on a directory/,
    );
  });
});
