import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import * as z from 'zod';
import type { Listener } from '../infra/local/simulators/listen.ts';
import { startSchedulerStandIn } from '../infra/local/simulators/scheduler.ts';
import { asText, buttonsOf } from '../infra/local/slack-message.ts';
import { slackConnection } from '../lib/chat/slack.ts';
import { secretIdOf } from '../lib/connections.ts';
import { buttonNamed, type Chat, startChat } from './chat-harness.ts';

// Putting back early what was set for a while, in chat.

let chat: Chat;
let scheduler: Listener;

before(async () => {
  chat = await startChat();
  scheduler = await startSchedulerStandIn(async () => {}, { groups: ['switchboard-temporary'] });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SCHEDULER: scheduler.url,
    RESTORE_GROUP: 'switchboard-temporary',
    RESTORE_ROLE_ARN: 'arn:aws:iam::000000000000:role/local',
    FUNCTION_ARN_PREFIX: 'arn:aws:lambda:us-east-1:000000000000:function:',
  });
  const { signingSecret, botToken, baseUrl } = chat.slackSecret;
  const grants = {
    U1: { read: ['sps/demo'], change: ['sps/demo'] },
    U2: { change: ['changes/*', 'atlas/*'] },
  };
  const secret = { signingSecret, botToken, baseUrl, grants };
  chat.secretsManager.put(secretIdOf('chat', slackConnection), JSON.stringify(secret));
});

after(async () => {
  await chat.stop();
  await scheduler.close();
});

const state = z.record(z.string(), z.record(z.string(), z.boolean()));
const snmp = async () =>
  state.parse(await chat.call('sps.getSystemAlerts', 'demo', {}))['xcbDiskFull']?.['snmp'];

let id: string;

beforeEach(async () => {
  await chat.call('sps.toggleSystemAlerts', 'demo', { alerts: { xcbDiskFull: { snmp: true } } });
  const answer = await chat.call('sps.toggleSystemAlerts', 'demo', {
    alerts: { xcbDiskFull: { snmp: false } },
    for: 'PT2H',
  });
  id = z.object({ temporary: z.object({ id: z.string() }) }).parse(answer).temporary.id;
});

describe('what is set for a while already', () => {
  const told =
    /xcbDiskFull\.snmp is set for a while, until \d{4}-\d\d-\d\d \d\d:\d\dZ: this sets another time/;
  const pending = async () =>
    z
      .object({ results: z.array(z.object({ id: z.string() })) })
      .parse(await chat.call('changes.listTemporary', undefined, {})).results;

  test('can be given another time, though nothing changes', async () => {
    const preview = await chat.say('sps toggle-system-alerts demo xcbDiskFull.snmp=off for 30m');
    assert.match(asText(preview), told);
    const done = await chat.press(buttonNamed(preview, 'Apply'));
    assert.match(asText(done), /All is as it was asked for[\s\S]*temporary/);
    assert.equal((await pending()).length, 1);
    assert.equal(await snmp(), false);
  });

  test('can be made to stay', async () => {
    const preview = await chat.say('sps toggle-system-alerts demo xcbDiskFull.snmp=off');
    assert.match(asText(preview), told);
    const done = await chat.press(buttonNamed(preview, 'Apply'));
    assert.match(asText(done), /had been set for a while; as it is now it stays for good/);
    assert.deepEqual(await pending(), []);
    assert.equal(await snmp(), false);
  });
});

describe('changes restore-now', () => {
  test('is shown first, with its place, and done with Apply', async () => {
    const preview = await chat.say(`changes restore-now ${id}`);
    assert.match(asText(preview), /Put back now what is set for a while · demo/);
    assert.match(asText(preview), /xcbDiskFull\.snmp +off +→ +on/);
    assert.equal(await snmp(), false);
    const done = await chat.press(buttonNamed(preview, 'Apply'));
    assert.match(asText(done), /Done\./);
    assert.equal(await snmp(), true);
    assert.match(asText(await chat.again()), /All is as it was asked for/);
  });

  test('takes the right to change what is put back, and no other helps', async () => {
    const refused = await chat.say(`changes restore-now ${id}`, 'U2');
    assert.match(asText(refused), /needs “change” on sps\/demo/);
    assert.deepEqual(buttonsOf(refused), []);
  });

  test('is refused to who presses the button of somebody else', async () => {
    const preview = await chat.say(`changes restore-now ${id}`);
    await chat.press(buttonNamed(preview, 'Apply'), 'U2');
    assert.equal(await snmp(), false);
  });

  test('is shown again where something else is pending by then', async () => {
    const preview = await chat.say(`changes restore-now ${id}`);
    await chat.call('sps.toggleSystemAlerts', 'demo', {
      alerts: { xcbSwapFull: { email: true, snmp: true } },
      for: 'PT1H',
    });
    const again = await chat.press(buttonNamed(preview, 'Apply'));
    assert.match(asText(again), /The state has moved/);
    assert.equal(await snmp(), false);
  });

  test('says where there is no such thing', async () => {
    const unknown = await chat.say('changes restore-now sps-toggleSystemAlerts-0000');
    assert.match(asText(unknown), /NOTHING_PENDING/);
  });
});
