import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { get as httpGet, IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import * as z from 'zod';
import { demo, demoConfiguration, type SpsSimulator, startSps } from '../infra/local/simulators/sps.ts';

const run = promisify(execFile);

const systemAlerts = '/api/configuration/alerting/system_alerts';
const trafficAlerts = '/api/configuration/alerting/traffic_alerts';
const trap = '/api/configuration/management/snmp/trap';
const snmpAgent = '/api/configuration/local_services/snmp_agent';
const webinterface = '/api/configuration/management/webinterface';
const accounting = '/api/configuration/management/accounting';
const monitoring = '/api/configuration/management/monitoring';
const passwords = '/api/configuration/passwords';
const transaction = '/api/transaction';
const changes = '/api/transaction/changes';
const commit = { status: 'commit' };

let sps: SpsSimulator;

beforeEach(async () => {
  sps = await startSps();
});

afterEach(() => sps.close());

interface Given {
  status: number;
  headers: Headers;
  text: string;
  body: unknown;
}

const call = async (
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Given> => {
  const response = await fetch(`${sps.url}${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const given = await response.text();
  const isJson = response.headers.get('content-type') === 'application/json' && given !== '';
  return {
    status: response.status,
    headers: response.headers,
    text: given,
    body: isJson ? JSON.parse(given) : given,
  };
};

const basic = (username: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
});

const logIn = async (username: string = demo.username, password: string = demo.password) => {
  const { status, headers } = await call('GET', '/api/authentication', undefined, basic(username, password));
  assert.equal(status, 200);
  const [cookie = ''] = headers.get('set-cookie')?.split(';') ?? [];
  return (method: string, path: string, body?: unknown, more: Record<string, string> = {}) =>
    call(method, path, body, { cookie, ...more });
};

const errorShape = z.object({
  error: z.object({
    type: z.string(),
    message: z.string(),
    details: z.looseObject({ resource: z.string() }),
  }),
  meta: z.object({ href: z.string() }),
});

const assertRefused = ({ status, body }: Given, expected: number, type: string) => {
  const { error } = errorShape.parse(body);
  assert.deepEqual([status, error.type], [expected, type], error.message);
  return error;
};

const assertStatus = async (answer: Promise<Given>, expected: number) => {
  const { status, text: given, body } = await answer;
  assert.equal(status, expected, given);
  return body;
};

const bodyOf = async (answer: Promise<Given>) =>
  z.object({ body: z.record(z.string(), z.unknown()) }).parse(await assertStatus(answer, 200)).body;
const metaOf = async (answer: Promise<Given>) =>
  z.object({ meta: z.record(z.string(), z.unknown()) }).parse((await answer).body).meta;
const changesOf = async (answer: Promise<Given>) =>
  z
    .object({ changes: z.array(z.looseObject({ type: z.string(), path: z.string() })) })
    .parse((await answer).body).changes;
const keyOf = async (answer: Promise<Given>) =>
  z.object({ key: z.string() }).parse(await assertStatus(answer, 201)).key;

const withLogin = () => {
  const body = structuredClone(sps.state().configuration.system_alerts);
  body['xcbLogin'] = { email: true, snmp: true };
  return body;
};

const v3 = (auth: unknown, encryption: unknown = null) => ({
  enabled: true,
  version: {
    selection: '3',
    value: {
      auth_method: 'sha',
      auth_password: auth,
      encryption_method: encryption === null ? 'none' : 'aes',
      encryption_password: encryption,
      engine_id: '0x0123456789ABCDEF',
      server: { selection: 'ip', value: '10.20.30.40' },
      username: 'traps',
    },
  },
});

const assertIdle = () => {
  const { lock, sessions } = sps.state();
  assert.equal(lock, undefined);
  assert.ok(sessions.every((session) => session.transaction === 'closed'));
};

describe('a session', () => {
  test('begins with UTF-8 credentials, whatever characters the password has', async () => {
    assert.match(demo.password, /[^\x20-\x7e]/);
    const given = await call('GET', '/api/authentication', undefined, basic(demo.username, demo.password));
    assert.equal(given.status, 200);
    assert.deepEqual(given.body, { meta: { href: '/api/authentication', parent: '/api' } });
    assert.match(
      given.headers.get('set-cookie') ?? '',
      /^session_id=[\da-f]{40}; expires=\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT; Path=\/$/,
    );
  });

  test('is refused to wrong credentials, to none and to an unknown login method', async () => {
    const latin1 = Buffer.from(`${demo.username}:${demo.password}`, 'latin1').toString('base64');
    const right = basic(demo.username, demo.password);
    for (const headers of [{}, basic(demo.username, 'wrong'), { authorization: `Basic ${latin1}` }]) {
      const given = await call('GET', '/api/authentication', undefined, headers);
      const { details } = assertRefused(given, 401, 'Unauthenticated');
      assert.equal(details.resource, '/api/authentication');
      assert.equal(given.headers.get('set-cookie'), null);
    }
    const other = await call('GET', '/api/authentication?login_method=radius', undefined, right);
    assertRefused(other, 401, 'Unauthenticated');
    await assertStatus(call('GET', '/api/authentication?login_method=local', undefined, right), 200);
    await assertStatus(call('GET', '/api/authentication?type=x509', undefined, right), 501);
  });

  test('is needed for all else, and Basic does not replace it', async () => {
    const right = basic(demo.username, demo.password);
    for (const headers of [{}, { cookie: `session_id=${'0'.repeat(40)}` }, right]) {
      const { details } = assertRefused(
        await call('GET', systemAlerts, undefined, headers),
        401,
        'Unauthenticated',
      );
      assert.equal(details.resource, systemAlerts);
    }
  });

  test('ends after its idle time, which every request begins anew', async () => {
    const admin = await logIn();
    sps.advance(1_199);
    await assertStatus(admin('GET', trap), 200);
    sps.advance(1_199);
    await assertStatus(admin('GET', trap), 200);
    sps.advance(1_200);
    assertRefused(await admin('GET', trap), 401, 'Unauthenticated');
  });

  test('takes its transaction and the lock along when it ends', async () => {
    sps.settings.sessionIdleSeconds = 300;
    const admin = await logIn();
    await assertStatus(admin('PUT', systemAlerts, withLogin()), 201);
    sps.advance(300);
    assertIdle();
    assert.deepEqual(sps.state().transactions, [{ user: demo.username, state: 'rolled back' }]);
    assertRefused(await admin('PUT', transaction, commit), 401, 'Unauthenticated');
    assert.equal(sps.state().revision, 1);
  });

  test('has a transaction end it after less time', async () => {
    const admin = await logIn();
    await assertStatus(admin('POST', transaction), 201);
    sps.advance(599);
    await assertStatus(admin('GET', trap), 200);
    sps.advance(600);
    assert.deepEqual(sps.state().sessions, []);
    assertRefused(await admin('GET', trap), 401, 'Unauthenticated');
  });

  test('is one of several that a user may have', async () => {
    const [one, two] = [await logIn(), await logIn()];
    await assertStatus(one('POST', transaction), 201);
    assertRefused(await two('POST', transaction), 409, 'ConfigurationLocked');
  });

  test('stays when a client tries to sign out, which SPS does not know', async () => {
    const admin = await logIn();
    assertRefused(await admin('DELETE', '/api/authentication'), 405, 'MethodNotAllowed');
    await assertStatus(admin('GET', trap), 200);
  });

  test('has a cookie that is over by the time of a slow appliance clock', async () => {
    sps.settings.clockSkewSeconds = -1_800;
    const { headers } = await call(
      'GET',
      '/api/authentication',
      undefined,
      basic(demo.username, demo.password),
    );
    const [, expires = ''] = /expires=([^;]+)/.exec(headers.get('set-cookie') ?? '') ?? [];
    assert.ok(Date.parse(expires) < Date.now());
  });

  test('lets a user do only what the user may', async () => {
    const auditor = await logIn(demo.readOnlyUsername, demo.readOnlyPassword);
    await assertStatus(auditor('GET', systemAlerts), 200);
    for (const answer of [
      await auditor('PUT', systemAlerts, withLogin()),
      await auditor('POST', transaction),
    ])
      assertRefused(answer, 403, 'Unauthorized');
    assertIdle();
  });

  test('lasts as long as the committed timeout of the web interface says', async () => {
    const admin = await logIn();
    await assertStatus(admin('PUT', webinterface, { timeout: 5 }), 200);
    assert.equal(sps.settings.sessionIdleSeconds, 1_200);
    await assertStatus(admin('PUT', transaction, commit), 200);
    assert.equal(sps.settings.sessionIdleSeconds, 300);
  });

  test('of a browser needs the token of the user for changes since 7.5', async () => {
    sps.settings.profile = '7.5';
    const admin = await logIn();
    const browser = { 'user-agent': 'Mozilla/5.0' };
    const info = z.object({ user: z.object({ name: z.string(), token: z.string() }) });
    const { user } = info.parse(await assertStatus(admin('GET', '/api/user_info', undefined, browser), 200));
    assertRefused(await admin('POST', transaction, {}, browser), 403, 'Unauthorized');
    await assertStatus(admin('POST', transaction, {}, { ...browser, 'x-token': user.token }), 201);
    await assertStatus(admin('DELETE', transaction), 200);
  });

  test('is told who its user is under three paths', async () => {
    const admin = await logIn();
    for (const path of ['/api/user_info', '/api/userinfo', '/api/user/info'])
      assert.deepEqual(await assertStatus(admin('GET', path), 200), {
        endpoints: [{ methods: ['GET', 'POST', 'PUT', 'DELETE'], url: '/api' }],
        meta: { href: path, parent: '/api' },
        user: { name: demo.username },
      });
  });
});

test('login methods are found where the version has them', async () => {
  await assertStatus(call('GET', '/api/authentication/login_methods'), 200);
  await assertStatus(call('GET', '/api/authentication/types'), 404);
  sps.settings.profile = '6.0';
  await assertStatus(call('GET', '/api/authentication/login_methods'), 404);
  const types = await assertStatus(call('GET', '/api/authentication/types'), 200);
  assert.deepEqual(z.object({ types: z.array(z.string()) }).parse(types).types, ['basic']);
});

describe('a transaction', () => {
  test('is closed, then open, and tells its time and its changes', async () => {
    const admin = await logIn();
    const closed = {
      key: 'transaction',
      meta: { href: transaction, parent: '/api' },
      transaction: { status: 'closed' },
    };
    assert.deepEqual(await assertStatus(admin('GET', `${transaction}/`), 200), closed);
    const open = {
      key: 'transaction',
      meta: { href: transaction, parent: '/api', remaining_seconds: 600 },
      transaction: { status: 'open' },
    };
    assert.deepEqual(await assertStatus(admin('POST', `${transaction}/`, {}), 201), open);
    assert.deepEqual(sps.state().lock, { holder: 'session', user: demo.username });
    assert.equal((await metaOf(admin('GET', trap)))['remaining_seconds'], 600);
    await assertStatus(admin('PUT', systemAlerts, withLogin()), 201);
    assert.equal((await metaOf(admin('GET', transaction)))['changes'], changes);
    assert.deepEqual(await assertStatus(admin('PUT', transaction, commit), 200), closed);
    assertIdle();
    assert.equal((await metaOf(admin('GET', trap)))['remaining_seconds'], undefined);
  });

  test('has its state under another key on 8.0', async () => {
    sps.settings.profile = '8.0';
    const admin = await logIn();
    const status = { key: 'transaction', meta: { href: transaction, parent: '/api' } };
    assert.deepEqual(await assertStatus(admin('GET', transaction), 200), {
      body: { commit_message: 'optional', status: 'closed' },
      ...status,
    });
    sps.settings.statusShape = 'transaction';
    assert.deepEqual(await assertStatus(admin('GET', transaction), 200), {
      transaction: { status: 'closed' },
      ...status,
    });
  });

  test('is opened once only', async () => {
    const admin = await logIn();
    await assertStatus(admin('POST', transaction), 201);
    assertRefused(await admin('POST', transaction), 409, 'TransactionAlreadyOpen');
  });

  test('is not opened by a POST without a length', async () => {
    const { hostname, port } = new URL(sps.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.end(`POST ${transaction} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n\r\n`);
    const given = await text(socket);
    assert.match(given, /^HTTP\/1\.1 411 /);
    assert.match(given, /content-type: text\/html/i);
  });

  test('keeps others from opening one and from changing anything', async () => {
    const [admin, other] = [await logIn(), await logIn()];
    await assertStatus(admin('POST', transaction), 201);
    for (const answer of [
      await other('POST', transaction),
      await other('PUT', systemAlerts, withLogin()),
      await other('POST', passwords, { plain: 'simulated' }),
    ]) {
      const { details } = assertRefused(answer, 409, 'ConfigurationLocked');
      assert.equal(details['user'], demo.username);
    }
    for (const status of [403, 423, 503]) {
      sps.settings.lockedStatus = status;
      assertRefused(await other('POST', transaction), status, 'ConfigurationLocked');
    }
    await assertStatus(admin('DELETE', transaction), 200);
    await assertStatus(other('POST', transaction), 201);
  });

  test('is opened by the first change, but not on 6.0', async () => {
    const admin = await logIn();
    await assertStatus(admin('PUT', systemAlerts, withLogin()), 201);
    assert.equal(sps.state().sessions[0]?.transaction, 'open');
    await assertStatus(admin('DELETE', transaction), 200);
    sps.settings.profile = '6.0';
    assertRefused(await admin('PUT', systemAlerts, withLogin()), 400, 'NoTransaction');
    assertIdle();
  });

  test('publishes its changes with the commit, to others only then', async () => {
    const [admin, other] = [await logIn(), await logIn()];
    const before = await bodyOf(other('GET', systemAlerts));
    const body = withLogin();
    await assertStatus(admin('PUT', systemAlerts, body), 201);
    assert.deepEqual(await bodyOf(admin('GET', systemAlerts)), body);
    assert.deepEqual(await bodyOf(other('GET', systemAlerts)), before);
    await assertStatus(admin('PUT', transaction, commit), 200);
    assert.deepEqual(await bodyOf(other('GET', systemAlerts)), body);
    assert.equal(sps.state().revision, 2);
    assert.deepEqual(sps.state().transactions, [{ user: demo.username, state: 'committed' }]);
  });

  test('leaves nothing behind when it is rolled back', async () => {
    const admin = await logIn();
    const before = sps.state();
    await assertStatus(admin('PUT', systemAlerts, withLogin()), 201);
    const key = await keyOf(admin('POST', passwords, { plain: 'simulated' }));
    assert.equal(sps.state().transactions[0]?.state, 'changed');
    await assertStatus(admin('DELETE', transaction), 200);
    assert.deepEqual(sps.state(), {
      ...before,
      transactions: [{ user: demo.username, state: 'rolled back' }],
    });
    assertRefused(await admin('GET', `${passwords}/${key}`), 404, 'NotFound');
  });

  test('has to be open to be committed or rolled back', async () => {
    const admin = await logIn();
    assertRefused(await admin('PUT', transaction, commit), 400, 'NoTransaction');
    assertRefused(await admin('DELETE', transaction), 400, 'NoTransaction');
  });

  test('stays open after a commit that is refused', async () => {
    const admin = await logIn();
    await assertStatus(admin('POST', transaction), 201);
    for (const body of [{ status: 'closed' }, {}, { ...commit, force: true }])
      assertRefused(await admin('PUT', transaction, body), 400, 'SemanticError');
    assert.equal(sps.state().sessions[0]?.transaction, 'open');
  });

  test('needs a commit message where accounting says so', async () => {
    const admin = await logIn();
    await assertStatus(admin('PUT', accounting, { require_commitlog: true }), 200);
    await assertStatus(admin('PUT', transaction, commit), 200);
    await assertStatus(admin('POST', transaction), 201);
    assertRefused(await admin('PUT', transaction, commit), 400, 'SemanticError');
    assert.equal(sps.state().sessions[0]?.transaction, 'open');
    await assertStatus(admin('PUT', transaction, { ...commit, commit_message: 'why' }), 200);
    assertIdle();
  });

  test('that lost a race fails to commit, and can be rolled back', async () => {
    sps.settings.lockMode = 'optimistic';
    const [admin, other] = [await logIn(), await logIn()];
    await assertStatus(admin('PUT', systemAlerts, withLogin()), 201);
    await assertStatus(other('PUT', webinterface, { timeout: 20 }), 200);
    await assertStatus(other('PUT', transaction, commit), 200);
    assertRefused(await admin('PUT', transaction, commit), 409, 'Conflict');
    assert.equal(sps.state().revision, 2);
    await assertStatus(admin('DELETE', transaction), 200);
    assert.deepEqual(await bodyOf(admin('GET', webinterface)), { timeout: 20 });
  });

  test('tells each changed object once, with all of it before and after', async () => {
    const admin = await logIn();
    assert.deepEqual(await assertStatus(admin('GET', changes), 200), {
      changes: [],
      meta: { href: changes, parent: transaction, transaction },
    });
    const before = await bodyOf(admin('GET', systemAlerts));
    await assertStatus(admin('PUT', systemAlerts, before), 201);
    assert.deepEqual(await changesOf(admin('GET', changes)), []);
    const body = withLogin();
    await assertStatus(admin('PUT', systemAlerts, body), 201);
    assert.deepEqual(await changesOf(admin('GET', changes)), [
      { type: 'replace', path: systemAlerts, old_value: before, new_value: body },
    ]);
  });

  test('tells its changes field by field if asked to', async () => {
    sps.settings.changesGranularity = 'leaf';
    const admin = await logIn();
    await assertStatus(admin('PUT', systemAlerts, withLogin()), 201);
    assert.deepEqual(await changesOf(admin('GET', changes)), [
      { type: 'replace', path: `${systemAlerts}#xcbLogin/email`, old_value: false, new_value: true },
      { type: 'replace', path: `${systemAlerts}#xcbLogin/snmp`, old_value: false, new_value: true },
    ]);
  });

  test('stays open, without the change, when a change is refused', async () => {
    const admin = await logIn();
    assertRefused(await admin('PUT', systemAlerts, { xcbLogin: true }), 400, 'SemanticError');
    assert.equal(sps.state().sessions[0]?.transaction, 'open');
    assert.deepEqual(await changesOf(admin('GET', changes)), []);
  });

  test('commits nothing at all with success, and without a new revision', async () => {
    const admin = await logIn();
    await assertStatus(admin('POST', transaction), 201);
    await assertStatus(admin('PUT', transaction, commit), 200);
    assertIdle();
    assert.equal(sps.state().revision, 1);
  });

  test('waits for somebody at the web interface or the console', async () => {
    const admin = await logIn();
    sps.lock('eve', 30, 'console');
    assert.deepEqual(sps.state().lock, { holder: 'console', user: 'eve' });
    const { details } = assertRefused(await admin('POST', transaction), 409, 'ConfigurationLocked');
    assert.equal(details['user'], 'eve');
    await assertStatus(admin('GET', trap), 200);
    sps.advance(30);
    await assertStatus(admin('POST', transaction), 201);
    assert.throws(() => sps.lock('eve'), /admin/);
    await assertStatus(admin('DELETE', transaction), 200);
    sps.lock('eve');
    assertRefused(await admin('PUT', systemAlerts, withLogin()), 409, 'ConfigurationLocked');
    sps.unlock();
    await assertStatus(admin('PUT', systemAlerts, withLogin()), 201);
  });
});

