import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import * as getSnmpAgent from '../functions/sps/get-snmp-agent.ts';
import * as getSnmpTrap from '../functions/sps/get-snmp-trap.ts';
import * as updateSnmpAgent from '../functions/sps/update-snmp-agent.ts';
import * as updateSnmpTrap from '../functions/sps/update-snmp-trap.ts';
import { demoConfiguration, type SpsSimulator, startSps } from '../infra/local/simulators/sps.ts';
import { answered, directOutcome, failed, type Outcome, type Systems, startSystems } from './harness.ts';
import {
  administrator,
  assertAudited,
  assertIdle,
  call,
  changeOf,
  requestsOf,
  storeSps,
} from './sps-harness.ts';

// Nothing else in these tests has these texts in it, so that a leak can be found anywhere.
const community = 'c0mmunity-0f-n0b0dy';
const plain = 'Plain+Secret/0f=NoOne';
const otherPlain = 'An0ther"Plain\\Secret';

const trapServer = { selection: 'ip', value: '10.20.30.40' };
const v2c = (more: object = {}) => ({ selection: '2c', value: { server: trapServer, ...more } });
const user = {
  auth_method: 'sha',
  auth_password: 'd21f3675-8dff-43c5-a982-17839390a6b3',
  encryption_method: 'aes',
  encryption_password: '0f5f646d-d6e7-4a4a-bc66-ead670faff3f',
  username: 'traps',
};
const value3 = { ...user, engine_id: '0x0123456789ABCDEF', server: trapServer };
const v3 = (more: object = {}) => ({ selection: '3', value: { ...value3, ...more } });

let systems: Systems;
let sps: SpsSimulator;
let connection: string;
/** What the failures told, and what the changes did beside the community. */
const problems: string[] = [];

before(async () => {
  systems = await startSystems();
});

after(() => systems.stop());

beforeEach(async () => {
  const configuration = demoConfiguration();
  configuration.trap.version = {
    selection: '2c',
    value: { community, server: { selection: 'ip', value: '10.20.30.40' } },
  };
  configuration.snmp_agent.version_2c.community = community;
  sps = await startSps({ configuration });
  connection = storeSps(systems, administrator(sps));
});

afterEach(async () => {
  await sps.close();
  assertIdle(sps);
  assertAudited(systems);
});

const kept = (outcome: Outcome): Outcome => {
  if ('problem' in outcome) problems.push(JSON.stringify(outcome.problem));
  return outcome;
};
const setTrap = async (settings: unknown, more: Record<string, unknown> = {}) =>
  kept(await call(updateSnmpTrap, { connection, input: { settings, ...more } }));
const setAgent = async (settings: unknown, more: Record<string, unknown> = {}) =>
  kept(await call(updateSnmpAgent, { connection, input: { settings, ...more } }));
const trap = () => sps.state().configuration.trap;
const agent = () => sps.state().configuration.snmp_agent;
const shownAs = (key: string) => ({ key });

describe('the community', () => {
  test('is not in what the reads answer', async () => {
    for (const unit of [getSnmpTrap, getSnmpAgent])
      assert.doesNotMatch(JSON.stringify(answered(await call(unit, { connection }))), new RegExp(community));
  });

  test('is in what the changes answer', async () => {
    const trapped = changeOf(await setTrap({ enabled: false }, { dryRun: true }));
    assert.deepEqual(trapped.before['version'], v2c({ community }));
    const agreed = changeOf(await setAgent({ enabled: false }, { dryRun: true }));
    assert.deepEqual(agreed.before['version_2c'], { community, enabled: true });
  });

  test('is not in what is answered to who delivers at least once: that is kept where others read it', async () => {
    const event = {
      connection,
      idempotencyKey: 'one',
      input: { settings: { enabled: false }, dryRun: true },
    };
    const outcome = await directOutcome(updateSnmpTrap.handler, event);
    assert.deepEqual(changeOf(outcome).before['version'], v2c({ community: '[redacted]' }));
  });

  test('stays when it is left out', async () => {
    const server = { selection: 'fqdn', value: 'traps.sps.example' };
    changeOf(await setTrap({ version: v2c({ server }) }));
    assert.deepEqual(trap(), { enabled: true, version: v2c({ community, server }) });
    changeOf(await setAgent({ version_2c: { enabled: false } }));
    assert.deepEqual(agent().version_2c, { community, enabled: false });
  });

  test('is wanted where there was none', async () => {
    changeOf(await setTrap({ version: v3() }));
    const problem = failed(await setTrap({ version: v2c() }));
    assert.deepEqual(
      problem.errors?.map(({ field }) => field),
      ['settings.version.value.community'],
    );
    changeOf(await setTrap({ version: v2c({ community }) }));
    assert.deepEqual(trap().version, v2c({ community }));
  });

  test('is not in a stale preview', async () => {
    const { digest } = changeOf(await setTrap({ enabled: false }, { dryRun: true }));
    sps.commitAs('bob', (configuration) => {
      configuration.trap.version.value.server = { selection: 'ip', value: '10.20.30.42' };
    });
    assert.equal(failed(await setTrap({ enabled: false }, { digest })).code, 'PLAN_STALE');
  });
});

