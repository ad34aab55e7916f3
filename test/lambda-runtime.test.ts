import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import type { Metafile } from 'esbuild';
import { bundle, partsOf } from '../infra/bundle.ts';
import { type Lambda, lambdaRuntimeMissing, startLambda } from '../infra/local/lambda-runtime.ts';
import { accessListOf, demo } from '../infra/local/simulators/atlas.ts';
import { findError } from '../lib/error-catalogue/catalogue.ts';
import { problemDetails } from '../lib/problems/problem-details.ts';
import { httpEvent, httpResponse, type Systems, serviceAccount, startSystems } from './harness.ts';

const run = promisify(execFile);

const { orgId, clientId, clientSecret } = demo;
const input = { orgId, clientId };

let folder: string;
let bundleDir: string;
let metafile: Metafile;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchboard-'));
  bundleDir = join(folder, 'atlas.listAccessList');
  const entry = join(import.meta.dirname, '..', 'functions', 'atlas', 'list-access-list.ts');
  metafile = await bundle(entry, bundleDir);
});

after(() => rm(folder, { recursive: true }));

const outputsOf = ({ outputs }: Metafile) =>
  Object.entries(outputs).filter(([path]) => path.endsWith('.mjs'));

// `fill`, the smallest of its files, serves all problems.
const isCatalogue = (inputs: object) =>
  Object.keys(inputs).some((path) => /error-catalogue\/(?!fill|parameters|category)/.test(path));

/** The files that Node reads before the handler can be called: index.mjs, and on along `import` statements. */
function readAtStart({ outputs }: Metafile): Set<string> {
  const read = new Set(Object.keys(outputs).filter((path) => basename(path) === 'index.mjs'));
  for (const path of read)
    for (const { path: imported, kind } of outputs[path]?.imports ?? [])
      if (kind !== 'dynamic-import') read.add(imported);
  return read;
}

describe('the bundle of atlas.listAccessList', () => {
  test('is at most 0.9 MB of modules, what is loaded later included, and its parts add up to it', async () => {
    const names = await readdir(bundleDir);
    assert.ok(names.includes('index.mjs'));
    assert.deepEqual(
      names.toSorted(),
      outputsOf(metafile)
        .map(([path]) => basename(path))
        .toSorted(),
    );
    assert.deepEqual(
      names.filter((name) => !name.endsWith('.mjs')),
      [],
    );
    const files = await Promise.all(names.map((name) => readFile(join(bundleDir, name))));
    const length = files.reduce((sum, file) => sum + file.length, 0);
    assert.ok(length <= 900_000, `${length} bytes`);
    const parts = Object.values(partsOf(metafile)).reduce((sum, bytes) => sum + bytes, 0);
    assert.equal(parts, length);
  });

  test('reads index.mjs and what it imports at start, and the error catalogue only when it is needed', () => {
    const catalogue = outputsOf(metafile).filter(([, { inputs }]) => isCatalogue(inputs));
    assert.ok(catalogue.length > 0);
    const atStart = readAtStart(metafile);
    assert.ok(atStart.size > 0);
    for (const [path] of catalogue) assert.ok(!atStart.has(path), path);
  });

  test("has zod's compiler in a file of its own, which is not read at start", async () => {
    const compilers = outputsOf(metafile).filter(([, { inputs }]) =>
      Object.entries(inputs).some(
        ([path, { bytesInOutput }]) => /v4\/core\/compile\.js$/.test(path) && bytesInOutput > 0,
      ),
    );
    const [path = ''] = compilers[0] ?? [];
    assert.deepEqual([compilers.length, readAtStart(metafile).has(path)], [1, false]);
    const compiler: unknown = await import(join(bundleDir, basename(path)));
    assert.ok(typeof compiler === 'object' && compiler !== null && 'compile' in compiler);
    assert.equal(typeof compiler.compile, 'function');
  });

  test('has its source maps beside it and does not mention them', async () => {
    const beside = await readdir(folder);
    for (const name of await readdir(bundleDir)) {
      assert.ok(beside.includes(`atlas.listAccessList.${name}.map`), name);
      assert.doesNotMatch(await readFile(join(bundleDir, name), 'utf8'), /sourceMappingURL/);
    }
  });

  test('holds the operation and what it needs, nothing of the infrastructure or of the tests', () => {
    const own = Object.keys(metafile.inputs).filter(
      (path) => !/node_modules\/|^(builtin|left-out):/.test(path),
    );
    assert.ok(own.includes('functions/atlas/list-access-list.ts'));
    assert.deepEqual(
      own.filter((path) => !/^(functions\/atlas\/list-access-list\.ts|lib\/.*|package\.json)$/.test(path)),
      [],
    );
    const packages = Object.keys(partsOf(metafile)).filter((part) =>
      /cdk|constructs|swagger|esbuild-/.test(part),
    );
    assert.deepEqual(packages, []);
  });
});

