import * as z from 'zod';
import { ipAddress } from '../addresses.ts';

/** From worst to mildest. */
export const severities = ['critical', 'high', 'medium', 'low'] as const;

export const findingKinds = [
  'openToWorld',
  'tooWide',
  'neverUsed',
  'unused',
  'duplicate',
  'contained',
] as const;

/** One thing that is wrong with one entry. */
export const finding = z.object({
  finding: z.enum(findingKinds).describe('What was found.'),
  severity: z.enum(severities).describe('How much it matters.'),
  entry: z.string().describe('The entry, as the access list has it.'),
  message: z.string().describe('What was found, in a sentence.'),
  removal: z.string().describe('What removing the entry would mean, in a sentence.'),
  addresses: z
    .string()
    .regex(/^[1-9]\d*$/)
    .describe('How many addresses the entry lets in; text, as IPv6 has more than a JSON number holds.'),
  daysSinceAdded: z.int().min(0).optional().describe('Whole days since the entry was added.'),
  daysSinceUse: z.int().min(0).optional().describe('Whole days since the latest request.'),
  requestCount: z.int().optional().describe('How many requests came from here.'),
  lastUsedAddress: ipAddress.optional().describe('The address of the latest request.'),
  coveredBy: z
    .string()
    .optional()
    .describe('Another entry that lets in all of it; for other findings, its latest caller.'),
});

export type Finding = z.output<typeof finding>;

const count = z.int().min(0);

/** An access list, judged. */
export const review = z.object({
  headline: z.string().describe('The summary in words.'),
  summary: z
    .object({
      entries: count.describe('How many entries there are.'),
      withoutFindings: count.describe('How many of them nothing was found about.'),
      openToWorld: count.describe('How many let in every address.'),
      tooWide: count.describe('How many are wider than the limit.'),
      neverUsed: count.describe('How many no request ever came from.'),
      unused: count.describe('How many were used, but not of late.'),
      duplicate: count.describe('How many say the same as another.'),
      contained: count.describe('How many lie within another.'),
    })
    .describe('How many entries there are of each kind.'),
  findings: z.array(finding).describe('What was found, the worst first.'),
  warnings: z
    .array(z.string())
    .optional()
    .describe('What could not be read or judged, and where entries may be missing.'),
});

export type Review = z.output<typeof review>;
