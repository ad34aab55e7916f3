import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { localContext } from '../infra/local/local-context.ts';
import { json, type Listener, listen, type Response } from '../infra/local/simulators/listen.ts';
import { demo } from '../infra/local/simulators/slack.ts';
import { commandForm, pressForm, signed } from '../infra/local/slack-client.ts';
import { asText, buttonsOf } from '../infra/local/slack-message.ts';
import { message, section } from '../lib/chat/blocks.ts';
import { grantsOf } from '../lib/chat/permissions.ts';
import { post, postToUser, responseUrlOf } from '../lib/chat/post.ts';
import { receiver } from '../lib/chat/receiver.ts';
import { slack } from '../lib/chat/slack.ts';
import { secretIdOf } from '../lib/connections.ts';
import { Deadline } from '../lib/deadline.ts';
import { problemKinds } from '../lib/problems/kinds.ts';
import { problemDetails } from '../lib/problems/problem-details.ts';
import { certify, withoutOpenssl } from './certify.ts';
import { type Chat, chatEventOf, idOf, startChat } from './chat-harness.ts';

let chat: Chat;
let workspace: Listener;
let withoutSecret: Awaited<ReturnType<Chat['send']>>;
let answer: Response | 'reset' = json(200, { ok: true, users: [] });

before(async () => {
  chat = await startChat();
  workspace = await listen(async () => answer);
  const id = secretIdOf('chat', 'slack');
  const { headers, body } = signed(commandForm('help', idOf('U1'), chat.responseUrl), signingSecret);
  chat.secretsManager.put(id, '{"signingSecret": 5}');
  withoutSecret = await chat.send({ headers, body });
  // Once read, it is good for five minutes.
  chat.secretsManager.put(id, JSON.stringify({ ...chat.slackSecret, baseUrl: workspace.url }));
});

after(async () => {
  await workspace.close();
  await chat.stop();
});

beforeEach(() => {
  chat.logLines.length = 0;
  workspace.requests.length = 0;
});

const { signingSecret, botToken } = demo.secret;
type Secret = Parameters<typeof grantsOf>[0];
const grant = { read: ['sps/*'], change: [], destroy: [] };
const secretOf = (with_: Partial<Secret> = {}): Secret => ({
  ...{ signingSecret, botToken, grants: { S1: grant }, baseUrl: workspace.url },
  ...with_,
});

const logged = () => chat.logLines.join('');

describe('of Enterprise Grid,', () => {
  test("a group is asked for in the workspace of the command: an organization's token wants that", async () => {
    // omnibot 44
    answer = json(200, { ok: true, users: ['U3'] });
    using deadline = new Deadline(5_000);
    assert.equal((await grantsOf(secretOf(), 'U3', deadline, { team: 'T9' })).length, 1);
    assert.equal(workspace.requests[0]?.target, '/api/usergroups.users.list?usergroup=S1&team_id=T9');
  });

  test('a group of one workspace is not taken for that of another', async () => {
    const secret = secretOf();
    using deadline = new Deadline(5_000);
    answer = json(200, { ok: true, users: ['U3'] });
    assert.equal((await grantsOf(secret, 'U3', deadline, { team: 'T1' })).length, 1);
    answer = json(200, { ok: false, error: 'no_such_subteam' });
    assert.equal((await grantsOf(secret, 'U3', deadline, { team: 'T2' })).length, 0);
  });

  const sentBy = async (form: Record<string, string>) => {
    const from = chat.lambda.invocations.length;
    await chat.send(signed(new URLSearchParams(form).toString(), signingSecret));
    await chat.lambda.settled();
    const event = JSON.stringify(chat.lambda.invocations.slice(from).find(({ type }) => type === 'Event'));
    return /"team":"(\w+)"/.exec(event)?.[1];
  };
  const formOf = (text: string) => Object.fromEntries(new URLSearchParams(text));

  test('the workspace of a command goes with it, and the organization where there is none', async () => {
    const form = formOf(commandForm('help', idOf('U1'), workspace.url));
    assert.equal(await sentBy(form), 'T0001');
    const { team_id: _team, ...whole } = form;
    assert.equal(await sentBy({ ...whole, trigger_id: '2', enterprise_id: 'E1' }), 'E1');
    assert.equal(await sentBy({ ...whole, trigger_id: '3', team_id: '' }), undefined);
  });

  test('the workspace of a pressed button is its own, that of the user, or the organization', async () => {
    const pressed = async (id: string, members: object) => {
      const form = formOf(pressForm({ action_id: 'apply', value: '{}' }, idOf('U1'), workspace.url));
      const payload = { ...JSON.parse(form['payload'] ?? ''), trigger_id: id, ...members };
      return sentBy({ payload: JSON.stringify(payload) });
    };
    const enterprise = { id: 'E1', name: 'Example' };
    const user = { id: 'U1', username: 'ana' };
    assert.equal(await pressed('11', { enterprise }), 'T0001');
    assert.equal(await pressed('12', { team: null, enterprise, user: { ...user, team_id: 'T7' } }), 'T7');
    assert.equal(await pressed('13', { team: null, enterprise, user, is_enterprise_install: true }), 'E1');
    assert.equal(await pressed('14', { team: [], enterprise: 'odd', user }), undefined);
  });
});

