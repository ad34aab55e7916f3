import * as z from 'zod';
import { cleanText } from '../foreign/clean-text.ts';
import type { UpstreamResponse } from '../upstream/http-client.ts';

// Made at the first error: most processes meet none.
const schema = z.lazy(() =>
  z.object({
    errorCode: cleanText,
    detail: cleanText.nullish(),
    // Objects by the schema of Atlas, strings and numbers on the wire.
    parameters: z
      .array(z.union([cleanText, z.number()]))
      .nullish()
      .catch(undefined),
    badRequestDetail: z
      .object({ fields: z.array(z.object({ field: z.string(), description: z.string() })) })
      .nullish()
      .catch(undefined),
  }),
);

/** An error as the Admin APIs of Atlas and Ops Manager answer it. */
export type ApiError = z.output<typeof schema>;

/** The error in an answer's body; `undefined` where the body is something else. */
export function apiErrorOf({ text }: UpstreamResponse): ApiError | undefined {
  return schema.safeParse(text.json()).data;
}
