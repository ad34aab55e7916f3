import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import * as z from 'zod';
import { handler } from '../functions/atlas/review-access-list.ts';
import { accessListOf, demoWorld } from '../infra/local/simulators/atlas.ts';
import { type ReviewedEntry, reviewedEntry } from '../lib/access-list/entry.ts';
import { type Review, review } from '../lib/access-list/finding.ts';
import { contains } from '../lib/access-list/ip-range.ts';
import { reviewAccessList } from '../lib/access-list/review.ts';
import {
  answered,
  failed,
  type Systems,
  serviceAccount,
  startSystems,
  triggerNames,
  triggers,
} from './harness.ts';

let systems: Systems;
let connection: string;

before(async () => {
  systems = await startSystems();
  connection = systems.store(serviceAccount(systems.atlas));
});

after(() => systems.stop());

// Half a day off, so that a test that runs for long still counts the same days.
const daysAgo = (days: number): string => new Date(Date.now() - (days + 0.5) * 86_400_000).toISOString();

type Entry = ReturnType<typeof accessListOf>[number];

const longAgo = daysAgo(200);

const added = { createdAt: daysAgo(400), requestCount: 0 };

/** An entry that was used by `address` some days ago. */
const usedBy = (address: string, days = 1, requestCount = 7) => ({
  createdAt: daysAgo(400),
  lastUsedAddress: address,
  lastUsedAt: daysAgo(days),
  requestCount,
});

const single = (ipAddress: string): Pick<Entry, 'cidrBlock' | 'ipAddress'> => ({
  cidrBlock: `${ipAddress}/${ipAddress.includes(':') ? 128 : 32}`,
  ipAddress,
});

/** The review of these entries, asked for over HTTP. */
async function reviewOf(accessList: Entry[], input: Record<string, unknown> = {}): Promise<Review> {
  systems.atlas.organizations.splice(0, 1, ...demoWorld(accessList));
  return review.strict().parse(answered(await triggers.http(handler, { connection, input })));
}

const found = ({ findings }: Review): [entry: string, finding: string][] =>
  findings.map(({ entry, finding }) => [entry, finding]);
const said = ({ findings }: Review): [message: string, removal: string][] =>
  findings.map(({ message, removal }) => [message, removal]);

const nobody = 'Removing it would refuse nobody who has called so far.';

