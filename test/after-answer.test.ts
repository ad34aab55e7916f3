import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localContext } from '../infra/local/local-context.ts';
import { listen } from '../infra/local/simulators/listen.ts';
import { answeringFirst } from '../lib/after-answer.ts';

// How it goes on in Lambda, test/chat-hand-over.test.ts shows with the receiver's bundle.

test('answers before what is left to do begins, and does that once', async () => {
  const happened: string[] = [];
  const finished = Promise.withResolvers<void>();
  const handler = await answeringFirst(async (event) => ({
    answer: event,
    afterwards: async () => {
      happened.push('worked');
      finished.resolve();
    },
  }));
  happened.push(String(await handler('answered', localContext('chat.receiver'))));
  await finished.promise;
  assert.deepEqual(happened, ['answered', 'worked']);
});

test('does not start where Lambda does not take it for an extension: its work could be lost', async () => {
  const runtimeApi = await listen(async () => ({ status: 403 }));
  process.env['AWS_LAMBDA_RUNTIME_API'] = new URL(runtimeApi.url).host;
  try {
    await assert.rejects(
      answeringFirst(async () => ({ answer: undefined })),
      /Extensions API answered 403 to POST/,
    );
  } finally {
    delete process.env['AWS_LAMBDA_RUNTIME_API'];
    await runtimeApi.close();
  }
});
