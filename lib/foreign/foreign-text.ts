import type { CleanText } from './clean-text.ts';
import type { Secrets } from './secrets.ts';

/**
 * What somebody else has said: an upstream's body, the value of a header. It may repeat what was sent to it, secrets
 * included, so it is no text that could be shown: only the doors below lead out of it.
 */
export class ForeignText {
  readonly #raw: string;
  readonly #secrets: Secrets;

  /** `secrets` are those that it may repeat. */
  constructor(raw: string, secrets: Secrets) {
    this.#raw = raw;
    this.#secrets = secrets;
  }

  /** What its JSON says, without secrets; `undefined` where it is not JSON. What a parser says would quote it. */
  json(): unknown {
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