describe('the trap', () => {
  const refused: Record<string, [unknown, string]> = {
    'no setting': [{}, 'settings'],
    'an unknown setting': [{ enabled: true, port: 162 }, 'settings.port'],
    'another version': [{ version: { selection: '1', value: {} } }, 'settings.version.selection'],
    'v3 settings in v2c': [{ version: v2c({ username: 'a' }) }, 'settings.version.value.username'],
    'a community in v3': [{ version: v3({ community: 'a' }) }, 'settings.version.value.community'],
    'an empty community': [{ version: v2c({ community: '' }) }, 'settings.version.value.community'],
    'an unknown method': [{ version: v3({ auth_method: 'sha512' }) }, 'settings.version.value.auth_method'],
    'an unknown cipher': [
      { version: v3({ encryption_method: '3des' }) },
      'settings.version.value.encryption_method',
    ],
    'no user name': [{ version: v3({ username: undefined }) }, 'settings.version.value.username'],
    'a short engine id': [{ version: v3({ engine_id: '0x123456789' }) }, 'settings.version.value.engine_id'],
    'an engine id that is no number': [
      { version: v3({ engine_id: '0x0123456789G' }) },
      'settings.version.value.engine_id',
    ],
    'encryption without a password': [
      { version: v3({ encryption_password: null }) },
      'settings.version.value.encryption_password',
    ],
    'an encryption password without encryption': [
      { version: v3({ encryption_method: 'none' }) },
      'settings.version.value.encryption_password',
    ],
    'a short password': [
      { version: v3({ auth_password: { plain: 'short' } }) },
      'settings.version.value.auth_password.plain',
    ],
    'a password with other characters': [
      { version: v3({ auth_password: { plain: 'não é ASCII' } }) },
      'settings.version.value.auth_password.plain',
    ],
    'an address that is none': [
      { version: v2c({ server: { selection: 'ip', value: '10.20.30' } }) },
      'settings.version.value.server.value',
    ],
    'a name that is none': [
      { version: v2c({ server: { selection: 'fqdn', value: '-a.example' } }) },
      'settings.version.value.server.value',
    ],
    'another selection of server': [
      { version: v2c({ server: { selection: 'url', value: 'a' } }) },
      'settings.version.value.server.selection',
    ],
  };

  for (const [what, [settings, field]] of Object.entries(refused))
    test(`is not set to ${what}`, async () => {
      const problem = failed(await setTrap(settings));
      assert.equal(problem.status, 400);
      assert.deepEqual(
        problem.errors?.map((error) => error.field),
        [field],
      );
      assert.deepEqual(sps.requests, []);
    });

  for (const [given, sent] of Object.entries({ sha: 'sha', sha1: 'sha', md5: 'md5' }))
    test(`takes ${given} and sends ${sent}`, async () => {
      const answer = changeOf(await setTrap({ version: v3({ auth_method: given }) }));
      assert.deepEqual(trap().version, v3({ auth_method: sent }));
      const value = {
        ...value3,
        auth_method: sent,
        auth_password: shownAs(value3.auth_password),
        encryption_password: shownAs(value3.encryption_password),
      };
      assert.deepEqual(answer.after['version'], { selection: '3', value });
    });

  test('takes an engine id without 0x, and sends it with', async () => {
    changeOf(await setTrap({ version: v3({ engine_id: '0123456789abcdef' }) }));
    assert.deepEqual(trap().version, v3({ engine_id: '0x0123456789abcdef' }));
  });

  test('takes no encryption with a password that is null', async () => {
    const none = { encryption_method: 'none', encryption_password: null };
    changeOf(await setTrap({ version: v3(none) }));
    assert.deepEqual(trap().version, v3(none));
  });

  test('that somebody else sets between our read and our write is what ours is made on', async () => {
    const theirs = { selection: 'ip' as const, value: '10.20.30.42' };
    sps.fail({
      on: /POST .*transaction/,
      meanwhile: () =>
        sps.commitAs('bob', (configuration) => {
          configuration.trap.version.value.server = theirs;
        }),
    });
    const server = { selection: 'ip', value: '10.20.30.43' };
    const answer = changeOf(await setTrap({ version: v2c({ server }) }));
    assert.deepEqual(answer.before['version'], v2c({ community, server: theirs }));
    assert.deepEqual(trap().version, v2c({ community, server }));
  });

  test('keeps what is left out', async () => {
    changeOf(await setTrap({ enabled: false }));
    assert.deepEqual(trap(), { enabled: false, version: v2c({ community }) });
    changeOf(await setTrap({ version: v3() }));
    assert.deepEqual(trap(), { enabled: false, version: v3() });
  });
});

