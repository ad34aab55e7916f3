const most = 10;
const retriesPerRequest = 0.1;

/**
 * How many retries a process may spend on one upstream: ten at first, and one more for every ten requests. An upstream
 * that stays down is then asked little more often than it would be without retries, and its callers soon get their
 * answer at the first failure.
 */
export class RetryBudget {
  #left = most;

  /** Is told of a request. */
  earn(): void {
    this.#left = Math.min(most, this.#left + retriesPerRequest);
  }

  /** Takes one retry; tells whether there was one left. */
  spend(): boolean {
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
