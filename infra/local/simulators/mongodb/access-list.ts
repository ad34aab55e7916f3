import { minutesAfter } from './world.ts';

/** An entry of a credential's access list, by the names that it has for Atlas's service accounts. Both addresses are set where the entry is for a single one. */
export interface AccessListEntry {
  cidrBlock?: string;
  ipAddress?: string;
  createdAt: string;
  /** Present, as is `lastUsedAt`, once a request came from here. */
  lastUsedAddress?: string;
  lastUsedAt?: string;
  requestCount: number;
}

/** An access list of any length, the same for each length: every kind of entry that Atlas has, in turn. */
export function accessListOf(length: number): AccessListEntry[] {
  return Array.from({ length }, (_, index) => ({
    ...place(index),
    createdAt: minutesAfter('2025-05-04T09:42:00Z', index),
    ...usage(index),
  }));
}

// Addresses come from the ranges that are set aside for benchmarks, documentation and private networks.
const ipv4 = (index: number): string =>
  `198.${18 + ((index >> 16) & 1)}.${(index >> 8) & 255}.${index & 255}`;
const ipv6 = (index: number): string => `2001:db8::${hextets(index + 1)}`;
const hextets = (value: number): string =>
  (value > 0xffff ? [value >>> 16, value & 0xffff] : [value]).map((part) => part.toString(16)).join(':');

function place(index: number): Pick<AccessListEntry, 'cidrBlock' | 'ipAddress'> {
  switch (index % 6) {
    case 1:
      return { cidrBlock: `10.${(index >> 8) & 255}.${index & 255}.0/24` };
    case 3:
      return { cidrBlock: `${ipv6(index)}/128`, ipAddress: ipv6(index) };
    case 5:
      return { cidrBlock: index === 5 ? '::/0' : `2001:db8:${hextets(index)}::/64` };
    default:
      return { cidrBlock: `${ipv4(index)}/32`, ipAddress: ipv4(index) };
  }
}

function usage(index: number): Pick<AccessListEntry, 'lastUsedAddress' | 'lastUsedAt' | 'requestCount'> {
  if (index % 4 === 2) return { requestCount: 0 };
  const lastUsedAddress = index % 6 === 3 || index % 6 === 5 ? ipv6(index) : ipv4(index);
  return {
    lastUsedAddress,
    lastUsedAt: minutesAfter('2026-02-01T06:30:00Z', index * 7),
    requestCount: 1 + ((index * 37) % 500),
  };
}
