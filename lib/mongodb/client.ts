import type * as z from 'zod';
import type { Call } from '../connections.ts';
import type { Language } from '../language.ts';
import { type Read, readEntries, type Shown, type ShownList, unreadWarnings } from '../lenient.ts';
import { titleOf } from '../system-titles.ts';
import type {
  Authenticator,
  HttpClient,
  UpstreamRequest,
  UpstreamResponse,
} from '../upstream/http-client.ts';
import { parseJson } from '../upstream/json.ts';
import { allPages, onePage, type PageQuery, rawPage } from './pages.ts';
import { apiProblem, type Caller, type SpecialKinds } from './problems.ts';

interface ListQuery extends PageQuery {
  all: boolean;
}

/** Every entry of a list, as far as each can be read. */
export interface WholeList<Entry> {
  entries: Read<Entry>[];
  warnings: string[];
}

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

  /** Reads one resource. Throws a `Problem` for anything but a 200 of the schema's shape. */
  async get<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
    const response = await this.#send({ method: 'GET', path });
    if (response.status !== 200) throw await this.problem(response);
    return parseJson(this.#dialect.system, response, schema);
  }

  /** Reads a page of a list or, with `all`, every entry: as an operation that shows them answers it. */
  async list<Entry extends z.ZodObject>(
    path: string,
    { all, ...query }: ListQuery,
    kind: Shown<Entry>,
  ): Promise<ShownList<z.output<Entry>>> {
    const read = this.#pageOf(path);
    const title = titleOf(this.system);
    const pages = all ? await allPages(title, read) : await onePage(title, query, read);
    const entries = readEntries(kind, pages.results);
    const warnings = [...pages.warnings, ...unreadWarnings(kind, entries)];
    const totalCount = all && pages.warnings.length === 0 ? entries.length : pages.totalCount;
    return {
      results: entries.map(({ entry }) => entry),
      ...(query.includeCount && totalCount !== undefined && { totalCount }),
      ...(warnings.length > 0 && { warnings }),
    };
  }

  /** Reads every entry of a list, for an operation that does more than show them. */
  async getAll<Entry extends z.ZodObject>(
    path: string,
    kind: Shown<Entry>,
  ): Promise<WholeList<z.output<Entry>>> {
    const { results, warnings } = await allPages(titleOf(this.system), this.#pageOf(path));
    return { entries: readEntries(kind, results), warnings };
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

  #pageOf(path: string) {
    return ({ includeCount, itemsPerPage, pageNum }: PageQuery) =>
      this.get(
        `${path}?includeCount=${includeCount}&itemsPerPage=${itemsPerPage}&pageNum=${pageNum}`,
        rawPage,
      );
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
