import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { handler as checkAtlas } from '../functions/atlas/check-connection.ts';
import { handler as checkOpsManager } from '../functions/ops-manager/check-connection.ts';
import { handler as checkSps } from '../functions/sps/check-connection.ts';
import { demoUsers, startSps } from '../infra/local/simulators/sps.ts';
import { checkReport } from '../lib/check/check.ts';
import { secretIdOf } from '../lib/connections.ts';
import type { ProblemDetails } from '../lib/problems/problem-details.ts';
import { secretProblem } from '../lib/problems/secret.ts';
import { password, secretText } from '../lib/secret-text.ts';
import { secretsManager } from '../lib/secrets.ts';
import {
  answered,
  apiKey,
  directOutcome,
  type Handler,
  opsManagerKey,
  type Systems,
  serviceAccount,
  startSystems,
} from './harness.ts';
import { administrator } from './sps-harness.ts';

// What can be wrong with a secret, and with asking for it: each kind has its name, and says what to do.

let systems: Systems;

before(async () => {
  systems = await startSystems();
});

after(() => systems.stop());

async function check(handler: Handler, connection: string): Promise<ProblemDetails | undefined> {
  const outcome = await directOutcome(handler, { connection, input: {} });
  const { steps } = checkReport.parse(answered(outcome));
  const failed = steps.find(({ status }) => status === 'failed');
  if (failed) assert.equal(failed.step, 'secret', failed.problem?.detail);
  assert.doesNotMatch(failed?.problem?.detail ?? '', /Invalid input|expected |hunter2/);
  return failed?.problem;
}

const checkOf = (secret: unknown, system = 'atlas', handler: Handler = checkAtlas) =>
  check(handler, systems.store(secret, system));

const mocked = () => mockClient(secretsManager());

const malformed = (problem: ProblemDetails | undefined) => {
  assert.deepEqual([problem?.code, problem?.retryable], ['CONNECTION_MALFORMED', false]);
  return problem?.errors?.map(({ field, detail }) => `${field} ${detail}`);
};

test('a secret that is scheduled for deletion is told so, and how to restore it', async () => {
  const connection = systems.store(serviceAccount(systems.atlas));
  systems.secretsManager.delete(secretIdOf('atlas', connection));
  const problem = await check(checkAtlas, connection);
  assert.deepEqual([problem?.code, problem?.retryable], ['CONNECTION_DELETED', false]);
  assert.match(
    problem?.remedy ?? '',
    new RegExp(`aws secretsmanager restore-secret --secret-id switchboard/atlas/${connection}`),
  );
});

describe('is taken', () => {
  const secrets: Record<string, () => unknown> = {
    'a byte order mark before the JSON': () => `\u{feff}${JSON.stringify(serviceAccount(systems.atlas))}`,
    'a line break after each field': () => ({
      ...apiKey(systems.atlas),
      publicKey: `${apiKey(systems.atlas).publicKey}\n`,
      privateKey: `${apiKey(systems.atlas).privateKey}\r\n`,
    }),
    'blanks around a field': () => ({
      ...apiKey(systems.atlas),
      publicKey: ` ${apiKey(systems.atlas).publicKey}\t`,
    }),
    'orgId, as AWS rotates it': () => ({
      ...serviceAccount(systems.atlas),
      orgId: '0123456789abcdef01234567',
    }),
  };
  for (const [what, secret] of Object.entries(secrets))
    test(what, async () => assert.equal(await checkOf(secret()), undefined));
});

describe('a value that Secrets Manager has as bytes', () => {
  let mock: ReturnType<typeof mocked>;
  before(() => {
    mock = mocked();
  });
  after(() => mock.restore());

  const answers = (SecretBinary: Uint8Array) =>
    mock.on(GetSecretValueCommand).resolves({ SecretBinary, VersionId: 'v'.repeat(32) });

  test('is taken where they are JSON', async () => {
    answers(Buffer.from(`\u{feff}${JSON.stringify(serviceAccount(systems.atlas))}`));
    assert.equal(await check(checkAtlas, 'bytes'), undefined);
  });

  test('is told to be binary where they are no text', async () => {
    answers(Buffer.from([0xff, 0xfe, 0x00]));
    assert.match(String(malformed(await check(checkAtlas, 'no-text'))), /\(root\) is binary/);
  });
});

