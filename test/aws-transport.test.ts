import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { DeleteScheduleCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256, signatureProblem } from '../infra/local/sigv4.ts';
import { json, listen, type Request } from '../infra/local/simulators/listen.ts';
import { AwsTransport } from '../lib/aws-transport.ts';
import { Deadline } from '../lib/deadline.ts';
import { FanOuts } from '../lib/fan-out/fan-out.ts';
import { invoke } from '../lib/lambda.ts';
import { readLedger } from '../lib/temporary/ledger.ts';

const region = 'us-east-1';
const credentials = { accessKeyId: 'AKIATESTS', secretAccessKey: 'a secret', sessionToken: 'a token' };

/** A server that answers 200, and keeps each request with what is wrong with its signature. */
async function startChecking(service: string) {
  const received: { request: Request; problem: string | undefined }[] = [];
  const server = await listen(async (request) => {
    const problem = await signatureProblem(request, credentials, { region, service });
    received.push({ request, problem: problem?.detail });
    return json(200, { Schedules: [] });
  });
  return { ...server, received };
}

test('the AWS SDK tries again where the server hangs up without an answer', async (context) => {
  let requests = 0;
  const server = createServer((socket) => {
    socket.once('data', () => {
      requests++;
      socket.end();
    });
  }).listen(0, '127.0.0.1');
  context.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  assert(typeof address === 'object' && address !== null);
  const client = new SecretsManagerClient({
    region,
    endpoint: `http://127.0.0.1:${address.port}`,
    credentials,
    maxAttempts: 3,
    requestHandler: new AwsTransport(),
  });
  await assert.rejects(client.send(new GetSecretValueCommand({ SecretId: 'any' })), /No answer/);
  assert.equal(requests, 3);
});

test('the query of a request arrives, and as it was signed', async (context) => {
  const server = await startChecking('scheduler');
  context.after(() => server.close());
  const client = new SchedulerClient({
    region,
    endpoint: server.url,
    credentials,
    requestHandler: new AwsTransport(),
  });
  const hard = "a b+c/d=e&f?g%h*('!)~ü";
  await client.send(new ListSchedulesCommand({ GroupName: 'one', NextToken: hard, MaxResults: 7 }));
  await client.send(new DeleteScheduleCommand({ GroupName: 'one', Name: 'two', ClientToken: hard }));
  assert.deepEqual(
    server.received.map(({ request: { method, url }, problem }) => [
      method,
      url.pathname,
      Object.fromEntries(url.searchParams),
      problem,
    ]),
    [
      ['GET', '/schedules', { ScheduleGroup: 'one', NextToken: hard, MaxResults: '7' }, undefined],
      ['DELETE', '/schedules/two', { groupName: 'one', clientToken: hard }, undefined],
    ],
  );
});

test('a query has each value of a list, empty values, and names without a value', async (context) => {
  const server = await startChecking('lists');
  context.after(() => server.close());
  const signer = new SignatureV4({ service: 'lists', region, credentials, sha256: Sha256 });
  const { hostname, port, host } = new URL(server.url);
  const signed = await signer.sign({
    method: 'GET',
    protocol: 'http:',
    hostname,
    port: Number(port),
    path: '/things',
    query: { tag: ['b', 'a', 'ä b'], empty: '', none: [], 'a key': '*' },
    headers: { host },
  });
  await new AwsTransport().handle(signed);
  await new AwsTransport().handle({ ...signed, query: { bare: null, tag: 'a' } });
  assert.deepEqual(
    server.received.map(({ request }) => request.target),
    ['/things?tag=b&tag=a&tag=%C3%A4%20b&empty=&a%20key=%2A', '/things?bare&tag=a'],
  );
  assert.equal(server.received[0]?.problem, undefined);
});

test('a request without a query has no question mark', async (context) => {
  const server = await startChecking('secretsmanager');
  context.after(() => server.close());
  const requestHandler = new AwsTransport();
  const client = new SecretsManagerClient({ region, endpoint: server.url, credentials, requestHandler });
  await client.send(new GetSecretValueCommand({ SecretId: 'any' }));
  assert.deepEqual(
    server.received.map(({ request, problem }) => [request.target, problem]),
    [['/', undefined]],
  );
});

test('callers are told in words why a service of AWS cannot be reached', async (context) => {
  const { env } = process;
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  assert(typeof address === 'object' && address !== null);
  taken.close();
  process.env = {
    ...env,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${address.port}`,
    RESTORE_GROUP: 'one',
    RESTORE_ROLE_ARN: 'arn:aws:iam::123456789012:role/one',
    FUNCTION_ARN_PREFIX: 'arn:aws:lambda:us-east-1:123456789012:function:',
    FAN_OUT_STATE_MACHINE: 'arn:aws:states:us-east-1:123456789012:stateMachine:one',
  };
  context.after(() => {
    process.env = env;
  });
  using deadline = new Deadline(30_000);
  for (const ask of [
    () => invoke('one', {}, deadline),
    () => new FanOuts(deadline).describe('one', 'fanOut.get'),
    () => readLedger('one'),
  ])
    await assert.rejects(ask, /gave no usable answer \(nothing takes connections at its address and port\)/);
});
