import { isIP } from 'node:net';
import * as z from 'zod';

// Checked with node:net: the patterns in Atlas's own API description pass 999.9.9.9/999 and refuse ::1.

// An entry of an access list has one address up to three times, and node:net takes its time over IPv6.
let latest = { text: '', version: 0 };

const ipVersion = (text: string): number => {
  if (text !== latest.text) latest = { text, version: isIP(text) };
  return latest.version;
};

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
