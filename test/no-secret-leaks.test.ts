import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { handler } from '../functions/atlas/list-access-list.ts';
import { type AtlasFault, demo } from '../infra/local/simulators/atlas.ts';
import { secretIdOf } from '../lib/connections.ts';
import {
  apiKey,
  failed,
  httpEvent,
  lambdaContext,
  type Systems,
  serviceAccount,
  startSystems,
  triggerNames,
  triggers,
} from './harness.ts';

const { orgId, clientId, clientSecret, privateKey } = demo;

let systems: Systems;

/** Everything that left the handlers: answers, responses and thrown errors, inside and out. */
const left: string[] = [];

/** Calls over both triggers and keeps all that comes out. */
async function callAndKeep(connection: string, remainingMs?: number): Promise<void> {
  const event = httpEvent({ orgId, clientId, connection }, 'pretty=true');
  left.push(JSON.stringify(await handler(event, lambdaContext(remainingMs))));
  try {
    const input = { orgId, clientId };
    left.push(JSON.stringify(await handler({ connection, input }, lambdaContext(remainingMs))));
  } catch (error) {
    left.push(everythingOf(error));
  }
}

/** All that a logger or a runtime could print of an error, its causes too. */
function everythingOf(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error);
  const members = JSON.stringify(Object.getOwnPropertyDescriptors(error));
  return [error.name, error.message, error.stack, members, error.cause && everythingOf(error.cause)].join(
    '\n',
  );
}

/** Every form in which a secret could show, by what it is. */
function secretForms(): Map<string, string> {
  const secrets = new Map([
    ['client secret', clientSecret],
    ['private key', privateKey],
    ['stored secret', 'hunter2'],
  ]);
  for (const { headers } of systems.atlas.requests) {
    const { authorization = '' } = headers;
    const [, scheme, value] =
      /^(Digest) .*response="(\w+)"/.exec(authorization) ?? /^(\w+) (\S+)$/.exec(authorization) ?? [];
    if (value) secrets.set(`${scheme} ${secrets.size}`, value);
  }
  return new Map(
    [...secrets].flatMap(([what, secret]): [string, string][] => [
      [what, secret],
      [`${what} in base64`, Buffer.from(secret).toString('base64')],
      [`${what} in base64url`, Buffer.from(secret).toString('base64url')],
      [`${what} in hexadecimal`, Buffer.from(secret).toString('hex')],
      [`${what} URL-encoded`, encodeURIComponent(secret)],
      [`${what} inside JSON`, JSON.stringify(secret).slice(1, -1)],
    ]),
  );
}

const leaksIn = (text: string): string[] =>
  [...secretForms()].filter(([, form]) => text.includes(form)).map(([what]) => what);

const faults: AtlasFault[] = [
  { html: 200 },
  { truncated: true },
  { body: { results: 'none' } },
  { status: 400 },
  { status: 401, times: 4 },
  { status: 403 },
  { status: 404 },
  { status: 429, retryAfter: '60' },
  { status: 500 },
];

before(async () => {
  systems = await startSystems();
  systems.atlas.settings.mintsPerMinute = 1_000;
});

after(() => systems.stop());

describe('nothing of a secret leaves', () => {
  for (const [kind, secret] of Object.entries({ serviceAccount, apiKey }))
    test(`when a call with ${kind} succeeds, or fails in any way`, async () => {
      const connection = systems.store(secret(systems.atlas));
      await callAndKeep(connection);
      for (const on of ['api', 'token'] as const)
        for (const fault of faults) {
          const fresh = on === 'token' ? systems.store(secret(systems.atlas)) : connection;
          systems.atlas.fail({ times: 2, ...fault, on });
          await callAndKeep(fresh);
          systems.atlas.recover();
        }
      systems.atlas.fail({ reset: true, times: 8 });
      await callAndKeep(connection, 700);
      systems.atlas.recover();
      systems.atlas.fail({ silent: true, times: 2 });
      await callAndKeep(connection, 600);
      await callAndKeep(systems.store({ ...secret(systems.atlas), baseUrl: 'http://127.0.0.1:1' }), 600);
    });

  test('when the secret itself is malformed', async () => {
    for (const secret of [
      'hunter2',
      '{"clientSecret":"hunter2',
      '"hunter2"',
      { clientId: 'a', clientSecret: ['hunter2'] },
      { baseUrl: 'https://a:hunter2@b', clientId: 'a', clientSecret: 'hunter2' },
    ])
      await callAndKeep(systems.store(secret));
  });

  test('when Secrets Manager fails after it has shown the secret', async () => {
    const connection = systems.store(serviceAccount(systems.atlas));
    systems.secretsManager.fail({
      times: 2,
      secretId: secretIdOf('atlas', connection),
      body: `{"SecretString":"${clientSecret}"`,
    });
    await callAndKeep(connection);
    systems.secretsManager.recover();
  });

  test('in all of that: answers, responses, errors and log lines', () => {
    // Fewer would mean that this test looks at less than it says.
    assert.ok(left.length > 90, `${left.length} answers`);
    assert.ok(systems.logLines.length >= left.length);
    assert.match(left.join('\n'), /UPSTREAM_UNREACHABLE/);
    assert.match(left.join('\n'), /totalCount/);
    assert.deepEqual(leaksIn(left.join('\n')), []);
    assert.deepEqual(leaksIn(systems.logLines.join('\n')), []);
  });
});

for (const trigger of triggerNames)
  test(`an upstream that echoes credentials is redacted, over ${trigger}`, async () => {
    const connection = systems.store(serviceAccount(systems.atlas));
    await triggers[trigger](handler, { connection });
    const [bearer = ''] = systems.atlas.requests.slice(-1).map(({ headers }) => headers.authorization);
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    systems.logLines.length = 0;
    systems.atlas.fail({
      on: 'api',
      status: 400,
      body: {
        errorCode: 'ECHO',
        detail: `Received ${bearer} after Basic ${basic} of ${clientSecret}`,
        parameters: [bearer],
      },
    });
    const problem = failed(await triggers[trigger](handler, { connection }));
    assert.deepEqual(leaksIn(JSON.stringify(problem)), []);
    assert.deepEqual(leaksIn(systems.logLines.join('')), []);
    assert.match(problem.detail, /Received Bearer \[redacted\] after Basic \[redacted\] of \[redacted\]/);
    assert.match(systems.logLines.join(''), /Bearer \[redacted\]/);
  });

test('a leak would be noticed, in every form', () => {
  const headers = systems.atlas.requests.map(({ headers: { authorization } }) => authorization ?? '');
  for (const scheme of ['Basic', 'Bearer', 'Digest']) {
    const header = headers.findLast((value) => value.startsWith(scheme));
    assert.notDeepEqual(leaksIn(`an error about ${header}`), [], scheme);
  }
  assert.deepEqual(leaksIn(`{"detail":"${clientSecret}"}`)[0], 'client secret');
  assert.deepEqual(leaksIn(Buffer.from(privateKey).toString('base64'))[0], 'private key in base64');
});
