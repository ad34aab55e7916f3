// A text as somebody sees who reads it differently, decoded for one, and which part of the text each part of it is.

/** A part of a text: from a position up to another one. */
export type Range = readonly [from: number, to: number];

/** A part of a view and the part of the text that it stands for: unit by unit, or only as a whole. */
interface Segment {
  at: number;
  from: number;
  to: number;
  isWhole: boolean;
}

export class View {
  readonly text: string;
  readonly #segments: Segment[];
  readonly #of: View | undefined;

  private constructor(text: string, segments: Segment[], of?: View) {
    this.text = text;
    this.#segments = segments;
    this.#of = of;
  }

  static of(text: string): View {
    return new View(text, [{ at: 0, from: 0, to: text.length, isWhole: false }]);
  }

  /** The view in which what matches a pattern reads otherwise. */
  reading(pattern: RegExp, otherwise: (match: string) => string): View {
    const segments: Segment[] = [];
    let text = '';
    let end = 0;
    for (const { 0: match, index } of this.text.matchAll(pattern)) {
      if (index > end) segments.push({ at: text.length, from: end, to: index, isWhole: false });
      text += this.text.slice(end, index);
      end = index + match.length;
      const read = otherwise(match);
      if (read !== '') segments.push({ at: text.length, from: index, to: end, isWhole: true });
      text += read;
    }
    if (end === 0) return this;
    segments.push({ at: text.length, from: end, to: this.text.length, isWhole: false });
    return new View(text + this.text.slice(end), segments, this);
  }

  /** The part of the text that a part of the view stands for. */
  inText([from, to]: Range): Range {
    const range: Range = [this.#positionOf(from, 'from'), this.#positionOf(to - 1, 'to')];
    return this.#of ? this.#of.inText(range) : range;
  }

  #positionOf(index: number, side: 'from' | 'to'): number {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#segments[middle]?.at ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    const segment = this.#segments[low];
    if (!segment) return index;
    if (segment.isWhole) return segment[side];
    return segment.from + index - segment.at + (side === 'to' ? 1 : 0);
  }
}
