import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as z from 'zod';
import { findOperations } from '../infra/operations.ts';
import { commandsOf, isForChat } from '../lib/chat/commands.ts';
import { understand } from '../lib/chat/grammar.ts';
import { allows, grants } from '../lib/chat/grants.ts';
import { help } from '../lib/chat/help.ts';
import { Misunderstood } from '../lib/chat/misunderstood.ts';

const operations = (await findOperations()).map(({ operation }) => operation);

// An operation that can be done for a while, whatever the others can.
const commands = commandsOf(
  operations.map((operation) =>
    operation.name === 'sps.toggleTrafficAlerts'
      ? { ...operation, input: z.strictObject({ ...operation.input.shape, for: z.string().optional() }) }
      : operation,
  ),
);

const understood: [text: string, operation: string, connection: string | undefined, input: object][] = [
  [
    'sps toggle-system-alerts dc1 xcbDiskFull.snmp=off *.email=on',
    'sps.toggleSystemAlerts',
    'dc1',
    { alerts: { xcbDiskFull: { snmp: false }, '*': { email: true } } },
  ],
  [
    'sps toggle-traffic-alerts dc1 scbAuthFailure.snmp=off for 2h',
    'sps.toggleTrafficAlerts',
    'dc1',
    { alerts: { scbAuthFailure: { snmp: false } }, for: 'PT2H' },
  ],
  [
    'sps toggle-traffic-alerts dc1 for 30m a.snmp=no',
    'sps.toggleTrafficAlerts',
    'dc1',
    { alerts: { a: { snmp: false } }, for: 'PT30M' },
  ],
  [
    'sps toggle-traffic-alerts dc1 a.snmp=yes for 2d',
    'sps.toggleTrafficAlerts',
    'dc1',
    { alerts: { a: { snmp: true } }, for: 'P2D' },
  ],
  [
    'sps toggle-traffic-alerts dc1 a.snmp=TRUE for 1d12h30m',
    'sps.toggleTrafficAlerts',
    'dc1',
    { alerts: { a: { snmp: true } }, for: 'P1DT12H30M' },
  ],
  [
    'sps toggle-traffic-alerts dc1 a.snmp=False for=PT90M',
    'sps.toggleTrafficAlerts',
    'dc1',
    { alerts: { a: { snmp: false } }, for: 'PT90M' },
  ],
  [
    'atlas list-access-list prod org=5f account=mdb_sa_id_1 all=true',
    'atlas.listAccessList',
    'prod',
    { orgId: '5f', clientId: 'mdb_sa_id_1', all: true },
  ],
  [
    'atlas list-access-list prod 5f mdb_sa_id_1 pageNum=2',
    'atlas.listAccessList',
    'prod',
    { orgId: '5f', clientId: 'mdb_sa_id_1', pageNum: 2 },
  ],
  [
    'opsManager listApiKeyAccessList prod ORG=1 key=2',
    'opsManager.listApiKeyAccessList',
    'prod',
    { orgId: '1', apiKeyId: '2' },
  ],
  ['Ops-Manager list-alert-configs prod project=1', 'opsManager.listAlertConfigs', 'prod', { groupId: '1' }],
  ['errors get ALERT_NOT_FOUND', 'errors.get', undefined, { code: 'ALERT_NOT_FOUND' }],
  ['  errors   list ', 'errors.list', undefined, {}],
  [
    'atlas enable-alert-config prod project=1 ids=a,b',
    'atlas.toggleAlertConfig',
    'prod',
    { enabled: true, groupId: '1', alertConfigIds: ['a', 'b'] },
  ],
  [
    'atlas disable-alert-config prod group=1 all=on event=HOST_DOWN',
    'atlas.toggleAlertConfig',
    'prod',
    { enabled: false, groupId: '1', all: true, eventTypeName: 'HOST_DOWN' },
  ],
  [
    "sps update-snmp-agent dc1 system_location=“Rack 4, room 2” settings.system_contact='a &amp; b' access_restriction.allowed_from=10.0.0.0/8,10.1.0.0/16",
    'sps.updateSnmpAgent',
    'dc1',
    {
      settings: {
        system_location: 'Rack 4, room 2',
        system_contact: 'a & b',
        access_restriction: { allowed_from: ['10.0.0.0/8', '10.1.0.0/16'] },
      },
    },
  ],
  [
    'sps update-snmp-trap dc1 version.selection=2c version.value.server.value=192.0.2.1',
    'sps.updateSnmpTrap',
    'dc1',
    { settings: { version: { selection: '2c', value: { server: { value: '192.0.2.1' } } } } },
  ],
];

describe('understands', () => {
  for (const [text, operation, connection, input] of understood)
    test(text, () => {
      const request = understand(text, commands);
      assert.equal(request.command.operation.name, operation);
      assert.equal(request.connection, connection);
      assert.deepEqual(request.input, input);
    });
});

