/** The moment by which one invocation must have answered. Times are in milliseconds. */
export class Deadline implements Disposable {
  readonly #left: () => number;
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  /** So many milliseconds from now; or what tells at any time how many are left, as Lambda does. */
  constructor(ms: number | (() => number)) {
    this.#left = typeof ms === 'number' ? countdown(ms) : ms;
    this.#watch();
  }

  /** Aborts when the time is up. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get passed(): boolean {
    return this.#abort.signal.aborted;
  }

  remaining(): number {
    return Math.max(0, this.#left());
  }

  /** An earlier deadline that leaves `ms` of this one for cleaning up, but never more than half of what is left. */
  before(ms: number): Deadline {
    const kept = Math.min(ms, this.remaining() / 2);
    return new Deadline(() => this.remaining() - kept);
  }

  /** The outcome of work that others share, or `late`'s error when the time is up first; the work goes on. */
  async race<T>(work: Promise<T>, late: () => Error): Promise<T> {
    // Where nobody waits for the work any more, its failure is nobody's.
    work.catch(() => {});
    if (this.passed) throw late();
    const { promise, reject } = Promise.withResolvers<never>();
    const abort = () => reject(late());
    this.signal.addEventListener('abort', abort, { once: true });
    try {
      return await Promise.race([work, promise]);
    } finally {
      this.signal.removeEventListener('abort', abort);
    }
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #watch(): void {
    const left = this.#left();
    if (left > 0) this.#timer = setTimeout(() => this.#watch(), left);
    else this.#abort.abort();
  }
}

function countdown(ms: number): () => number {
  const at = performance.now() + ms;
  return () => at - performance.now();
}
