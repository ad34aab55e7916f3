/** The moment by which one invocation must have answered. Times are in milliseconds. */
export class Deadline implements Disposable {
  readonly #at: number;
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(ms: number) {
    this.#at = performance.now() + ms;
    this.#timer = setTimeout(() => this.#abort.abort(), Math.max(0, ms));
  }

  /** Aborts when the time is up. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get passed(): boolean {
    return this.#abort.signal.aborted;
  }

  remaining(): number {
    return Math.max(0, this.#at - performance.now());
  }

  /** An earlier deadline that leaves `ms` of this one for cleaning up, but never more than half of what is left. */
  before(ms: number): Deadline {
    return new Deadline(this.remaining() - Math.min(ms, this.remaining() / 2));
  }

  /** The outcome of work that others share, or a rejection when the time is up first; the work goes on. */
  async race<T>(work: Promise<T>): Promise<T> {
    // Where nobody waits for the work any more, its failure is nobody's.
    work.catch(() => {});
    this.signal.throwIfAborted();
    const late = Promise.withResolvers<never>();
    const abort = () => late.reject(this.signal.reason);
    this.signal.addEventListener('abort', abort, { once: true });
    try {
      return await Promise.race([work, late.promise]);
    } finally {
      this.signal.removeEventListener('abort', abort);
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