const key = { publicKey: 'abcdefgh', privateKey: 'hunter2-hunter2' };
const account = { clientId: 'mdb_sa_id_1', clientSecret: 'mdb_sa_sk_hunter2' };
const user = { baseUrl: 'https://sps.example', username: 'switchboard', password: 'hunter2-hunter2' };
const deep = `${'{"a":['.repeat(5_000)}1${']}'.repeat(5_000)}`;

const refused: [what: string, secret: unknown, errors: RegExp, system?: string, handler?: Handler][] = [
  ['a list', '[1, 2]', /^\(root\) is a list, not a JSON object$/],
  ['a number', '5', /^\(root\) is JSON of another type, not a JSON object$/],
  ['null', 'null', /^\(root\) is JSON of another type/],
  ['text that is no JSON', 'user:hunter2', /^\(root\) is not a JSON object$/],
  [
    'a field that is nested deep',
    `{"publicKey": ${deep}, "privateKey": "hunter2-hunter2"}`,
    /^publicKey must be text$/,
  ],
  ['what is nested deep throughout', deep, /clientId is required/],
  [
    'a field twice',
    '{"publicKey": "a", "publicKey": "b", "privateKey": "hunter2-hunter2"}',
    /^publicKey is there twice$/,
  ],
  ['a value where a name belongs', { ...key, 'hunter2, hunter2': '' }, /^\(not a name\) is not known here$/],
  [
    'a line break in the middle',
    { ...account, clientSecret: 'hunter2\nhunter2' },
    /^clientSecret must not hold a line break/,
  ],
  ['a NUL', { ...key, privateKey: 'hunter2\0hunter2' }, /^privateKey must not hold/],
  ['what no header carries', { ...key, publicKey: 'ключ' }, /^publicKey must hold ASCII characters only/],
  ['a colon in an id', { ...account, clientId: 'a:b' }, /^clientId must not hold a colon/],
  [
    'a short client secret',
    { ...account, clientSecret: 'hunter2' },
    /^clientSecret must be at least 8 characters long$/,
  ],
  [
    'a short private key',
    { ...key, privateKey: 'hunter2' },
    /^privateKey must be at least 8 characters long$/,
  ],
  ['an empty private key', { ...key, privateKey: ' \n' }, /^privateKey must not be empty$/],
  [
    'half of each shape',
    { clientId: 'a', privateKey: 'hunter2-hunter2' },
    /^clientSecret is required,privateKey is not known here$/,
  ],
  [
    'a shape and more',
    { ...key, orgId: 'a', pass: 'hunter2' },
    /^orgId is not known here,pass is not known here$/,
  ],
  ['nothing', {}, /^clientId is required,clientSecret is required$/],
  [
    'fields of other types',
    { clientId: 5, clientSecret: ['hunter2'] },
    /^clientId must be text,clientSecret must be text$/,
  ],
  ['an address of another type', { ...account, baseUrl: 5 }, /^baseUrl must be text$/],
  ['an address in the clear', { ...account, baseUrl: 'http://a.example' }, /^baseUrl must be an https URL/],
  ['a ca that is none', { ...account, ca: 'hunter2' }, /^ca is not a certificate as PEM$/],
  ['a short password', { ...user, password: 'hunter2' }, /^password must be at least 8/, 'sps', checkSps],
  [
    'a colon in a user name',
    { ...user, username: 'a:b' },
    /^username must not hold a colon/,
    'sps',
    checkSps,
  ],
  ['no address', { username: 'a', password: user.password }, /^baseUrl is required$/, 'sps', checkSps],
  [
    'a short key',
    { ...key, baseUrl: 'https://om.example', privateKey: 'x' },
    /^privateKey must be/,
    'opsManager',
    checkOpsManager,
  ],
];

describe('is refused with its field named', () => {
  for (const [what, secret, errors, system, handler] of refused)
    test(what, async () => {
      assert.match(String(malformed(await checkOf(secret, system, handler))), errors);
    });
});

test('many blanks in the middle of a field are looked at once', () => {
  // In no time, or in minutes.
  for (const field of [secretText, password])
    assert.equal(field.safeParse(`a${'\n'.repeat(500_000)}b`).success, false);
});

test('blanks around a private key do not belong to it', async () => {
  const secret = {
    ...opsManagerKey(systems.opsManager),
    privateKey: `${opsManagerKey(systems.opsManager).privateKey} `,
  };
  assert.equal(await checkOf(secret, 'opsManager', checkOpsManager), undefined);
});

