import type { CatalogueError } from '../error-catalogue/catalogue.ts';
import { categoryTitles } from '../error-catalogue/category.ts';
import { parametersByName } from '../error-catalogue/parameters.ts';
import { Secrets } from '../foreign/secrets.ts';
import type { Language } from '../language.ts';
import { Problem, type ProblemKind, type ProblemText } from '../problems/problem.ts';
import type { ProblemDetails } from '../problems/problem-details.ts';
import { CredentialsRefused, kindByStatus } from '../problems/upstream.ts';
import { titleOf } from '../system-titles.ts';
import { singleHeader, type UpstreamResponse } from '../upstream/http-client.ts';
import { parseRetryAfter } from '../upstream/retry.ts';
import { type ApiError, apiErrorOf } from './api-error.ts';

/** Whose request it was; the words for it go into the remedies. */
export interface Caller {
  system: 'atlas' | 'opsManager';
  connectionName: string;
  principal: 'service account' | 'API key';
  /** The role that the operation needs; absent while signing in. */
  role?: string;
}

type Upstream = NonNullable<ProblemDetails['upstream']>;

/** What the upstream answered, for the problem that is made of it. */
export function upstreamOf({ status, during }: UpstreamResponse, error: ApiError | undefined): Upstream {
  return {
    status,
    ...(error && { errorCode: error.errorCode }),
    ...(error?.detail && { detail: error.detail }),
    ...(during && { during }),
  };
}

/** Kinds for codes that a system knows more about than their status or the catalogue says. */
export type SpecialKinds = Record<
  string,
  (error: ApiError) => { kind: ProblemKind; values?: Record<string, string | undefined> }
>;

/**
 * The problem that an answer other than success amounts to.
 *
 * The HTTP status decides and `errorCode` only refines: Atlas answers 401, and even 404, with UNEXPECTED_ERROR.
 * Codes of the catalogue speak for themselves; others are carried through with the upstream's text and what their
 * status means. None can pass for one of our own, `INTERNAL_ERROR` for one.
 */
export async function apiProblem(
  response: UpstreamResponse,
  caller: Caller,
  special: SpecialKinds = {},
): Promise<Problem> {
  const { status } = response;
  const { system, connectionName: connection, principal, role } = caller;
  const error = apiErrorOf(response);
  // Its name says nothing, and it comes with any status. What the catalogue adds is where the log of an Ops Manager is.
  const vague = error?.errorCode === 'UNEXPECTED_ERROR' && (status < 500 || system === 'atlas');
  const known = error && !vague ? await findError(error.errorCode) : undefined;
  const shown = error && known?.parameters.includes('key') ? withoutKey(error) : error;
  const upstream = upstreamOf(response, shown);
  const ofCatalogue = known && kindOf(known, system);
  if (status === 401 && known?.category !== 'authorization')
    return new CredentialsRefused(system, connection, upstream, role, ofCatalogue);

  const found =
    error && Object.hasOwn(special, error.errorCode) ? special[error.errorCode]?.(error) : undefined;
  const kind = found?.kind ?? ofCatalogue ?? kindByStatus(status);
  const { parameters, badRequestDetail } = shown ?? {};
  const values = {
    connection,
    principal,
    role,
    said: shown?.detail ?? undefined,
    upstreamStatus: String(status),
  };
  return new Problem(
    kind,
    { ...values, ...(known && valuesOf(known, error?.parameters)), ...found?.values },
    {
      system,
      upstream,
      status: ourStatus(status),
      ...(error && !vague && (known || (await isTheirs(error.errorCode))) && { code: error.errorCode }),
      ...(parameters && parameters.length > 0 && { parameters }),
      ...(badRequestDetail && {
        errors: badRequestDetail.fields.map(({ field, description }) => ({ field, detail: description })),
      }),
      ...(kind.retry === 'afterWaiting' && { retryAfter: secondsToWait(response) }),
    },
  );
}

/** An API key, even one that finds nothing here, may open another door. */
function withoutKey({ parameters, detail, ...error }: ApiError): ApiError {
  const secrets = new Secrets();
  secrets.add(...(parameters ?? []).map(String));
  return {
    ...error,
    ...(detail && { detail: secrets.clean(detail) }),
    ...(parameters && { parameters: parameters.map((parameter) => secrets.clean(String(parameter))) }),
  };
}

/** What the caller gets: our credentials and our API version are not the caller's fault. */
function ourStatus(status: number): number {
  if ([400, 402, 404, 409, 429, 503].includes(status)) return status;
  return 502;
}

/** The catalogue is loaded when the first error is met: it is larger than all that a good call needs. */
async function findError(code: string): Promise<CatalogueError | undefined> {
  const catalogue = await import('../error-catalogue/catalogue.ts');
  return catalogue.findError(code);
}

/** Whether a code that the catalogue does not have can stand as one: it looks like a code, and means nothing of ours. */
async function isTheirs(code: string): Promise<boolean> {
  if (!/^[A-Z][A-Z\d_]{0,99}$/.test(code)) return false;
  const { generalKinds } = await import('../problems/general-kinds.ts');
  return generalKinds.every((kind) => kind.code !== code);
}

/** The catalogue's own kind of problem. What the upstream gave has names of its own there: see `valuesOf`. */
function kindOf(error: CatalogueError, system: Caller['system']): ProblemKind {
  // The catalogue is Ops Manager's. Atlas has these codes from it, and is to be called by its own name.
  const named = (text: string) => text.replaceAll('Ops Manager', titleOf(system));
  const text = (language: Language): ProblemText => {
    const { message, remedy } = error[language];
    return {
      title: categoryTitles[error.category][language],
      message: named(message).replace(/\{(\w+)\}/g, (_placeholder, name) => `{${given(name)}}`),
      remedy: named(remedy) + (whose[error.category]?.[language] ?? ''),
    };
  };
  const status = error.status === 'unknown' ? 400 : error.status;
  return { code: error.code, status, retry: error.retry, en: text('en'), 'pt-BR': text('pt-BR') };
}

/** The upstream's parameters by name; a parameter may be called what we have a word of our own for. */
const valuesOf = (
  error: CatalogueError,
  parameters: ApiError['parameters'],
): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(parametersByName(error, parameters)).map(([name, value]) => [given(name), value]),
  );

const given = (name: string): string => `given_${name}`;

// The catalogue says "you" to whoever signs in, which here is a connection.
const whose: Partial<Record<CatalogueError['category'], Record<Language, string>>> = {
  authentication: {
    en: ' The credentials are those of connection {connection} (in secret {secretId}); new ones are used at once.',
    'pt-BR':
      ' As credenciais são as da conexão {connection} (no segredo {secretId}); as novas valem na hora.',
  },
  authorization: {
    en: ' This call was made with connection {connection} ({principal}; what it needs: {role}).',
    'pt-BR': ' Esta chamada foi feita com a conexão {connection} ({principal}; o que ela exige: {role}).',
  },
};

// Atlas has sent 0, and sometimes sends nothing; its own advice is to start from 10 seconds then.
function secondsToWait(response: UpstreamResponse): number {
  return (
    Math.ceil((parseRetryAfter(singleHeader(response, 'retry-after')?.forProtocol()) ?? 0) / 1_000) || 10
  );
}
