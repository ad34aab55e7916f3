import { isIPv4 } from 'node:net';
import * as z from 'zod';

// Checked with Node's own parsers: the patterns in Atlas's API description pass 999.9.9.9/999 and refuse ::1.

const ipv6 = /^([\da-f:.]+)(?:%[\da-z.:-]+)?$/i;

// What net.isIPv6 says, too, but that is a pattern which takes V8 some 3 ms to compile, and a cold start would wait.
const isIPv6 = (text: string): boolean => {
  const [, address] = ipv6.exec(text) ?? [];
  return address !== undefined && URL.canParse(`http://[${address}]`);
};

const versionOf = (text: string): number => {
  if (text.includes(':')) return isIPv6(text) ? 6 : 0;
  return isIPv4(text) ? 4 : 0;
};

// An entry of an access list has one address up to three times, and a list mostly the addresses that it had before.
const known = new Map<string, number>();
const mostKnown = 1_000;
/** With no zone, none is longer. */
const longestKnown = 45;

function ipVersion(text: string): number {
  const before = known.get(text);
  if (before !== undefined) return before;
  const version = versionOf(text);
  if (version !== 0 && text.length <= longestKnown) {
    if (known.size >= mostKnown) known.clear();
    known.set(text, version);
  }
  return version;
}

const isCidrBlock = (text: string): boolean => {
  const slash = text.indexOf('/');
  const prefix = text.slice(slash + 1);
  const version = slash < 0 ? 0 : ipVersion(text.slice(0, slash));
  return version !== 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
};

/** An IPv4 or IPv6 address. */
export const ipAddress = z.string().refine((text) => ipVersion(text) !== 0, 'is not an IP address');

/** A range of addresses, such as `203.0.113.0/24` or `::/0`. */
export const cidrBlock = z.string().refine(isCidrBlock, 'is not a range in CIDR notation');
