import type { Deadline } from './deadline.ts';

/** Lets work on one thing happen one after the other, in the order of asking. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does the work when all that asked before are done; rejects with `late`'s error where the deadline passes first. */
  async take<T>(work: () => Promise<T>, deadline: Deadline, late: () => Error): Promise<T> {
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const before = this.#last;
    this.#last = before.then(() => done);
    try {
      await deadline.race(before, late);
      return await work();
    } finally {
      resolve();
    }
  }
}
