import type * as z from 'zod';
import { flag, pretty, wholeNumber } from './shared.ts';

/** How a list is cut into pages; the bounds are Atlas's and Ops Manager's. */
const paging = {
  includeCount: flag().default(true).describe('Whether the answer tells totalCount.'),
  itemsPerPage: wholeNumber()
    .min(1, 'must be at least 1')
    .max(500, 'must be at most 500')
    .default(100)
    .describe('How many entries a page holds.'),
  pageNum: wholeNumber().min(1, 'must be at least 1').default(1).describe('The page, counted from 1.'),
};

/** Every entry in one answer, instead of a page. */
const all = flag()
  .default(false)
  .describe('Whether to answer every entry at once; itemsPerPage and pageNum are left out then.');

/** How an answer of Atlas or Ops Manager is presented. The adapters see to it; neither is sent upstream. */
const presentation = {
  envelope: flag()
    .default(false)
    .describe('Whether the answer carries its HTTP status in its body, for clients that cannot see it.'),
  pretty,
};

/** What every list takes besides the ids of what it is a list of. */
export const list = { ...paging, all, ...presentation };

/** Adds the rule that a page and every entry cannot both be asked for. */
export const pageOrAll = <Schema extends z.ZodType<{ all: boolean; pageNum: number }>>(schema: Schema) =>
  schema.refine(({ all, pageNum }) => !all || pageNum === 1, {
    path: ['pageNum'],
    error: 'cannot be combined with all=true',
  });
