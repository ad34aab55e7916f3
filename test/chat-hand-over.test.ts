import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { bundle } from '../infra/bundle.ts';
import { type Lambda, lambdaRuntimeMissing, startLambda } from '../infra/local/lambda-runtime.ts';
import { listenAsAws } from '../infra/local/simulators/aws/service.ts';
import { type Answer, json, type Listener } from '../infra/local/simulators/listen.ts';
import { type SecretsManager, startSecretsManager } from '../infra/local/simulators/secrets-manager.ts';
import { demo } from '../infra/local/simulators/slack.ts';
import { commandForm, pressForm, signed } from '../infra/local/slack-client.ts';
import { type SlackPosts, startSlackPosts } from '../infra/local/slack-posts.ts';
import { chatEvent } from '../lib/chat/events.ts';
import { chatEventOf, idOf } from './chat-harness.ts';
import { httpResponse } from './harness.ts';

// The receiver as it is deployed, under Lambda's own runtime client: what it acknowledges, and what becomes of that.

const { signingSecret, botToken } = demo.secret;
const taken: Answer = { status: 202 };

describe('the receiver in Lambda', { skip: lambdaRuntimeMissing ?? false }, () => {
  let folder: string;
  let secretsManager: SecretsManager;
  let lambdaApi: Listener;
  let posts: SlackPosts;
  let lambda: Lambda;
  /** How the service that runs the worker answers, and the texts of the commands that it was asked to run. */
  let invoke: () => Promise<Answer>;
  let handedOver: string[] = [];

  const start = (timeoutMs: number) =>
    startLambda({
      bundleDir: join(folder, 'receiver'),
      timeoutMs,
      env: {
        AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
        AWS_ENDPOINT_URL_LAMBDA: lambdaApi.url,
      },
    });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'switchboard-'));
    const entry = join(import.meta.dirname, '..', 'infra', 'entries', 'chat-receiver.ts');
    await bundle(entry, join(folder, 'receiver'));
    // Where Slack is on this machine, answers may go to this machine.
    const secret = JSON.stringify({ ...demo.secret, baseUrl: 'http://127.0.0.1:9' });
    secretsManager = await startSecretsManager({
      secrets: { 'switchboard/chat/slack': secret },
    });
    lambdaApi = await listenAsAws('lambda', async ({ body }) => {
      const event = chatEvent.parse(JSON.parse(body));
      if (event.kind === 'command') handedOver.push(event.text);
      if (event.kind === 'press') handedOver.push(event.button);
      return invoke();
    });
    posts = await startSlackPosts();
    lambda = await start(15_000);
  });

  after(async () => {
    await lambda.stop();
    await Promise.all([secretsManager.close(), lambdaApi.close(), posts.close()]);
    await rm(folder, { recursive: true });
  });

  beforeEach(async () => {
    invoke = async () => taken;
    await finish();
    handedOver = [];
  });

  /** Gives the receiver a form; resolves with what it answers. */
  const send = async (form: string, secret = signingSecret, environment = lambda) => {
    const outcome = await environment.invoke(chatEventOf(signed(form, secret), true));
    assert.ok('answer' in outcome, JSON.stringify(outcome));
    return httpResponse.parse(outcome.answer);
  };
  /** Resolves when all that was acknowledged has been seen to: only then is the next request taken. */
  const finish = async (environment = lambda) => {
    await send('ssl_check=1', 'nobody', environment);
  };
  const command = (text: string) => commandForm(text, idOf('U1'), posts.responseUrl);

  test('acknowledges before it hands over, and takes nothing else on until that is done', async () => {
    const { promise: mayGoOn, resolve: goOn } = Promise.withResolvers<void>();
    invoke = async () => {
      await mayGoOn;
      return taken;
    };
    const { statusCode, body } = await send(command('first'));
    assert.deepEqual([statusCode, JSON.parse(body).text], [200, 'Working on it…']);
    assert.deepEqual(handedOver, []);
    const second = send(command('second')).then(() => handedOver.push('second acknowledged'));
    goOn();
    await second;
    assert.deepEqual(handedOver.slice(0, 2), ['first', 'second acknowledged']);
  });

  test('hands each over once', async () => {
    const texts = Array.from({ length: 20 }, (_, index) => `help ${index}`);
    for (const text of texts) await send(command(text));
    await send(pressForm({ action_id: 'apply', value: 'x' }, idOf('U1'), posts.responseUrl));
    await finish();
    assert.deepEqual(handedOver, [...texts, 'apply']);
  });

  test('hands nothing over that Slack has not signed', async () => {
    assert.equal((await send(command('forged'), 'another')).statusCode, 401);
    await finish();
    assert.deepEqual(handedOver, []);
  });

  for (const [what, answer, timeoutMs] of [
    ['is refused', json(403, { Message: 'no' }, { 'x-amzn-errortype': 'AccessDeniedException' }), 15_000],
    ['fails again and again', json(500, {}, { 'x-amzn-errortype': 'ServiceException' }), 15_000],
    ['breaks off', 'reset', 15_000],
    ['is never answered', 'silence', 8_000],
  ] as const)
    test(`tells the person, and the log, where handing over ${what}`, async (t) => {
      const environment = await start(timeoutMs);
      t.after(() => environment.stop());
      invoke = async () => answer;
      for (const [form, told] of [
        [
          command('sps get-system-alerts dc1'),
          /^The command could not be taken on just now\. Nothing was done/,
        ],
        [
          pressForm({ action_id: 'apply', value: 'x' }, idOf('U1'), posts.responseUrl),
          /^The button could not/,
        ],
      ] as const) {
        assert.equal((await send(form, signingSecret, environment)).statusCode, 200);
        const post = await posts.next();
        assert.match(post.text, told);
        assert.equal(post.replace_original, false);
      }
      await finish(environment);
      const log = [...environment.stdout, ...environment.stderr].join('\n');
      assert.equal(log.match(/"level":"ERROR","message":"chat event not handed over"/g)?.length, 2);
      for (const secret of [signingSecret, botToken]) assert.ok(!log.includes(secret));
    });

  test('where nobody can be told either, the log says so, and the next request is served', async (t) => {
    const environment = await start(15_000);
    t.after(() => environment.stop());
    invoke = async () => json(403, {}, { 'x-amzn-errortype': 'AccessDeniedException' });
    const elsewhere = commandForm('help', idOf('U1'), 'https://hooks.slack.com.example.net/commands/1');
    assert.equal((await send(elsewhere, signingSecret, environment)).statusCode, 200);
    assert.equal((await send('ssl_check=1', signingSecret, environment)).statusCode, 200);
    const log = environment.stdout.join('\n');
    assert.match(log, /"chat user not told".*"RESPONSE_URL_REFUSED"/);
  });
});
