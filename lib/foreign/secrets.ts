import { levelsOf } from '../json.ts';
import { type CleanText, cleanText, redacted } from './clean-text.ts';
import { PlainText } from './decoded.ts';
import { allReadingsOf, Sought } from './sought.ts';
import { type Range, View } from './view.ts';

/** How many passing secrets are kept: an upstream's answer may repeat one that was good until just now. */
const mostPassing = 8;
/** Units of text that are shown of what somebody else says. */
const mostShown = 2_000;
/** Units of text beyond which what is to be shown is not even looked at. */
const mostLookedAt = 100_000;
/** Of a text that is longer, those that may be shown: a secret that is cut off where the looking ends begins behind. */
const mostKept = 50_000;

/**
 * What must not show in what an upstream says: the secrets of one connection or of one exchange, and those of the wider
 * ones that it is part of. Nobody else's text is cleaned of them.
 */
export class Secrets {
  readonly #wider: readonly Secrets[];
  readonly #own = new Map<string, Sought | undefined>();
  readonly #passing = new Set<string>();

  constructor(...wider: Secrets[]) {
    this.#wider = wider;
  }

  add(...values: string[]): void {
    for (const value of values) if (value !== '' && !this.#own.has(value)) this.#own.set(value, undefined);
  }

  has(value: string): boolean {
    return this.#own.has(value);
  }

  /** Adds one that others of its kind will follow, such as a token. The latest of them are kept. */
  addPassing(value: string): void {
    this.add(value);
    this.#passing.delete(value);
    this.#passing.add(value);
    const [oldest] = this.#passing;
    if (this.#passing.size <= mostPassing || oldest === undefined) return;
    this.#passing.delete(oldest);
    this.#own.delete(oldest);
  }

  /** The text without the secrets, and no longer than can be shown. */
  clean(text: string): CleanText {
    const isLong = text.length > mostLookedAt;
    const cleaned = this.#cleaned(text.slice(0, mostLookedAt), isLong ? mostKept : text.length);
    const isCut = isLong || cleaned.length > mostShown;
    return cleanText.parse(isCut ? `${cleaned.slice(0, mostShown)}…` : cleaned);
  }

  /** The value of a JSON text, without the secrets in its strings and in the names of its members. */
  cleanJson(json: string): unknown {
    const value: unknown = JSON.parse(json);
    return this.#areIn(json) ? this.#cleanedValue(value) : value;
  }

  /** Whether a text holds any of them. Quicker than to clean it. */
  #areIn(text: string): boolean {
    const all = [...this.#all()];
    for (const readings of allReadingsOf(new PlainText(text)))
      for (const sought of all) if (!sought.in(readings).next().done) return true;
    return false;
  }

  /** The text without the secrets, as far as it is to be kept. */
  #cleaned(text: string, kept: number = text.length): string {
    const all = [...this.#all()];
    const ranges: Range[] = [];
    for (const readings of allReadingsOf(View.of(text)))
      for (const sought of all)
        for (const [view, range] of sought.in(readings)) ranges.push(view.inText(range));
    const within = ranges.filter(([from]) => from < kept);
    return replaced(text.slice(0, kept), within).toWellFormed();
  }

  #cleanedValue(value: unknown): unknown {
    if (typeof value === 'string') return this.#cleaned(value);
    if (typeof value === 'number') return this.#cleaned(String(value)) === String(value) ? value : redacted;
    if (Array.isArray(value)) return value.map((part) => this.#cleanedValue(part));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [this.#cleaned(name), this.#cleanedValue(part)]),
    );
  }

  *#all(): Generator<Sought> {
    for (const [value, known] of this.#own) {
      const sought = known ?? new Sought(value);
      if (!known) this.#own.set(value, sought);
      yield sought;
    }
    for (const wider of this.#wider) yield* wider.#all();
  }
}

/** Whether something in a value, at any depth, was taken out of it: it is not what the upstream has. */
export function isCleaned(value: unknown): boolean {
  for (const level of levelsOf(value))
    if (level.some((part) => typeof part === 'string' && part.includes(redacted))) return true;
  return false;
}

function replaced(text: string, ranges: Range[]): string {
  let cleaned = '';
  let end = 0;
  for (const [from, to] of ranges.toSorted(([one], [other]) => one - other)) {
    if (to <= end) continue;
    if (from >= end) cleaned += `${text.slice(end, from)}${redacted}`;
    end = to;
  }
  return cleaned + text.slice(end);
}
