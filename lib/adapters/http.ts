import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import * as z from 'zod';
import { prefersHtml } from '../accept.ts';
import { compiled } from '../compiled.ts';
import type { InvocationContext, Middleware } from '../invocation.ts';
import { negotiateLanguage } from '../language.ts';
import type { Declaration, Operation } from '../operation.ts';
import { invalidInput, problemOf } from '../problems/call.ts';
import { scopesIn } from '../scopes.ts';
import { jsonWithoutSecrets } from '../secret-fields.ts';

const texts = z.record(z.string(), z.string()).default({});

// What we read of an API Gateway HTTP API event, payload format 2.0.
const httpEvent = z.object({
  version: z.literal('2.0'),
  headers: texts,
  pathParameters: texts,
  queryStringParameters: texts,
  body: z.string().optional(),
  isBase64Encoded: z.boolean().default(false),
  requestContext: z.object({
    authorizer: z
      .object({
        iam: z.object({ userArn: z.string() }).optional(),
        jwt: z
          .object({
            claims: z.object({
              sub: z.string(),
              scope: z.string().optional(),
              scp: z.string().optional(),
            }),
          })
          .optional(),
      })
      .optional(),
  }),
});

/** Whether an event comes from an HTTP API. */
export const isHttpEvent = (event: unknown): boolean =>
  typeof event === 'object' && event !== null && 'requestContext' in event;

/** HTTP in and out: an event becomes an invocation, the output a response, an error a problem response. */
export function http({
  input: inputSchema,
  output: outputSchema,
  http: route,
  page,
}: Pick<Operation, 'input' | 'output' | 'http' | 'page'>): Middleware {
  return {
    before: ({ event, context }) => {
      const { headers, pathParameters, queryStringParameters, requestContext, ...payload } =
        compiled(httpEvent).parse(event);
      context.invocation.pretty = queryStringParameters['pretty'] === 'true';
      context.invocation.language = negotiateLanguage(headers['accept-language']);
      context.invocation.wantsPage = prefersHtml(headers['accept']);
      const { iam, jwt } = requestContext.authorizer ?? {};
      const { connection, ...pathInput } = pathParameters;
      const elsewhere = new Map(Object.keys(pathParameters).map((name) => [name, 'path']));
      for (const name of [route.body ?? []].flat()) elsewhere.set(name, 'body');
      const misplaced = Object.keys(queryStringParameters).flatMap((field) => {
        const place = elsewhere.get(field);
        return place ? [{ field, detail: `belongs in the ${place} only` }] : [];
      });
      if (misplaced.length > 0) throw invalidInput(misplaced);
      context.invocation = {
        ...context.invocation,
        connection,
        input: {
          ...typedQuery(inputSchema, queryStringParameters),
          ...bodyInput(route.body, payload),
          ...pathInput,
        },
        actor: iam?.userArn ?? jwt?.claims.sub,
        scopes: jwt && scopesIn(jwt.claims),
      };
    },
    after: (request) => {
      const { language } = request.context.invocation;
      const { status = 200 } = route;
      const about = page && { 'content-language': language, vary: 'accept, accept-language' };
      request.response =
        page && request.context.invocation.wantsPage
          ? response(
              status,
              'text/html; charset=utf-8',
              page(outputSchema.parse(request.response), language),
              {
                ...about,
                'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
              },
            )
          : response(
              status,
              'application/json',
              JSON.stringify(request.response, null, indent(request.context)),
              about,
            );
    },
    onError: (request) => {
      const problem = problemOf(request.error);
      const { status, retryAfter } = problem.details;
      const { language } = request.context.invocation;
      request.response = response(
        status,
        'application/problem+json',
        jsonWithoutSecrets(problem.for(request.context.awsRequestId, language), indent(request.context)),
        {
          'content-language': language,
          vary: 'accept-language',
          ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
        },
      );
    },
  };
}

const response = (
  statusCode: number,
  contentType: string,
  body: string,
  headers: Record<string, string> = {},
): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { 'content-type': contentType, 'cache-control': 'no-store', ...headers },
  body,
});

const indent = ({ invocation }: InvocationContext): number | undefined => (invocation.pretty ? 2 : undefined);

/** The body as the input fields that it fills. Nothing of a body is ever quoted: there may be a password in it. */
function bodyInput(
  fields: Declaration['http']['body'],
  { body = '', isBase64Encoded }: { body?: string | undefined; isBase64Encoded: boolean },
): Record<string, unknown> {
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
  if (fields === undefined) {
    if (text !== '') throw invalidInput([{ field: 'body', detail: 'this operation takes no body' }]);
    return {};
  }
  if (typeof fields === 'string') return { [fields]: parsedJson(text) };
  // The schema says which members there must be.
  const members = z.record(z.string(), z.unknown()).safeParse(text === '' ? {} : parsedJson(text)).data;
  if (!members) throw invalidInput([{ field: 'body', detail: 'must be a JSON object' }]);
  const unknown = Object.keys(members).filter((name) => !fields.includes(name));
  if (unknown.length === 0) return members;
  throw invalidInput(
    unknown.map((field) => ({ field, detail: `does not belong in the body; it takes ${fields.join(', ')}` })),
  );
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidInput([{ field: 'body', detail: text === '' ? 'is required' : 'is not JSON' }]);
  }
}

/** Query values as the schema's types; what does not fit stays text, so that the schema names the field. */
function typedQuery(input: z.ZodObject, query: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(query).map(([name, text]) => [name, typed(input.shape[name], text)]),
  );
}

function typed(field: unknown, text: string): unknown {
  if (field instanceof z.ZodDefault || field instanceof z.ZodOptional) return typed(field.unwrap(), text);
  if (field instanceof z.ZodBoolean) return { true: true, false: false }[text] ?? text;
  if (field instanceof z.ZodNumber) return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  return text;
}
