import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import * as z from 'zod';
import * as checkConnection from '../functions/atlas/check-connection.ts';
import * as listAccessList from '../functions/atlas/list-access-list.ts';
import * as listAlertConfigs from '../functions/atlas/list-alert-configs.ts';
import * as reviewAccessList from '../functions/atlas/review-access-list.ts';
import * as toggleAlertConfig from '../functions/atlas/toggle-alert-config.ts';
import * as listApiKeyAccessList from '../functions/ops-manager/list-api-key-access-list.ts';
import * as toggleInOpsManager from '../functions/ops-manager/toggle-alert-config.ts';
import * as atlas from '../infra/local/simulators/atlas.ts';
import * as opsManager from '../infra/local/simulators/ops-manager.ts';
import {
  answered,
  askedOf,
  calls,
  failed,
  opsManagerKey,
  type Systems,
  serviceAccount,
  startSystems,
  type Unit,
} from './harness.ts';

let systems: Systems;
const connections = { atlas: '', opsManager: '' };

before(async () => {
  systems = await startSystems();
  connections.atlas = systems.store(serviceAccount(systems.atlas));
  connections.opsManager = systems.store(opsManagerKey(systems.opsManager), 'opsManager');
});

afterEach(() => {
  for (const simulator of [systems.atlas, systems.opsManager]) {
    simulator.recover();
    simulator.settings.largestPage = 500;
  }
  systems.atlas.organizations.splice(0, Number.POSITIVE_INFINITY, ...atlas.demoWorld());
  systems.opsManager.organizations.splice(0, Number.POSITIVE_INFINITY, ...opsManager.demoWorld());
});

after(() => systems.stop());

const { orgId, groupId, clientId } = atlas.demo;

const page = z.strictObject({
  results: z.array(z.record(z.string(), z.unknown())),
  totalCount: z.int().optional(),
  warnings: z.array(z.string()).optional(),
});

const inAtlas = async (unit: Unit, input: Record<string, unknown>) =>
  answered(await calls.http(unit, { connection: connections.atlas, input }));

const accessList = async (input: Record<string, unknown> = {}) =>
  page.parse(await inAtlas(listAccessList, { orgId, clientId, ...input }));

/** What Atlas's API gives next, one after the other. */
const give = (...bodies: unknown[]) => {
  for (const body of bodies) systems.atlas.fail({ on: 'api', body });
};

/** The demo project with so many alert configurations, of which some are made odd. */
function haveConfigs(
  count: number,
  odd: Record<number, (config: Record<string, unknown>) => void>,
): string[] {
  const [group] = systems.atlas.organizations[0]?.groups ?? [];
  assert.ok(group);
  group.alertConfigs = atlas.alertConfigsOf(groupId, atlas.alertKinds, count);
  const ids = group.alertConfigs.map(({ id }) => id);
  for (const [index, make] of Object.entries(odd)) make(group.alertConfigs[Number(index)] ?? {});
  return ids;
}