const misunderstood: [text: string, why: RegExp][] = [
  ['', /Say what to do/],
  ['sps', /help sps/],
  ['spss get-snmp-trap dc1', /no system “spss”; did you mean “sps”\?/],
  ['atlas list-acess-list prod', /no operation “list-acess-list”; did you mean “list-access-list”\?/],
  ['atlas list-access-list', /Say over which connection/],
  ['atlas list-access-list org=1', /Say over which connection/],
  ['atlas list-access-list prod ogr=1', /no argument “ogr” here; did you mean “org”\?/],
  ['atlas list-access-list prod 1 2 3', /“3” has no place here/],
  ['atlas list-access-list prod org=1 orgId=2', /orgId is given twice/],
  ['atlas list-access-list prod org.x=1', /org\.x|orgId\.x is not known here/],
  ['atlas list-access-list prod all=maybe', /all must be on or off, not “maybe”/],
  ['atlas list-access-list prod pretty=on', /no argument “pretty”/],
  ['atlas list-access-list prod org="1', /quotation marks in “org="1” do not match/],
  ['atlas disable-alert-config prod enabled=on', /disable-alert-config sets enabled itself/],
  ['atlas delete-link-tokens prod org=1 confirm=1', /no argument “confirm”/],
  ['sps toggle-system-alerts dc1 xcbDiskFull=off', /say which part: xcbDiskFull\.email or xcbDiskFull\.snmp/],
  ['sps toggle-system-alerts dc1 xcbDiskFull.smnp=off', /did you mean “snmp”\?/],
  ['sps toggle-system-alerts dc1 xcbDiskFull.snmp=of', /must be on or off, not “of”/],
  ['sps toggle-system-alerts dc1 xcbDiskFull.snmp=оff', /must be on or off \(it has U\+043E in it/],
  ['sps toggle-system-alerts dc1 alerts=off', /alerts has parts/],
  ['sps toggle-system-alerts dc1 __proto__.snmp=off', /is not known here/],
  ['sps toggle-system-alerts dc1 alerts.constructor.prototype=off', /is not known here/],
  ['sps get-snmp-trap dc1 for 2h', /cannot be done for a while only/],
  ['sps toggle-traffic-alerts dc1 a.snmp=off for', /Say for how long/],
  ['sps toggle-traffic-alerts dc1 a.snmp=off for ever', /“ever” is not a duration/],
  ['sps update-snmp-agent dc1 listen=10.0.0.1', /more than a line of chat can say/],
  ['sps update-snmp-agent dc1 version_2c.community=hunter2', /is a secret/],
  ['sps update-snmp-trap dc1 version.value.auth_password.plain=hunter2', /is a secret/],
];

describe('says what is unclear in', () => {
  for (const [text, why] of misunderstood)
    test(text === '' ? 'nothing' : text, () => {
      assert.throws(
        () => understand(text, commands),
        (error) => {
          assert.ok(error instanceof Misunderstood, String(error));
          assert.match(error.message, why);
          assert.doesNotMatch(error.message, /hunter2/);
          return true;
        },
      );
    });
});

test('every operation that can be shown before it is done has a command, and every command can be explained from its schema', () => {
  const all = [{ read: ['*/*'], change: ['*/*'], destroy: ['*/*'] }];
  const names = new Set(commands.map(({ operation }) => operation.name));
  assert.deepEqual(
    [...names],
    operations.filter(isForChat).map(({ name }) => name),
  );
  for (const { system, name, operation } of commands) {
    const text = JSON.stringify(help([system, name], commands, all));
    assert.ok(text.includes(operation.summary.split("'")[0] ?? ''), name);
    for (const field of Object.keys(operation.input.shape))
      if (['orgId', 'groupId', 'clientId'].includes(field)) assert.match(text, /(org|project|account)=…/);
    assert.doesNotMatch(text, /pretty|envelope|digest=|confirm=/);
  }
});

test('no two commands have one name, and verbs give what their operations take', () => {
  const names = commands.map(({ system, name }) => `${system} ${name}`);
  assert.equal(new Set(names).size, names.length);
  for (const { operation, preset } of commands)
    for (const [field, value] of Object.entries(preset))
      assert.ok(operation.input.shape[field]?.safeParse(value).success, `${operation.name} ${field}`);
});

const granted = grants.parse({
  U1: { read: ['sps/*', 'atlas/prod'], change: ['sps/dc1'] },
  U2: { destroy: ['*/*'] },
});

const table: [
  user: 'U1' | 'U2',
  effect: 'read' | 'change' | 'destroy',
  system: string,
  connection: string | undefined,
  may: boolean,
][] = [
  ['U1', 'read', 'sps', 'dc1', true],
  ['U1', 'read', 'sps', 'dc2', true],
  ['U1', 'read', 'atlas', 'prod', true],
  ['U1', 'read', 'atlas', 'production', false],
  ['U1', 'read', 'atlas', '*', false],
  ['U1', 'read', 'opsManager', 'prod', false],
  ['U1', 'read', 'errors', undefined, false],
  ['U1', 'change', 'sps', 'dc1', true],
  ['U1', 'change', 'sps', 'dc2', false],
  ['U1', 'destroy', 'sps', 'dc1', false],
  ['U2', 'destroy', 'atlas', 'prod', true],
  ['U2', 'read', 'atlas', 'prod', false],
  ['U2', 'change', 'atlas', 'prod', false],
  ['U2', 'destroy', 'errors', undefined, true],
];

for (const [user, effect, system, connection, may] of table)
  test(`${user} may ${may ? '' : 'not '}${effect} ${system}/${connection ?? ''}`, () => {
    const grant = granted[user];
    assert.ok(grant);
    assert.equal(allows([grant], effect, system, connection), may);
    assert.equal(allows([], effect, system, connection), false);
  });

test('grants of another shape are refused, and named', () => {
  for (const [wrong, what] of [
    [{ U1: { read: ['sps'] } }, /<system>\/<connection>/],
    [{ U1: { write: ['sps/*'] } }, /write/],
    [{ ana: { read: ['sps/*'] } }, /must be the id of a user/],
  ] as const)
    assert.match(JSON.stringify(grants.safeParse(wrong).error?.issues), what);
});