describe('the configuration', () => {
  test('can be walked from its root, and knows each neighbour', async () => {
    const admin = await logIn();
    const list = z.object({
      items: z.array(z.object({ key: z.string(), meta: z.object({ href: z.string() }) })),
      meta: z.object({ href: z.string(), parent: z.string().nullable() }),
    });
    const seen: string[] = [];
    const walk = async (path: string) => {
      const { status, body } = await admin('GET', path);
      if (status === 404) return;
      assert.equal(status, 200);
      seen.push(path);
      for (const { meta } of list.safeParse(body).data?.items ?? []) await walk(meta.href);
    };
    await walk('/api/configuration');
    for (const path of [systemAlerts, trafficAlerts, trap, snmpAgent, webinterface, accounting, monitoring])
      assert.ok(seen.includes(path), path);
    const root = list.parse(await assertStatus(admin('GET', '/api/configuration'), 200));
    assert.equal(root.meta.parent, null);
  });

  test('has no other paths, and no other methods', async () => {
    const admin = await logIn();
    const { details } = assertRefused(await admin('GET', `${trap}/other`), 404, 'NotFound');
    assert.equal(details.resource, `${trap}/other`);
    for (const [method, path] of [
      ['DELETE', trap],
      ['GET', passwords],
      ['PUT', '/api/configuration/network/nics/nic1'],
      ['DELETE', `${passwords}/d21f3675-8dff-43c5-a982-17839390a6b3`],
    ] as const)
      assertRefused(await admin(method, path), 405, 'MethodNotAllowed');
    assert.deepEqual(await assertStatus(admin('HEAD', trap), 200), '');
    assertIdle();
  });

  test('takes JSON only', async () => {
    const admin = await logIn();
    const asText = { 'content-type': 'text/plain' };
    assertRefused(await admin('PUT', trap, '{}', asText), 415, 'ContentTypeNotSupported');
    assertRefused(await admin('PUT', trap, '{"enabled":'), 400, 'SyntaxError');
    assertRefused(await admin('PUT', trap, '[]'), 400, 'SemanticError');
    assertIdle();
  });

  test('takes alerts with exactly the known names', async () => {
    const admin = await logIn();
    const { xcbAlert, ...rest } = withLogin();
    const whole = { ...rest, xcbAlert };
    for (const body of [
      rest,
      { ...whole, xcbOther: xcbAlert },
      { ...whole, xcbAlert: { email: true } },
      { ...whole, xcbAlert: { email: 'true', snmp: false } },
      { body: whole, key: 'system_alerts', meta: {} },
    ])
      assertRefused(await admin('PUT', systemAlerts, body), 400, 'SemanticError');
    sps.settings.strictKeys = false;
    await assertStatus(admin('PUT', systemAlerts, { xcbAlert: { email: true, snmp: false } }), 201);
    assert.deepEqual(await bodyOf(admin('GET', systemAlerts)), {
      ...sps.state().configuration.system_alerts,
      xcbAlert: { email: true, snmp: false },
    });
  });

  test('may have alerts that nobody knows of', async () => {
    sps.settings.extraAlertKeys = ['xcbBrandNew'];
    const admin = await logIn();
    const shown = await bodyOf(admin('GET', systemAlerts));
    assert.deepEqual(shown['xcbBrandNew'], { email: false, snmp: false });
    assertRefused(await admin('PUT', systemAlerts, withLogin()), 400, 'SemanticError');
    await assertStatus(
      admin('PUT', systemAlerts, { ...shown, xcbBrandNew: { email: true, snmp: true } }),
      201,
    );
    await assertStatus(admin('PUT', transaction, commit), 200);
    assert.deepEqual(sps.state().configuration.system_alerts['xcbBrandNew'], { email: true, snmp: true });
  });

  test('says 201 for two objects and 200 for the others, or what it is set to say', async () => {
    const admin = await logIn();
    const { trap: trapNow, traffic_alerts, snmp_agent, monitoring: limits } = sps.state().configuration;
    await assertStatus(admin('PUT', trap, trapNow), 201);
    await assertStatus(admin('PUT', systemAlerts, withLogin()), 201);
    await assertStatus(admin('PUT', trafficAlerts, traffic_alerts), 200);
    await assertStatus(admin('PUT', snmpAgent, snmp_agent), 200);
    await assertStatus(admin('PUT', monitoring, limits), 200);
    sps.settings.putStatus = 200;
    await assertStatus(admin('PUT', trap, trapNow), 200);
  });

  test('takes a trap server of SNMP 2c or 3 that makes sense', async () => {
    const admin = await logIn();
    const auth = await keyOf(admin('POST', passwords, { plain: 'simulated-1' }));
    const encryption = await keyOf(admin('POST', passwords, { plain: 'simulated-2' }));
    const good = v3(auth, encryption);
    const { version } = good;
    const having = (value: Record<string, unknown>) => ({
      ...good,
      version: { ...version, value: { ...version.value, ...value } },
    });
    const { community, ...server } = { community: 'public', server: version.value.server };
    for (const body of [
      having({ auth_method: 'sha256' }),
      having({ encryption_method: 'none' }),
      having({ encryption_password: null }),
      having({ engine_id: '0x012345678' }),
      having({ engine_id: '<0x0123456789ABCDEF>' }),
      having({ server: { selection: 'ip', value: '10.20.30.400' } }),
      having({ server: { selection: 'fqdn', value: 'not a name' } }),
      having({ community }),
      { enabled: true, version: { selection: '2c', value: server } },
      { enabled: true, version: { selection: '1', value: { community, ...server } } },
      { version },
    ])
      assertRefused(await admin('PUT', trap, body), 400, 'SemanticError');
    for (const auth_method of ['md5', 'sha', 'sha1'])
      await assertStatus(admin('PUT', trap, having({ auth_method })), 201);
    await assertStatus(
      admin('PUT', trap, having({ server: { selection: 'fqdn', value: 'traps.example' } })),
      201,
    );
    await assertStatus(admin('PUT', trap, v3(auth)), 201);
  });

  test('takes a password by its key, once, and only if it is there and good enough', async () => {
    const admin = await logIn();
    assertRefused(await admin('POST', passwords, { hash: 'x' }), 400, 'SemanticError');
    const key = await keyOf(admin('POST', passwords, { plain: 'A good one: \\ [x] {`|}^' }));
    assertRefused(await admin('PUT', trap, v3('no-such-key')), 400, 'InvalidReference');
    assertRefused(await admin('PUT', trap, v3('constructor')), 400, 'InvalidReference');
    assertRefused(await admin('PUT', trap, v3(key, key)), 400, 'SemanticError');
    const { snmp_agent } = sps.state().configuration;
    const used = snmp_agent.version_3.users[0]?.auth_password;
    assertRefused(await admin('PUT', trap, v3(used)), 400, 'SemanticError');
    for (const plain of ['short', 'greater>than', 'não-ascii']) {
      const bad = await keyOf(admin('POST', passwords, { plain }));
      assertRefused(await admin('PUT', trap, v3(bad)), 400, 'SemanticError');
    }
    await assertStatus(admin('PUT', trap, v3(key)), 201);
    await assertStatus(admin('PUT', trap, v3(key)), 201);
  });

  test('shows references as objects, and wants them back as keys', async () => {
    const admin = await logIn();
    const key = await keyOf(admin('POST', passwords, { plain: 'simulated' }));
    await assertStatus(admin('PUT', trap, v3(key)), 201);
    const shown = await bodyOf(admin('GET', trap));
    assert.deepEqual(shown, v3({ key, meta: { href: `${passwords}/${key}` } }));
    assertRefused(await admin('PUT', trap, shown), 400, 'SemanticError');
    const agent = await bodyOf(admin('GET', snmpAgent));
    assertRefused(await admin('PUT', snmpAgent, agent), 400, 'SemanticError');
    sps.settings.strictRefs = false;
    await assertStatus(admin('PUT', trap, shown), 201);
    await assertStatus(admin('PUT', snmpAgent, agent), 200);
    assert.deepEqual(await bodyOf(admin('GET', snmpAgent)), agent);
  });

  test('never shows a password', async () => {
    const admin = await logIn();
    const plain = 'simulated-and-secret';
    const created = await admin('POST', passwords, { plain });
    const key = await keyOf(Promise.resolve(created));
    await assertStatus(admin('PUT', trap, v3(key)), 201);
    for (const path of [`${passwords}/${key}`, trap, changes, transaction])
      assert.ok(!(await admin('GET', path)).text.includes(plain));
    assert.ok(!created.text.includes(plain));
    await assertStatus(admin('PUT', transaction, commit), 200);
    assert.ok(sps.state().passwords.includes(key));
    assert.ok(!JSON.stringify([sps.state(), sps.requests]).includes(plain));
  });

  test('takes a listen address of the SNMP agent only if an interface has it', async () => {
    const admin = await logIn();
    const { snmp_agent } = sps.state().configuration;
    const [first] = snmp_agent.listen;
    const listening = (address: string, port: number) => ({ ...snmp_agent, listen: [{ address, port }] });
    const elsewhere = 'nic1.interfaces.ff7574025754b3df1647001.addresses.2';
    assertRefused(await admin('PUT', snmpAgent, listening(elsewhere, 161)), 400, 'InvalidReference');
    const zero = await admin('PUT', snmpAgent, listening(first?.address ?? '', 0));
    assert.equal(assertRefused(zero, 400, 'SemanticError').details['field'], 'listen.0.port');
    await assertStatus(admin('PUT', snmpAgent, listening(first?.address ?? '', 1_161)), 200);
  });

  test('is beside what can only be read', async () => {
    const admin = await logIn();
    const health = await assertStatus(admin('GET', '/api/health_status'), 200);
    assert.deepEqual(Object.keys(z.record(z.string(), z.number()).parse(health)).toSorted(), [
      'cpu',
      'disk',
      'load1',
      'load15',
      'load5',
      'memory',
      'swap',
    ]);
    assert.equal((await bodyOf(admin('GET', '/api/info')))['version'], '7.1');
  });
});

