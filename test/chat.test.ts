import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import * as z from 'zod';
import { demoExamples } from '../infra/local/demo.ts';
import { demo } from '../infra/local/simulators/slack.ts';
import { commandForm, pressForm, signed } from '../infra/local/slack-client.ts';
import { asText, buttonsOf, type SlackMessage } from '../infra/local/slack-message.ts';
import { buttonNamed, type Chat, idOf, startChat } from './chat-harness.ts';

const { orgId, groupId, clientId } = demoExamples.atlas;

let chat: Chat;

before(async () => {
  chat = await startChat();
});

after(() => chat.stop());

const alertState = z.record(z.string(), z.record(z.string(), z.boolean()));

/** Sets an alert as somebody else does, and answers what is set afterwards. */
const setAlert = (name: string, snmp: boolean) =>
  chat.call('sps.toggleSystemAlerts', 'demo', { alerts: { [name]: { snmp } } });

const snmpOf = async (name: string) =>
  alertState.parse(await chat.call('sps.getSystemAlerts', 'demo', {}))[name]?.['snmp'];

const invoked = () => chat.lambda.invocations.filter(({ type }) => type === 'RequestResponse');

const labels = (message: SlackMessage) => buttonsOf(message).map(({ text }) => text.text);

/** What the audit says of changes since a point in the log. */
const audited = (since = 0) =>
  chat.logLines
    .slice(since)
    .map((line) => z.looseObject({ outcome: z.string().optional() }).parse(JSON.parse(line)))
    .filter(({ outcome }) => outcome !== undefined);

describe('an operation that looks', () => {
  test('runs at once, as the person who asked, and is shown to them alone', async () => {
    const from = invoked().length;
    const message = await chat.say(`atlas list-access-list demo org=${orgId} account=${clientId}`);
    assert.equal(message.response_type, 'ephemeral');
    assert.match(asText(message), /cidrBlock +createdAt +ipAddress.*\n198\.18\.0\.0\/32 .*\n/);
    assert.match(asText(message), /12 of 12/);
    const [run, ...others] = invoked().slice(from);
    assert.deepEqual(others, []);
    assert.partialDeepStrictEqual(run, {
      functionName: 'switchboard-atlas-listAccessList',
      event: { connection: 'demo', input: { orgId, clientId }, actor: 'slack:U1 ana' },
    });
  });

  test('tells a problem with its remedy, and whether trying again helps', async () => {
    const text = asText(await chat.say('errors get ALERT_NOT_FUOND'));
    assert.match(text, /The catalogue has no error ALERT_NOT_FUOND \(the nearest is ALERT_NOT_FOUND\)/);
    assert.match(text, /What to do: Check the spelling/);
    assert.match(text, /Trying the same again does not help\. · ERROR_UNKNOWN · urn:uuid:/);
  });
});

