import * as z from 'zod';
import type { Request, Response } from '../listen.ts';
import { apiError } from './api-error.ts';
import type { Organization } from './world.ts';

/** One resource of the Admin API. */
export interface Route {
  method: string;
  /** Below `/api/atlas/v2`; each `{name}` stands for one segment. */
  path: string;
  /** The newest version of the resource, which also answers those who ask for a later date. */
  version: string;
  answer(call: RouteCall): Response;
}

/** A request that is signed in and within its limits. */
export interface RouteCall {
  request: Request;
  organization: Organization;
  /** By the names in the route's path. */
  parameters: Record<string, string>;
  /** How far `totalCount`, which Atlas calls an estimate, is off. */
  totalCountOffset: number;
}

/** A route's parameters in a path, or `undefined` where the path is another's. */
export function matchPath({ path }: Route, pathname: string): Record<string, string> | undefined {
  const pattern = path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return new RegExp(`^/api/atlas/v2${pattern}$`).exec(pathname)?.groups;
}

const flag = (otherwise: boolean) =>
  z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .default(otherwise);

const wholeNumber = (otherwise: number, largest: number) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(1).max(largest)).default(otherwise);

const presentation = { envelope: flag(false), pretty: flag(false) };

const listQuery = z.object({
  ...presentation,
  includeCount: flag(true),
  itemsPerPage: wholeNumber(100, 500),
  pageNum: wholeNumber(1, 2 ** 31 - 1),
});

/** One page of a list, as the query asks for it. */
export function page(all: unknown[], { request, totalCountOffset }: RouteCall): Response {
  const query = listQuery.safeParse(Object.fromEntries(request.url.searchParams));
  if (!query.success) {
    const name = String(query.error.issues[0]?.path[0]);
    return apiError(400, 'INVALID_QUERY_PARAMETER', `Invalid query parameter ${name} specified.`, [name]);
  }
  const { envelope, pretty, includeCount, itemsPerPage, pageNum } = query.data;
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
