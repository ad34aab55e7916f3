import type { ReviewedEntry } from './entry.ts';
import type { Finding } from './finding.ts';
import { rangeOf, sizeOf } from './ip-range.ts';
import type { Peers } from './peers.ts';

/** Whom removing an entry would refuse. Atlas tells only the latest caller, not those before. */
export function lossOf(entry: ReviewedEntry, peers: Peers): Pick<Finding, 'removal' | 'coveredBy'> {
  const { lastUsedAddress, lastUsedAt, requestCount = 0, range, isUseUnknown } = entry;
  if (!lastUsedAddress && isUseUnknown)
    return { removal: 'Who used it could not be read, so nobody knows whom removing it would refuse.' };
  if (!lastUsedAddress)
    return {
      removal:
        lastUsedAt || requestCount > 0
          ? 'Atlas does not tell who used it, so nobody knows whom removing it would refuse.'
          : 'Removing it would refuse nobody who has called so far.',
    };
  const earlier = sizeOf(range) === 1n ? '' : ' Atlas does not tell who called before.';
  const caller = rangeOf(lastUsedAddress);
  const cover = peers.best(caller, () => true, entry);
  if (!cover) return { removal: `Removing it would refuse its latest caller, ${lastUsedAddress}.${earlier}` };
  return {
    removal: `Its latest caller, ${lastUsedAddress}, would still be let in by ${cover.name}${peers.caveat(cover)}.${earlier}`,
    coveredBy: cover.name,
  };
}