for (const trigger of triggerNames)
  test(`over ${trigger}: everything that can be found, the worst first, with the numbers`, async () => {
    systems.atlas.organizations.splice(
      0,
      1,
      ...demoWorld([
        { ...single('203.0.113.1'), ...usedBy('203.0.113.1') },
        { cidrBlock: '198.51.100.0/24', ...added },
        { ...single('192.0.2.1'), ...usedBy('192.0.2.1', 200, 1_234), lastUsedAt: longAgo },
        { cidrBlock: '203.0.113.1/32', ...usedBy('203.0.113.1', 2) },
        { cidrBlock: '192.168.0.0/15', ...usedBy('192.168.1.1', 3) },
        { cidrBlock: '192.168.1.0/24', ...usedBy('192.168.1.1', 3) },
        { cidrBlock: '::/0', ...usedBy('2001:db8::7') },
      ]),
    );
    const answer = review.strict().parse(answered(await triggers[trigger](handler, { connection })));
    assert.equal(
      answer.headline,
      '7 entries: 1 open to the world, 1 too wide, 1 never used, 1 not used of late, 1 the same as another, 1 within another; 1 without findings.',
    );
    assert.deepEqual(answer.summary, {
      entries: 7,
      withoutFindings: 1,
      openToWorld: 1,
      tooWide: 1,
      neverUsed: 1,
      unused: 1,
      duplicate: 1,
      contained: 1,
    });
    assert.deepEqual(answer.findings, [
      {
        finding: 'openToWorld',
        severity: 'critical',
        entry: '::/0',
        message: '::/0 lets in every IPv6 address.',
        removal:
          'Removing it would refuse its latest caller, 2001:db8::7. Atlas does not tell who called before.',
        addresses: '340282366920938463463374607431768211456',
        daysSinceAdded: 400,
        daysSinceUse: 1,
        requestCount: 7,
        lastUsedAddress: '2001:db8::7',
      },
      {
        finding: 'tooWide',
        severity: 'high',
        entry: '192.168.0.0/15',
        message: '192.168.0.0/15 lets in 131,072 addresses; the widest that is fine is a /16.',
        removal:
          'Its latest caller, 192.168.1.1, would still be let in by 192.168.1.0/24. Atlas does not tell who called before.',
        addresses: '131072',
        daysSinceAdded: 400,
        daysSinceUse: 3,
        requestCount: 7,
        lastUsedAddress: '192.168.1.1',
        coveredBy: '192.168.1.0/24',
      },
      {
        finding: 'neverUsed',
        severity: 'medium',
        entry: '198.51.100.0/24',
        message: '198.51.100.0/24 has never been used; it was added 400 days ago.',
        removal: nobody,
        addresses: '256',
        daysSinceAdded: 400,
        requestCount: 0,
      },
      {
        finding: 'unused',
        severity: 'medium',
        entry: '192.0.2.1',
        message: `192.0.2.1 was last used 200 days ago, on ${longAgo.slice(0, 10)}, after 1,234 requests.`,
        removal: 'Removing it would refuse its latest caller, 192.0.2.1.',
        addresses: '1',
        daysSinceAdded: 400,
        daysSinceUse: 200,
        requestCount: 1_234,
        lastUsedAddress: '192.0.2.1',
      },
      {
        finding: 'duplicate',
        severity: 'low',
        entry: '203.0.113.1/32',
        message: '203.0.113.1/32 lets in the same as 203.0.113.1.',
        removal: 'Removing it changes nothing while 203.0.113.1 stays.',
        addresses: '1',
        daysSinceAdded: 400,
        daysSinceUse: 2,
        requestCount: 7,
        lastUsedAddress: '203.0.113.1',
        coveredBy: '203.0.113.1',
      },
      {
        finding: 'contained',
        severity: 'low',
        entry: '192.168.1.0/24',
        message: '192.168.1.0/24 lies within 192.168.0.0/15.',
        removal: 'Remove it only if 192.168.0.0/15, which has findings of its own, is to stay.',
        addresses: '256',
        daysSinceAdded: 400,
        daysSinceUse: 3,
        requestCount: 7,
        lastUsedAddress: '192.168.1.1',
        coveredBy: '192.168.0.0/15',
      },
    ]);
  });

describe('the width', () => {
  const used = usedBy('198.51.100.9');
  const widths: [cidrBlock: string, input: Record<string, unknown>, finding: string | undefined][] = [
    ['0.0.0.0/0', {}, 'openToWorld'],
    ['203.0.113.9/0', {}, 'openToWorld'],
    ['::ffff:0:0/96', {}, 'openToWorld'],
    ['::/0', {}, 'openToWorld'],
    ['2000::/3', {}, 'openToWorld'],
    ['2000::/4', {}, 'tooWide'],
    ['fc00::/7', {}, 'tooWide'],
    ['128.0.0.0/1', {}, 'tooWide'],
    ['10.0.0.0/15', {}, 'tooWide'],
    ['10.0.0.0/16', {}, undefined],
    ['10.0.0.0/7', { widest: 8 }, 'tooWide'],
    ['10.0.0.0/8', { widest: 8 }, undefined],
    ['10.0.0.0/11', { widest: 12 }, 'tooWide'],
    ['10.0.0.0/12', { widest: 12 }, undefined],
    ['2001:db8::/47', {}, 'tooWide'],
    ['2001:db8::/48', {}, undefined],
    ['2001:db8::/39', { widest: 8 }, 'tooWide'],
    ['2001:db8::/40', { widest: 8 }, undefined],
    ['::ffff:10.0.0.0/111', {}, 'tooWide'],
    ['::ffff:10.0.0.0/112', {}, undefined],
  ];
  for (const [cidrBlock, input, finding] of widths)
    test(`of ${cidrBlock} with ${JSON.stringify(input)} is ${finding ?? 'fine'}`, async () => {
      const expected = finding ? [[cidrBlock, finding]] : [];
      assert.deepEqual(found(await reviewOf([{ cidrBlock, ...used }], input)), expected);
    });

  test('is told with what host bits hide, and in powers of two beyond IPv4', async () => {
    const answer = await reviewOf([
      { cidrBlock: '10.1.2.3/8', ...used },
      { cidrBlock: '2001:db8::/32', ...used },
    ]);
    assert.deepEqual(
      answer.findings.map(({ message }) => message),
      [
        '2001:db8::/32 lets in 2^96 addresses; the widest that is fine is a /48.',
        '10.1.2.3/8 (that is all of 10.0.0.0/8) lets in 16,777,216 addresses; the widest that is fine is a /16.',
      ],
    );
  });
});

