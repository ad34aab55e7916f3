import type { ReviewedEntry } from './entry.ts';

/** The entries of one list, to measure one of them against the others. */
export class Peers {
  readonly #entries: ReviewedEntry[];
  readonly #isSound: (entry: ReviewedEntry) => boolean;

  /** A sound entry is one that there is no reason of its own to remove. */
  constructor(entries: ReviewedEntry[], isSound: (entry: ReviewedEntry) => boolean) {
    this.#entries = entries;
    this.#isSound = isSound;
  }

  /** Of the entries that a condition holds for, the one to keep: a sound one, the widest, the latest used. */
  best(condition: (entry: ReviewedEntry) => boolean): ReviewedEntry | undefined {
    return this.#entries
      .filter(condition)
      .toSorted(
        (a, b) =>
          Number(this.#isSound(b)) - Number(this.#isSound(a)) ||
          a.range.prefix - b.range.prefix ||
          lastUse(b) - lastUse(a),
      )[0];
  }

  /** What to add after naming an entry that may have to go as well. */
  caveat(entry: ReviewedEntry): string {
    return this.#isSound(entry) ? '' : ', which has findings of its own';
  }
}

const lastUse = ({ lastUsedAt }: ReviewedEntry): number => (lastUsedAt ? Date.parse(lastUsedAt) : 0);
