import { isIPv4 } from 'node:net';

/** All addresses from `first` to `last`, which share the first `prefix` bits. */
export interface IpRange {
  family: 4 | 6;
  prefix: number;
  first: bigint;
  last: bigint;
}

const bitsOf = { 4: 32, 6: 128 } as const;

const mappedMark = 0xffffn << 32n;

/**
 * The range of an address or of a CIDR block, as `ipAddress` and `cidrBlock` accept them. Bits beyond the prefix do
 * not count. IPv4 written as IPv6 (`::ffff:192.0.2.1`) is IPv4; a wider IPv6 range is taken to hold no IPv4 address.
 */
export function rangeOf(text: string): IpRange {
  const [address = '', length] = text.split('/');
  if (isIPv4(address)) return rangeAround(4, ipv4Value(address), Number(length ?? 32));
  const value = ipv6Value(address);
  const prefix = Number(length ?? 128);
  return value >> 32n === 0xffffn && prefix >= 96
    ? rangeAround(4, value - mappedMark, prefix - 96)
    : rangeAround(6, value, prefix);
}

function rangeAround(family: 4 | 6, value: bigint, prefix: number): IpRange {
  const hostBits = BigInt(bitsOf[family] - prefix);
  const first = (value >> hostBits) << hostBits;
  return { family, prefix, first, last: first + (1n << hostBits) - 1n };
}

const ipv4Value = (address: string): bigint =>
  address.split('.').reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);

function ipv6Value(address: string): bigint {
  // A zone (`fe80::1%eth0`) says nothing about the address; a URL's host writes its last 32 bits in hexadecimal.
  const { hostname } = new URL(`http://[${address.replace(/%.*/, '')}]`);
  const [head = [], tail = []] = hostname
    .slice(1, -1)
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(8 - head.length - tail.length).fill('0');
  return [...head, ...zeros, ...tail].reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

/** A name for the network of so many bits around a range: the same for all ranges that are within it. */
export const networkOf = ({ family, first }: IpRange, prefix: number): string =>
  `${family}/${prefix}/${first >> BigInt(bitsOf[family] - prefix)}`;

/** Whether every address of `inner` is one of `outer`. */
export const contains = (outer: IpRange, inner: IpRange): boolean =>
  outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;

/** Whether both are the same addresses. */
export const isSame = (one: IpRange, other: IpRange): boolean =>
  one.family === other.family && one.prefix === other.prefix && one.first === other.first;

/** How many addresses there are in it. */
export const sizeOf = ({ first, last }: IpRange): bigint => last - first + 1n;

/** The range in CIDR notation, without bits beyond the prefix. */
export function cidrOf({ family, prefix, first }: IpRange): string {
  const width = family === 4 ? 8 : 16;
  const groups = Array.from({ length: bitsOf[family] / width }, (_, index) =>
    Number(BigInt.asUintN(width, first >> BigInt(bitsOf[family] - width * (index + 1)))),
  );
  const address =
    family === 4
      ? groups.join('.')
      : new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]`).hostname.slice(1, -1);
  return `${address}/${prefix}`;
}
