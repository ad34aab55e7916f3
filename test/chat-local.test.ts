import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { demoExamples } from '../infra/local/demo.ts';
import { type Program, run, startMain } from './program.ts';

const local = join(import.meta.dirname, '..', 'infra', 'local');

// What is changed is recorded there.
let folder: string;
let main: Program;
let url: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-'));
  main = await startMain(folder);
  [, url = ''] = /npm run chat -- --url (\S+) '\/ops help'/.exec(main.printed) ?? [];
});

afterEach((test) => main.showWhereFailed(test));

after(async () => {
  await main.stop();
  await rm(folder, { recursive: true });
});

/** Runs `npm run chat -- …words`, less npm. */
const chat = (...words: string[]) => run(folder, 'chat.ts', '--url', url, ...words);

test('npm run chat shows what Slack would show', async () => {
  const { code, stdout, stderr } = await chat('/ops help');
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^Working on it…\n\(only you see this\)\nMongoDB Atlas\n/);
  assert.match(stdout, /`sps toggle-system-alerts` Switch system alerts on or off/);
});

test('a change is previewed, applied by a press, and then is so', async () => {
  const command = '/ops sps toggle-system-alerts demo xcbDiskFull.snmp=off';
  const { stdout } = await chat(command, '--press', '1');
  assert.match(
    stdout,
    /xcbDiskFull\.snmp +on +→ +off[\s\S]*\[1\] Apply {2}\[2\] Cancel\n\n@U1 \(ana\) presses Apply\n/,
  );
  assert.match(stdout, /Done\.[\s\S]*By @U1\.\n$/);
  assert.match((await chat(command)).stdout, /Everything is so already/);
});

test('what cannot be undone takes a second person', async () => {
  const { stdout } = await chat(
    ...[`/ops atlas delete-link-tokens demo org=${demoExamples.atlas.orgId}`],
    ...['--press', '1', '--press', 'U2:1'],
  );
  assert.match(
    stdout,
    /everybody here sees this[\s\S]*presses Approve\n[\s\S]*by somebody else[\s\S]*approved by @U2/,
  );
});

test('nobody who was granted nothing gets anything', async () => {
  const { stdout } = await chat('/ops sps get-system-alerts demo', '--as', 'U4');
  assert.match(stdout, /You may not do this/);
  assert.doesNotMatch(stdout, /xcbDiskFull/);
});

test('what is wrong with the command line is said', async () => {
  for (const [words, complaint] of [
    [['help'], /^Usage: npm run chat/],
    [['/ops help', '--as', 'U9'], /There is no user U9; there are U1, U2/],
    [['/ops help', '--press', '1'], /There is no button 1/],
    [['/ops help', '--url', 'http://127.0.0.1:9'], /Is npm start running\?/],
  ] as const) {
    const { code, stderr } = await chat(...words);
    assert.equal(code, 1);
    assert.match(stderr, complaint);
    assert.doesNotMatch(stderr, /\n {4}at /);
  }
});

test('nothing that Slack has not signed gets through over HTTP', async () => {
  for (const path of ['/chat/slack/commands', '/chat/slack/interactions']) {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'text=errors+list&user_id=U1',
    });
    assert.equal(response.status, 401);
    assert.equal(response.headers.get('content-type'), 'application/problem+json');
  }
});

test('in a terminal, it asks what to press', async (context) => {
  // Of util-linux: runs a command in a terminal of its own.
  const command = "'/ops sps toggle-system-alerts demo xcbSwapFull.snmp=on'";
  const words = [process.execPath, join(local, 'chat.ts'), '--url', url, command].join(' ');
  const child = spawn('script', ['-qec', words, '/dev/null'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const [missing] = await Promise.race([once(child, 'error'), once(child, 'spawn')]);
  if (missing) {
    context.skip('there is no script here');
    return;
  }
  let stdout = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    stdout += chunk;
    // Ctrl-D: nothing is pressed.
    if (stdout.includes('Press (number')) child.stdin.end('\x04');
  }
  assert.match(stdout, /Working on it…[\s\S]*\[1\] Apply {2}\[2\] Cancel[\s\S]*Press \(number/);
  assert.doesNotMatch(stdout, /ReferenceError|chat\.ts/);
});
