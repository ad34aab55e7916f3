import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';

// How Atlas and Ops Manager cut a list into pages. Only this file knows of `links` and `totalCount`.

/** A page as far as it must be one: without a list of results there is nothing to show. */
export const rawPage = z.object({
  results: z.array(z.unknown()),
  totalCount: z.unknown().optional(),
  links: z.unknown().optional(),
});

type RawPage = z.output<typeof rawPage>;

/** How a list is cut. Neither API knows more parameters of a list that are not about the answer's presentation. */
export interface PageQuery {
  includeCount: boolean;
  itemsPerPage: number;
  pageNum: number;
}

/** What was read of a list. */
export interface Pages {
  results: unknown[];
  /** How many there are in all, as the upstream says: an estimate. */
  totalCount: number | undefined;
  /** What is missing, or may be; a sentence each. */
  warnings: string[];
}

/** The largest page that Atlas and Ops Manager give. */
const largestPage = 500;
const mostPages = 200;
const mostEntries = 250_000;

/** Reads one page, and says where it is shorter than it should be. `title` is the upstream's name. */
export async function onePage(
  title: string,
  query: PageQuery,
  read: (query: PageQuery) => Promise<RawPage>,
): Promise<Pages> {
  const page = await read(query);
  const { length } = page.results;
  const { totalCount, warnings } = countOf(page);
  const { itemsPerPage, pageNum } = query;
  const hasMore =
    typeof nextOf(page, query) === 'object' || (totalCount ?? 0) > (pageNum - 1) * itemsPerPage + length;
  if (length < itemsPerPage && hasMore)
    warnings.push(
      `${title} gave ${length} of the ${itemsPerPage} entries of this page, and says that there are more. Ask for all=true to get every entry.`,
    );
  return { results: page.results, totalCount, warnings };
}

/**
 * Reads a whole list in the fewest requests: on while the upstream names a next page, gives a full one or counts more
 * than it gave. Of a link only the numbers are taken, so that no request is ever aimed elsewhere.
 */
export async function allPages(title: string, read: (query: PageQuery) => Promise<RawPage>): Promise<Pages> {
  const results: unknown[] = [];
  const warnings: string[] = [];
  const seen = new Set<number>();
  let totalCount: number | undefined;
  let before: unknown[] | undefined;
  let at: Next = { itemsPerPage: largestPage, pageNum: 1, isLinked: true };
  for (;;) {
    const { itemsPerPage, pageNum, isLinked } = at;
    const page = await read({ includeCount: false, itemsPerPage, pageNum });
    seen.add(pageNum);
    ({ totalCount = totalCount } = countOf(page));
    const next = nextOf(page, at);
    const leadsBack = typeof next === 'object' && seen.has(next.pageNum);
    // An upstream that does not heed the number gives the same entries again.
    const isRepeated = (leadsBack || !isLinked) && isSame(page.results, before);
    if (!isRepeated) for (const entry of page.results) results.push(entry);
    const isFull = page.results.length >= itemsPerPage;
    if (leadsBack || (isRepeated && (isFull || typeof next === 'object'))) {
      warnings.push(`${title} leads from page ${pageNum} back to what it has given before. ${mayLack}`);
      break;
    }
    const isCounted = totalCount !== undefined && results.length >= totalCount;
    const goesOn = typeof next === 'object' || isFull || (totalCount ?? 0) > results.length;
    if (isRepeated || !goesOn || (page.results.length === 0 && typeof next !== 'object')) {
      if (next === 'unknown' && !isCounted && !isRepeated && page.results.length > 0)
        warnings.push(`${title} does not say whether there are more entries. ${mayLack}`);
      break;
    }
    if (seen.size >= mostPages || results.length >= mostEntries) {
      warnings.push(`Reading stopped after ${results.length} entries on ${seen.size} pages. ${mayLack}`);
      break;
    }
    before = page.results;
    at = typeof next === 'object' ? next : { itemsPerPage, pageNum: pageNum + 1, isLinked: false };
  }
  if (totalCount !== undefined && totalCount > results.length)
    warnings.push(`${title} counts ${totalCount} entries and gave ${results.length}.`);
  return { results, totalCount, warnings };
}

function isSame(page: unknown, before: unknown): boolean {
  try {
    return isDeepStrictEqual(page, before);
  } catch (error) {
    // Nested deeper than the stack goes.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const mayLack = 'The list may not be complete.';

/** Where the next page is; linked where the page before says so with a number. */
interface Next {
  itemsPerPage: number;
  pageNum: number;
  isLinked: boolean;
}

const link = z.object({ rel: z.string(), href: z.unknown().optional() });

/** What the links of a page say of a next one; `unknown` where they cannot be read, or are not there. */
function nextOf(
  { links }: RawPage,
  { itemsPerPage, pageNum }: Pick<PageQuery, 'itemsPerPage' | 'pageNum'>,
): Next | 'none' | 'unknown' {
  if (!Array.isArray(links)) return 'unknown';
  const read = links.map((one) => link.safeParse(one).data);
  // A relation is a word, or an address that ends in it.
  const next = read.find((one) => one && /(^|[\s/])next$/i.test(one.rel));
  if (!next) return read.includes(undefined) ? 'unknown' : 'none';
  const text = typeof next.href === 'string' ? next.href : '';
  const search = URL.canParse(text, anyBase) ? new URL(text, anyBase).searchParams : new URLSearchParams();
  const number = (name: string) =>
    /^[1-9]\d{0,8}$/.test(search.get(name) ?? '') ? Number(search.get(name)) : undefined;
  const linked = number('pageNum');
  return {
    itemsPerPage: Math.min(number('itemsPerPage') ?? itemsPerPage, largestPage),
    pageNum: linked ?? pageNum + 1,
    isLinked: linked !== undefined,
  };
}

// Only the query of a link is looked at, whatever it is relative to.
const anyBase = 'http://localhost';

const count = z.int().min(0);

function countOf({ totalCount }: RawPage): { totalCount?: number; warnings: string[] } {
  if (totalCount === undefined || totalCount === null) return { warnings: [] };
  const parsed = count.safeParse(totalCount);
  return parsed.success
    ? { totalCount: parsed.data, warnings: [] }
    : { warnings: ['totalCount could not be read.'] };
}