describe('the use', () => {
  const at = (days: number, input = {}) =>
    reviewOf([{ ...single('192.0.2.1'), ...usedBy('192.0.2.1', days) }], input);

  test('is missed from unusedDays on, 90 unless given', async () => {
    assert.deepEqual(found(await at(89)), []);
    assert.deepEqual(found(await at(90)), [['192.0.2.1', 'unused']]);
    assert.deepEqual(found(await at(6, { unusedDays: 7 })), []);
    assert.deepEqual(found(await at(7, { unusedDays: 7 })), [['192.0.2.1', 'unused']]);
  });

  test('in the future, by a clock that is ahead, counts as today', async () => {
    assert.deepEqual(found(await at(-2)), []);
  });

  test('that never was weighs less while the entry is new', async () => {
    const place = single('192.0.2.1');
    const answer = await reviewOf([
      { ...place, createdAt: daysAgo(0), requestCount: 0 },
      { ...single('192.0.2.2'), createdAt: daysAgo(1), requestCount: 0 },
      { ...single('192.0.2.3'), createdAt: daysAgo(90), requestCount: 0 },
    ]);
    assert.deepEqual(
      answer.findings.map(({ severity, message }) => [severity, message]),
      [
        ['medium', '192.0.2.3 has never been used; it was added 90 days ago.'],
        ['low', '192.0.2.1 has never been used; it was added less than a day ago.'],
        ['low', '192.0.2.2 has never been used; it was added a day ago.'],
      ],
    );
  });

  test('by requests without a time or an address is use, by somebody unknown', async () => {
    const { createdAt } = added;
    assert.deepEqual(found(await reviewOf([{ ...single('192.0.2.1'), createdAt, requestCount: 3 }])), []);
    const answer = await reviewOf([{ cidrBlock: '0.0.0.0/0', createdAt, requestCount: 3 }]);
    assert.deepEqual(said(answer), [
      [
        '0.0.0.0/0 lets in every IPv4 address.',
        'Atlas does not tell who used it, so nobody knows whom removing it would refuse.',
      ],
    ]);
  });
});

describe('entries beside each other', () => {
  test('of several that are the same, the one used last is to stay, however each is written', async () => {
    const answer = await reviewOf([
      { cidrBlock: '2001:db8::1/128', ...usedBy('2001:db8::1', 5) },
      { ...single('2001:DB8:0::1'), ...usedBy('2001:db8::1', 2) },
      { cidrBlock: '192.0.2.77/24', ...added },
      { cidrBlock: '192.0.2.0/24', ...usedBy('192.0.2.4') },
    ]);
    assert.deepEqual(
      answer.findings.filter(({ finding }) => finding === 'duplicate').map(({ message }) => message),
      [
        '192.0.2.77/24 lets in the same as 192.0.2.0/24.',
        '2001:db8::1/128 lets in the same as 2001:DB8:0::1.',
      ],
    );
  });

  test('two of one name are told apart in words', async () => {
    const twin = { cidrBlock: '192.0.2.0/24', ...usedBy('192.0.2.4') };
    assert.deepEqual(said(await reviewOf([twin, { ...twin }])), [
      [
        '192.0.2.0/24 lets in the same as another entry of that name.',
        'Removing it changes nothing while the other stays.',
      ],
    ]);
  });

  test('what is within a sound entry can go; the outermost is named', async () => {
    const answer = await reviewOf([
      { ...single('10.1.2.3'), ...usedBy('10.1.2.3') },
      { cidrBlock: '10.1.2.0/24', ...usedBy('10.1.2.4') },
      { cidrBlock: '10.1.0.0/16', ...usedBy('10.1.9.9') },
    ]);
    const goes = 'Removing it changes nothing while 10.1.0.0/16 stays.';
    assert.deepEqual(said(answer), [
      ['10.1.2.0/24 lies within 10.1.0.0/16.', goes],
      ['10.1.2.3 lies within 10.1.0.0/16.', goes],
    ]);
  });

  test('a sound entry is relied on rather than a wider one with findings', async () => {
    const answer = await reviewOf([
      { cidrBlock: '10.0.0.0/8', ...usedBy('10.1.9.9') },
      { cidrBlock: '10.1.0.0/16', ...usedBy('10.1.9.9') },
      { ...single('10.1.2.3'), ...usedBy('10.1.2.3') },
    ]);
    assert.deepEqual(
      answer.findings.map(({ entry, coveredBy }) => [entry, coveredBy]),
      [
        ['10.0.0.0/8', '10.1.0.0/16'],
        ['10.1.0.0/16', '10.0.0.0/8'],
        ['10.1.2.3', '10.1.0.0/16'],
      ],
    );
  });

  test('an unused entry whose latest caller only a doubtful one would let in says so', async () => {
    const answer = await reviewOf([
      { ...single('192.0.2.1'), ...usedBy('192.0.2.1', 100) },
      { cidrBlock: '192.0.2.0/0', ...usedBy('192.0.2.1') },
    ]);
    assert.equal(
      answer.findings.find(({ finding }) => finding === 'unused')?.removal,
      'Its latest caller, 192.0.2.1, would still be let in by 192.0.2.0/0, which has findings of its own.',
    );
  });
});

