import type * as z from 'zod';
import type { Call } from '../connections.ts';
import type { Language } from '../language.ts';
import type {
  Authenticator,
  HttpClient,
  UpstreamRequest,
  UpstreamResponse,
} from '../upstream/http-client.ts';
import { parseJson } from '../upstream/json.ts';
import { apiProblem, type Caller, type SpecialKinds } from './problems.ts';

type Query = Record<string, string | number | boolean>;

/** The largest page that Atlas and Ops Manager give. */
const largestPage = 500;

interface PageQuery {
  includeCount: boolean;
  itemsPerPage: number;
  pageNum: number;
}

interface ListQuery extends PageQuery {
  all: boolean;
}

// What only the answer's presentation is about stays here.
const pageQuery = ({ includeCount, itemsPerPage, pageNum }: PageQuery): Query => ({
  includeCount,
  itemsPerPage,
  pageNum,
});

/** Where the two Admin APIs differ. */
export interface Dialect {
  system: Caller['system'];
  basePath: string;
  /** The media type that names the version, where there is one. */
  accept: string;
  /** Kinds of problems for codes that only this system has. */
  special?: SpecialKinds;
}

/** The Admin API of Atlas or of Ops Manager for one call. Paths are below the dialect's base path. */
export class AdminClient {
  readonly system: Dialect['system'];
  readonly connectionName: string;
  readonly language: Language;
  /** Whether this may be another delivery of an event whose work is done already. */
  readonly mayBeRepeat: boolean;
  readonly #dialect: Dialect;
  readonly #http: HttpClient;
  readonly #authenticator: Authenticator;
  readonly #caller: Caller;
  readonly #call: Call;

  constructor(
    dialect: Dialect,
    http: HttpClient,
    authenticator: Authenticator,
    principal: Caller['principal'],
    call: Call,
  ) {
    const { connectionName, role } = call;
    this.system = dialect.system;
    this.connectionName = connectionName;
    this.language = call.language;
    this.mayBeRepeat = call.idempotencyKey !== undefined;
    this.#dialect = dialect;
    this.#http = http;
    this.#authenticator = authenticator;
    this.#caller = { system: dialect.system, connectionName, principal, role };
    this.#call = call;
  }

  /** Reads one resource or one page. Throws a `Problem` for anything but a 200 of the schema's shape. */
  async get<Schema extends z.ZodType>(path: string, query: Query, schema: Schema): Promise<z.output<Schema>> {
    const search = Object.entries(query).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
    const response = await this.#send({
      method: 'GET',
      path: search.length > 0 ? `${path}?${search.join('&')}` : path,
    });
    if (response.status !== 200) throw await this.problem(response);
    return parseJson(this.#dialect.system, response, schema);
  }

  /** Reads a page of a list or, with `all`, every entry. */
  async list<Entry>(
    path: string,
    { all, ...query }: ListQuery,
    page: z.ZodType<{ results: Entry[]; totalCount?: number | undefined }>,
  ): Promise<{ results: Entry[]; totalCount?: number | undefined }> {
    if (!all) return this.get(path, pageQuery(query), page);
    const results = await this.getAll(path, page);
    return { results, ...(query.includeCount && { totalCount: results.length }) };
  }

  /**
   * Reads a whole list in the fewest requests. A short page is the last: `totalCount` is only an estimate.
   */
  async getAll<Entry>(path: string, page: z.ZodType<{ results: Entry[] }>): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (let pageNum = 1; ; pageNum++) {
      const query = { includeCount: false, itemsPerPage: largestPage, pageNum };
      const { results } = await this.get(path, query, page);
      entries.push(...results);
      if (results.length < largestPage) return entries;
    }
  }

  /** Sets fields of a resource and leaves the others; repeating it does no harm. Throws as `get` does. */
  async patch<Schema extends z.ZodType>(
    path: string,
    fields: Record<string, unknown>,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const response = await this.#send({
      method: 'PATCH',
      path,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    });
    if (response.status !== 200) throw await this.problem(response);
    return parseJson(this.#dialect.system, response, schema);
  }

  /** Deletes a resource and answers what the upstream said: what a refusal means is for the operation to know. */
  async delete(path: string): Promise<UpstreamResponse> {
    return this.#send({ method: 'DELETE', path });
  }

  /** The problem that an answer amounts to. */
  problem(response: UpstreamResponse) {
    return apiProblem(response, this.#caller, this.#dialect.special);
  }

  #send(request: UpstreamRequest): Promise<UpstreamResponse> {
    const { basePath, accept } = this.#dialect;
    return this.#http.send(
      { ...request, path: `${basePath}${request.path}`, headers: { accept, ...request.headers } },
      this.#call.deadline,
      this.#authenticator,
    );
  }
}
