import { findingKinds, type Review } from './finding.ts';

const words: Record<(typeof findingKinds)[number], string> = {
  openToWorld: 'open to the world',
  tooWide: 'too wide',
  neverUsed: 'never used',
  unused: 'not used of late',
  duplicate: 'the same as another',
  contained: 'within another',
};

// The organization's setting decides which; the access list does not tell.
const emptyMeans =
  'with an empty access list, Atlas takes calls from anywhere, or from nowhere if the organization requires access lists';

/** A review in a sentence or two. `notJudged` of the entries have no findings because they could not be read. */
export function headlineOf(summary: Review['summary'], notJudged: number): string {
  const { entries, withoutFindings } = summary;
  if (entries === 0) return `No entries: ${emptyMeans}.`;
  const total = entries === 1 ? '1 entry' : `${entries} entries`;
  if (withoutFindings === entries) return `${total}, nothing found.`;
  const found = findingKinds
    .filter((kind) => summary[kind] > 0)
    .map((kind) => `${summary[kind]} ${words[kind]}`);
  if (notJudged > 0) found.push(`${notJudged} not judged`);
  if (notJudged === entries) return `${total}: ${found.join(', ')}.`;
  return withoutFindings > 0
    ? `${total}: ${found.join(', ')}; ${withoutFindings} without findings.`
    : `${total}: ${found.join(', ')}; none without findings. Do not remove them all: ${emptyMeans}.`;
}