describe('faults on demand', () => {
  test('lose the answer before or after the commit', async () => {
    for (const [fault, revision] of [
      [{ reset: true }, 1],
      [{ lost: true }, 2],
    ] as const) {
      const admin = await logIn();
      await assertStatus(admin('PUT', systemAlerts, withLogin()), 201);
      sps.fail({ on: /^PUT \/api\/transaction$/, ...fault });
      await assert.rejects(admin('PUT', transaction, commit));
      assert.equal(sps.state().revision, revision);
      sps.expireSessions();
    }
  });

  test('end the session at the n-th request', async () => {
    const admin = await logIn();
    sps.fail({ on: /^PUT/, skip: 1, meanwhile: () => sps.expireSessions() });
    await assertStatus(admin('PUT', systemAlerts, withLogin()), 201);
    await assertStatus(admin('GET', changes), 200);
    assertRefused(await admin('PUT', transaction, commit), 401, 'Unauthenticated');
    assertIdle();
  });

  test('commit for somebody else at the n-th request', async () => {
    sps.settings.lockMode = 'optimistic';
    const admin = await logIn();
    const meanwhile = () =>
      sps.commitAs('eve', ({ system_alerts }) => {
        system_alerts['xcbError'] = { email: true, snmp: true };
      });
    sps.fail({ on: /^PUT \/api\/transaction$/, meanwhile });
    await assertStatus(admin('PUT', systemAlerts, withLogin()), 201);
    assertRefused(await admin('PUT', transaction, commit), 409, 'Conflict');
    assert.equal(sps.state().configuration.system_alerts['xcbError']?.email, true);
    assert.equal(sps.state().configuration.system_alerts['xcbLogin']?.email, false);
  });

  test('spoil the response', async () => {
    const admin = await logIn();
    sps.fail({ html: 500 });
    const page = await admin('GET', trap);
    assert.equal(page.status, 500);
    assert.match(page.text, /^<html>/);
    sps.fail({ replaced: { status: 204, body: '' } });
    assert.deepEqual(await assertStatus(admin('PUT', systemAlerts, withLogin()), 204), '');
    sps.fail({ body: '' });
    assert.equal((await admin('GET', trap)).text, '');
    sps.fail({ truncated: true });
    await assert.rejects(admin('GET', trap), SyntaxError);
    sps.fail({ status: 503, body: { upgrading: true } });
    assert.equal((await admin('GET', trap)).status, 503);
    sps.fail({ status: 500, times: 2 });
    assertRefused(await admin('GET', trap), 500, 'InternalError');
    sps.recover();
    await assertStatus(admin('GET', trap), 200);
    assert.equal((await changesOf(admin('GET', changes))).length, 1);
  });

  test('answer later than the client waits, though what it asked for is done', async () => {
    const admin = await logIn();
    sps.fail({ on: /^POST/, lateMs: 60_000 });
    const answer = admin('POST', transaction, {});
    answer.catch(() => undefined);
    while (sps.state().sessions[0]?.transaction !== 'open')
      await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(sps.requests.at(-1)?.status, undefined);
    await sps.close();
    await assert.rejects(answer);
    sps = await startSps();
  });
});

