import * as z from 'zod';
import { bareClient } from './bare-client.ts';
import { listAccessList, listEvent, loadOperation } from './bundled.ts';
import { milliseconds, type Report } from './report.ts';
import { median, takeTurns, timed } from './turns.ts';

// all=true over 200 entries that are 50 ms away, against a client that follows pages of 100.

const list = await loadOperation(listAccessList);
const bare = await bareClient(process.argv[2] ?? '');
const event = listEvent('far', { all: 'true' });

const results = z.array(z.unknown());
const page = z.object({ results, links: z.array(z.object({ rel: z.string() })) });

const allAtOnce = async () => z.object({ results }).parse(JSON.parse(await list(event))).results;
const pageAfterPage = async () => {
  const entries: unknown[] = [];
  for (let pageNum = 1; ; pageNum++) {
    const { results, links } = page.parse(await bare.page(pageNum));
    entries.push(...results);
    if (!links.some(({ rel }) => rel === 'next')) return entries;
  }
};
for (const entries of [await allAtOnce(), await pageAfterPage()])
  if (entries.length !== 200) throw new Error(`Expected 200 entries, not ${entries.length}.`);

const ours = timed(allAtOnce);
const theirs = timed(pageAfterPage);
await takeTurns(20, [ours.run, theirs.run]);
await bare.close();

const [once, paged] = [median(ours.times), median(theirs.times)];
const report: Report = {
  rows: [
    {
      name: 'all=true, 200 entries, 50 ms away',
      ours: milliseconds(once),
      against: `${milliseconds(paged)}: pages of 100`,
      ratio: once / paged,
      bar: '≤ 0.6',
    },
  ],
};
process.send?.(report);
