import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import * as z from 'zod';
import * as checkAtlas from '../functions/atlas/check-connection.ts';
import * as listAccessList from '../functions/atlas/list-access-list.ts';
import * as listInAtlas from '../functions/atlas/list-alert-configs.ts';
import * as review from '../functions/atlas/review-access-list.ts';
import * as toggleInAtlas from '../functions/atlas/toggle-alert-config.ts';
import * as checkOpsManager from '../functions/ops-manager/check-connection.ts';
import * as listInOpsManager from '../functions/ops-manager/list-alert-configs.ts';
import * as listApiKeyAccessList from '../functions/ops-manager/list-api-key-access-list.ts';
import * as toggleInOpsManager from '../functions/ops-manager/toggle-alert-config.ts';
import * as atlas from '../infra/local/simulators/atlas.ts';
import * as opsManager from '../infra/local/simulators/ops-manager.ts';
import {
  answered,
  calls,
  opsManagerKey,
  type Systems,
  serviceAccount,
  startSystems,
  type Unit,
} from './harness.ts';
import { entriesOf } from './odd-lists/by-schema.ts';
import { type Distortion, distorted, distortions } from './odd-lists/distort.ts';
import { givenSeed, times } from './soak.ts';

// Lists by MongoDB's own schemas, in which members are then dropped, made null and distorted at random. No list may fail
// for it, hide an entry or be silent about what it leaves out.

const numRuns = times(300, 10_000);

let systems: Systems;
const connections = { atlas: '', opsManager: '' };

before(async () => {
  systems = await startSystems();
  connections.atlas = systems.store(serviceAccount(systems.atlas));
  connections.opsManager = systems.store(opsManagerKey(systems.opsManager), 'opsManager');
  const rateLimit = { capacity: 1e9, refill: 1e9, refillSeconds: 60 };
  systems.atlas.settings.rateLimit = rateLimit;
  systems.opsManager.settings.rateLimit = rateLimit;
});

after(() => systems.stop());

const isMembers = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// The same under the names that Ops Manager has for them.
const ofOpsManager: Record<string, string> = {
  createdAt: 'created',
  lastUsedAt: 'lastUsed',
  requestCount: 'count',
};
const apiKeyEntry = entriesOf.accessList.map((entry) =>
  isMembers(entry)
    ? Object.fromEntries(Object.entries(entry).map(([name, value]) => [ofOpsManager[name] ?? name, value]))
    : entry,
);

interface Kind {
  system: 'atlas' | 'opsManager';
  unit: Unit & { operation: { output: z.ZodType } };
  input: Record<string, unknown>;
  entry: fc.Arbitrary<unknown>;
}

const lists: Kind[] = [
  {
    system: 'atlas',
    unit: listAccessList,
    input: { orgId: atlas.demo.orgId, clientId: atlas.demo.clientId },
    entry: entriesOf.accessList,
  },
  {
    system: 'atlas',
    unit: listInAtlas,
    input: { groupId: atlas.demo.groupId },
    entry: entriesOf.alertConfigs,
  },
  {
    system: 'opsManager',
    unit: listInOpsManager,
    input: { groupId: opsManager.demo.groupId },
    entry: entriesOf.alertConfigs,
  },
  {
    system: 'opsManager',
    unit: listApiKeyAccessList,
    input: { orgId: opsManager.demo.orgId, apiKeyId: opsManager.demo.apiKeyId },
    entry: apiKeyEntry,
  },
];

const pageOf = (entry: fc.Arbitrary<unknown>) =>
  fc.array(entry, { maxLength: 6 }).map((results) => ({
    links: [{ rel: 'self', href: 'https://example.com/' }],
    results,
    totalCount: results.length,
  }));

type Page = { results: unknown[] };

/** What an operation answers over a page that the upstream gives. */
async function over(
  { system, unit, input }: Omit<Kind, 'entry'>,
  page: Page,
  more: object = {},
): Promise<unknown> {
  systems[system].recover();
  // More than once: on a machine that is busy a connection may break, and the request is sent again.
  const fault = { body: page, times: 10 };
  if (system === 'atlas') systems.atlas.fail({ on: 'api', ...fault });
  else systems.opsManager.fail(fault);
  return answered(await calls.http(unit, { connection: connections[system], input: { ...input, ...more } }));
}

const shownPage = z.strictObject({
  results: z.array(z.record(z.string(), z.unknown())),
  totalCount: z.int().optional(),
  warnings: z.array(z.string()).optional(),
});

/** Tries something over each kind of list, and so many lists in all. */
async function tryOver(
  kinds: Kind[],
  runs: number,
  check: (kind: Kind, page: Page, changes: Distortion[], all: boolean) => Promise<void>,
): Promise<void> {
  for (const kind of kinds)
    await fc.assert(
      fc.asyncProperty(pageOf(kind.entry), distortions, fc.boolean(), (page, changes, all) =>
        check(kind, page, changes, all),
      ),
      { numRuns: Math.ceil(runs / kinds.length), ...(givenSeed !== undefined && { seed: givenSeed }) },
    );
}

