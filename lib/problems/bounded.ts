import { type CleanText, cleanText } from '../foreign/clean-text.ts';
import type { ProblemDetails } from './problem-details.ts';

/** Bytes of JSON, laid out for people, that a problem is kept below: with what goes around it, callers get 32 kB. */
const mostBytes = 30_000;

/** A problem short enough to be an answer, whatever went into it. A preview that is too large leaves its digest. */
export function bounded(problem: ProblemDetails): ProblemDetails {
  if (fits(problem)) return problem;
  const { preview, ...rest } = problem;
  const short = { ...rest, ...(preview !== undefined && { preview: withoutStates(preview) }) };
  return [short, cut(short, 2_000), cut(short, 400)].find(fits) ?? cut(short, 60);
}

const fits = (problem: ProblemDetails): boolean =>
  Buffer.byteLength(JSON.stringify(problem, null, 2)) <= mostBytes;

const leftOut = 'The states are left out here: they are too large for an error.';

function withoutStates(preview: unknown): object {
  const known = new Map(typeof preview === 'object' && preview !== null ? Object.entries(preview) : []);
  const kept = ['changed', 'dryRun', 'digest'].map((name) => [name, known.get(name)]);
  return { ...Object.fromEntries(kept), warnings: [leftOut] };
}

const mostEntries = 20;

function cut(problem: ProblemDetails, most: number): ProblemDetails {
  const text = (whole: string): string => (whole.length > most ? `${whole.slice(0, most)}…` : whole);
  const foreign = (whole: CleanText): CleanText => cleanText.parse(text(whole));
  const { code, detail, remedy, parameters, errors, upstream, warnings } = problem;
  return {
    ...problem,
    code: text(code),
    detail: text(detail),
    remedy: text(remedy),
    ...(parameters && {
      parameters: parameters
        .slice(0, mostEntries)
        .map((parameter) => (typeof parameter === 'string' ? foreign(parameter) : parameter)),
    }),
    ...(errors && {
      errors: errors
        .slice(0, mostEntries)
        .map(({ field, detail }) => ({ field: text(field), detail: text(detail) })),
    }),
    ...(warnings && { warnings: warnings.slice(0, mostEntries).map(text) }),
    ...(upstream && {
      upstream: {
        ...upstream,
        ...(upstream.errorCode && { errorCode: foreign(upstream.errorCode) }),
        ...(upstream.detail && { detail: foreign(upstream.detail) }),
      },
    }),
  };
}
