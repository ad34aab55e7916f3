import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { cidrBlock, ipAddress } from '../lib/addresses.ts';
import { baseUrl } from '../lib/upstream/base-url.ts';

const verdicts = (
  schema: { safeParse(text: string): { success: boolean } },
  texts: string[],
): Record<string, boolean> => Object.fromEntries(texts.map((text) => [text, schema.safeParse(text).success]));

const all = (texts: string[], verdict: boolean) => Object.fromEntries(texts.map((text) => [text, verdict]));

test('addresses: what node:net takes, and nothing that only looks like one', () => {
  const good = ['203.0.113.10', '::1', '2001:db8::1', '2001:DB8:0:0:0:0:0:1'];
  const bad = [
    '',
    '999.9.9.9',
    '1.2.3',
    'junk2001:0db8:0000:0000:0000:0000:0000:0001',
    '1.2.3.4junk',
    '1.2.3.4/32',
  ];
  assert.deepEqual(verdicts(ipAddress, good), all(good, true));
  assert.deepEqual(verdicts(ipAddress, bad), all(bad, false));
});

test('addresses: node:net is of the same opinion, whatever the text', () => {
  // Addresses, and the same with one character put in, left out or replaced.
  const oneOff = fc
    .tuple(
      fc.oneof(
        fc.ipV4(),
        fc.ipV6(),
        fc.ipV6().map((address) => `${address}%eth0`),
      ),
      fc.nat(),
      fc.constantFrom('', ...'0123456789aFg:.%/[]@# -'),
      fc.nat(1),
    )
    .map(([address, at, character, left]) => {
      const cut = at % (address.length + 1);
      return address.slice(0, cut) + character + address.slice(cut + left);
    });
  const loose = fc.string({ unit: fc.constantFrom(...'01259afF:::..%'), maxLength: 24 });
  fc.assert(
    fc.property(fc.oneof(oneOff, loose), (text) => {
      assert.equal(ipAddress.safeParse(text).success, isIP(text) !== 0, text);
    }),
    { numRuns: 20_000 },
  );
});

test('ranges: the edges that a pattern gets wrong', () => {
  const good = ['0.0.0.0/0', '203.0.113.0/24', '::/0', '2001:db8::/32', '192.168.0.229/32'];
  const bad = [
    '999.9.9.9/999',
    '1.2.3.4/24/24',
    '1.2.3.4/33',
    '::/129',
    '1.2.3.4',
    '1.2.3.4/',
    '/24',
    '1.2.3.4/-1',
  ];
  assert.deepEqual(verdicts(cidrBlock, good), all(good, true));
  assert.deepEqual(verdicts(cidrBlock, bad), all(bad, false));
});

test('base URLs: https anywhere, http on loopback only', () => {
  const good = ['https://cloud.mongodb.com', 'http://127.0.0.1:8080', 'http://localhost:1', 'http://[::1]:1'];
  const bad = [
    'http://cloud.mongodb.com',
    'ftp://x',
    'https://u:p@x',
    'https://x?y',
    'http://127.0.0.1.evil.org',
    'x',
  ];
  assert.deepEqual(verdicts(baseUrl, good), all(good, true));
  assert.deepEqual(verdicts(baseUrl, bad), all(bad, false));
});
