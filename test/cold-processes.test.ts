import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { bundle } from '../infra/bundle.ts';
import { accessListOf, demo } from '../infra/local/simulators/atlas.ts';
import { type Answer, type Listener, listen, type Request } from '../infra/local/simulators/listen.ts';
import { signInSecretIdOf } from '../lib/atlas/sign-in.ts';
import { apiKey, httpEvent, httpResponse, serviceAccount } from './harness.ts';
import { times } from './soak.ts';
import { startTokenSystems, type TokenSystems } from './token-harness.ts';

const processes = times(20, 200);
const startedAtOnce = 4;
const gigabytes = processes * 0.03;
const noRoom =
  process.availableMemory() < gigabytes * 1.3e9
    ? `left out: ${processes} processes take some ${gigabytes} GB of memory`
    : false;

let systems: TokenSystems;
let folder: string;

before(async () => {
  systems = await startTokenSystems();
  folder = await mkdtemp(join(tmpdir(), 'switchboard-'));
  await bundle(join(import.meta.dirname, 'cold-processes', 'caller.ts'), folder);
});

after(async () => {
  await systems.stop();
  await rm(folder, { recursive: true });
});

interface Caller {
  child: ChildProcess;
  /** What it wrote. */
  log: string[];
}

/** Starts a process of its own for the operation. */
function startCaller(env: NodeJS.ProcessEnv): Caller {
  const child = fork(join(folder, 'index.mjs'), {
    env,
    // Each takes some 30 MB then.
    execArgv: ['--max-semi-space-size=1'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => log.push(String(chunk)));
  return { child, log };
}

/**
 * Secrets Manager behind a gate: each process is told what is stored at the time that it asks, but only when all have
 * asked. Nobody can find what another has had stored meanwhile.
 */
async function gated(secretId: string): Promise<Listener & { answers: number[] }> {
  const opened = Promise.withResolvers<void>();
  const answers: number[] = [];
  const listener = await listen(async ({ method, headers, body }: Request): Promise<Answer> => {
    // With its own host: the signature covers it.
    const passed = request(systems.secretsManager.url, { method, headers }).end(body);
    const [response] = await once(passed, 'response');
    const answer = { status: response.statusCode, body: await text(response) };
    if (JSON.parse(body).SecretId === secretId && answers.length < processes) {
      if (answers.push(answer.status) === processes) opened.resolve();
      await opened.promise;
    }
    return { ...answer, headers: { 'content-type': 'application/x-amz-json-1.1' } };
  });
  return { ...listener, answers };
}

/** Has a process make a call; answers what came of it. Where that is no success, the process's log tells why. */
async function call({ child, log }: Caller, connection: string): Promise<unknown> {
  const ended = once(child, 'exit').then((how) => Promise.reject(new Error(`It ended: ${how}`)));
  try {
    const outcome = Promise.race([once(child, 'message'), ended]);
    child.send(httpEvent({ orgId: demo.orgId, clientId: demo.clientId, connection }));
    const { statusCode, body } = httpResponse.parse((await outcome)[0]);
    assert.equal(statusCode, 200, body);
    return JSON.parse(body);
  } catch (error) {
    throw new Error(`A process failed: ${error}\n${log.join('')}`);
  } finally {
    ended.catch(() => {});
  }
}

test(`${processes} processes that want their first token at once lead to one, or two at most`, {
  skip: noRoom,
}, async (context) => {
  const warmUp = systems.store(apiKey(systems.atlas));
  const connection = systems.store(serviceAccount(systems.atlas));
  const gate = await gated(signInSecretIdOf(connection));
  context.after(() => gate.close());
  const env = { ...process.env, AWS_ENDPOINT_URL_SECRETS_MANAGER: gate.url };
  const callers: Caller[] = [];
  context.after(() => {
    for (const { child } of callers) child.kill('SIGKILL');
  });

  // Starting takes the processor, and so does whatever is done for the first time: a few do it at a time, over an API
  // key. What comes then is done by all at once, and is about a connection that none of them has seen.
  const start = async () => {
    while (callers.length < processes) {
      const caller = startCaller(env);
      callers.push(caller);
      await call(caller, warmUp);
      // The simulators, which are in this process, have to keep up with all of them. Few would only be starved by what
      // else the machine does.
      if (processes > 50 && caller.child.pid) setPriority(caller.child.pid, constants.priority.PRIORITY_LOW);
    }
  };
  await Promise.all(Array.from({ length: startedAtOnce }, start));
  assert.equal(systems.atlas.minted, 0);

  const answers = await Promise.all(callers.map((caller) => call(caller, connection)));
  assert.equal(answers.length, processes);
  for (const answer of answers) assert.deepEqual(answer, { results: accessListOf(12), totalCount: 12 });
  // None found a token when it looked first.
  assert.deepEqual(
    gate.answers,
    Array.from({ length: processes }, () => 400),
  );
  assert.ok(systems.atlas.minted >= 1 && systems.atlas.minted <= 2, `${systems.atlas.minted} tokens`);
});