describe('a change', () => {
  beforeEach(() => setAlert('xcbDiskFull', true));

  const ask = () => chat.say('sps toggle-system-alerts demo xcbDiskFull.snmp=off');

  test('is shown first, and made when its asker presses Apply', async () => {
    const preview = await ask();
    assert.match(asText(preview), /xcbDiskFull\.snmp +on +→ +off/);
    assert.deepEqual(labels(preview), ['Apply', 'Cancel']);
    assert.equal(await snmpOf('xcbDiskFull'), true);
    const done = await chat.press(buttonNamed(preview, 'Apply'));
    assert.equal(done.replace_original, true);
    assert.match(asText(done), /Done\.[\s\S]*xcbDiskFull\.snmp +on +→ +off/);
    assert.equal(await snmpOf('xcbDiskFull'), false);
    assert.deepEqual(labels(done), []);
  });

  test('is not made when it is cancelled', async () => {
    const cancelled = await chat.press(buttonNamed(await ask(), 'Cancel'));
    assert.match(asText(cancelled), /Cancelled by @U1/);
    assert.equal(await snmpOf('xcbDiskFull'), true);
  });

  test('that would change nothing has no button', async () => {
    const message = await chat.say('sps toggle-system-alerts demo xcbDiskFull.snmp=on');
    assert.match(asText(message), /Everything is so already/);
    assert.deepEqual(labels(message), []);
  });

  test('is shown again where the state has moved since, and is made as it was shown last', async () => {
    const preview = await ask();
    await setAlert('xcbSwapFull', (await snmpOf('xcbSwapFull')) !== true);
    const again = await chat.press(buttonNamed(preview, 'Apply'));
    assert.match(asText(again), /The state has moved[\s\S]*xcbDiskFull\.snmp +on +→ +off/);
    assert.equal(await snmpOf('xcbDiskFull'), true);
    assert.match(asText(await chat.press(buttonNamed(again, 'Apply'))), /Done\./);
    assert.equal(await snmpOf('xcbDiskFull'), false);
  });

  test('cannot be applied by anybody else', async () => {
    const preview = await ask();
    const refused = await chat.press(buttonNamed(preview, 'Apply'), 'U2');
    assert.match(asText(refused), /You may not do this: sps\.toggleSystemAlerts needs “change” on sps\/demo/);
    assert.equal(refused.replace_original, false);
    assert.equal(await snmpOf('xcbDiskFull'), true);
  });

  test('of which every event is delivered twice comes to the same, and the audit says that it was a repeat', async () => {
    const preview = await ask();
    assert.deepEqual(labels(await chat.again()), ['Apply', 'Cancel']);
    const from = chat.logLines.length;
    await chat.press(buttonNamed(preview, 'Apply'));
    assert.match(asText(await chat.again()), /All is as it was asked for/);
    assert.equal(await snmpOf('xcbDiskFull'), false);
    assert.deepEqual(
      audited(from).map(({ outcome }) => outcome),
      ['intended', 'made', 'repeat'],
    );
  });

  test('warns of what the system warns of', async () => {
    await chat.call('sps.toggleSystemAlerts', 'demo', { alerts: { xcbLogin: { snmp: true } } });
    const preview = await chat.say('sps toggle-system-alerts demo xcbLogin.snmp=off');
    assert.match(asText(preview), /:warning: xcbLogin no longer goes out by snmp/);
    assert.match(asText(preview), /As the system lists it:\n• \w+ .*alerting\/system_alerts/);
  });

  test('can be said with a verb of its own', async () => {
    const preview = await chat.say(
      `atlas disable-alert-config demo project=${groupId} all=on event=NO_PRIMARY`,
    );
    assert.match(asText(preview), /NO_PRIMARY \w+\.enabled +on +→ +off/);
    await chat.press(buttonNamed(preview, 'Cancel'));
  });

  test('that a button cannot carry is refused', async () => {
    const ids = Array.from({ length: 100 }, (_, index) => index.toString(16).padStart(24, 'a'));
    const known = z
      .object({ results: z.array(z.object({ id: z.string(), enabled: z.boolean() })) })
      .parse(await chat.call('atlas.listAlertConfigs', 'demo', { groupId, all: true }));
    const on = known.results.find(({ enabled }) => enabled)?.id;
    const message = await chat.say(
      `atlas disable-alert-config demo project=${groupId} ids=${[on, ...ids].join(',')}`,
    );
    assert.match(asText(message), /more than a button can carry/);
  });
});

describe('what cannot be undone', () => {
  const ask = () => chat.say(`atlas delete-link-tokens demo org=${orgId}`);

  test('is shown to everybody, and done when somebody else approves', async () => {
    const preview = await ask();
    assert.equal(preview.response_type, 'in_channel');
    assert.deepEqual(labels(preview), ['Approve', 'Cancel']);
    const from = chat.logLines.length;
    const done = await chat.press(buttonNamed(preview, 'Approve'), 'U2');
    assert.match(asText(done), /By @U1, approved by @U2/);
    assert.partialDeepStrictEqual(audited(from), [
      { outcome: 'intended', actor: 'slack:U1 ana, approved by slack:U2 bruno' },
      { outcome: 'made' },
    ]);
    assert.match(asText(await chat.again()), /or an earlier delivery of the same request has deleted it/);
  });

  const refused: [who: keyof typeof demo.users, why: RegExp][] = [
    ['U1', /Your own request has to be approved by somebody else/],
    ['U3', /You may not do this/],
    ['U4', /You may not do this/],
  ];
  for (const [who, why] of refused)
    test(`is not approved by ${demo.users[who]}`, async () => {
      const preview = await ask();
      const from = invoked().length;
      const answer = await chat.press(buttonNamed(preview, 'Approve'), who);
      assert.match(asText(answer), why);
      assert.deepEqual([answer.response_type, answer.replace_original], ['ephemeral', false]);
      assert.equal(invoked().length, from);
    });

  test('is not done by a button of another kind', async () => {
    const approve = buttonNamed(await ask(), 'Approve');
    assert.ok(approve);
    const from = invoked().length;
    for (const action_id of ['apply', 'go', ''])
      for (const user of ['U1', 'U2'] as const) await chat.press({ ...approve, action_id }, user);
    assert.equal(invoked().length, from);
  });

  test('is not done for somebody who may not do it any more', async () => {
    const approve = buttonNamed(await ask(), 'Approve');
    assert.ok(approve);
    const from = invoked().length;
    const value = JSON.stringify({ ...JSON.parse(approve.value), by: idOf('U4') });
    assert.match(asText(await chat.press({ ...approve, value }, 'U2')), /may not do it any more/);
    assert.equal(invoked().length, from);
  });

  test('is cancelled by who asked for it', async () => {
    const preview = await ask();
    assert.match(asText(await chat.press(buttonNamed(preview, 'Cancel'), 'U3')), /You may not do this/);
    assert.match(asText(await chat.press(buttonNamed(preview, 'Cancel'))), /Cancelled by @U1/);
  });

  test('is refused at once where nobody else may approve it', async () => {
    const from = invoked().length;
    const message = await chat.say(
      `ops-manager delete-migration-link demo org=${demoExamples.opsManager.orgId}`,
    );
    assert.match(asText(message), /there is nobody: nothing was done/);
    assert.equal(invoked().length, from);
  });
});

