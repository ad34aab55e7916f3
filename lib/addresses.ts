import { isIP } from 'node:net';
import * as z from 'zod';

// Checked with node:net: the patterns in Atlas's own API description pass 999.9.9.9/999 and refuse ::1.

const isCidrBlock = (text: string): boolean => {
  const [address = '', prefix = '', ...rest] = text.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits;
};

/** An IPv4 or IPv6 address. */
export const ipAddress = z.string().refine((text) => isIP(text) !== 0, 'is not an IP address');

/** A range of addresses, such as `203.0.113.0/24` or `::/0`. */
export const cidrBlock = z.string().refine(isCidrBlock, 'is not a range in CIDR notation');
