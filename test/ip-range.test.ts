import assert from 'node:assert/strict';
import { BlockList } from 'node:net';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { cidrOf, contains, isSame, rangeOf, sizeOf } from '../lib/access-list/ip-range.ts';

describe('the range of', () => {
  const top6 = 2n ** 128n - 1n;
  const cases: [text: string, family: 4 | 6, prefix: number, first: bigint, last: bigint][] = [
    ['0.0.0.0/0', 4, 0, 0n, 0xffffffffn],
    ['255.255.255.255', 4, 32, 0xffffffffn, 0xffffffffn],
    ['0.0.0.0/32', 4, 32, 0n, 0n],
    ['128.0.0.0/1', 4, 1, 0x80000000n, 0xffffffffn],
    ['10.1.2.3/8', 4, 8, 0x0a000000n, 0x0affffffn],
    ['10.1.2.3/31', 4, 31, 0x0a010202n, 0x0a010203n],
    ['203.0.113.9/0', 4, 0, 0n, 0xffffffffn],
    ['::/0', 6, 0, 0n, top6],
    ['::', 6, 128, 0n, 0n],
    ['::1/128', 6, 128, 1n, 1n],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 6, 128, top6, top6],
    ['8000::/1', 6, 1, 2n ** 127n, top6],
    ['1:2:3:4:5:6:7:8', 6, 128, 0x00010002000300040005000600070008n, 0x00010002000300040005000600070008n],
    ['1::8', 6, 128, (1n << 112n) + 8n, (1n << 112n) + 8n],
    ['2001:DB8::1/32', 6, 32, 0x20010db8n << 96n, (0x20010db9n << 96n) - 1n],
    ['::192.0.2.1', 6, 128, 0xc0000201n, 0xc0000201n],
    ['fe80::1%eth0', 6, 128, (0xfe80n << 112n) + 1n, (0xfe80n << 112n) + 1n],
    ['::ffff:192.0.2.1', 4, 32, 0xc0000201n, 0xc0000201n],
    ['::ffff:c000:201', 4, 32, 0xc0000201n, 0xc0000201n],
    ['::ffff:10.1.2.3/104', 4, 8, 0x0a000000n, 0x0affffffn],
    ['::ffff:0:0/96', 4, 0, 0n, 0xffffffffn],
    ['::ffff:0:0/95', 6, 95, 0xfffen << 32n, (0x10000n << 32n) - 1n],
  ];
  for (const [text, family, prefix, first, last] of cases)
    test(text, () => {
      assert.deepEqual(rangeOf(text), { family, prefix, first, last });
      assert.equal(sizeOf(rangeOf(text)), last - first + 1n);
    });
});

test('the range in CIDR notation: without host bits, IPv6 in its short form', () => {
  for (const [text, cidr] of [
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['203.0.113.9', '203.0.113.9/32'],
    ['2001:db8:0:0:1::1/64', '2001:db8::/64'],
    ['::1', '::1/128'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8/128'],
    ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
  ] as const)
    assert.equal(cidrOf(rangeOf(text)), cidr);
});

test('no IPv6 range holds an IPv4 one, nor the other way round', () => {
  assert.ok(!contains(rangeOf('::/0'), rangeOf('0.0.0.1')));
  assert.ok(!contains(rangeOf('0.0.0.0/0'), rangeOf('::1')));
  assert.ok(!isSame(rangeOf('::/0'), rangeOf('0.0.0.0/0')));
});

// Addresses that share long beginnings, so that ranges often meet.
const ipv4 = fc
  .tuple(fc.constantFrom(10, 11), fc.constantFrom(0, 128, 255), fc.nat(3), fc.nat(255))
  .map((bytes) => bytes.join('.'));
const ipv6 = fc
  .tuple(fc.constantFrom('2001', '2002'), fc.constantFrom('0', 'db8', 'ffff'), fc.nat(3), fc.nat(65_535))
  .map(([a, b, c, d]) => `${a}:${b}::${c.toString(16)}:${d.toString(16)}`);
const families = [
  ['ipv4', ipv4, 32],
  ['ipv6', ipv6, 128],
] as const;

/** An address bit by bit, from its written-out form: slow, and with no arithmetic on ranges. */
function bits(address: string): string {
  if (address.includes('.'))
    return address
      .split('.')
      .map((byte) => Number(byte).toString(2).padStart(8, '0'))
      .join('');
  const [head = '', tail = ''] = address.split('::');
  const groups = [head.split(':'), tail.split(':')];
  const missing = 8 - groups.flat().length;
  return [...(groups[0] ?? []), ...Array<string>(missing).fill('0'), ...(groups[1] ?? [])]
    .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0'))
    .join('');
}

for (const [family, address, width] of families)
  describe(`any ${family} ranges`, () => {
    const block = fc.tuple(address, fc.integer({ min: 0, max: width }));

    test('one contains another exactly where its prefix is no longer and begins the other', () => {
      fc.assert(
        fc.property(block, block, ([outer, long], [inner, longer]) => {
          const naive = long <= longer && bits(inner).startsWith(bits(outer).slice(0, long));
          assert.equal(contains(rangeOf(`${outer}/${long}`), rangeOf(`${inner}/${longer}`)), naive);
        }),
      );
    });

    test('an address is in one exactly where node:net says so', () => {
      fc.assert(
        fc.property(block, address, ([start, prefix], other) => {
          const list = new BlockList();
          list.addSubnet(start, prefix, family);
          assert.equal(contains(rangeOf(`${start}/${prefix}`), rangeOf(other)), list.check(other, family));
        }),
      );
    });

    test('two are disjoint, or one contains the other', () => {
      fc.assert(
        fc.property(block, block, (one, other) => {
          const [a, b] = [rangeOf(one.join('/')), rangeOf(other.join('/'))];
          const meet = a.first <= b.last && b.first <= a.last;
          assert.equal(meet, contains(a, b) || contains(b, a));
          assert.equal(isSame(a, b), contains(a, b) && contains(b, a));
        }),
      );
    });

    test('CIDR notation leads back to the same range', () => {
      fc.assert(
        fc.property(block, (one) => {
          const range = rangeOf(one.join('/'));
          assert.deepEqual(rangeOf(cidrOf(range)), range);
        }),
      );
    });
  });