test('no bundle generates code at start: zod would, to find out whether it may', async () => {
  const counting = `
    let generated = 0;
    globalThis.Function = new Proxy(Function, {
      construct: (target, given) => { generated++; return Reflect.construct(target, given); },
    });
    await import(process.argv[1]);
    console.log(generated);`;
  for (const file of ['atlas/list-access-list.ts', 'sps/toggle-system-alerts.ts', 'changes/restore-now.ts']) {
    const dir = join(folder, 'generates');
    await bundle(join(import.meta.dirname, '..', 'functions', file), dir);
    const { stdout } = await run(process.execPath, [
      '--input-type=module',
      '-e',
      counting,
      join(dir, 'index.mjs'),
    ]);
    assert.equal(stdout, '0\n', file);
  }
});

test("CI has Lambda's runtime client", () => {
  if (process.env['CI']) assert.equal(lambdaRuntimeMissing, undefined);
});

describe('under the real Lambda runtime client', { skip: lambdaRuntimeMissing ?? false }, () => {
  let systems: Systems;
  let lambda: Lambda;
  let connection: string;

  before(async () => {
    systems = await startSystems();
    connection = systems.store(serviceAccount(systems.atlas));
    lambda = await startLambda({
      bundleDir,
      env: {
        AWS_ENDPOINT_URL_SECRETS_MANAGER: systems.secretsManager.url,
      },
    });
  });

  after(async () => {
    await lambda.stop();
    await systems.stop();
  });

  test('an HTTP API event is answered with a response', async () => {
    const outcome = await lambda.invoke(httpEvent({ orgId, clientId, connection }, 'itemsPerPage=5'));
    assert.ok('answer' in outcome);
    const { statusCode, headers, body } = httpResponse.parse(outcome.answer);
    assert.deepEqual([statusCode, headers['content-type']], [200, 'application/json']);
    assert.deepEqual(JSON.parse(body), { results: accessListOf(5), totalCount: 12 });
  });

  test('a failure over HTTP is a response too', async () => {
    const outcome = await lambda.invoke(httpEvent({ orgId, clientId, connection: 'missing' }));
    assert.ok('answer' in outcome);
    const { statusCode, body } = httpResponse.parse(outcome.answer);
    assert.equal(statusCode, 404);
    assert.equal(problemDetails.parse(JSON.parse(body)).code, 'CONNECTION_NOT_FOUND');
  });

  test('an error of the catalogue is explained, from a file that is loaded then', async () => {
    systems.atlas.fail({ on: 'api', status: 403, body: { errorCode: 'USER_UNAUTHORIZED' } });
    const event = httpEvent({ orgId, clientId, connection });
    const outcome = await lambda.invoke({ ...event, headers: { 'accept-language': 'pt-BR' } });
    assert.ok('answer' in outcome);
    const { headers, body } = httpResponse.parse(outcome.answer);
    assert.equal(headers['content-language'], 'pt-BR');
    const { code, detail } = problemDetails.parse(JSON.parse(body));
    assert.equal(code, 'USER_UNAUTHORIZED');
    assert.equal(detail, findError(code)?.['pt-BR'].message);
  });

  test('a direct invocation is answered with the output', async () => {
    const outcome = await lambda.invoke({ connection, input: { ...input, all: true } });
    assert.deepEqual(outcome, { answer: { results: accessListOf(12), totalCount: 12 } });
  });

  test('a direct failure fails the invocation: code, problem, and no stack', async () => {
    const outcome = await lambda.invoke({ connection: 'missing', input });
    assert.ok('error' in outcome);
    const { errorType, errorMessage, trace } = outcome.error;
    assert.equal(errorType, 'CONNECTION_NOT_FOUND');
    const problem = problemDetails.parse(JSON.parse(errorMessage));
    assert.equal(problem.code, errorType);
    assert.match(problem.instance ?? '', /^urn:uuid:[\da-f-]{36}$/);
    assert.doesNotMatch(trace.join('\n'), /^\s+at |\.mjs|\.ts/m);
  });

  test('the invocations share one process: one secret read, one token, one log line each', async () => {
    const before = { minted: systems.atlas.minted, reads: systems.secretsManager.calls.length };
    const lines = lambda.stdout.length;
    await lambda.invoke({ connection, input });
    await lambda.invoke({ connection, input });
    assert.deepEqual({ minted: systems.atlas.minted, reads: systems.secretsManager.calls.length }, before);
    const logged = lambda.stdout.slice(lines).map((line) => JSON.parse(line).operation);
    assert.deepEqual(logged, ['atlas.listAccessList', 'atlas.listAccessList']);
    assert.doesNotMatch([...lambda.stdout, ...lambda.stderr].join('\n'), new RegExp(clientSecret));
  });

  test('an upstream that says nothing is given up before Lambda gives up', async () => {
    const hurried = await startLambda({
      bundleDir,
      timeoutMs: 2_000,
      env: {
        AWS_ENDPOINT_URL_SECRETS_MANAGER: systems.secretsManager.url,
      },
    });
    systems.atlas.fail({ silent: true });
    const outcome = await hurried.invoke({ connection, input });
    await hurried.stop();
    assert.ok('error' in outcome);
    assert.equal(outcome.error.errorType, 'DEADLINE_EXCEEDED');
  });
});
