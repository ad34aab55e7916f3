import type { CleanText } from './clean-text.ts';
import type { Secrets } from './secrets.ts';

/**
 * What somebody else has said: an upstream's body, the value of a header. It may repeat what was sent to it, secrets
 * included, so it is no text that could be shown: only the doors below lead out of it.
 */
export class ForeignText {
  readonly #raw: string;
  readonly #secrets: Secrets;
  /** What its JSON says, once somebody has asked: an answer is looked at for its kind and then for what it says. */
  #read: { value: unknown } | undefined;

  /** `secrets` are those that it may repeat. */
  constructor(raw: string, secrets: Secrets) {
    this.#raw = raw;
    this.#secrets = secrets;
  }

  /** What its JSON says, without secrets; `undefined` where it is not JSON. What a parser says would quote it. */
  json(): unknown {
    this.#read ??= { value: this.#cleanJson() };
    return this.#read.value;
  }

  #cleanJson(): unknown {
    try {
      return this.#secrets.cleanJson(this.#raw);
    } catch {
      return undefined;
    }
  }

  /** As text that can be shown. */
  clean(): CleanText {
    return this.#secrets.clean(this.#raw);
  }

  /** As it came: for what is acted on and never shown, such as challenges, cookies, tokens and times to wait. */
  forProtocol(): string {
    return this.#raw;
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return hidden;
  }
}

const hidden = '[foreign text]';