describe('who may', () => {
  test('nobody may anything by default but help, which says so', async () => {
    const from = invoked().length;
    for (const text of [
      'sps get-system-alerts demo',
      'errors list',
      'sps toggle-system-alerts demo a.snmp=off',
    ])
      assert.match(asText(await chat.say(text, 'U4')), /^.*\nYou may not do this/);
    assert.match(asText(await chat.say('help', 'U4')), /nothing yet that you may do/);
    assert.equal(invoked().length, from);
  });

  test('who is in a user group may what the group may, over its connections alone', async () => {
    assert.match(asText(await chat.say('sps get-system-alerts demo', 'U3')), /xcbDiskFull/);
    assert.match(asText(await chat.say('sps get-system-alerts other', 'U3')), /needs “read” on sps\/other/);
    const help = asText(await chat.say('', 'U3'));
    assert.match(help, /sps get-system-alerts/);
    assert.doesNotMatch(help, /toggle|atlas/);
  });
});

test('what is said unclearly is answered with what was meant, and nothing runs', async () => {
  const from = invoked().length;
  const message = await chat.say('sps togle-system-alerts demo');
  assert.match(asText(message), /no operation “togle-system-alerts”; did you mean “toggle-system-alerts”/);
  assert.equal(invoked().length, from);
});

test('a secret is neither taken nor shown', async () => {
  const refusal = asText(await chat.say('sps update-snmp-agent demo version_2c.community=hunter2'));
  assert.match(refusal, /version_2c\.community is a secret/);
  await chat.call('sps.updateSnmpTrap', 'demo', {
    settings: {
      version: {
        selection: '2c',
        value: { community: 'hunter2', server: { selection: 'ip', value: '192.0.2.1' } },
      },
    },
  });
  const shown = [
    await chat.say('sps get-snmp-trap demo'),
    await chat.say('sps update-snmp-trap demo enabled=off'),
  ];
  const toggled = await chat.say(
    'sps update-snmp-trap demo version.selection=2c version.value.server.selection=ip version.value.server.value=192.0.2.2',
  );
  shown.push(toggled, await chat.press(buttonNamed(toggled, 'Apply')));
  const { signingSecret, botToken } = demo.secret;
  for (const secret of ['hunter2', signingSecret, botToken])
    assert.doesNotMatch(JSON.stringify([refusal, shown, chat.logLines]), new RegExp(secret));
});

test('answers go to Slack and nowhere else', async () => {
  const { signingSecret } = demo.secret;
  const from = invoked().length;
  for (const elsewhere of [
    'https://hooks.slack.com.example.net/commands/1',
    'https://hooks.slack.com@example.net/',
    'http://hooks.slack.com/commands/1',
    'https://example.net/',
  ])
    await chat.send(signed(commandForm('errors list', idOf('U1'), elsewhere), signingSecret));
  await chat.lambda.settled();
  assert.equal(invoked().length, from);
  assert.match(chat.logLines.join(''), /"chat event not answered".*"RESPONSE_URL_REFUSED"/);
});

test('a button of another version, and one that says nothing, do nothing', async () => {
  const from = invoked().length;
  for (const value of [
    '',
    '{}',
    '{"operation":"sps.getSystemAlerts","input":{},"digest":"","by":{"id":"U1","name":""},"id":"1"}',
  ])
    assert.match(
      asText(await chat.press({ action_id: 'apply', value, text: { text: '' } })),
      /another version; give the command again/,
    );
  const { body } = signed(pressForm({ action_id: 'apply', value: 'x' }, idOf('U1'), chat.responseUrl), '');
  const payload = JSON.parse(new URLSearchParams(body).get('payload') ?? '');
  // A payload that offers nobody to answer: the answer is no.
  for (const part of ['response_url', 'actions', 'user', 'trigger_id']) {
    const { [part]: _left, ...rest } = payload;
    const form = new URLSearchParams({ payload: JSON.stringify(rest) }).toString();
    assert.equal((await chat.send(signed(form, demo.secret.signingSecret))).statusCode, 200);
  }
  await chat.lambda.settled();
  assert.equal(invoked().length, from);
});
