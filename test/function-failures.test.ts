import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { localContext } from '../infra/local/local-context.ts';
import { useLocalAws } from '../infra/local/simulators/aws/credentials.ts';
import { type Listener, listen, type Response } from '../infra/local/simulators/listen.ts';
import { startSecretsManager } from '../infra/local/simulators/secrets-manager.ts';
import { asText } from '../infra/local/slack-message.ts';
import { startSlackPosts } from '../infra/local/slack-posts.ts';
import { findOperations } from '../infra/operations.ts';
import { workerName } from '../lib/chat/slack.ts';
import { worker } from '../lib/chat/worker.ts';
import { Deadline } from '../lib/deadline.ts';
import { invoke } from '../lib/lambda.ts';
import { problemOf } from '../lib/problems/call.ts';
import { takeLog } from './chat-harness.ts';

let lambda: Listener;
let answer: Response;

before(async () => {
  lambda = await listen(async () => answer);
  process.env['AWS_ENDPOINT_URL_LAMBDA'] = lambda.url;
  useLocalAws();
});

after(() => lambda.close());

/** What whoever invokes a function is told when Lambda answers that it failed, with this payload. */
async function failureAfter(payload: string) {
  answer = {
    status: 200,
    headers: { 'x-amz-function-error': 'Unhandled', 'content-type': 'application/json' },
    body: payload,
  };
  using deadline = new Deadline(5_000);
  const error: unknown = await invoke('switchboard-sps-getSystemAlerts', {}, deadline).catch(
    (error: unknown) => error,
  );
  return problemOf(error).details;
}

const ended: [how: string, payload: string, type: string][] = [
  [
    'by its time-out',
    '{"errorMessage":"2026-11-14T18:16:05Z 1 Task timed out after 28.00 seconds"}',
    'FUNCTION_TIMED_OUT',
  ],
  [
    'by its time-out, as Lambda tells it today',
    '{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: 1 Error: Task timed out after 28.00 seconds"}',
    'FUNCTION_TIMED_OUT',
  ],
  [
    'by being killed',
    '{"errorType":"Runtime.ExitError","errorMessage":"RequestId: 1 Error: Runtime exited with error: signal: killed"}',
    'FUNCTION_OUT_OF_MEMORY',
  ],
  [
    'before it began',
    '{"errorType":"Runtime.ImportModuleError","errorMessage":"Error: Cannot find module","trace":[]}',
    'FUNCTION_NOT_STARTED',
  ],
  [
    'by a crash',
    '{"errorMessage":"RequestId: 1 Process exited before completing request"}',
    'FUNCTION_CRASHED',
  ],
  [
    'by an error of JavaScript',
    '{"errorType":"TypeError","errorMessage":"x is not a y","trace":[]}',
    'FUNCTION_CRASHED',
  ],
  ['with no word', '', 'FUNCTION_CRASHED'],
  ['with null', 'null', 'FUNCTION_CRASHED'],
  ['with what is not JSON', '<html>', 'FUNCTION_CRASHED'],
  ['with a list', '[]', 'FUNCTION_CRASHED'],
  [
    'with a problem that lacks most of itself',
    '{"errorType":"X","errorMessage":"{\\"code\\":\\"X\\"}"}',
    'FUNCTION_CRASHED',
  ],
];
for (const [how, payload, kind] of ended)
  test(`a function that ended ${how} is no internal error of who invoked it`, async () => {
    const { type, detail } = await failureAfter(payload);
    assert.equal(type, `/errors/${kind}`);
    assert.match(detail, /switchboard-sps-getSystemAlerts/);
  });

test('a problem that the function told of stays that problem', async () => {
  const told = {
    ...{ type: '/errors/CONFIGURATION_LOCKED', code: 'CONFIGURATION_LOCKED', title: 'Locked', status: 423 },
    ...{ detail: 'Somebody else has it.', retryable: true, remedy: 'Wait.' },
  };
  const payload = JSON.stringify({ errorType: told.code, errorMessage: JSON.stringify(told) });
  assert.partialDeepStrictEqual(await failureAfter(payload), { code: told.code, detail: told.detail });
});

test('who asks in chat for what a crashed function, or one of another version, was to do, is told', async (context) => {
  const posts = await startSlackPosts();
  const secret = {
    signingSecret: 'hunter2-hunter2',
    grants: { U1: { read: ['*/*'], change: ['*/*'] } },
    baseUrl: posts.responseUrl,
  };
  const secretsManager = await startSecretsManager({
    secrets: { 'switchboard/chat/slack': JSON.stringify(secret) },
  });
  process.env['AWS_ENDPOINT_URL_SECRETS_MANAGER'] = secretsManager.url;
  const log = takeLog();
  context.after(async () => {
    log.giveBack();
    await Promise.all([posts.close(), secretsManager.close()]);
  });
  const work = worker((await findOperations()).map(({ operation }) => operation));
  const said = async (text: string, id: string) => {
    const user = { id: 'U1', name: 'ana' };
    await work({ kind: 'command', user, text, responseUrl: posts.responseUrl, id }, localContext(workerName));
    return asText(await posts.next());
  };

  answer = {
    status: 200,
    headers: { 'x-amz-function-error': 'Unhandled' },
    body: '{"errorMessage":"Task timed out after 28.00 seconds"}',
  };
  const timedOut = await said('sps get-system-alerts dc1', '1');
  assert.match(
    timedOut,
    /Ended by its time-out[\s\S]*because its time was over: Task timed out after 28\.00 seconds/,
  );

  for (const body of ['"hello"', 'null', '[]', '{"changed":"yes"}']) {
    answer = { status: 200, body };
    const text = await said('sps toggle-system-alerts dc1 a.snmp=off', body);
    assert.match(text, /Internal error[\s\S]*What to do: .*may be done[\s\S]*urn:uuid:/);
    assert.match(log.lines.join(''), /"chat event failed"/);
  }
});
