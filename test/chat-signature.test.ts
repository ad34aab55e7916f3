import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { localContext } from '../infra/local/local-context.ts';
import { useLocalAws } from '../infra/local/simulators/aws/credentials.ts';
import { startLambdaStandIn } from '../infra/local/simulators/lambda.ts';
import { startSecretsManager } from '../infra/local/simulators/secrets-manager.ts';
import { receiver } from '../lib/chat/receiver.ts';
import { signatureOf } from '../lib/chat/signature.ts';
import { functionNameOf } from '../lib/function-name.ts';
import { problemDetails } from '../lib/problems/problem-details.ts';
import { chatEventOf, takeLog } from './chat-harness.ts';

// The example of https://docs.slack.dev/authentication/verifying-requests-from-slack
const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5';
const timestamp = '1531420618';
const body =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
const signature = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';
const at = Number(timestamp) * 1_000;

let secretsManager: Awaited<ReturnType<typeof startSecretsManager>>;
let lambda: Awaited<ReturnType<typeof startLambdaStandIn>>;

const log = takeLog();

before(async () => {
  secretsManager = await startSecretsManager({
    secrets: { 'switchboard/chat/slack': JSON.stringify({ signingSecret }) },
  });
  lambda = await startLambdaStandIn(async () => undefined);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
  });
  useLocalAws();
});

after(async () => {
  log.giveBack();
  await Promise.all([secretsManager.close(), lambda.close()]);
});

interface Sent {
  body?: string;
  timestamp?: string | undefined;
  signature?: string | undefined;
  base64?: boolean;
  contentType?: string;
}

/** Gives a request to a receiver; Slack's example in all that is not said. */
async function send(sent: Sent, now = at, receive = receiver(() => now)) {
  const request: Sent = { timestamp, signature, body, ...sent };
  const headers = Object.fromEntries(
    [
      ['content-type', request.contentType ?? 'application/x-www-form-urlencoded'],
      ['x-slack-request-timestamp', request.timestamp],
      ['x-slack-signature', request.signature],
    ].filter(([, value]) => value !== undefined),
  );
  const event = chatEventOf({ headers, body: request.body ?? '' }, request.base64);
  const from = lambda.invocations.length;
  const { answer: response, afterwards } = await receive(event, localContext('chat.receiver'));
  assert.equal(lambda.invocations.length, from, 'nothing is handed over before the answer');
  await afterwards?.();
  const { statusCode, body: answer = '' } = response;
  return { statusCode, answer };
}

for (const base64 of [false, true])
  test(`takes Slack's own example and hands it to the worker${base64 ? ', also in base64 as API Gateway has it' : ''}`, async () => {
    const from = lambda.invocations.length;
    const { statusCode, answer } = await send({ base64 });
    assert.equal(statusCode, 200);
    assert.deepEqual(JSON.parse(answer), { response_type: 'ephemeral', text: 'Working on it…' });
    assert.deepEqual(lambda.invocations.slice(from), [
      {
        functionName: functionNameOf('chat.worker'),
        type: 'Event',
        event: {
          kind: 'command',
          user: { id: 'U2CERLKJA', name: 'roadrunner', team: 'T1DC2JH3J' },
          text: '',
          responseUrl: 'https://hooks.slack.com/commands/T1DC2JH3J/397700885554/96rGlfmibIGlgcZRskXaIFfN',
          id: '398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
        },
      },
    ]);
  });

const resigned = (text: string, secret = signingSecret, time = timestamp) => signatureOf(secret, time, text);
const utf16 = Buffer.from(body, 'utf16le').toString('latin1');

