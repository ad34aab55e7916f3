import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as z from 'zod';

// The programs of infra/local as `npm start`, `npm run chat` and `npm run audit` run them, less npm. They work in the
// folder that is given: what they record is kept there.

export interface Program {
  /** What it printed until it was ready. */
  printed: string;
  url: string;
  /** Ends it; answers its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Shows all that it wrote where a test has failed: for `afterEach`, which is given the test. */
  showWhereFailed(test: unknown): void;
}

// Which types of Node's do not have yet.
const ended = z.object({ passed: z.boolean() });

const spawnIn = (folder: string, file: string, words: string[]) =>
  spawn(process.execPath, [join(import.meta.dirname, '..', 'infra', 'local', file), ...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** Starts `npm start` on any free port and waits until it says how to stop it. */
export async function startMain(folder: string, ...words: string[]): Promise<Program> {
  const child = spawnIn(folder, 'main.ts', ['--port', '0', ...words]);
  const ready = Promise.withResolvers<void>();
  let printed = '';
  let written = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    written += chunk;
    if (written.includes('Ctrl-C')) ready.resolve();
    if (!printed.includes('Ctrl-C')) printed += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    written += chunk;
  });
  const closed = once(child, 'close');
  await Promise.race([closed, ready.promise]);
  const [, url] = /^Switchboard \S+ on (http:\/\/127\.0\.0\.1:\d+),/.exec(printed) ?? [];
  if (!url) throw new Error(`It did not start: ${written}`);
  return {
    printed,
    url,
    async stop(signal = 'SIGKILL') {
      child.kill(signal);
      await closed;
      return child.exitCode;
    },
    showWhereFailed(test) {
      if (!ended.parse(test).passed) process.stderr.write(`npm start wrote:\n${written}`);
    },
  };
}

/** Runs a program that ends by itself. */
export async function run(
  folder: string,
  file: string,
  ...words: string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawnIn(folder, file, words);
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await closed;
  return { code: child.exitCode, stdout, stderr };
}
