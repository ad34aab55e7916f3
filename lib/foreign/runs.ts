import type { Range } from './view.ts';

/** Which characters a run is made of, by their code. */
export type Alphabet = Uint8Array;

export function alphabetOf(characters: string): Alphabet {
  const alphabet = new Uint8Array(128);
  for (const one of characters) alphabet[one.charCodeAt(0)] = 1;
  return alphabet;
}

/**
 * Where a text has runs of an alphabet that are long enough. Of a text that has none, only every so many characters are
 * looked at.
 */
export function* runsOf(text: string, alphabet: Alphabet, shortest: number): Generator<Range> {
  const isIn = (at: number): boolean => alphabet[text.charCodeAt(at)] === 1;
  let end = 0;
  let at = shortest - 1;
  while (at < text.length) {
    let from = at + 1;
    while (from > end && isIn(from - 1)) from--;
    if (at + 1 - from < shortest) {
      at = from + shortest - 1;
      continue;
    }
    end = at + 1;
    while (end < text.length && isIn(end)) end++;
    yield [from, end];
    at = end + shortest;
  }
}