describe('a password is given', () => {
  const { auth_password: key } = user;
  const meta = { href: `/api/configuration/passwords/${key}` };
  for (const [how, auth_password] of Object.entries({
    'by its key': key,
    'as {key}': { key },
    'as {key, meta}': { key, meta },
  }))
    test(how, async () => {
      changeOf(await setTrap({ version: v3({ auth_password }) }));
      assert.deepEqual(trap().version, v3());
    });

  test('in plain: both are made in the transaction, and named in their places', async () => {
    const passwords = sps.state().passwords;
    const version = v3({ auth_password: { plain }, encryption_password: { plain: otherPlain } });
    const outcome = await setTrap({ version });
    const answer = changeOf(outcome);
    const created = sps.state().passwords.filter((key) => !passwords.includes(key));
    assert.equal(created.length, 2);
    const [auth_password = '', encryption_password = ''] = created;
    assert.deepEqual(trap().version, v3({ auth_password, encryption_password }));
    assert.deepEqual(answer.changes?.map(({ type }) => type).toSorted(), ['create', 'create', 'replace']);
    assert.equal(sps.state().revision, 2);
    problems.push(JSON.stringify(outcome).replaceAll(community, ''));
  });

  test('in plain, and where it is a word of the settings it is refused for that', async () => {
    const outcome = await setTrap({ version: v3({ auth_password: { plain: 'management' } }) });
    const { code, detail } = failed(outcome);
    assert.equal(code, 'STATE_REDACTED');
    assert.match(detail, /secret of the connection or of this call. Nothing was changed/);
  });

  test('in plain to a dry run, and is not there afterwards', async () => {
    const { passwords } = sps.state();
    const outcome = await setTrap({ version: v3({ auth_password: { plain } }) }, { dryRun: true });
    assert.equal(changeOf(outcome).changed, true);
    assert.deepEqual(sps.state().passwords, passwords);
    assert.equal(sps.state().revision, 1);
    problems.push(JSON.stringify(outcome).replaceAll(community, ''));
  });

  for (const [what, fault] of Object.entries({
    'SPS refuses and quotes it': {
      status: 400,
      body: { error: { type: 'SemanticError', message: `Not ${plain}, nor "${plain}".` } },
    },
    'SPS fails': { html: 500 },
    'the connection breaks': { reset: true } as const,
    'its answer is spoilt': { truncated: true } as const,
  }))
    test(`in plain, and is not there afterwards: ${what}`, async () => {
      const { passwords } = sps.state();
      sps.fail({ on: /POST .*passwords/, ...fault });
      failed(await setTrap({ version: v3({ auth_password: { plain } }) }));
      assert.deepEqual(sps.state().passwords, passwords);
      assert.equal(sps.state().revision, 1);
    });

  test('by a key that SPS does not know: SPS says so', async () => {
    const problem = failed(await setTrap({ version: v3({ auth_password: 'nowhere' }) }));
    assert.equal(problem.status, 400);
    assert.match(problem.detail, /no password nowhere/);
    assert.equal(sps.state().revision, 1);
  });
});

describe('the agent', () => {
  test('has what is given set, and all else left alone', async () => {
    const start = agent();
    const settings = {
      access_restriction: { enabled: true, allowed_from: ['10.0.0.0/8', '192.0.2.1/32'] },
      system_location: 'Rack 4',
      version_2c: { community: 'an0ther-c0mmunity', enabled: false },
    };
    const answer = changeOf(await setAgent(settings));
    assert.equal(answer.changed, true);
    assert.deepEqual(agent(), { ...start, ...settings });
  });

  test('has users of v3 set, with new passwords', async () => {
    const [present] = agent().version_3.users;
    const added = { ...user, auth_method: 'sha1', auth_password: { plain: otherPlain } };
    changeOf(await setAgent({ version_3: { enabled: true, users: [present, added] } }));
    const [first, second] = agent().version_3.users;
    assert.deepEqual(first, present);
    assert.deepEqual(second, { ...user, auth_password: second?.auth_password });
    assert.ok(sps.state().passwords.includes(second?.auth_password ?? ''));
  });

  test('has no password set that is a word of its own: what SPS says cannot be read then, and why is said', async () => {
    const start = agent();
    const users = [{ ...user, auth_method: 'sha1', auth_password: { plain: 'password' } }];
    const { code, detail } = failed(await setAgent({ version_3: { enabled: true, users } }));
    assert.equal(code, 'UPSTREAM_ANSWER_UNEXPECTED');
    assert.match(detail, /after a secret that it repeats was taken out of it/);
    assert.deepEqual(agent(), start);
  });

  test('listens where it is told, by the key of an address', async () => {
    const [place] = agent().listen;
    changeOf(await setAgent({ listen: [{ ...place, port: 1_161 }] }));
    assert.deepEqual(agent().listen, [{ ...place, port: 1_161 }]);
  });

  const refused: Record<string, [unknown, string]> = {
    'no setting': [{}, 'settings'],
    'an unknown setting': [{ enabled: true, location: 'here' }, 'settings.location'],
    'a restriction to nowhere': [
      { access_restriction: { enabled: true } },
      'settings.access_restriction.allowed_from',
    ],
    'a network of IPv6': [
      { access_restriction: { enabled: true, allowed_from: ['2001:db8::/32'] } },
      'settings.access_restriction.allowed_from.0',
    ],
    'a port that is none': [{ listen: [{ address: 'a', port: 65_536 }] }, 'settings.listen.0.port'],
    'a user without user name': [
      { version_3: { enabled: true, users: [{ ...user, username: '' }] } },
      'settings.version_3.users.0.username',
    ],
    'a user whose encryption has no password': [
      { version_3: { enabled: true, users: [{ ...user, encryption_password: null }] } },
      'settings.version_3.users.0.encryption_password',
    ],
  };

  for (const [what, [settings, field]] of Object.entries(refused))
    test(`is not set to ${what}`, async () => {
      const problem = failed(await setAgent(settings));
      assert.deepEqual(
        problem.errors?.map((error) => error.field),
        [field],
      );
      assert.deepEqual(sps.requests, []);
    });
});

