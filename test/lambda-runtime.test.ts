import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Metafile } from 'esbuild';
import { bundle, partsOf } from '../infra/bundle.ts';
import { type Lambda, lambdaRuntimeMissing, startLambda } from '../infra/local/lambda-runtime.ts';
import { accessListOf, demo } from '../infra/local/simulators/atlas.ts';
import { problemDetails } from '../lib/problems/problem-details.ts';
import { httpEvent, httpResponse, type Systems, serviceAccount, startSystems } from './harness.ts';

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

describe('the bundle of atlas.listAccessList', () => {
  test('is one file of at most 0.9 MB, and its parts add up to it', async () => {
    assert.deepEqual(await readdir(bundleDir), ['index.mjs']);
    const { length } = await readFile(join(bundleDir, 'index.mjs'));
    assert.ok(length <= 900_000, `${length} bytes`);
    const parts = Object.values(partsOf(metafile)).reduce((sum, bytes) => sum + bytes, 0);
    assert.equal(parts, length);
  });

  test('has its source map beside it and does not mention it', async () => {
    assert.ok((await readdir(folder)).includes('atlas.listAccessList.index.mjs.map'));
    assert.doesNotMatch(await readFile(join(bundleDir, 'index.mjs'), 'utf8'), /sourceMappingURL/);
  });

  test('holds the operation and what it needs, nothing of the infrastructure or of the tests', () => {
    const own = Object.keys(metafile.inputs).filter(
      (path) => !path.includes('node_modules/') && !path.startsWith('builtin:'),
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
        AWS_ACCESS_KEY_ID: systems.accessKeyId,
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
        AWS_ACCESS_KEY_ID: systems.accessKeyId,
      },
    });
    systems.atlas.fail({ silent: true });
    const outcome = await hurried.invoke({ connection, input });
    await hurried.stop();
    assert.ok('error' in outcome);
    assert.equal(outcome.error.errorType, 'DEADLINE_EXCEEDED');
  });
});