describe('the headline', () => {
  test('of a list with nothing wrong', async () => {
    const answer = await reviewOf([{ ...single('192.0.2.1'), ...usedBy('192.0.2.1') }]);
    assert.deepEqual([answer.headline, answer.findings], ['1 entry, nothing found.', []]);
  });

  test('warns of an empty list, and of removing everything', async () => {
    const warning = /with an empty access list, Atlas takes calls from anywhere, or from nowhere/;
    assert.match((await reviewOf([])).headline, warning);
    const { headline } = await reviewOf([{ ...single('192.0.2.1'), ...added }]);
    assert.match(headline, /^1 entry: 1 never used; none without findings\. Do not remove them all: /);
    assert.match(headline, warning);
  });
});

test('every entry is read, however many pages there are', async () => {
  const { summary } = await reviewOf(accessListOf(1_001));
  assert.equal(summary.entries, 1_001);
});

test('null is as good as absent; an entry with neither an address nor a range is not judged, and the others are', async () => {
  const entry = { createdAt: daysAgo(1), ipAddress: null, lastUsedAddress: null, lastUsedAt: null };
  const call = () => triggers.http(handler, { connection });
  systems.atlas.fail({ body: { results: [{ ...entry, cidrBlock: '192.0.2.0/24', requestCount: 0 }] } });
  assert.deepEqual(found(review.parse(answered(await call()))), [['192.0.2.0/24', 'neverUsed']]);
  const results = [
    { ...entry, cidrBlock: null },
    { ...entry, cidrBlock: '0.0.0.0/0', requestCount: 1 },
    { ...entry, cidrBlock: '10.0.0.0/99' },
    null,
  ];
  systems.atlas.fail({ body: { results, links: [] } });
  const { headline, summary, warnings, ...rest } = review.strict().parse(answered(await call()));
  assert.deepEqual(found({ headline, summary, ...rest }), [['0.0.0.0/0', 'openToWorld']]);
  assert.match(headline, /^4 entries: 1 open to the world, 3 not judged; none without findings\./);
  assert.equal(summary.entries, 4);
  assert.deepEqual(warnings, [
    '1 entry: cidrBlock could not be read (number 3).',
    '1 entry: nothing could be read (number 4).',
    'Not judged, because no address or range in it could be read: number 1, number 3, number 4.',
  ]);
});

test('of an entry whose use cannot be read it is not said that nobody used it', async () => {
  const results = [
    { cidrBlock: '192.0.2.0/24', createdAt: daysAgo(400), lastUsedAt: 'yesterday', requestCount: 0 },
    { cidrBlock: '10.0.0.0/8', createdAt: daysAgo(400), lastUsedAt: null, requestCount: '7' },
  ];
  systems.atlas.fail({ body: { results, links: [] } });
  const answer = review.parse(answered(await triggers.http(handler, { connection })));
  assert.deepEqual(found(answer), [['10.0.0.0/8', 'tooWide']]);
  assert.match(answer.findings[0]?.removal ?? '', /^Who used it could not be read/);
  assert.equal(answer.warnings?.length, 2);
});

