import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import * as z from 'zod';
import { prefersHtml } from '../accept.ts';
import { callerName, namedBy } from '../actor.ts';
import type { InvocationContext, Middleware } from '../invocation.ts';
import { negotiateLanguage } from '../language.ts';
import type { Declaration, Operation } from '../operation.ts';
import { tokenUnnamed } from '../problems/access.ts';
import { invalidInput, problemOf } from '../problems/call.ts';
import { scopesIn } from '../scopes.ts';
import { jsonWithoutSecrets } from '../secret-fields.ts';
import { checkResponseSize } from './answer-size.ts';
import { bodyJson, bodyText } from './body.ts';
import { headersIn, isObject, parseHttpEvent } from './http-event.ts';

/** HTTP in and out: an event becomes an invocation, the output a response, an error a problem response. */
export function http({
  input: inputSchema,
  output: outputSchema,
  http: route,
  page,
}: Pick<Operation, 'input' | 'output' | 'http' | 'page'>): Middleware {
  return {
    before: ({ event, context }) => {
      const headers = headersIn(event);
      context.invocation.language = negotiateLanguage(headers['accept-language']);
      context.invocation.wantsPage = prefersHtml(headers['accept']);
      const { pathParameters, queryStringParameters, requestContext, ...payload } = parseHttpEvent(event);
      context.invocation.pretty = queryStringParameters['pretty'] === 'true';
      const { iam, jwt } = requestContext.authorizer ?? {};
      const claims = jwt ? { ...(isObject(jwt.claims) && jwt.claims) } : undefined;
      context.invocation.apiRequestId = requestContext.requestId;
      context.invocation.actor = callerName(iam?.userArn ?? '') ?? (claims && namedBy(claims));
      context.invocation.scopes = claims && scopesIn(claims);
      if (claims && context.invocation.actor === undefined) throw tokenUnnamed();
      const { connection, ...pathInput } = pathParameters;
      const elsewhere = new Map(Object.keys(pathParameters).map((name) => [name, 'path']));
      for (const name of [route.body ?? []].flat()) elsewhere.set(name, 'body');
      const misplaced = Object.keys(queryStringParameters).flatMap((field) => {
        const place = elsewhere.get(field);
        return place ? [{ field, detail: `belongs in the ${place} only` }] : [];
      });
      if (misplaced.length > 0) throw invalidInput(misplaced);
      context.invocation.connection = connection;
      context.invocation.input = {
        ...typedQuery(inputSchema, queryStringParameters),
        ...bodyInput(route.body, bodyText(payload)),
        ...pathInput,
      };
    },
    after: (request) => {
      const { language } = request.context.invocation;
      const { status = 200 } = route;
      const about = page && { 'content-language': language, vary: 'accept, accept-language' };
      const answer =
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
      checkResponseSize(answer);
      request.response = answer;
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

/** The body as the input fields that it fills. */
function bodyInput(fields: Declaration['http']['body'], text: string): object {
  if (fields === undefined) {
    if (text !== '') throw invalidInput([{ field: 'body', detail: 'this operation takes no body' }]);
    return {};
  }
  if (typeof fields === 'string') return { [fields]: bodyJson(text) };
  // The schema says which members there must be.
  const members = text === '' ? {} : bodyJson(text);
  if (!isObject(members)) throw invalidInput([{ field: 'body', detail: 'must be a JSON object' }]);
  const unknown = Object.keys(members).filter((name) => !fields.includes(name));
  if (unknown.length === 0) return members;
  throw invalidInput(
    unknown.map((field) => ({ field, detail: `does not belong in the body; it takes ${fields.join(', ')}` })),
  );
}

/** Query values as the schema's types; what does not fit stays text, so that the schema names the field. */
function typedQuery(input: z.ZodObject, query: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(query).map(([name, text]) => [
      name,
      typed(Object.hasOwn(input.shape, name) ? input.shape[name] : undefined, text),
    ]),
  );
}

function typed(field: unknown, text: string): unknown {
  if (field instanceof z.ZodDefault || field instanceof z.ZodOptional) return typed(field.unwrap(), text);
  if (field instanceof z.ZodBoolean) return text === 'true' || (text === 'false' ? false : text);
  if (field instanceof z.ZodNumber) return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  return text;
}
