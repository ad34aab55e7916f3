import type { Words } from '../language.ts';

/** A proxy that the environment names did not let a connection through. */
export class ProxyError extends Error {
  readonly words: Words;
  readonly code: string;
  /** Its host and port. */
  readonly proxy: string;
  readonly passing: boolean;

  constructor(
    { words, code, proxy, passing }: Pick<ProxyError, 'words' | 'code' | 'proxy' | 'passing'>,
    options?: ErrorOptions,
  ) {
    super(`${proxy}: ${words.en}`, options);
    this.words = words;
    this.code = code;
    this.proxy = proxy;
    this.passing = passing;
  }
}
