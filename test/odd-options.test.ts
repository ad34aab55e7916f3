import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { type Listener, listen } from '../infra/local/simulators/listen.ts';
import { sentencesOfZod } from './distorted.ts';

const infra = join(import.meta.dirname, '..', 'infra');

let folder: string;
let elsewhere: Listener;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-'));
  // Where its records would be, there is a folder.
  await mkdir(join(folder, '.switchboard', 'audit.jsonl'), { recursive: true });
  elsewhere = await listen(async ({ url }) =>
    url.pathname.startsWith('/json')
      ? { status: 200, body: '{"hello": "world"}' }
      : { status: 200, body: '<html>Welcome</html>' },
  );
});

after(async () => {
  await elsewhere.close();
  await rm(folder, { recursive: true });
});

async function run(file: string, words: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(infra, file), ...words], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, stdout, stderr };
}

const odd: [file: string, words: () => string[], code: number, says: RegExp][] = [
  ['local/chat.ts', () => [], 1, /^Usage: npm run chat/],
  ['local/chat.ts', () => ['help', '--as'], 1, /--as/],
  ['local/chat.ts', () => ['/ops help', '--url', 'nonsense'], 1, /^--url must be where npm start listens/],
  ['local/chat.ts', () => ['/ops help', '--as', '__proto__'], 1, /^There is no user __proto__; there are U1/],
  ['local/chat.ts', () => ['/ops help', '--url', elsewhere.url], 1, /is none of Switchboard's/],
  ['local/chat.ts', () => ['/ops help', '--url', `${elsewhere.url}/json`], 1, /is none of Switchboard's/],
  ['local/doctor.ts', () => [], 2, /^Say which connection/],
  ['local/doctor.ts', () => ['--connection', 'sps/dc1', '--url', 'file:///etc'], 2, /^--url must be/],
  [
    'local/doctor.ts',
    () => ['--connection', 'sps/dc1', '--url', elsewhere.url],
    2,
    /is none of Switchboard's/,
  ],
  [
    'local/doctor.ts',
    () => ['--connection', 'sps/dc1', '--url', `${elsewhere.url}/json`],
    2,
    /is none of Switchboard's/,
  ],
  ['local/doctor.ts', () => ['--connection', 'constructor/dc1'], 2, /^There is no system “constructor”/],
  ['local/doctor.ts', () => ['--deployed=yes'], 2, /--deployed/],
  ['local/audit.ts', () => ['--since', 'yesterday'], 1, /^--since must be like 30m/],
  ['local/audit.ts', () => ['everything'], 1, /everything/],
  ['local/audit.ts', () => [], 1, /^The records in this folder cannot be read: EISDIR: /],
  ['costs/print.ts', () => ['--year'], 1, /--year.*\n\nUsage: npm run costs/],
  ['costs/print.ts', () => ['now'], 1, /now.*\n\nUsage: npm run costs/s],
];
for (const [index, [file, words, code, says]] of odd.entries())
  test(`${file} ends with a sentence where its options are odd (${index + 1})`, async () => {
    const ended = await run(file, words());
    assert.deepEqual([ended.code, ended.stdout], [code, '']);
    assert.match(ended.stderr, says);
    assert.doesNotMatch(ended.stderr, /\n {2,}at |node:internal|ZodError/);
    assert.doesNotMatch(ended.stderr, sentencesOfZod);
  });

test('cdk synth ends with a sentence for each value of the context that cannot be used, and no stack', async () => {
  const context = { schedules: [{ name: 'nightly', operation: 'errors.list', expression: 'rate(1 days)' }] };
  const ended = await run('app.ts', [], { CDK_CONTEXT_JSON: JSON.stringify(context) });
  assert.deepEqual(ended, {
    code: 1,
    stdout: '',
    stderr:
      'The schedules in cdk.json cannot be used:\n  nightly: expression rate(…) takes 1 with the singular: rate(1 day)\n',
  });
});
