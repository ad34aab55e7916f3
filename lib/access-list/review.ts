import type { ReviewedEntry } from './entry.ts';
import { type Finding, findingKinds, type Review, severities } from './finding.ts';
import { headlineOf } from './headline.ts';
import { sizeOf } from './ip-range.ts';
import { lossOf } from './loss.ts';
import { overlapFinding } from './overlap.ts';
import { Peers } from './peers.ts';
import { daysOf, useFinding } from './use.ts';
import { widthFinding } from './width.ts';

export interface Standard {
  /** The widest prefix that is fine for IPv4; `widestIpv6` has the one for IPv6. */
  widest: number;
  /** After how many days without use an entry has a finding. */
  unusedDays: number;
  /** In milliseconds since 1970. */
  now: number;
}

/** Judges an access list. `notJudged` is how many more entries it has. */
export function reviewAccessList(
  entries: ReviewedEntry[],
  { widest, unusedDays, now }: Standard,
  notJudged = 0,
): Review {
  const faults = new Map(
    entries.map((entry) => [
      entry,
      [widthFinding(entry, widest), useFinding(entry, unusedDays, now)].filter((fault) => !!fault),
    ]),
  );
  const peers = new Peers(entries, (entry) => faults.get(entry)?.length === 0);
  const judged = [...faults].map(([entry, own]) =>
    [...own.map((fault) => ({ ...fault, ...lossOf(entry, peers) })), overlapFinding(entry, peers)]
      .filter((found) => !!found)
      .map((found): Finding => ({ ...found, ...factsOf(entry, now) })),
  );
  const findings = judged.flat().toSorted(worstFirst);
  const count = (kind: Finding['finding']): number =>
    findings.filter(({ finding }) => finding === kind).length;
  const summary = {
    entries: entries.length + notJudged,
    withoutFindings: judged.filter((found) => found.length === 0).length,
    openToWorld: count('openToWorld'),
    tooWide: count('tooWide'),
    neverUsed: count('neverUsed'),
    unused: count('unused'),
    duplicate: count('duplicate'),
    contained: count('contained'),
  };
  return { headline: headlineOf(summary, notJudged), summary, findings };
}

function factsOf(entry: ReviewedEntry, now: number) {
  const { name, range, requestCount, lastUsedAddress } = entry;
  return {
    entry: name,
    addresses: sizeOf(range).toString(),
    ...daysOf(entry, now),
    ...(requestCount !== undefined && { requestCount }),
    ...(lastUsedAddress && { lastUsedAddress }),
  };
}

const worstFirst = (a: Finding, b: Finding): number =>
  severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
  findingKinds.indexOf(a.finding) - findingKinds.indexOf(b.finding) ||
  Number(b.addresses) - Number(a.addresses);
