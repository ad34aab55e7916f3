/** One challenge of a `WWW-Authenticate` header (RFC 9110, section 11.3). */
export interface AuthChallenge {
  /** In lower case. */
  scheme: string;
  /** By their names in lower case; of one that comes twice, the first. */
  parameters: Map<string, string>;
}

const token = /[!#$%&'*+\-.^_`|~\dA-Za-z]+/y;
const separators = /[\s,]*/y;
const equals = /\s*=\s*/y;
const quoted = /"((?:[^"\\]|\\[\s\S]?)*)(?:"|$)/y;
// Base64 instead of parameters, as Negotiate has it: all there is up to the next comma.
const token68 = /[ \t]+[A-Za-z\d\-._~+/]+=*(?=[ \t]*(?:,|$))/y;
const unquoted = /[^\s,"]*/y;
const anything = /[\s\S]/y;

/** Reads one text piece by piece. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** What stands here, if it is that: its first group, or the whole. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [whole, group] = pattern.exec(this.#text) ?? [];
    if (whole !== undefined) this.#at += whole.length;
    return group ?? whole;
  }
}

/** All challenges of a `WWW-Authenticate` header, which may come several times and hold several each. */
export function challengesIn(header: string | string[] | undefined): AuthChallenge[] {
  return [header ?? []].flat().flatMap((line) => {
    const challenges: AuthChallenge[] = [];
    const reader = new Reader(line);
    for (reader.take(separators); !reader.isAtEnd; reader.take(separators)) {
      const name = reader.take(token)?.toLowerCase();
      if (name === undefined) {
        // Nothing that the grammar knows: it is passed over, and with it nothing else.
        reader.take(quoted) ?? reader.take(anything);
        continue;
      }
      if (reader.take(equals) === undefined) {
        challenges.push({ scheme: name, parameters: new Map() });
        reader.take(token68);
        continue;
      }
      const value = reader.take(quoted)?.replace(/\\([\s\S])/g, '$1') ?? reader.take(unquoted) ?? '';
      const parameters = challenges.at(-1)?.parameters;
      if (parameters && !parameters.has(name)) parameters.set(name, value);
    }
    return challenges;
  });
}

/** The parameters of a header that has no scheme, such as `Authentication-Info`. */
export const parametersIn = (header: string | undefined): Map<string, string> =>
  challengesIn(`any ${header ?? ''}`)[0]?.parameters ?? new Map();