test('requests are counted without credentials', async () => {
  const admin = await logIn();
  await admin('GET', trap, undefined, { 'x-token': 'simulated' });
  assert.deepEqual(
    sps.requests.map(({ method, target, status }) => [method, target, status]),
    [
      ['GET', '/api/authentication', 200],
      ['GET', trap, 200],
    ],
  );
  assert.doesNotMatch(JSON.stringify(sps.requests), /Basic|session_id|simulated/);
});

test('only a loopback host is answered', async () => {
  const asked = httpGet(`${sps.url}/api/info`, { headers: { host: 'sps.example' } });
  const [response] = z.tuple([z.instanceof(IncomingMessage)]).parse(await once(asked, 'response'));
  response.resume();
  assert.equal(response.statusCode, 421);
});

/** Skips a test where a command is not installed. */
async function skipWithout(command: string, versionFlag: string, t: TestContext): Promise<boolean> {
  try {
    await run(command, [versionFlag]);
    return false;
  } catch {
    t.skip(`${command} is not installed`);
    return true;
  }
}

const inFolder = async (work: (folder: string) => Promise<void>) => {
  const folder = await mkdtemp(join(tmpdir(), 'sps-simulator-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
};

test('HTTPS is served with a certificate that only its own authority vouches for', async (t) => {
  if (await skipWithout('openssl', 'version', t)) return;
  await inFolder(async (folder) => {
    const files = { key: join(folder, 'key.pem'), cert: join(folder, 'cert.pem') };
    await run('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-subj', '/CN=Simulated SPS', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1'],
      ...['-keyout', files.key, '-out', files.cert],
    ]);
    const tls = { key: await readFile(files.key, 'utf8'), cert: await readFile(files.cert, 'utf8') };
    const secure = await startSps({ tls });
    try {
      assert.match(secure.url, /^https:/);
      const asked = httpsGet(`${secure.url}/api/info`, { ca: tls.cert, agent: false });
      const [response] = z.tuple([z.instanceof(IncomingMessage)]).parse(await once(asked, 'response'));
      response.resume();
      assert.equal(response.statusCode, 401);
      await assert.rejects(once(httpsGet(`${secure.url}/api/info`, { agent: false }), 'response'), {
        code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      });
    } finally {
      await secure.close();
    }
  });
});

describe('curl with a cookie jar', () => {
  /** The sample of the vendor's guide: no alert is on. */
  const documented = () => {
    const configuration = demoConfiguration();
    for (const alert of Object.values(configuration.system_alerts))
      Object.assign(alert, { email: false, snmp: false });
    return configuration;
  };

  const meta = (href: string, parent: string, others: Record<string, unknown> = {}) => ({
    first: href,
    href,
    last: href,
    next: null,
    parent,
    previous: null,
    transaction: '/api/transaction',
    ...others,
  });

  test('goes through the examples of the vendor’s guide', async (t) => {
    if (await skipWithout('curl', '--version', t)) return;
    await sps.close();
    sps = await startSps({ configuration: documented() });
    await inFolder(async (folder) => {
      const jar = join(folder, 'cookies');
      const curl = async (path: string, ...options: string[]) => {
        const { stdout } = await run('curl', [
          ...['--silent', '--show-error', '--max-time', '20', '--noproxy', '*'],
          ...['--write-out', '\n%{http_code}', ...options, `${sps.url}${path}`],
        ]);
        const end = stdout.lastIndexOf('\n');
        return { status: Number(stdout.slice(end)), body: stdout.slice(0, end) };
      };
      const ok = async (expected: number, path: string, ...options: string[]): Promise<unknown> => {
        const { status, body } = await curl(path, '--cookie', jar, ...options);
        assert.equal(status, expected, `${options.join(' ')} ${path}: ${body}`);
        return JSON.parse(body);
      };
      const sending = (method: string, body: unknown) => [
        ...['-X', method, '-H', 'Content-Type: application/json'],
        ...['--data', JSON.stringify(body)],
      ];
      const put = (body: unknown) => sending('PUT', body);
      const reviewed = async () => {
        const answer = await ok(200, changes);
        return z.object({ changes: z.array(z.looseObject({ path: z.string() })) }).parse(answer).changes;
      };

      const signIn = await curl(
        '/api/authentication',
        ...['--basic', '--user', `${demo.username}:${demo.password}`, '--cookie-jar', jar],
      );
      assert.equal(signIn.status, 200, signIn.body);

      const v2c = {
        enabled: true,
        version: {
          selection: '2c',
          value: { community: 'public', server: { selection: 'ip', value: '10.20.30.40' } },
        },
      };
      assert.deepEqual(await ok(200, trap), {
        body: v2c,
        key: 'trap',
        meta: meta(trap, '/api/configuration/management/snmp'),
      });

      const reference = (key: string) => ({ key, meta: { href: `${passwords}/${key}` } });
      assert.deepEqual(await ok(200, snmpAgent), {
        body: {
          access_restriction: { enabled: false },
          enabled: true,
          listen: [
            {
              address: {
                key: 'nic1.interfaces.ff7574025754b3df1647001.addresses.1',
                meta: {
                  href: '/api/configuration/network/nics/nic1#interfaces/ff7574025754b3df1647001/addresses/1',
                },
              },
              port: 161,
            },
          ],
          system_contact: 'mycontact',
          system_description: 'mydescription',
          system_location: 'mylocation',
          version_2c: { community: 'mycommunity', enabled: true },
          version_3: {
            enabled: true,
            users: [
              {
                auth_method: 'sha',
                auth_password: reference('5476940c-ba38-4002-96d4-cb09d6921c68'),
                encryption_method: 'aes',
                encryption_password: reference('99782a91-63de-4a5c-82ff-b82273894dc7'),
                username: 'myusername',
              },
            ],
          },
        },
        key: 'snmp_agent',
        meta: meta(snmpAgent, '/api/configuration/local_services', {
          first: '/api/configuration/local_services/admin_web',
          last: '/api/configuration/local_services/user_web',
          next: '/api/configuration/local_services/ssh',
          previous: '/api/configuration/local_services/postgresql',
        }),
      });
      const nic1 = '/api/configuration/network/nics/nic1';
      assert.deepEqual(await ok(200, nic1), {
        body: {
          interfaces: {
            '@order': ['ff7574025754b3df1647001'],
            ff7574025754b3df1647001: {
              addresses: { '1': '10.40.255.171/24', '@order': ['1'] },
              name: 'default',
              vlantag: 0,
            },
          },
          name: 'eth0',
          speed: 'auto',
        },
        key: 'nic1',
        meta: meta(nic1, '/api/configuration/network/nics', {
          last: '/api/configuration/network/nics/nic3',
          next: '/api/configuration/network/nics/nic2',
        }),
      });

      // A POST without a body, and so without a length.
      assert.equal((await curl(transaction, '--cookie', jar, '-X', 'POST')).status, 411);
      assertIdle();
      await ok(201, `${transaction}/`, ...sending('POST', {}));

      await ok(201, trap, ...put({ ...v2c, enabled: false }));
      const asDocumented = (value: Record<string, unknown>) => ({
        enabled: true,
        version: {
          selection: '3',
          value: {
            engine_id: '0x0123456789ABCDEF',
            server: { selection: 'ip', value: '10.20.30.40' },
            username: 'username',
            ...value,
          },
        },
      });
      const md5 = (auth_password: unknown) =>
        asDocumented({
          auth_method: 'md5',
          auth_password,
          encryption_method: 'none',
          encryption_password: null,
        });
      await ok(201, trap, ...put(md5('d21f3675-8dff-43c5-a982-17839390a6b3')));
      // The examples send back what a GET shows, which the text forbids.
      sps.settings.strictRefs = false;
      await ok(201, trap, ...put(md5(reference('d21f3675-8dff-43c5-a982-17839390a6b3'))));
      const sha = asDocumented({
        auth_method: 'sha',
        auth_password: reference('0f5f646d-d6e7-4a4a-bc66-ead670faff3f'),
        encryption_method: 'aes',
        encryption_password: reference('6237d67a-b6b4-49e0-b0f6-6d68d0f08cc3'),
      });
      await ok(201, trap, ...put(sha));

      assert.deepEqual(await ok(200, '/api/configuration/alerting'), {
        items: [
          { key: 'system_alerts', meta: { href: systemAlerts } },
          { key: 'traffic_alerts', meta: { href: trafficAlerts } },
        ],
        meta: meta('/api/configuration/alerting', '/api/configuration', {
          first: '/api/configuration/aaa',
          last: '/api/configuration/x509',
          next: '/api/configuration/datetime',
          previous: '/api/configuration/aaa',
          remaining_seconds: 600,
        }),
      });
      const off = { email: false, snmp: false };
      const alerts = {
        xcbAlert: off,
        xcbArchiveFailed: off,
        xcbBackupFailed: off,
        xcbBruteForceAttempt: off,
        xcbConfigChange: off,
        xcbDBError: off,
        xcbDiskFull: off,
        xcbError: off,
        xcbFirmwareTainted: off,
        xcbHWError: off,
        xcbHaNodeChanged: off,
        xcbLicenseAlmostExpired: off,
        xcbLimitReached: off,
        xcbLoadAvgHigh: off,
        xcbLogin: off,
        xcbLoginFailure: off,
        xcbLogout: off,
        xcbRaidStatus: off,
        xcbSwapFull: off,
        xcbTimeSyncLost: off,
        xcbTimestampError: off,
      };
      assert.deepEqual(await ok(200, systemAlerts), {
        body: alerts,
        key: 'system_alerts',
        meta: meta(systemAlerts, '/api/configuration/alerting', {
          last: trafficAlerts,
          next: trafficAlerts,
          remaining_seconds: 600,
        }),
      });
      const diskFull = { ...alerts, xcbDiskFull: { email: true, snmp: true } };
      await ok(201, systemAlerts, ...put(diskFull));

      assert.deepEqual(await reviewed(), [
        { type: 'replace', path: systemAlerts, old_value: alerts, new_value: diskFull },
        { type: 'replace', path: trap, old_value: v2c, new_value: sha },
      ]);
      await ok(200, transaction, ...put(commit));
      assertIdle();
      assert.equal(sps.state().revision, 2);
      assert.deepEqual(sps.state().configuration.system_alerts, diskFull);
      assert.equal(sps.state().configuration.trap.version.selection, '3');

      await ok(201, systemAlerts, ...put(alerts));
      assert.equal((await reviewed()).length, 1);
      await ok(200, transaction, '-X', 'DELETE');
      assertIdle();
      assert.equal(sps.state().revision, 2);
      assert.deepEqual(sps.state().configuration.system_alerts, diskFull);
    });
  });

  test('loses the session of an appliance whose clock is slow', async (t) => {
    if (await skipWithout('curl', '--version', t)) return;
    sps.settings.clockSkewSeconds = -1_800;
    await inFolder(async (folder) => {
      const jar = join(folder, 'cookies');
      await run('curl', [
        ...['--silent', '--fail', '--noproxy', '*', '--user', `${demo.username}:${demo.password}`],
        ...['--cookie-jar', jar, `${sps.url}/api/authentication`],
      ]);
      assert.doesNotMatch(await readFile(jar, 'utf8'), /session_id/);
    });
  });
});