describe('what a read answers can be set again, and changes nothing', () => {
  const cases = [
    { what: 'the trap by v2c', read: getSnmpTrap, update: updateSnmpTrap, version: v2c({ community }) },
    { what: 'the trap by v3', read: getSnmpTrap, update: updateSnmpTrap, version: v3() },
    { what: 'the agent', read: getSnmpAgent, update: updateSnmpAgent, version: v2c({ community }) },
  ];
  for (const { what, read, update, version } of cases)
    test(what, async () => {
      if (version.selection === '3') changeOf(await setTrap({ version }));
      const settings = answered(await call(read, { connection }));
      const { length } = sps.requests;
      assert.equal(changeOf(await call(update, { connection, input: { settings } })).changed, false);
      assert.equal(requestsOf(sps, length).length, 1);
    });
});

describe('fields of a newer SPS are sent back, as an SPS that does not know them says', () => {
  const shown = {
    trap: { enabled: true, future: 'yes', version: v2c({ community, future: 'yes' }) },
    trap3: {
      enabled: true,
      version: v3({
        auth_password: shownAs(user.auth_password),
        encryption_password: shownAs(user.encryption_password),
        future: 'yes',
      }),
    },
  };

  test('of the trap, beside and below what is set', async () => {
    sps.fail({ on: /GET .*trap/, body: { body: shown.trap } });
    const problem = failed(await setTrap({ enabled: false }));
    assert.match(problem.detail, /future/);
    const { future, ...without } = shown.trap;
    sps.fail({ on: /GET .*trap/, body: { body: without } });
    const server = { selection: 'ip', value: '10.20.30.42' };
    assert.match(failed(await setTrap({ version: v2c({ server }) })).detail, /future/);
  });

  test('of the trap by v3, when v3 is set anew', async () => {
    sps.fail({ on: /GET .*trap/, body: { body: shown.trap3 } });
    assert.match(failed(await setTrap({ version: v3({ username: 'b' }) })).detail, /future/);
  });

  test('of the agent', async () => {
    const { listen, version_3, ...rest } = agent();
    const body = {
      ...rest,
      listen: listen.map(({ address, port }) => ({ address: shownAs(address), port })),
      version_3: { ...version_3, users: [] },
    };
    sps.fail({ on: /GET .*agent/, body: { body: { ...body, future: 'yes' } } });
    assert.match(failed(await setAgent({ system_location: 'b' })).detail, /future/);
    const version_2c = { ...rest.version_2c, future: 'yes' };
    sps.fail({ on: /GET .*agent/, body: { body: { ...body, version_2c } } });
    assert.match(failed(await setAgent({ version_2c: { enabled: false } })).detail, /future/);
  });
});

test('in all of that, no community and no password is in a log line, an audit record or a problem', () => {
  const texts = { logs: systems.logLines.join('\n'), problems: problems.join('\n') };
  assert.ok(systems.logLines.length > 100, `${systems.logLines.length} lines`);
  assert.ok(problems.length > 35, `${problems.length} problems`);
  for (const secret of [community, 'an0ther-c0mmunity', plain, otherPlain])
    for (const form of [
      secret,
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString('base64'),
      encodeURIComponent(secret),
    ])
      for (const [where, text] of Object.entries(texts))
        assert.ok(!text.includes(form), `${form} in ${where}`);
});
