import type * as z from 'zod';
import type { Call } from '../connections.ts';
import type { Authenticator, HttpClient } from '../upstream/http-client.ts';
import { parseJson } from '../upstream/json.ts';
import { atlasProblem, type Caller } from './problems.ts';

type Query = Record<string, string | number | boolean>;

/** The largest page that Atlas gives. */
const largestPage = 500;

const basePath = '/api/atlas/v2';
const accept = 'application/vnd.atlas.2024-08-05+json';

/** Atlas's Admin API v2 for one call. Paths are below `/api/atlas/v2`. */
export class AtlasClient {
  readonly #http: HttpClient;
  readonly #authenticator: Authenticator;
  readonly #caller: Caller;
  readonly #call: Call;

  constructor(http: HttpClient, authenticator: Authenticator, caller: Caller, call: Call) {
    this.#http = http;
    this.#authenticator = authenticator;
    this.#caller = { ...caller, role: call.role };
    this.#call = call;
  }

  /** Reads one resource or one page. Throws a `Problem` for anything but a 200 of the schema's shape. */
  async get<Schema extends z.ZodType>(path: string, query: Query, schema: Schema): Promise<z.output<Schema>> {
    const search = Object.entries(query).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
    const response = await this.#http.send(
      { method: 'GET', path: `${basePath}${path}?${search.join('&')}`, headers: { accept } },
      this.#call.deadline,
      this.#authenticator,
    );
    if (response.status !== 200) throw atlasProblem(response, this.#caller);
    return parseJson('atlas', response, schema);
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
}