describe('a list of alert configurations', () => {
  test('is shown whole where one of 100 has no event type, and another a matcher without a value', async () => {
    const ids = haveConfigs(100, {
      7: (config) => delete config['eventTypeName'],
      40: (config) => Object.assign(config, { matchers: [{ fieldName: 'HOSTNAME', operator: 'EQUALS' }] }),
      41: (config) => Object.assign(config, { eventTypeName: null }),
    });
    const { results, totalCount, warnings } = page.parse(await inAtlas(listAlertConfigs, { groupId }));
    assert.deepEqual(
      results.map(({ id }) => id),
      ids,
    );
    assert.equal(totalCount, 100);
    assert.ok(results[7] && !('eventTypeName' in results[7]) && 'enabled' in results[7]);
    assert.deepEqual(results[40]?.['matchers'], [{ fieldName: 'HOSTNAME', operator: 'EQUALS' }]);
    assert.deepEqual(warnings, [
      `2 entries: eventTypeName could not be read (${ids[7]}, ${ids[41]}).`,
      `1 entry: matchers.value could not be read (${ids[40]}).`,
    ]);
  });

  test('leaves out of one entry what is odd in it, however deep, and says so in a few words', async () => {
    const bad = { notifications: [{ typeName: 'GROUP', delayMin: 'soon', roles: ['A', 1] }, 'nobody'] };
    const ids = haveConfigs(6, {
      0: (config) => Object.assign(config, { ...bad, created: 'yesterday' }),
      1: (config) => Object.assign(config, { ...bad, id: 'x'.repeat(1_000) }),
      2: (config) => Object.assign(config, bad),
      3: (config) => Object.assign(config, bad),
      4: (config) => Object.assign(config, bad, { created: '2026-01-01T00:00:00+02:00', threshold: null }),
    });
    const { results, warnings } = page.parse(await inAtlas(listAlertConfigs, { groupId, all: true }));
    assert.equal(results.length, 6);
    assert.deepEqual(results[0]?.['notifications'], [{ typeName: 'GROUP', roles: ['A'] }]);
    assert.equal(results[4]?.['created'], '2026-01-01T00:00:00+02:00');
    assert.deepEqual(warnings, [
      `1 entry: created could not be read (${ids[0]}).`,
      ...['notifications.delayMin', 'notifications.roles', 'notifications'].map(
        (member) => `5 entries: ${member} could not be read (${ids[0]}, number 2, ${ids[2]} and 2 more).`,
      ),
    ]);
  });

  test('shows even what is no entry at all, and fails only where there is no list', async () => {
    give({ results: [null, 'x', [], 5, { id: 'a1' }], links: [] });
    const { results, warnings = [] } = page.parse(await inAtlas(listAlertConfigs, { groupId }));
    assert.deepEqual(results, [{}, {}, {}, {}, { id: 'a1' }]);
    assert.equal(warnings[0], '4 entries: nothing could be read (number 1, number 2, number 3 and 1 more).');
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    give(`{"results":[${deep},{"id":"a1","matchers":${deep}}],"links":[]}`);
    const call = { connection: connections.atlas, input: { groupId, all: true } };
    const nested = await calls.http(listAlertConfigs, call);
    if ('problem' in nested) assert.equal(nested.problem.code, 'UPSTREAM_ANSWER_UNEXPECTED');
    else assert.deepEqual(page.parse(nested.answer).results, [{}, { id: 'a1', matchers: [] }]);
    for (const body of [{ results: 'none' }, { results: null }, [], null]) {
      give(body);
      const call = { connection: connections.atlas, input: { groupId } };
      assert.equal(failed(await calls.http(listAlertConfigs, call)).code, 'UPSTREAM_ANSWER_UNEXPECTED');
    }
  });
});

describe('an access list', () => {
  test('is shown where an API key of Ops Manager has never been used, and says null', async () => {
    const entry = { cidrBlock: '10.0.0.0/8', count: 0, created: '2026-01-01T00:00:00Z', lastUsed: null };
    systems.opsManager.fail({ body: { results: [{ ...entry, ipAddress: null }], totalCount: 1, links: [] } });
    const { orgId, apiKeyId } = opsManager.demo;
    const call = { connection: connections.opsManager, input: { orgId, apiKeyId } };
    const { lastUsed: _null, ...shown } = entry;
    assert.deepEqual(answered(await calls.http(listApiKeyAccessList, call)), {
      results: [shown],
      totalCount: 1,
    });
  });

  test('is shown with a bad address, an odd time, a number that is none and an odd count', async () => {
    const good = { ipAddress: '192.0.2.1', cidrBlock: '192.0.2.1/32', requestCount: 5 };
    const results = [
      { ...good, ipAddress: '999.9.9.9' },
      { ...good, createdAt: '2026-01-01T10:00:00.000+0200', lastUsedAt: 17 },
      { ...good, requestCount: 1e300 },
    ];
    give({ results, totalCount: -1, links: [] });
    const { ipAddress: _address, ...withoutAddress } = good;
    const { requestCount: _count, ...withoutCount } = good;
    assert.deepEqual(await accessList(), {
      results: [withoutAddress, { ...good, createdAt: '2026-01-01T10:00:00.000+0200' }, withoutCount],
      warnings: [
        'totalCount could not be read.',
        '1 entry: ipAddress could not be read (192.0.2.1/32).',
        '1 entry: lastUsedAt could not be read (192.0.2.1).',
        '1 entry: requestCount could not be read (192.0.2.1).',
      ],
    });
  });
});