describe('of GovSlack,', () => {
  test('answers go there where the secret says so, and nowhere else', () => {
    // prefect 19564
    const { baseUrl: _simulated, ...real } = secretOf();
    const gov: Secret = { ...real, host: 'slack-gov.com' };
    const inGov = 'https://hooks.slack-gov.com/commands/T1/2/x';
    const usual = 'https://hooks.slack.com/commands/T1/2/x';
    assert.equal(responseUrlOf(inGov, gov).href, inGov);
    assert.equal(responseUrlOf(usual, real).href, usual);
    for (const [address, secret] of [
      [inGov, real],
      [usual, gov],
      ['https://hooks.slack-gov.com.example.net/x', gov],
      ['https://hooks.slack-gov.com:8443/x', gov],
      ['https://:x@hooks.slack-gov.com/x', gov],
      ['http://hooks.slack-gov.com/x', gov],
      ['https://slack-gov.com/x', gov],
      ['http://127.0.0.1/x', gov],
    ] as const)
      assert.throws(() => responseUrlOf(address, secret), { name: 'RESPONSE_URL_REFUSED' }, address);
  });

  test('another host is refused when the secret is read, and the field named', () => {
    const refused = (members: object) =>
      slack.secret
        ?.safeParse({ signingSecret, ...members })
        .error?.issues.map(({ path, message }) => `${path} ${message}`);
    assert.deepEqual(refused({ host: 'example.com' }), ['host must be slack.com or slack-gov.com']);
    assert.match(String(refused({ baseUrl: 'https://example.com' })), /^baseUrl must be on this machine/);
    assert.match(String(refused({ baseUrl: 'nonsense' })), /^baseUrl must be /);
    assert.equal(refused({ host: 'slack-gov.com' }), undefined);
  });
});