test('blanks around a password belong to it, and line breaks do not', async (context) => {
  const [demoUser] = demoUsers();
  assert.ok(demoUser);
  const sps = await startSps({ users: [{ ...demoUser, password: ' a b c d ' }] });
  context.after(() => sps.close());
  for (const password of [' a b c d ', ' a b c d \r\n', '\n a b c d \n'])
    assert.equal(await checkOf({ ...administrator(sps), password }, 'sps', checkSps), undefined);
});

describe('Secrets Manager that does not answer with a secret', () => {
  let mock: ReturnType<typeof mocked>;
  before(() => {
    mock = mocked();
  });
  afterEach(() => mock.reset());
  after(() => mock.restore());

  const fromAws = (name: string, httpStatusCode: number, message = 'no') =>
    Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
  const local = (name: string, message: string) => Object.assign(new Error(message), { name });
  const network = (code: string) =>
    new Error('No answer from AWS', { cause: Object.assign(new Error('x'), { code }) });

  const errors: [error: Error, code: string, retryable: boolean, words: RegExp][] = [
    [
      fromAws(
        'InvalidRequestException',
        400,
        'You can’t perform this operation on the secret because it was marked for deletion.',
      ),
      'CONNECTION_DELETED',
      false,
      /scheduled for deletion/,
    ],
    [
      fromAws('InvalidRequestException', 400, 'The KMS key is disabled.'),
      'SECRET_KEY_UNUSABLE',
      false,
      /KMS key/,
    ],
    [fromAws('KMSInvalidStateException', 400), 'SECRET_KEY_UNUSABLE', false, /KMS key/],
    [fromAws('DisabledException', 400), 'SECRET_KEY_UNUSABLE', false, /KMS key/],
    [fromAws('DecryptionFailure', 400), 'CONNECTION_ACCESS_DENIED', false, /does not let/],
    [
      fromAws('AccessDeniedException', 400, 'Access to KMS is not allowed'),
      'CONNECTION_ACCESS_DENIED',
      false,
      /does not let/,
    ],
    [
      fromAws('ExpiredTokenException', 400),
      'AWS_CREDENTIALS_REFUSED',
      false,
      /credentials with which Switchboard itself/,
    ],
    [
      fromAws('UnrecognizedClientException', 400),
      'AWS_CREDENTIALS_REFUSED',
      false,
      /\(UnrecognizedClientException\)/,
    ],
    [fromAws('InvalidSignatureException', 400), 'AWS_CREDENTIALS_REFUSED', false, /credentials/],
    [fromAws('InvalidParameterException', 400), 'SECRET_REFUSED', false, /refuses/],
    [fromAws('ValidationException', 400), 'SECRET_REFUSED', false, /refuses/],
    [fromAws('InvalidRequestException', 400, 'Something else.'), 'SECRET_REFUSED', false, /refuses/],
    [fromAws('ThrottlingException', 400), 'SECRETS_MANAGER_UNAVAILABLE', true, /asked too often/],
    [fromAws('TooManyRequestsException', 429), 'SECRETS_MANAGER_UNAVAILABLE', true, /asked too often/],
    [fromAws('InternalServiceError', 500), 'SECRETS_MANAGER_UNAVAILABLE', true, /failed itself/],
    [fromAws('UnknownError', 503), 'SECRETS_MANAGER_UNAVAILABLE', true, /failed itself/],
    [
      local('CredentialsProviderError', 'Could not load credentials from any providers'),
      'AWS_NOT_CONFIGURED',
      false,
      /no AWS credentials/,
    ],
    [local('Error', 'Region is missing'), 'AWS_NOT_CONFIGURED', false, /no AWS region/],
    [network('ENOTFOUND'), 'SECRETS_MANAGER_UNAVAILABLE', true, /DNS does not know/],
    [network('ECONNREFUSED'), 'SECRETS_MANAGER_UNAVAILABLE', true, /nothing takes connections/],
    [local('AbortError', 'aborted'), 'SECRETS_MANAGER_UNAVAILABLE', true, /in time/],
  ];
  for (const [index, [error, code, retryable, words]] of errors.entries())
    test(`${error.name}, ${error.message}, ends as ${code}`, async () => {
      mock.on(GetSecretValueCommand).rejects(error);
      const problem = await check(checkAtlas, `unread-${index}`);
      assert.deepEqual([problem?.code, problem?.retryable], [code, retryable]);
      assert.match(problem?.detail ?? '', words);
      const portuguese = secretProblem('atlas', 'switchboard/atlas/x', error).in('pt-BR');
      assert.notEqual(portuguese.detail, problem?.detail);
    });
});
