import type { ReviewedEntry } from './entry.ts';
import { type IpRange, networkOf } from './ip-range.ts';

/** The entries of one list, to measure one of them against the others. */
export class Peers {
  readonly #isSound: (entry: ReviewedEntry) => boolean;
  /** The entries of each network, the one to keep first: a list may have many thousands. */
  readonly #networks: Map<string, ReviewedEntry[]>;
  readonly #prefixes = { 4: new Set<number>(), 6: new Set<number>() };

  /** A sound entry is one that there is no reason of its own to remove. */
  constructor(entries: ReviewedEntry[], isSound: (entry: ReviewedEntry) => boolean) {
    this.#isSound = isSound;
    this.#networks = Map.groupBy(entries, ({ range }) => networkOf(range, range.prefix));
    for (const same of this.#networks.values()) same.sort(this.#betterFirst);
    for (const { range } of entries) this.#prefixes[range.family].add(range.prefix);
  }

  /**
   * Of the entries that hold all of a range, and whose own is as wide as is asked for, the one to keep: a sound one, the
   * widest, the latest used.
   */
  best(
    range: IpRange,
    isWidth: (prefix: number) => boolean,
    except?: ReviewedEntry,
  ): ReviewedEntry | undefined {
    return [...this.#prefixes[range.family]]
      .filter((prefix) => prefix <= range.prefix && isWidth(prefix))
      .map((prefix) => this.#networks.get(networkOf(range, prefix))?.find((entry) => entry !== except))
      .filter((entry) => entry !== undefined)
      .toSorted(this.#betterFirst)[0];
  }

  /** What to add after naming an entry that may have to go as well. */
  caveat(entry: ReviewedEntry): string {
    return this.#isSound(entry) ? '' : ', which has findings of its own';
  }

  readonly #betterFirst = (a: ReviewedEntry, b: ReviewedEntry): number =>
    Number(this.#isSound(b)) - Number(this.#isSound(a)) ||
    a.range.prefix - b.range.prefix ||
    lastUse(b) - lastUse(a);
}

const lastUse = ({ lastUsedAt }: ReviewedEntry): number => (lastUsedAt ? Date.parse(lastUsedAt) : 0);
