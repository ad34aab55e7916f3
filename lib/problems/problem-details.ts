import * as z from 'zod';
import { cleanText } from '../foreign/clean-text.ts';

/**
 * The body of every error answer: RFC 9457 problem details with Switchboard's own members.
 * Lives apart from `problem.ts` because only the API description needs it as a schema.
 */
export const problemDetails = z
  .object({
    type: z.string().describe('Where this kind of problem is described: `/errors/<code>`.'),
    title: z.string().describe('The kind of problem in a few words; the same for every occurrence.'),
    status: z.int().describe('The HTTP status of this answer.'),
    detail: z.string().describe('What happened this time.'),
    instance: z.string().optional().describe('This occurrence: `urn:uuid:` and the request id in the logs.'),
    code: z.string().describe("The stable name of the problem; the upstream's own code where it gave one."),
    system: z.string().optional().describe('The system that the problem is about, such as `atlas`.'),
    retryable: z.boolean().describe('Whether the same call may succeed later with nothing changed.'),
    retryAfter: z.int().optional().describe('Seconds to wait before the next try.'),
    remedy: z.string().describe('What to do about it.'),
    parameters: z
      .array(z.union([cleanText, z.number()]))
      .optional()
      .describe("The upstream's own parameters."),
    errors: z
      .array(z.object({ field: z.string(), detail: z.string() }))
      .optional()
      .describe('One entry for each bad field.'),
    upstream: z
      .object({
        status: z.int(),
        errorCode: cleanText.optional(),
        detail: cleanText.optional(),
        during: z.literal('signIn').optional(),
      })
      .optional()
      .describe('What the upstream system itself answered: to the sign-in where during says so.'),
    warnings: z
      .array(z.string())
      .optional()
      .describe('What the caller should know besides, such as that a lock may stay for a while.'),
    preview: z
      .unknown()
      .optional()
      .describe('Where a change was refused because the state has moved: what it would do now.'),
  })
  .describe('An error, as RFC 9457 problem details.');

export type ProblemDetails = z.output<typeof problemDetails>;