test('a check of a connection names what it can of organizations', async () => {
  give({ results: [{ id: 'a1', name: 'One' }, { id: 'b2' }, null], links: [] });
  const { steps } = z
    .looseObject({ steps: z.array(z.looseObject({ found: z.string().optional() })) })
    .parse(await inAtlas(checkConnection, {}));
  assert.equal(
    steps.at(-1)?.found,
    'It can see One (a1), no name (b2), no name (no id). 1 entry: name could not be read (b2). 1 entry: nothing could be read (number 3).',
  );
});

describe('a toggle', () => {
  const change = z.looseObject({
    changed: z.boolean(),
    after: z.array(
      z.looseObject({
        id: z.string().optional(),
        enabled: z.boolean().optional(),
        problem: z.unknown().optional(),
      }),
    ),
    warnings: z.array(z.string()),
  });
  const toggle = async (input: Record<string, unknown>) =>
    change.parse(await inAtlas(toggleAlertConfig, { groupId, enabled: false, ...input }));
  const configs = () => systems.atlas.organizations[0]?.groups[0]?.alertConfigs ?? [];
  const enabledIds = () => configs().flatMap(({ id, enabled }) => (enabled === true ? [id] : []));

  test('of all sets 100 of which one has no event type', async () => {
    haveConfigs(100, { 7: (config) => delete config['eventTypeName'] });
    const { changed, after, warnings } = await toggle({ all: true });
    assert.deepEqual([changed, after.length, warnings], [true, 100, []]);
    assert.ok(after.every(({ enabled, problem }) => enabled === false && problem === undefined));
    assert.deepEqual(enabledIds(), []);
  });

  test('refuses the one whose state or id cannot be read, on its own, and sets the others', async () => {
    const ids = haveConfigs(10, {
      1: (config) => Object.assign(config, { enabled: 'yes' }),
      2: (config) => Object.assign(config, { id: '../../../orgs/x' }),
      3: (config) => delete config['id'],
    });
    const from = systems.atlas.requests.length;
    const { after, warnings } = await toggle({ all: true });
    assert.deepEqual(
      enabledIds(),
      [2, 3].map((index) => configs()[index]?.id),
    );
    assert.equal(after.length, 10);
    assert.deepEqual(
      after.flatMap(({ problem }, index) => (problem === undefined ? [] : [index])),
      [1, 2, 3],
    );
    assert.partialDeepStrictEqual(after[1], {
      id: ids[1],
      problem: { code: 'ALERT_CONFIG_UNREADABLE', status: 502, retryable: false, system: 'atlas' },
    });
    assert.ok(after.slice(2, 4).every((one) => !('id' in one)));
    assert.equal(warnings.length, 3);
    assert.match(warnings[0] ?? '', new RegExp(`^${ids[1]} is left out: .* has no enabled that can be read`));
    assert.ok(askedOf(systems.atlas, from).every((asked) => !asked.includes('..')));
  });

  test('of those that watch for an event says which it could not tell', async () => {
    const ids = haveConfigs(12, { 2: (config) => delete config['eventTypeName'] });
    const { after, warnings } = await toggle({ all: true, eventTypeName: 'HOST_DOWN', dryRun: true });
    assert.ok(after.every(({ id }) => id !== ids[2]));
    assert.deepEqual(warnings, [
      `Left out, because the event that they watch for could not be read: ${ids[2]}.`,
    ]);
  });

  test('of all sets those on every page, where pages are smaller than asked for', async () => {
    const [group] = systems.opsManager.organizations[0]?.groups ?? [];
    assert.ok(group);
    group.alertConfigs = opsManager.alertConfigsOf(group.groupId, opsManager.alertKinds, 250);
    systems.opsManager.settings.largestPage = 100;
    const from = systems.opsManager.requests.length;
    const call = {
      connection: connections.opsManager,
      input: { groupId: group.groupId, enabled: false, all: true },
    };
    const { after } = change.parse(answered(await calls.http(toggleInOpsManager, call)));
    assert.equal(after.length, 250);
    assert.ok(group.alertConfigs.every(({ enabled }) => !enabled));
    const reads = askedOf(systems.opsManager, from).filter((asked) => asked.startsWith('GET'));
    assert.equal(reads.length, 3);
  });
});

