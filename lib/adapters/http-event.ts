import * as z from 'zod';
import { compiled } from '../compiled.ts';
import { fieldErrors } from '../field-errors.ts';
import { invalidInput } from '../problems/call.ts';

const mustBeText = 'must be text';
const mustBeObject = 'must be an object';

/** Texts by name, whatever the names are: those of JavaScript's own objects too. */
const texts = z
  .custom<Record<string, string>>(
    (value) => isObject(value) && Object.values(value).every((text) => typeof text === 'string'),
    { error: 'must be an object of texts' },
  )
  .nullish()
  .transform((value) => value ?? {});

// What we read of an API Gateway HTTP API event, payload format 2.0.
const httpEvent = z.object({
  version: z.literal('2.0', {
    error: 'must be 2.0: this function takes events of an HTTP API with payload format 2.0',
  }),
  headers: texts,
  pathParameters: texts,
  queryStringParameters: texts,
  body: z
    .string({ error: mustBeText })
    .nullish()
    .transform((body) => body ?? ''),
  isBase64Encoded: z
    .boolean({ error: 'must be true or false' })
    .nullish()
    .transform((is) => is ?? false),
  requestContext: z.object(
    {
      // What is none of API Gateway's is not worth keeping.
      requestId: z
        .string()
        .regex(/^[\w+/=-]{1,64}$/)
        .optional()
        .catch(undefined),
      authorizer: z
        .object(
          {
            iam: z
              .object({ userArn: z.string({ error: mustBeText }).nullish() }, { error: mustBeObject })
              .nullish(),
            jwt: z.object({ claims: z.unknown() }, { error: mustBeObject }).nullish(),
          },
          { error: mustBeObject },
        )
        .nullish(),
    },
    { error: mustBeObject },
  ),
});

/** Whether an event comes from an API, as far as it tells. */
export const isHttpEvent = (event: unknown): boolean => isObject(event) && 'requestContext' in event;

/** What an event of an HTTP API says. Throws a `Problem` where no HTTP API makes such an event. */
export function parseHttpEvent(event: unknown): z.output<typeof httpEvent> {
  const { data, error } = compiled(httpEvent).safeParse(event);
  if (error) throw invalidInput(fieldErrors(error.issues));
  return data;
}

/** An event's headers that are text, by their names in lower case. */
export function headersIn(event: unknown): Partial<Record<string, string>> {
  const headers = isObject(event) && 'headers' in event && isObject(event.headers) ? event.headers : {};
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, text]) =>
      typeof text === 'string' ? [[name.toLowerCase(), text]] : [],
    ),
  );
}

/** Whether a value is an object, and no list. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
