import * as z from 'zod';

/**
 * Text of somebody else's that holds no secret of the connection it came over, and is short enough to be shown. Parsing
 * brands a text and does not clean it: only `Secrets`, and schemas for what it has cleaned, may do so.
 */
export const cleanText = z.string().brand<'CleanText'>();

export type CleanText = z.output<typeof cleanText>;

/** What stands in the place of a secret. */
export const redacted = '[redacted]';
