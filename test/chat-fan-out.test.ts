import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import * as z from 'zod';
import { demoExamples } from '../infra/local/demo.ts';
import { demo, type SpsSimulator, startSps } from '../infra/local/simulators/sps.ts';
import { asText, buttonsOf } from '../infra/local/slack-message.ts';
import { slackConnection } from '../lib/chat/slack.ts';
import { secretIdOf } from '../lib/connections.ts';
import { buttonNamed, type Chat, startChat } from './chat-harness.ts';

// One command over several connections: demo and dc2 to SPS, demo and second to Atlas.

let chat: Chat;
let dc2: SpsSimulator;

const { orgId } = demoExamples.atlas;

before(async () => {
  chat = await startChat();
  dc2 = await startSps();
  const { url: baseUrl } = dc2;
  const { username, password } = demo;
  chat.secretsManager.put(secretIdOf('sps', 'dc2'), JSON.stringify({ baseUrl, username, password }));
  const { signingSecret, botToken, baseUrl: workspace } = chat.slackSecret;
  const grants = {
    U1: { read: ['*/*'], change: ['sps/demo', 'sps/dc2', 'changes/*'], destroy: ['atlas/*'] },
    U2: { read: ['*/*'], change: ['sps/*'], destroy: ['atlas/demo'] },
    U3: { change: ['sps/demo'] },
  };
  const secret = { signingSecret, botToken, baseUrl: workspace, grants };
  chat.secretsManager.put(secretIdOf('chat', slackConnection), JSON.stringify(secret));
});

after(async () => {
  await chat.stop();
  await dc2.close();
});

const alerts = z.record(z.string(), z.record(z.string(), z.boolean()));

const set = (connection: string, snmp: boolean) =>
  chat.call('sps.toggleSystemAlerts', connection, { alerts: { xcbDiskFull: { snmp } } });

const snmpOf = async (connection: string) =>
  alerts.parse(await chat.call('sps.getSystemAlerts', connection, {}))['xcbDiskFull']?.['snmp'];

const bothAre = async () => [await snmpOf('demo'), await snmpOf('dc2')];

beforeEach(async () => {
  chat.directMessages.length = 0;
  dc2.recover();
  await set('demo', true);
  await set('dc2', true);
});

const off = (connections: string) => `sps toggle-system-alerts ${connections} xcbDiskFull.snmp=off`;

const told = () => chat.directMessages.map((message) => asText({ response_type: 'ephemeral', ...message }));

test('is shown first for each connection, made with Apply, and who asked is told how it ended', async () => {
  const preview = await chat.say(off('demo,dc2'));
  assert.match(asText(preview), /demo\.xcbDiskFull\.snmp +on +→ +off/);
  assert.match(asText(preview), /dc2\.xcbDiskFull\.snmp +on +→ +off/);
  assert.deepEqual(await bothAre(), [true, true]);
  const begun = await chat.press(buttonNamed(preview, 'Apply'));
  assert.match(asText(begun), /Begun over 2 connections/);
  await chat.fanOutsEnded();
  assert.deepEqual(await bothAre(), [false, false]);
  assert.deepEqual(
    chat.directMessages.map(({ channel }) => channel),
    ['U1'],
  );
  assert.match(told()[0] ?? '', /done\. It succeeded for 2 of 2 connections/);
  assert.match(told()[0] ?? '', /dc2 +succeeded +changed/);
});

test('over * it is all connections that there are', async () => {
  const preview = await chat.say(off('*'), 'U2');
  assert.match(asText(preview), /dc2, demo/);
  await chat.press(buttonNamed(preview, 'Apply'), 'U2');
  await chat.fanOutsEnded();
  assert.deepEqual(await bothAre(), [false, false]);
});

