import { AwsError } from './error.ts';

/** One page of a list, and the token of the next: the number of entries on the pages before it. */
export function pageOf<T>(
  entries: T[],
  size: number,
  token: string | undefined,
  refusal = 'ValidationException',
): [page: T[], next: string | undefined] {
  if (token !== undefined && !/^\d+$/.test(token)) throw new AwsError(refusal, 'The token is not valid.');
  const from = Number(token ?? 0);
  const end = from + size;
  return [entries.slice(from, end), end < entries.length ? String(end) : undefined];
}