for (const [field, value, detail] of [
  ['widest', 7, /at least 8/],
  ['widest', 17, /at most 16/],
  ['widest', 'wide', /whole number/],
  ['unusedDays', 0, /at least 1/],
  ['unusedDays', 1.5, /whole number/],
  ['all', true, /is not known here/],
] as const)
  test(`refuses ${field}=${value} by name`, async () => {
    const { status, errors } = failed(
      await triggers.http(handler, { connection, input: { [field]: value } }),
    );
    assert.equal(status, 400);
    assert.deepEqual([errors?.length, errors?.[0]?.field], [1, field]);
    assert.match(errors?.[0]?.detail ?? '', detail);
  });

describe('of any access list', () => {
  // A small corner of the address space, so that entries often meet, and some that hold all of it.
  const corner = fc
    .tuple(fc.nat(15), fc.integer({ min: 26, max: 32 }))
    .map(([host, prefix]) => `10.0.0.${host}/${prefix}`);
  const entry = fc.record({
    cidrBlock: fc.oneof(corner, fc.constantFrom('10.0.0.0/16', '10.0.0.0/8', '0.0.0.0/0')),
    lastUsedAddress: fc.nat(63).map((host) => `10.0.0.${host}`),
    lastUsedAt: fc.constantFrom('2026-05-30T00:00:00Z', '2026-05-31T00:00:00Z', '2025-01-01T00:00:00Z', null),
  });
  // Unique names, so that a finding leads to its entry.
  const accessList = fc.uniqueArray(entry, { maxLength: 8, selector: ({ cidrBlock }) => cidrBlock });

  const standard = { widest: 16, unusedDays: 90, now: Date.parse('2026-06-01T00:00:00Z') };
  const reviewed = accessList.map((list) => {
    const entries = z.array(reviewedEntry).parse(list);
    return { entries, ...reviewAccessList(entries, standard) };
  });
  const check = (holds: (one: { entries: ReviewedEntry[] } & Review) => void) =>
    fc.assert(fc.property(reviewed, holds), { numRuns: 500 });

  test('removing all that is said to be in vain leaves every address let in', () => {
    check(({ entries, findings }) => {
      const inVain = findings.filter(({ removal }) => removal.startsWith('Removing it changes nothing'));
      const gone = new Set(inVain.map(({ entry }) => entry));
      const left = entries.filter(({ name }) => !gone.has(name));
      for (const { range } of entries) assert.ok(left.some((other) => contains(other.range, range)));
    });
  });

  test('what lies within another has a finding that names one that holds it, or the same as it', () => {
    check(({ entries, findings }) => {
      for (const { name, range } of entries) {
        const others = entries.filter((other) => other.name !== name && contains(other.range, range));
        const overlaps = findings.filter(
          ({ entry, finding }) => entry === name && (finding === 'contained' || finding === 'duplicate'),
        );
        const wider = others.filter((other) => other.range.prefix < range.prefix);
        if (wider.length > 0) assert.equal(overlaps.length, 1, name);
        for (const { coveredBy } of overlaps)
          assert.ok(
            others.some((other) => other.name === coveredBy),
            name,
          );
      }
    });
  });

  test('what still lets a latest caller in without a caveat is nothing that another finding would remove', () => {
    check(({ findings }) => {
      const relied = findings.filter(
        ({ coveredBy, removal, finding }) =>
          coveredBy !== undefined && finding !== 'duplicate' && !removal.includes('findings of its own'),
      );
      for (const { coveredBy } of relied)
        for (const { entry, removal } of findings)
          if (entry === coveredBy) assert.match(removal, /^Remove it only if /);
    });
  });

  test('the counts are those of the findings and of the entries', () => {
    check(({ entries, findings, summary: { entries: total, withoutFindings, ...counts } }) => {
      assert.equal(total, entries.length);
      assert.equal(withoutFindings, total - new Set(findings.map(({ entry }) => entry)).size);
      assert.equal(
        Object.values(counts).reduce((sum, count) => sum + count, 0),
        findings.length,
      );
    });
  });
});