describe('paging', () => {
  const entries = (from: number, count: number) => atlas.accessListOf(from + count).slice(from);
  const next = (href: unknown) => [
    { rel: 'self', href: 'x' },
    { rel: 'next', href },
  ];
  const places = ({ results }: z.output<typeof page>) => results.map(({ cidrBlock }) => cidrBlock);
  const all = (count: number) => entries(0, count).map(({ cidrBlock }) => cidrBlock);
  const haveEntries = (count: number) =>
    systems.atlas.organizations.splice(0, 1, ...atlas.demoWorld(atlas.accessListOf(count)));

  test('reads to the end where pages of 100 come though 500 were asked for', async () => {
    haveEntries(450);
    systems.atlas.settings.largestPage = 100;
    const from = systems.atlas.requests.length;
    const answer = await accessList({ all: true });
    assert.deepEqual([places(answer), answer.totalCount, answer.warnings], [all(450), 450, undefined]);
    assert.equal(askedOf(systems.atlas, from).length, 5);
  });

  test('a page that is shorter than asked for, with more to come, says so', async () => {
    haveEntries(450);
    systems.atlas.settings.largestPage = 100;
    const { results, warnings = [] } = await accessList({ itemsPerPage: 500 });
    assert.equal(results.length, 100);
    assert.match(warnings.join(), /^Atlas gave 100 of the 500 entries of this page, .*all=true/);
    assert.equal((await accessList({ itemsPerPage: 100 })).warnings, undefined);
  });

  test('follows a link by its numbers alone, wherever it points and whatever else it says', async () => {
    haveEntries(3);
    for (const href of [
      'https://evil.example/api/atlas/v2/orgs?pageNum=2&itemsPerPage=2&token=x',
      '/other?itemsPerPage=2&pageNum=2',
      '?pageNum=2&itemsPerPage=2',
      'javascript:alert(1)?itemsPerPage=2&pageNum=2',
    ]) {
      give({ results: entries(0, 2), links: next(href) });
      const from = systems.atlas.requests.length;
      const answer = await accessList({ all: true });
      assert.deepEqual([places(answer), answer.warnings], [all(3), undefined]);
      const path = `GET /orgs/${orgId}/serviceAccounts/${clientId}/accessList`;
      assert.deepEqual(askedOf(systems.atlas, from), [
        `${path}?includeCount=false&itemsPerPage=500&pageNum=1`,
        `${path}?includeCount=false&itemsPerPage=2&pageNum=2`,
      ]);
    }
  });

  test('asks for no larger page than there is, whatever a link says', async () => {
    give(
      { results: entries(0, 2), links: next('?pageNum=2&itemsPerPage=9999') },
      { results: entries(2, 1), links: [] },
    );
    const from = systems.atlas.requests.length;
    assert.deepEqual(places(await accessList({ all: true })), all(3));
    assert.match(askedOf(systems.atlas, from).join(), /itemsPerPage=500&pageNum=2$/);
  });

  test('goes on by number where a next page is named without one', async () => {
    for (const href of [undefined, null, 7, 'nowhere', '?pageNum=0', '?pageNum=-1', '?pageNum=1e3']) {
      give(
        { results: entries(0, 2), links: next(href) },
        { results: entries(2, 2), links: [{ rel: 'self', href: 'x' }] },
      );
      const answer = await accessList({ all: true });
      assert.deepEqual([places(answer), answer.warnings], [all(4), undefined]);
    }
  });

  test('knows a relation that is an address, and none in links that are unreadable', async () => {
    const rel = 'https://cloud.mongodb.com/api/atlas/next';
    give(
      { results: entries(0, 2), links: [{ rel, href: '?pageNum=2' }] },
      { results: entries(2, 1), links: [] },
    );
    assert.deepEqual(places(await accessList({ all: true })), all(3));
    for (const links of [undefined, null, 'x', [null], [{ rel: 5, href: 'x' }]]) {
      give({ results: entries(0, 2), links });
      const { results, warnings } = await accessList({ all: true });
      assert.equal(results.length, 2);
      assert.deepEqual(warnings, [
        'Atlas does not say whether there are more entries. The list may not be complete.',
      ]);
    }
  });

  test('goes on where more are counted than came, and says where they never come', async () => {
    give({ results: entries(0, 2), totalCount: 4 }, { results: entries(2, 2), totalCount: 4 });
    const whole = await accessList({ all: true });
    assert.deepEqual([places(whole), whole.totalCount, whole.warnings], [all(4), 4, undefined]);
    give({ results: entries(0, 2), totalCount: 5, links: [] }, { results: [], totalCount: 5, links: [] });
    const part = await accessList({ all: true });
    assert.deepEqual([part.results.length, part.totalCount], [2, 5]);
    assert.deepEqual(part.warnings, ['Atlas counts 5 entries and gave 2.']);
  });

  test('stops where the next page is one that it has read, and where every page is the same', async () => {
    const loop = { results: entries(0, 2), links: next('?pageNum=1&itemsPerPage=500') };
    give(loop);
    const { results, warnings = [] } = await accessList({ all: true });
    assert.equal(results.length, 2);
    assert.match(warnings.join(), /^Atlas leads from page 1 back to/);
    const same = { results: entries(0, 2), links: next('?pageNum=2') };
    give(same, same, same);
    const twice = await accessList({ all: true });
    assert.equal(twice.results.length, 2);
    assert.match(twice.warnings?.join() ?? '', /^Atlas leads from page 2 back to/);
    systems.atlas.recover();
    const unnumbered = { results: entries(0, 2), links: next('?cursor=abc') };
    give(unnumbered, unnumbered);
    const cut = await accessList({ all: true });
    assert.equal(cut.results.length, 2);
    assert.match(cut.warnings?.join() ?? '', /^Atlas leads from page 2 back to/);
    systems.atlas.recover();
    const full = { results: entries(0, 500) };
    give(full, full, full);
    const whole = await accessList({ all: true });
    assert.equal(whole.results.length, 500);
    assert.match(whole.warnings?.join() ?? '', /may not be complete/);
  });

  test('comes to an end over pages that never do, and says so', async () => {
    give(
      ...Array.from({ length: 205 }, (_, index) => ({
        results: [{ requestCount: index }],
        links: next(`?pageNum=${index + 2}`),
      })),
    );
    const { results, totalCount, warnings } = await accessList({ all: true });
    assert.deepEqual([results.length, totalCount], [200, undefined]);
    assert.deepEqual(warnings, [
      'Reading stopped after 200 entries on 200 pages. The list may not be complete.',
    ]);
  });

  test('takes a page of 200,000 entries', async () => {
    give({ results: Array.from({ length: 200_000 }, () => ({ cidrBlock: '10.0.0.0/8' })), links: [] });
    const { results, warnings } = await accessList({ all: true });
    assert.deepEqual([results.length, warnings], [200_000, undefined]);
    give({ results: Array.from({ length: 200_000 }, () => null), links: [] });
    assert.equal((await accessList({ all: true })).results.length, 200_000);
  });

  test('reads no further page after 250,000 entries, and says so', async () => {
    for (const length of [125_000, 125_001])
      give({ results: Array.from({ length }, () => null), links: next(`?pageNum=${length - 124_998}`) });
    const answer = await accessList({ all: true });
    assert.equal(answer.results.length, 250_001);
    assert.match(answer.warnings?.join() ?? '', /Reading stopped after 250001 entries on 2 pages/);
  });

  test('a review of a page of 20,000 entries comes to an end', async () => {
    const results = Array.from({ length: 20_000 }, (_, index) => ({
      cidrBlock: `10.${index >> 8}.${index & 255}.0/24`,
      requestCount: 1,
      lastUsedAddress: `10.${index >> 8}.${index & 255}.1`,
    }));
    give({ results, links: [] });
    const { summary } = z
      .looseObject({ summary: z.looseObject({ withoutFindings: z.int() }) })
      .parse(await inAtlas(reviewAccessList, { orgId, clientId }));
    assert.equal(summary.withoutFindings, 20_000);
  });
});
