import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { type Listener, listen, type Response } from '../infra/local/simulators/listen.ts';
import { demo, startSlack } from '../infra/local/simulators/slack.ts';
import { message, section } from '../lib/chat/blocks.ts';
import { grantsOf, someoneElseMay } from '../lib/chat/permissions.ts';
import { post, responseUrlOf } from '../lib/chat/post.ts';
import { slack } from '../lib/chat/slack.ts';
import { Deadline } from '../lib/deadline.ts';
import { takeLog } from './chat-harness.ts';

let workspace: Listener;
let log: ReturnType<typeof takeLog>;

before(async () => {
  workspace = await startSlack();
  log = takeLog();
});

after(async () => {
  log.giveBack();
  await workspace.close();
});

beforeEach(() => {
  log.lines.length = 0;
  workspace.requests.length = 0;
});

type Secret = Parameters<typeof grantsOf>[0];

const secretOf = (with_: Partial<Secret> = {}): Secret => {
  const grant = { read: ['sps/*'], change: [], destroy: ['atlas/prod'] };
  const { signingSecret, botToken } = demo.secret;
  return { signingSecret, botToken, grants: { S1: grant }, baseUrl: workspace.url, ...with_ };
};

const grantsHeld = async (secret: Secret, user: string) => {
  using deadline = new Deadline(5_000);
  return (await grantsOf(secret, user, deadline)).length;
};

test('a grant to a user group covers who is in it, and Slack is asked once', async () => {
  const secret = secretOf();
  assert.deepEqual([await grantsHeld(secret, 'U3'), await grantsHeld(secret, 'U1')], [1, 0]);
  assert.equal(workspace.requests.length, 1);
});

const nobody: [when: string, secret: () => Secret, why: RegExp][] = [
  ['there is no bot token', () => ({ ...secretOf(), botToken: undefined }), /no botToken/],
  ['Slack refuses the bot token', () => secretOf({ botToken: 'xoxb-other' }), /invalid_auth/],
  [
    'Slack does not know the group',
    () => secretOf({ grants: { S9: { read: ['*/*'], change: [], destroy: [] } } }),
    /no_such_subteam/,
  ],
  [
    'Slack answers something else',
    () => secretOf({ baseUrl: `${workspace.url}/elsewhere` }),
    /its body is empty/,
  ],
];
for (const [when, secret, why] of nobody)
  test(`a grant to a user group covers nobody where ${when}, and the log says so`, async () => {
    assert.equal(await grantsHeld(secret(), 'U3'), 0);
    assert.match(log.lines.join(''), /"user group not matched"/);
    assert.match(log.lines.join(''), why);
    assert.doesNotMatch(log.lines.join(''), /xoxb-/);
  });

test('somebody else is another user, or another in a group', async () => {
  using deadline = new Deadline(5_000);
  const destroy = { effect: 'destroy' as const, system: 'atlas', connection: 'prod' };
  assert.equal(await someoneElseMay(secretOf(), 'U1', destroy, deadline), true);
  assert.equal(await someoneElseMay(secretOf(), 'U3', destroy, deadline), false);
  assert.equal(await someoneElseMay(secretOf(), 'U1', { ...destroy, connection: 'test' }, deadline), false);
});

test('answers may go to Slack and, where Slack is simulated, to this machine', () => {
  const real = secretOf({ baseUrl: 'https://slack.com' });
  assert.equal(responseUrlOf('https://hooks.slack.com/commands/1', real).host, 'hooks.slack.com');
  assert.equal(responseUrlOf('http://127.0.0.1:1/x', secretOf()).host, '127.0.0.1:1');
  for (const elsewhere of [
    'http://127.0.0.1:9001/2018-06-01/runtime/invocation/next',
    'http://localhost/x',
    'http://hooks.slack.com/x',
    'https://hooks.slack.com:8443/x',
    'https://user@hooks.slack.com/x',
    'https://hooks.slack.com.example.net/x',
  ])
    assert.throws(() => responseUrlOf(elsewhere, real), { name: 'RESPONSE_URL_REFUSED' });
});

/** Posts to something that gives these answers, one after the other; answers how often it was asked. */
async function postTo(...answers: (Response | 'reset')[]): Promise<number> {
  using deadline = new Deadline(10_000);
  const hook = await listen(async () => answers.shift() ?? { status: 200 });
  try {
    await post(secretOf(), new URL(`${hook.url}/commands/1`), message([section('x')]), deadline);
    return hook.requests.length;
  } finally {
    await hook.close();
  }
}

test('a message is posted again after a passing fault', async () => {
  assert.equal(await postTo({ status: 503 }), 2);
  assert.equal(await postTo('reset'), 2);
});

test('what Slack refuses is logged, and what never arrives makes the worker run again', async () => {
  assert.equal(await postTo({ status: 404, body: 'expired_url' }), 1);
  assert.match(log.lines.join(''), /"chat message refused"/);
  await assert.rejects(postTo({ status: 500 }), { name: 'UPSTREAM_ANSWER_UNEXPECTED' });
});

test("the app's secret is checked, and its defects are named without its values", () => {
  const refused = slack.secret?.safeParse({
    signingSecret: '',
    grants: { U1: { read: 'hunter2' } },
    extra: 1,
  });
  const issues = JSON.stringify(refused?.error?.issues.map(({ path, message }) => [path, message]));
  assert.match(issues, /must not be empty/);
  assert.match(issues, /must be a list/);
  assert.doesNotMatch(issues, /hunter2/);
});