/** An entry as it is shown where nothing is wrong with it. */
function soundly({ system, unit }: Kind, entry: unknown): unknown {
  assert.ok(isMembers(entry));
  const given = Object.entries(entry).filter(([, value]) => system === 'atlas' || value !== null);
  const { results } = shownPage.parse(unit.operation.output.parse({ results: [Object.fromEntries(given)] }));
  return results[0];
}

test('a list by the schemas is shown whole, with nothing to say of it', () =>
  tryOver(lists, numRuns / 4, async (kind, page, _changes, all) => {
    const { results, warnings } = shownPage.parse(await over(kind, page, { all }));
    assert.equal(warnings, undefined);
    assert.deepEqual(
      results,
      page.results.map((entry) => soundly(kind, entry)),
    );
  }));

test('a distorted list shows every entry, the sound ones whole, and says what it leaves out', () =>
  tryOver(lists, numRuns, async (kind, sound, changes, all) => {
    const { page, touched } = distorted(sound, changes);
    const answer = await over(kind, page, { all });
    // What is shown is what the API reference promises.
    kind.unit.operation.output.parse(answer);
    const { results, warnings = [] } = shownPage.parse(answer);
    assert.equal(results.length, page.results.length);
    for (const [index, shown] of results.entries()) {
      const given = page.results[index];
      if (!touched.has(index)) assert.deepEqual(shown, soundly(kind, given));
      else if (!isMembers(given)) assert.match(warnings.join(), /nothing could be read/);
      else
        for (const name of declared(kind))
          if (Object.hasOwn(given, name) && given[name] !== null && shown[name] === undefined)
            assert.match(warnings.join(), new RegExp(`\\b${name} could not be read`));
    }
    assert.ok(warnings.length < 40 && warnings.join().length < 10_000);
  }));

/** The names of what an entry may have. */
function declared({ unit }: Kind): string[] {
  const { properties } = z
    .looseObject({
      properties: z.looseObject({
        results: z.looseObject({ items: z.looseObject({ properties: z.looseObject({}) }) }),
      }),
    })
    .parse(z.toJSONSchema(unit.operation.output, { unrepresentable: 'any' }));
  return Object.keys(properties.results.items.properties);
}

const toggles: Kind[] = [
  {
    system: 'atlas',
    unit: toggleInAtlas,
    input: { groupId: atlas.demo.groupId },
    entry: entriesOf.alertConfigs,
  },
  {
    system: 'opsManager',
    unit: toggleInOpsManager,
    input: { groupId: opsManager.demo.groupId },
    entry: entriesOf.alertConfigs,
  },
];

const planned = z.looseObject({
  after: z.array(z.looseObject({ enabled: z.boolean().optional(), problem: z.unknown().optional() })),
});

test('a toggle of all over a distorted list sets each whose id and state can be read', () =>
  tryOver(toggles, numRuns / 4, async (kind, sound, changes) => {
    const { page } = distorted(sound, changes);
    const { after } = planned.parse(await over(kind, page, { enabled: true, all: true, dryRun: true }));
    assert.equal(after.length, page.results.length);
    for (const [index, { enabled, problem }] of after.entries()) {
      const given = page.results[index];
      const isSettable =
        isMembers(given) &&
        typeof given['enabled'] === 'boolean' &&
        /^[a-f0-9]{24}$/.test(String(given['id']));
      assert.equal(problem === undefined, isSettable);
      if (isSettable) assert.equal(enabled, true);
    }
  }));

const reviewed: Kind = {
  system: 'atlas',
  unit: review,
  input: { orgId: atlas.demo.orgId, clientId: atlas.demo.clientId },
  entry: entriesOf.accessList,
};

test('a review of a distorted list counts every entry, and judges all but those without a place', () =>
  tryOver([reviewed], numRuns / 4, async (kind, sound, changes) => {
    const { page } = distorted(sound, changes);
    const { summary, warnings = [] } = z
      .looseObject({
        summary: z.looseObject({ entries: z.int() }),
        warnings: z.array(z.string()).optional(),
      })
      .parse(await over(kind, page));
    assert.equal(summary.entries, page.results.length);
    const isPlace = (value: unknown) => value !== undefined && value !== null;
    const placeless = page.results.filter(
      (entry) => !isMembers(entry) || !(isPlace(entry['cidrBlock']) || isPlace(entry['ipAddress'])),
    );
    if (placeless.length > 0) assert.match(warnings.join(), /Not judged/);
  }));

const checks: Kind[] = [
  { system: 'atlas', unit: checkAtlas, input: {}, entry: entriesOf.organizations },
  { system: 'opsManager', unit: checkOpsManager, input: {}, entry: entriesOf.organizations },
];

test('a check of a connection works over any distorted list of organizations', () =>
  tryOver(checks, numRuns / 4, async (kind, sound, changes) => {
    const { page } = distorted(sound, changes);
    assert.partialDeepStrictEqual(await over(kind, page), { works: true });
  }));
