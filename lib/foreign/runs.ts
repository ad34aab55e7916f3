import type { Range } from './view.ts';

/** Which characters a run is made of, by their code. */
export type Alphabet = Uint8Array;

export function alphabetOf(characters: string): Alphabet {
  const alphabet = new Uint8Array(128);
  for (const one of characters) alphabet[one.charCodeAt(0)] = 1;
  return alphabet;
}

/** Where the next run begins that is long enough; of a text without one, only every so many characters are looked at. */
function nextRun(text: string, alphabet: Alphabet, shortest: number, start: number): number | undefined {
  let at = start + shortest - 1;
  while (at < text.length) {
    let from = at + 1;
    while (from > start && alphabet[text.charCodeAt(from - 1)] === 1) from--;
    if (at + 1 - from === shortest) return from;
    at = from + shortest - 1;
  }
  return undefined;
}

/** Where a text has runs of an alphabet that are long enough. */
export function* runsOf(text: string, alphabet: Alphabet, shortest: number): Generator<Range> {
  let end = 0;
  for (;;) {
    const from = nextRun(text, alphabet, shortest, end);
    if (from === undefined) return;
    end = from + shortest;
    while (end < text.length && alphabet[text.charCodeAt(end)] === 1) end++;
    yield [from, end];
  }
}
