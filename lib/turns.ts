import type { Deadline } from './deadline.ts';
import type { Problem } from './problems/problem.ts';

/** Lets work on one thing happen one after the other, in the order of asking. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does the work when all that asked before are done; throws the problem where the deadline passes first. */
  async take<T>(work: () => Promise<T>, late?: { deadline: Deadline; problem: () => Problem }): Promise<T> {
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const before = this.#last;
    this.#last = before.then(() => done);
    try {
      // Who asked before never rejects, so that nothing else can.
      if (late) await late.deadline.race(before).catch(() => Promise.reject(late.problem()));
      else await before;
      return await work();
    } finally {
      resolve();
    }
  }
}
