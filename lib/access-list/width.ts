import type { ReviewedEntry } from './entry.ts';
import type { Finding } from './finding.ts';
import { cidrOf, contains, type IpRange, rangeOf, sizeOf } from './ip-range.ts';

type WidthFinding = Pick<Finding, 'finding' | 'severity' | 'message'>;

// Every IPv6 address that is routed on the internet so far begins with these three bits.
const publicIpv6 = rangeOf('2000::/3');

/**
 * The widest prefix that is fine for IPv6, by that for IPv4: as many networks of the usual size, /64, as there are
 * addresses in IPv4.
 */
export const widestIpv6 = (widestIpv4: number): number => widestIpv4 + 32;

/** What is wrong with how many addresses an entry lets in. */
export function widthFinding({ name, range }: ReviewedEntry, widestIpv4: number): WidthFinding | undefined {
  const meant = name === cidrOf(range) ? name : `${name} (that is all of ${cidrOf(range)})`;
  if (isOpen(range))
    return {
      finding: 'openToWorld',
      severity: 'critical',
      message: `${meant} lets in every IPv${range.family} address.`,
    };
  const widest = range.family === 4 ? widestIpv4 : widestIpv6(widestIpv4);
  if (range.prefix >= widest) return undefined;
  return {
    finding: 'tooWide',
    severity: 'high',
    message: `${meant} lets in ${numberOf(sizeOf(range))} addresses; the widest that is fine is a /${widest}.`,
  };
}

const isOpen = (range: IpRange): boolean =>
  range.family === 4 ? range.prefix === 0 : contains(range, publicIpv6);

// The size of a range is a power of two; beyond IPv4 its digits tell people nothing.
const numberOf = (size: bigint): string =>
  size < 1n << 32n ? size.toLocaleString('en') : `2^${size.toString(2).length - 1}`;