const refused: [what: string, sent: Sent, now?: number][] = [
  ['forged: no signature', { signature: undefined }],
  ['forged: an empty signature', { signature: '' }],
  ['forged: no time-stamp', { timestamp: undefined }],
  ['forged: signed with another secret', { signature: resigned(body, 'another') }],
  ['forged: signed with an empty secret', { signature: resigned(body, '') }],
  ['forged: another text under a good signature', { body: body.replace('text=', 'text=sps+x') }],
  ['forged: another user under a good signature', { body: body.replace('U2CERLKJA', 'U2CERLKJB') }],
  ['forged: a good signature of another version', { signature: signature.replace('v0', 'v1') }],
  ['forged: the signature in capitals', { signature: signature.toUpperCase() }],
  ['forged: the signature without its version', { signature: signature.slice(3) }],
  ['forged: two signatures', { signature: `${signature},${signature}` }],
  ['forged: a parameter more', { body: `${body}&text=sps` }],
  ['replayed: older than five minutes', {}, at + 301_000],
  ['replayed: from a time to come', {}, at - 301_000],
  ['replayed: under a new time-stamp', { timestamp: String(Number(timestamp) + 600) }, at + 600_000],
  ['replayed: under a time-stamp that is no number', { timestamp: '1531420618.0' }],
  ['replayed: under a time-stamp in other digits', { timestamp: '0x5b47a48a' }],
  ['replayed: under a time-stamp with a space', { timestamp: ' 1531420618' }],
  ['truncated: the body', { body: body.slice(0, -1) }],
  ['truncated: the whole body', { body: '' }],
  ['truncated: the signature', { signature: signature.slice(0, -1) }],
  ['truncated: the signature to its version', { signature: 'v0=' }],
  ['truncated: the time-stamp', { timestamp: timestamp.slice(0, -1) }],
  ['re-encoded: percent-encoding in small letters', { body: body.replaceAll('%3A', '%3a') }],
  ['re-encoded: percent-encoding undone', { body: body.replaceAll('%2F', '/') }],
  ['re-encoded: more percent-encoding than there was', { body: body.replace('foobar', '%66oobar') }],
  ['re-encoded: the parameters in another order', { body: body.split('&').toReversed().join('&') }],
  ['re-encoded: a line feed at the end', { body: `${body}\n` }],
  ['re-encoded: a byte order mark in front', { body: `\uFEFF${body}` }],
  [
    're-encoded: in UTF-16',
    { body: utf16, contentType: 'application/x-www-form-urlencoded; charset=utf-16le' },
  ],
  ['re-encoded: base64 that nobody announced', { body: Buffer.from(body).toString('base64') }],
  ['re-encoded: base64 twice', { body: Buffer.from(body).toString('base64'), base64: true }],
  ['re-encoded: as JSON', { body: JSON.stringify(Object.fromEntries(new URLSearchParams(body))) }],
];

describe('refuses what is', () => {
  for (const [what, sent, now] of refused)
    test(what, async () => {
      const from = lambda.invocations.length;
      const { statusCode, answer } = await send(sent, now);
      assert.equal(statusCode, 401);
      const { code, detail } = problemDetails.parse(JSON.parse(answer));
      assert.equal(code, 'NOT_FROM_SLACK');
      assert.doesNotMatch(detail, /roadrunner|v0=/);
      assert.equal(lambda.invocations.length, from);
    });

  test('replayed: within five minutes, to a process that has seen it', async () => {
    const from = lambda.invocations.length;
    let now = at;
    const receive = receiver(() => now);
    assert.equal((await send({}, at, receive)).statusCode, 200);
    for (const later of [0, 1_000, 300_000]) {
      now = at + later;
      assert.equal((await send({ base64: later === 1_000 }, now, receive)).statusCode, 401, `${later}`);
    }
    assert.equal(lambda.invocations.length, from + 1);
  });

  test('changed in any single byte', async () => {
    const from = lambda.invocations.length;
    for (let index = 0; index < body.length; index += 7) {
      const letter = body[index] === 'x' ? 'y' : 'x';
      const changed = `${body.slice(0, index)}${letter}${body.slice(index + 1)}`;
      assert.equal((await send({ body: changed })).statusCode, 401);
    }
    for (let index = 0; index < signature.length; index++) {
      const letter = signature[index] === '0' ? '1' : '0';
      const changed = `${signature.slice(0, index)}${letter}${signature.slice(index + 1)}`;
      assert.equal((await send({ signature: changed })).statusCode, 401);
    }
    assert.equal(lambda.invocations.length, from);
  });
});

test('takes a request that is almost five minutes off, either way', async () => {
  for (const off of [-300_000, 300_000]) assert.equal((await send({}, at + off)).statusCode, 200);
});

test("answers Slack's look at the certificate, and interactions that are none of ours, with nothing done", async () => {
  const from = lambda.invocations.length;
  for (const form of [
    { ssl_check: '1', token: 'xyzz0WbapA4vBCDEFasx0q6G' },
    { payload: JSON.stringify({ type: 'view_submission', user: { id: 'U1' } }) },
  ]) {
    const text = new URLSearchParams(form).toString();
    assert.deepEqual(await send({ body: text, signature: resigned(text) }), { statusCode: 200, answer: '' });
  }
  assert.equal(lambda.invocations.length, from);
});

test('reads no secret for what is not signed, or not now', async () => {
  const from = secretsManager.calls.length;
  await send({ signature: undefined });
  await send({}, at + 400_000);
  assert.equal(secretsManager.calls.length, from);
});