test('what only looks is begun at once', async () => {
  const begun = await chat.say('sps get-system-alerts demo,dc2');
  const [, look = ''] = /(fan-out get \S+ \S+)/.exec(asText(begun).replaceAll('`', '')) ?? [];
  await chat.fanOutsEnded();
  assert.match(told()[0] ?? '', /demo +succeeded +\{.*xcb/);
  assert.match(asText(await chat.say(look)), /succeeded/);
});

test('which connections do not work is told, though each was looked at', async () => {
  await chat.say('sps check-connection demo,nowhere', 'U2');
  await chat.fanOutsEnded();
  assert.match(told()[0] ?? '', /demo +succeeded +works/);
  assert.match(told()[0] ?? '', /nowhere +succeeded +DOES NOT WORK/);
});

describe('nothing is done', () => {
  test('where a single connection is not granted', async () => {
    const refused = await chat.say(off('demo,dc2'), 'U3');
    assert.match(asText(refused), /needs “change” on sps\/dc2\./);
    assert.deepEqual(buttonsOf(refused), []);
  });

  test('over *, for who was granted each of them by name', async () => {
    assert.match(asText(await chat.say(off('*'))), /needs “change” on sps\/\*/);
  });

  test('where the state of one has moved: it is shown again', async () => {
    const preview = await chat.say(off('demo,dc2'));
    await set('dc2', false);
    const again = await chat.press(buttonNamed(preview, 'Apply'));
    assert.match(asText(again), /The state has moved/);
    assert.doesNotMatch(asText(again), /dc2\.xcbDiskFull/);
    assert.deepEqual(await bothAre(), [true, false]);
    await chat.press(buttonNamed(again, 'Apply'));
    await chat.fanOutsEnded();
    assert.deepEqual(await bothAre(), [false, false]);
  });

  test('where it cannot be told what it would do over one', async () => {
    dc2.fail({ status: 500, times: 1_000 });
    const unclear = await chat.say(off('demo,dc2'));
    assert.match(asText(unclear), /dc2: /);
    assert.match(asText(unclear), /nothing was changed/);
    assert.deepEqual(buttonsOf(unclear), []);
  });

  test('where it cannot be undone and nobody else may approve it for all of them', async () => {
    const refused = await chat.say(`atlas delete-link-tokens demo,second org=${orgId}`);
    assert.match(asText(refused), /there is nobody/);
  });
});

test('what cannot be undone needs somebody else, also for one connection written as a list', async () => {
  const preview = await chat.say(`atlas delete-link-tokens demo, org=${orgId}`);
  assert.equal(preview.response_type, 'in_channel');
  assert.match(asText(await chat.press(buttonNamed(preview, 'Approve'))), /approved by somebody else/);
  await chat.press(buttonNamed(preview, 'Approve'), 'U2');
  await chat.fanOutsEnded();
  assert.match(told()[0] ?? '', /done\. It succeeded for 1 of 1 connection /);
  assert.deepEqual(
    chat.directMessages.map(({ channel }) => channel),
    ['U1'],
  );
});

test('a press delivered twice begins one fan-out', async () => {
  const preview = await chat.say(off('demo,dc2'));
  await chat.press(buttonNamed(preview, 'Apply'));
  await chat.fanOutsEnded();
  assert.match(asText(await chat.again()), /Begun over 2 connections/);
  await chat.fanOutsEnded();
  assert.equal(chat.directMessages.length, 1);
});

test('one that fails is told with what failed', async () => {
  dc2.fail({ status: 500, times: 1_000 });
  await chat.say('sps get-system-alerts demo,dc2');
  await chat.fanOutsEnded();
  assert.match(told().at(-1) ?? '', /failed\. It succeeded for 1 of 2 connections and failed for 1/);
  assert.match(told().at(-1) ?? '', /dc2 +failed +UPSTREAM/);
});

test('an end delivered twice is told twice, and does nothing else', async () => {
  await chat.say('sps get-system-alerts demo,dc2');
  await chat.fanOutsEnded();
  await chat.endAgain();
  assert.equal(told()[0], told()[1]);
});

describe('what a fan-out did is shown', () => {
  const lookAt = async (): Promise<string> => {
    const begun = await chat.say('sps get-system-alerts demo,dc2');
    await chat.fanOutsEnded();
    return /(fan-out get \S+ \S+)/.exec(asText(begun).replaceAll('`', ''))?.[1] ?? '';
  };

  test('to who may look at all of its connections', async () => {
    assert.match(asText(await chat.say(await lookAt(), 'U2')), /dc2 +succeeded/);
  });

  test('and to nobody else', async () => {
    const refused = asText(await chat.say(await lookAt(), 'U3'));
    assert.match(refused, /needs “read” on sps\/demo, sps\/dc2/);
    assert.doesNotMatch(refused, /succeeded/);
  });
});
