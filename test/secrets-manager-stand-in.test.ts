import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { after, afterEach, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import {
  DeleteSecretCommand,
  GetRandomPasswordCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Credentials } from '../infra/local/sigv4.ts';
import { localAws, localCredentials, region } from '../infra/local/simulators/aws/credentials.ts';
import { type SecretsManager, startSecretsManager } from '../infra/local/simulators/secrets-manager.ts';

const run = promisify(execFile);

const secretId = 'switchboard/atlas/prod';

let secretsManager: SecretsManager;
let client: SecretsManagerClient;

const clientWith = (credentials: Credentials, maxAttempts = 1) =>
  new SecretsManagerClient({
    region,
    endpoint: secretsManager.url,
    credentials,
    maxAttempts,
  });

const get = (id: string = secretId) => client.send(new GetSecretValueCommand({ SecretId: id }));

before(async () => {
  secretsManager = await startSecretsManager({
    secrets: { [secretId]: '{"clientId":"one"}', 'switchboard/atlas/empty': undefined },
  });
  client = clientWith(localCredentials);
});

afterEach(() => secretsManager.recover());

after(async () => {
  client.destroy();
  await secretsManager.close();
});

describe('the AWS SDK', () => {
  test('reads a secret', async () => {
    const secret = await get();
    assert.match(
      secret.ARN ?? '',
      /^arn:aws:secretsmanager:us-east-1:\d{12}:secret:switchboard\/atlas\/prod-\w{6}$/,
    );
    assert.equal(secret.Name, secretId);
    assert.equal(secret.SecretString, '{"clientId":"one"}');
    assert.match(secret.VersionId ?? '', /^[\da-f-]{36}$/);
    assert.deepEqual(secret.VersionStages, ['AWSCURRENT']);
    assert.equal(secret.CreatedDate?.getFullYear(), new Date().getFullYear());
    assert.equal((await get(secret.ARN)).SecretString, secret.SecretString);
  });

  test('rotates a secret and still reads the version before', async () => {
    const before = await get();
    const put = await client.send(
      new PutSecretValueCommand({ SecretId: secretId, SecretString: '{"clientId":"two"}' }),
    );
    const now = await get();
    assert.equal(now.SecretString, '{"clientId":"two"}');
    assert.equal(now.VersionId, put.VersionId);
    assert.notEqual(now.VersionId, before.VersionId);
    const previous = await client.send(
      new GetSecretValueCommand({ SecretId: secretId, VersionStage: 'AWSPREVIOUS' }),
    );
    assert.equal(previous.VersionId, before.VersionId);
  });

  test('lists the secrets', async () => {
    const { SecretList = [] } = await client.send(new ListSecretsCommand({}));
    assert.deepEqual(
      SecretList.map(({ Name }) => Name),
      [secretId, 'switchboard/atlas/empty'],
    );
  });

  test('lists those that are marked for deletion only where they are asked for', async () => {
    const SecretId = 'switchboard/atlas/leaving';
    secretsManager.put(SecretId, '{}');
    await client.send(new DeleteSecretCommand({ SecretId }));
    const listed = async (IncludePlannedDeletion: boolean) => {
      const { SecretList } = await client.send(new ListSecretsCommand({ IncludePlannedDeletion }));
      return SecretList?.map(({ Name }) => Name);
    };
    assert.deepEqual(await listed(false), [secretId, 'switchboard/atlas/empty']);
    assert.deepEqual(await listed(true), [secretId, 'switchboard/atlas/empty', SecretId]);
    await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
    assert.deepEqual(await listed(true), [secretId, 'switchboard/atlas/empty']);
  });

  test('is told of a secret that is missing, and of one without a value', async () => {
    await assert.rejects(get('switchboard/atlas/other'), { name: 'ResourceNotFoundException' });
    await assert.rejects(get('switchboard/atlas/empty'), {
      name: 'ResourceNotFoundException',
      message: /AWSCURRENT/,
    });
  });

  test('is refused another operation and a wrong parameter', async () => {
    await assert.rejects(client.send(new GetRandomPasswordCommand({})), {
      name: 'UnknownOperationException',
    });
    await assert.rejects(
      client.send(new GetSecretValueCommand({ SecretId: secretId, VersionId: 'too short' })),
      { name: 'ValidationException', message: /VersionId.*greater than or equal to 32/ },
    );
  });

  const { accessKeyId, secretAccessKey, sessionToken } = localCredentials;
  const strangers: [what: string, credentials: Credentials, name: string][] = [
    ['access key', { ...localCredentials, accessKeyId: 'SOMEBODYELSE' }, 'UnrecognizedClientException'],
    ['session token', { ...localCredentials, sessionToken: 'another' }, 'UnrecognizedClientException'],
    ['session token left out', { accessKeyId, secretAccessKey }, 'UnrecognizedClientException'],
    ['secret', { accessKeyId, secretAccessKey: 'another', sessionToken }, 'InvalidSignatureException'],
  ];
  for (const [what, credentials, name] of strangers)
    test(`is refused with another ${what}`, async () => {
      const stranger = clientWith(credentials);
      await assert.rejects(stranger.send(new GetSecretValueCommand({ SecretId: secretId })), { name });
      stranger.destroy();
    });

  test('tries again after throttling, a broken connection and an internal error', async () => {
    const patient = clientWith(localCredentials, 4);
    secretsManager.fail({ code: 'ThrottlingException' });
    secretsManager.fail({ reset: true });
    secretsManager.fail({ code: 'InternalServiceError' });
    const callsBefore = secretsManager.calls.length;
    await patient.send(new GetSecretValueCommand({ SecretId: secretId }));
    assert.equal(secretsManager.calls.length - callsBefore, 4);
    patient.destroy();
  });
});

describe('faults on demand', () => {
  test('spoil one secret only, and as often as asked for', async () => {
    secretsManager.put('switchboard/atlas/other-one', '{}');
    secretsManager.fail({ secretId, times: 2, code: 'AccessDeniedException' });
    await assert.rejects(get(), { name: 'AccessDeniedException' });
    await get('switchboard/atlas/other-one');
    await assert.rejects(get(), { name: 'AccessDeniedException' });
    await get();
  });

  test('give a body that is not JSON', async () => {
    secretsManager.fail({ body: 'not JSON' });
    await assert.rejects(get(), { name: 'SyntaxError' });
  });

  test('say nothing until the client gives up', async () => {
    const patience = new AbortController();
    secretsManager.fail({ silent: true, reached: () => patience.abort() });
    await assert.rejects(
      client.send(new GetSecretValueCommand({ SecretId: secretId }), { abortSignal: patience.signal }),
      { name: 'AbortError' },
    );
  });
});

test('the calls are counted by operation and secret', async () => {
  const before = secretsManager.calls.length;
  await get();
  assert.deepEqual(secretsManager.calls.slice(before), [{ operation: 'GetSecretValue', secretId }]);
});

test('a caller without credentials, and one that names another host, get nothing', async () => {
  const plain = await fetch(secretsManager.url, {
    method: 'POST',
    headers: { 'x-amz-target': 'secretsmanager.GetSecretValue' },
    body: JSON.stringify({ SecretId: secretId }),
  });
  assert.equal(plain.status, 400);
  assert.equal(plain.headers.get('x-amzn-errortype'), 'MissingAuthenticationTokenException');

  const status = await new Promise((resolve, reject) => {
    request(
      secretsManager.url,
      {
        method: 'POST',
        headers: { host: 'rebound.example:80', 'x-amz-target': 'secretsmanager.ListSecrets' },
      },
      (response) => resolve(response.resume().statusCode),
    )
      .on('error', reject)
      .end('{}');
  });
  assert.equal(status, 421);
});

test('the AWS CLI reads and rotates a secret', async (context) => {
  const aws = (...words: string[]) =>
    run('aws', ['secretsmanager', ...words, '--endpoint-url', secretsManager.url, '--output', 'json'], {
      env: {
        ...process.env,
        ...localAws,
        AWS_DEFAULT_REGION: region,
        AWS_EC2_METADATA_DISABLED: 'true',
      },
    });
  if (
    await run('aws', ['--version']).then(
      () => false,
      () => true,
    )
  ) {
    context.skip('there is no AWS CLI here');
    return;
  }
  await aws('put-secret-value', '--secret-id', secretId, '--secret-string', '{"clientId":"three"}');
  const { stdout } = await aws('get-secret-value', '--secret-id', secretId);
  assert.equal(JSON.parse(stdout).SecretString, '{"clientId":"three"}');
  await assert.rejects(aws('get-secret-value', '--secret-id', 'missing'), {
    stderr: /ResourceNotFoundException/,
  });
});
