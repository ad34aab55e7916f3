import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Context } from 'aws-lambda';
import { bundle, partsOf } from '../infra/bundle.ts';
import { asText } from '../infra/local/slack-message.ts';
import { findOperations } from '../infra/operations.ts';
import { isForChat } from '../lib/chat/commands.ts';
import { type Chat, startChat } from './chat-harness.ts';

type Handler = (event: unknown, context: Context) => Promise<unknown>;

const isHandlerModule = (module: unknown): module is { handler: Handler } =>
  typeof module === 'object' && module !== null && 'handler' in module;

let folder: string;
let chat: Chat;
let receiverParts: Record<string, number>;

/** A function of chat as it is deployed. */
async function load(entry: string) {
  const dir = join(folder, entry);
  const metafile = await bundle(join(import.meta.dirname, '..', 'infra', 'entries', `${entry}.ts`), dir);
  const module: unknown = await import(pathToFileURL(join(dir, 'index.mjs')).href);
  assert.ok(isHandlerModule(module));
  return { handler: module.handler, parts: partsOf(metafile) };
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-'));
  const [receiver, worker] = [await load('chat-receiver'), await load('chat-worker')];
  receiverParts = receiver.parts;
  chat = await startChat({ receiver: receiver.handler, worker: worker.handler });
});

after(async () => {
  await chat.stop();
  await rm(folder, { recursive: true });
});

test('the bundled receiver and worker serve a command', async () => {
  assert.match(asText(await chat.say('sps get-system-alerts demo')), /xcbDiskFull +on +on/);
});

test('the bundled worker knows every operation', async () => {
  const help = asText(await chat.say('help'));
  for (const { operation } of await findOperations())
    assert.equal(help.includes(operation.summary), isForChat(operation), operation.name);
});

test('the receiver brings along only what it needs', async () => {
  assert.deepEqual(
    Object.keys(receiverParts).filter((part) => /middy/.test(part)),
    [],
  );
  const files = await readdir(join(folder, 'chat-receiver'));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, 'chat-receiver', file), 'utf8')));
  // Neither an operation nor the catalogue of errors.
  assert.doesNotMatch(texts.join(''), /toggleSystemAlerts|ALERT_NOT_FOUND/);
});
