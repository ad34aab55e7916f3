import type { ReviewedEntry } from './entry.ts';
import type { Finding } from './finding.ts';
import type { Peers } from './peers.ts';

type OverlapFinding = Pick<Finding, 'finding' | 'severity' | 'message' | 'removal' | 'coveredBy'>;

/**
 * What an entry adds nothing to. CIDR blocks that overlap are the same, or one lies within the other: there is no
 * third way. Of several that are the same, all but one have a finding.
 */
export function overlapFinding(entry: ReviewedEntry, peers: Peers): OverlapFinding | undefined {
  const kept = peers.best(entry.range, (prefix) => prefix === entry.range.prefix);
  if (kept && kept !== entry) {
    const other = kept.name === entry.name ? 'another entry of that name' : kept.name;
    return {
      finding: 'duplicate',
      severity: 'low',
      message: `${entry.name} lets in the same as ${other}.`,
      removal: `Removing it changes nothing while ${kept.name === entry.name ? 'the other' : other} stays.`,
      coveredBy: kept.name,
    };
  }
  const outer = peers.best(entry.range, (prefix) => prefix < entry.range.prefix);
  if (!outer) return undefined;
  const caveat = peers.caveat(outer);
  return {
    finding: 'contained',
    severity: 'low',
    message: `${entry.name} lies within ${outer.name}.`,
    removal: caveat
      ? `Remove it only if ${outer.name}${caveat}, is to stay.`
      : `Removing it changes nothing while ${outer.name} stays.`,
    coveredBy: outer.name,
  };
}