describe("an answer of Slack's Web API that is no answer", () => {
  const odd: [what: string, answer: Response | 'reset', says: RegExp][] = [
    ...[
      'invalid_auth',
      'not_authed',
      'missing_scope',
      'token_expired',
      'token_revoked',
      'account_inactive',
      'no_such_subteam',
      'plan_upgrade_required',
      'team_access_not_granted',
      'missing_argument',
      'org_login_required',
      'ekm_access_denied',
      'access_denied',
      'ratelimited',
      'fatal_error',
      'internal_error',
    ].map((error): [string, Response, RegExp] => [
      error,
      json(200, { ok: false, error }),
      new RegExp(`Slack refused it \\(${error}\\): [a-z]`),
    ]),
    ['a word that is new', json(200, { ok: false, error: 'what_ever' }), /Slack refused it \(what_ever\)/],
    ['a word that repeats the token', json(200, { ok: false, error: botToken }), /Slack refused it"/],
    ['no word', json(200, { ok: false }), /Slack refused it \(unknown\)/],
    ['a number for a word', json(200, { ok: false, error: 5 }), /Slack refused it/],
    ['a page', { status: 200, body: '<html>Sign in</html>' }, /a page or XML/],
    ['nothing', { status: 200 }, /its body is empty/],
    ['a list', json(200, []), /JSON of another shape/],
    ['no users', json(200, { ok: true }), /not as documented: users/],
    ['429', json(429, { ok: false, error: 'ratelimited' }, { 'retry-after': '3600' }), /ratelimited/],
    ['503', { status: 503, body: 'busy' }, /status 503/],
    ['a redirect', { status: 302, headers: { location: 'https://example.com/' } }, /status 302/],
    ['a cut connection', 'reset', /Slack|chat/],
  ];
  for (const [what, given, says] of odd)
    test(`(${what}) covers nobody, in words in the log, and in chat where somebody waits`, async () => {
      answer = given;
      using deadline = new Deadline(4_000);
      const failed: string[] = [];
      assert.deepEqual(await grantsOf(secretOf(), 'U3', deadline, { failed }), []);
      assert.match(logged(), says);
      assert.equal(failed.length, 1);
      assert.doesNotMatch(
        `${logged()}${failed.join()}`,
        /xoxb-|"code":"INTERNAL_ERROR"|expected the unexpected/,
      );
    });

  test('is told to who is refused, since they might be in that group', async () => {
    answer = json(200, { ok: false, error: 'token_revoked' });
    const said = asText(await chat.say('sps get-system-alerts demo', 'U3'));
    assert.match(
      said,
      /You may not do this[\s\S]*S1: Slack refused it \(token_revoked\): the bot token was revoked/,
    );
    assert.match(said, /their rights were left out/);
  });

  test('to a direct message is logged, or has it posted again where it is passing', async () => {
    const told = async (given: Response) => {
      answer = given;
      using deadline = new Deadline(4_000);
      await postToUser(secretOf(), 'U1', message([section('x')]), deadline);
      return logged();
    };
    assert.match(await told(json(200, { ok: false, error: 'channel_not_found' })), /there is no such user/);
    for (const error of ['ratelimited', 'internal_error', 'service_unavailable'])
      await assert.rejects(told(json(200, { ok: false, error })), { name: 'UPSTREAM_ANSWER_UNEXPECTED' });
    await assert.rejects(told({ status: 200, body: '<html>' }), { name: 'UPSTREAM_ANSWER_UNEXPECTED' });
  });

  test('of a response_url is logged in words', async () => {
    for (const [status, says] of [
      [404, /good for no more/],
      [410, /good for no more/],
      [403, /administrator/],
      [400, /layout/],
      [302, /leads elsewhere/],
      [418, /Slack refused it/],
    ] as const) {
      answer = { status };
      using deadline = new Deadline(4_000);
      await post(secretOf(), new URL(`${workspace.url}/commands/1`), message([section('x')]), deadline);
      assert.match(logged(), says);
    }
  });
});

test('a proxy that looks into TLS is trusted where the secret has its ca', {
  skip: withoutOpenssl,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slack-tls-'));
  const { cert: ca } = certify(folder, 'authority');
  const signer = ['-CA', join(folder, 'authority.pem'), '-CAkey', join(folder, 'authority.key')];
  const tls = certify(folder, 'proxy', ...signer, '-addext', 'subjectAltName=IP:127.0.0.1');
  const proxied = await listen(async () => json(200, { ok: true, users: ['U3'] }), 0, tls);
  try {
    using deadline = new Deadline(10_000);
    const url = new URL(`${proxied.url}/commands/1`);
    const secret = secretOf({ baseUrl: proxied.url, ca });
    await post(secret, url, message([section('x')]), deadline);
    await postToUser(secret, 'U3', message([section('x')]), deadline);
    assert.equal((await grantsOf(secret, 'U3', deadline, { team: 'T3' })).length, 1);
    assert.equal(proxied.requests.length, 3);
    const stranger = { ...secret, ca: undefined };
    await assert.rejects(post(stranger, url, message([section('x')]), deadline), {
      name: 'UPSTREAM_UNTRUSTED',
    });
  } finally {
    await proxied.close();
    rmSync(folder, { recursive: true });
  }
});

describe('a signed request that Slack does not make is refused in words, and nothing is handed over:', () => {
  const command = commandForm('errors list', idOf('U1'), 'https://hooks.slack.com/commands/1');
  const without = (name: string) => {
    const form = new URLSearchParams(command);
    form.delete(name);
    return form.toString();
  };
  const payload = (value: unknown) => new URLSearchParams({ payload: JSON.stringify(value) }).toString();
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

  const odd: [what: string, body: string, says: RegExp, status?: number][] = [
    ['an empty form', '', /user_id: is required/],
    ['a form without its user', without('user_id'), /user_id: is required/],
    ['a form without its response_url', without('response_url'), /response_url: /],
    ['a form without its trigger', without('trigger_id'), /trigger_id: is required/],
    [
      'a response_url that is none',
      command.replace(/response_url=[^&]*/, 'response_url=x'),
      /response_url: must be an address/,
    ],
    ['JSON', JSON.stringify({ type: 'url_verification' }), /user_id: is required|percent-encoded/],
    ['bytes that are not UTF-8', `${command}&text=%FF%FE`, /percent-encoded UTF-8/],
    ['letters that are not encoded', `${command}&text=São`, /percent-encoded UTF-8/],
    ['a percent sign alone', `${command}&x=100%`, /percent-encoded UTF-8/],
    ['a payload that is not JSON', 'payload=%7B', /payload: must be JSON of an object/],
    ['a payload that is null', payload(null), /payload: must be JSON of an object/],
    ['a payload that is a list', payload([]), /payload: must be JSON of an object/],
    ['a payload without a type', payload({}), /payload: must be JSON of an object/],
    ['a payload nested deep', `payload=${encodeURIComponent(deep)}`, /payload: must be JSON of an object/],
    ['a megabyte and more', `${command}&x=${'x'.repeat(1_000_000)}`, /larger than any/, 413],
  ];
  for (const [what, body, says, status = 400] of odd)
    test(what, async () => {
      const from = chat.lambda.invocations.length;
      const { statusCode, body: told = '' } = await chat.send(signed(body, signingSecret));
      assert.equal(statusCode, status);
      const problem = problemDetails.parse(JSON.parse(told));
      assert.match(problem.detail, says);
      assert.ok(problemKinds.some(({ code }) => code === problem.code));
      assert.equal(chat.lambda.invocations.length, from);
    });

  test('another content type', async () => {
    const { headers, body } = signed(command, signingSecret);
    const { statusCode, body: told = '' } = await chat.send({
      headers: { ...headers, 'content-type': 'application/json' },
      body,
    });
    assert.equal(statusCode, 400);
    assert.match(told, /content-type: must be application\/x-www-form-urlencoded/);
  });

  test('a payload in which single members are odd is left alone', async () => {
    const form = pressForm({ action_id: 'apply', value: '{}' }, idOf('U1'), chat.responseUrl);
    const whole: unknown = JSON.parse(new URLSearchParams(form).get('payload') ?? '');
    const from = chat.lambda.invocations.length;
    for (const members of [
      { actions: [] },
      { actions: null },
      { actions: [{ action_id: 5 }] },
      { user: null },
      { user: [] },
      { response_url: 'x' },
      { type: 'view_submission' },
    ]) {
      const body = payload({ ...Object(whole), ...members });
      assert.equal((await chat.send(signed(body, signingSecret))).statusCode, 200);
    }
    assert.equal(chat.lambda.invocations.length, from);
    assert.match(logged(), /"chat interaction left alone"/);
  });
});

test('a request with odd headers, and an event that is none, are not from Slack', async () => {
  const { headers, body } = signed('text=help', signingSecret);
  const event = chatEventOf({ headers, body });
  const time = 'x-slack-request-timestamp';
  const odd: unknown[] = [
    ...['NaN', 'Infinity', '1'.repeat(400), '-1', '1e9', '', '0x5b47a48a'].map((value) => ({
      ...event,
      headers: { ...headers, [time]: value },
    })),
    ...[[headers[time], headers[time]], null, 5, {}].map((value) => ({
      ...event,
      headers: { ...headers, [time]: value },
    })),
    { ...event, headers: { ...headers, 'x-slack-signature': `${headers['x-slack-signature']}, v0=x` } },
    { ...event, headers: null },
    { ...event, headers: [] },
    { ...event, body: 5 },
    { ...event, isBase64Encoded: 'yes' },
    { version: '1.0', httpMethod: 'POST', body },
    ...[null, undefined, [], 'x', {}],
  ];
  for (const one of odd) {
    const { answer } = await receiver()(one, localContext('chat.receiver'));
    assert.equal(answer.statusCode, 401, JSON.stringify(one));
    assert.match(answer.body ?? '', /NOT_FROM_SLACK/);
  }
});

test('where the secret cannot be used, Slack is told that and nothing else', () => {
  assert.equal(withoutSecret.statusCode, 503);
  const { code, detail, retryable } = problemDetails.parse(JSON.parse(withoutSecret.body ?? ''));
  assert.deepEqual([code, retryable], ['CHAT_UNAVAILABLE', true]);
  assert.doesNotMatch(detail, /signingSecret/);
});

test('buttons of messages carry the workspace of who asked', async () => {
  const preview = await chat.say('sps toggle-system-alerts demo xcbDiskFull.snmp=off');
  assert.match(buttonsOf(preview)[0]?.value ?? '', /"team":"T0001"/);
});
