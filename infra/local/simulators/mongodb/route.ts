import * as z from 'zod';
import type { Request, Response } from '../listen.ts';
import { apiError } from './api-error.ts';
import type { Organization } from './world.ts';

/** One resource of an API. */
export interface Route<Home extends Organization> {
  method: string;
  /** Below the API's base path; each `{name}` stands for one segment. */
  path: string;
  /** The query parameters that it knows; others are refused. */
  query: readonly (keyof Query)[];
  answer(call: RouteCall<Home>): Response;
}

/** A request that is signed in, within its limits and about something that exists. */
export interface RouteCall<Home extends Organization> {
  request: Request;
  /** The one that the path names, or the one of the group that the path names. */
  organization: Home;
  /** By the names in the route's path. */
  parameters: Record<string, string>;
  query: Query;
  /** How far `totalCount`, which Atlas calls an estimate, is off. */
  totalCountOffset: number;
  /** The time, in milliseconds. */
  now: number;
}

const flag = (otherwise: boolean) =>
  z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .default(otherwise);

const wholeNumber = (otherwise: number, largest: number) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(1).max(largest)).default(otherwise);

const queryParameters = z.object({
  envelope: flag(false),
  pretty: flag(false),
  includeCount: flag(true),
  itemsPerPage: wholeNumber(100, 500),
  pageNum: wholeNumber(1, 2 ** 31 - 1),
});

type Query = z.output<typeof queryParameters>;

/** The query parameters of a list, and those of a single resource. */
export const listQuery = ['envelope', 'pretty', 'includeCount', 'itemsPerPage', 'pageNum'] as const;
export const entityQuery = ['envelope', 'pretty'] as const;

/** A route's parameters in a path below the base, or `undefined` where the path is another's. */
export function matchPath(route: { path: string }, pathname: string): Record<string, string> | undefined {
  const pattern = route.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  const match = new RegExp(`^${pattern}$`).exec(pathname);
  return match ? (match.groups ?? {}) : undefined;
}

/** The query of a request, or the name of the first parameter that is unknown or has a wrong value. */
export function parseQuery({ searchParams }: URL, known: readonly string[]): Query | string {
  const unknown = [...searchParams.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) return unknown;
  const parsed = queryParameters.safeParse(Object.fromEntries(searchParams));
  return parsed.success ? parsed.data : String(parsed.error.issues[0]?.path[0]);
}

/** The JSON body of a request, or the error for one that is none or is not what the schema says. */
export function parseBody<Schema extends z.ZodType>(
  { headers, body }: Request,
  schema: Schema,
): { value: z.output<Schema> } | { error: Response } {
  // Assumed.
  if (!/^application\/([\w.-]+\+)?json\b/i.test(headers['content-type'] ?? ''))
    return { error: apiError(415, 'UNSUPPORTED_MEDIA_TYPE', 'The body must be declared to be JSON.') };
  let given: unknown;
  try {
    given = JSON.parse(body);
  } catch {
    return { error: apiError(400, 'INVALID_JSON', 'Received JSON does not match expected format.', []) };
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return { value: parsed.data };
  const [issue] = parsed.error.issues;
  if (!issue || (issue.path.length === 0 && issue.code !== 'unrecognized_keys'))
    return { error: apiError(400, 'INVALID_JSON', 'Received JSON does not match expected format.', []) };
  // The codes are Ops Manager's; that Atlas uses them here is assumed.
  const name = String(issue.code === 'unrecognized_keys' ? issue.keys[0] : issue.path[0]);
  const isMissing = issue.code === 'invalid_type' && !hasOwn(given, name);
  return {
    error: isMissing
      ? apiError(400, 'MISSING_ATTRIBUTE', `The required attribute ${name} was not specified.`, [name])
      : apiError(400, 'INVALID_ATTRIBUTE', `Invalid attribute ${name} specified.`, [name]),
  };
}

const hasOwn = (value: unknown, name: string): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name);

/** One page of a list, as the query asks for it. In an envelope a list takes the status in among its own names. */
export function page(
  all: unknown[],
  {
    request,
    query,
    totalCountOffset,
  }: Pick<RouteCall<Organization>, 'request' | 'query' | 'totalCountOffset'>,
): Response {
  const { envelope, pretty, includeCount, itemsPerPage, pageNum } = query;
  const start = (pageNum - 1) * itemsPerPage;
  const link = (rel: string, number: number) => {
    const href = new URL(request.url);
    href.search = new URLSearchParams({
      includeCount: String(includeCount),
      itemsPerPage: String(itemsPerPage),
      pageNum: String(number),
    }).toString();
    return { href: href.href, rel };
  };
  const body = {
    links: [
      link('self', pageNum),
      ...(pageNum > 1 ? [link('previous', pageNum - 1)] : []),
      ...(start + itemsPerPage < all.length ? [link('next', pageNum + 1)] : []),
    ],
    results: all.slice(start, start + itemsPerPage),
    ...(includeCount && { totalCount: Math.max(0, all.length + totalCountOffset) }),
    ...(envelope && { status: 200 }),
  };
  return { status: 200, body: JSON.stringify(body, null, pretty ? 2 : undefined) };
}

/** A single resource, as the query asks for it. In an envelope it is put beside the status, as `content`. */
export function entity(
  value: object,
  { query: { envelope, pretty } }: Pick<RouteCall<Organization>, 'query'>,
  status = 200,
): Response {
  const body = envelope ? { status, content: value } : value;
  return { status, body: JSON.stringify(body, null, pretty ? 2 : undefined) };
}

/** What a deletion answers. Assumed: an envelope makes no difference, there being nothing to put into it. */
export const noContent: Response = { status: 204 };
