import { layersOf, PlainText, type Readable } from './decoded.ts';
import type { Range } from './view.ts';

/** Bytes of a secret below which its hexadecimal or base64 would be found everywhere. */
const fewestBytes = 4;

// A form writes a space as a plus sign. Backslashes come and go as one text is quoted in another, and a line break is one
// before an n. UTF-16 that is taken for UTF-8 has zeros between its letters.
const folding = /[+\\\0\n\r\t\f\v\b]/g;
const folds: Record<string, string> = {
  '+': ' ',
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
  '\f': 'f',
  '\v': 'v',
  '\b': 'b',
};
const folded = (character: string): string => folds[character] ?? '';
const nothing = (): string => '';

// What may stand between the bytes of hexadecimal, and inside of base64 that is broken into lines.
const betweenBytes = /[\s:.,;_-]+|0x/gi;
const spacedHex = /[0-9a-f]{2}[\s:.,;_-][ 0x]{0,3}(?:(?:[0-9a-f]{2}[\s:.,;_-][ 0x]{0,3}){2}|[0-9a-f]{4})/i;
const betweenLines = /\s+|(?<!\\)\\+(?:[rnt]|(?=\/))/g;

// A good answer is long and holds nothing: looking for single characters in it is quicker than any pattern.
const hasOneOf = (characters: string[], text: string): boolean =>
  characters.some((one) => text.includes(one));
const foldable = ['\\', '+', '\0', '\n', '\r', '\t', '\f', '\v', '\b'];
const breaks = ['\\', '\n', '\r', '\t', ' '];

/** Characters up to which a text is short, and those that the hexadecimal of the shortest secret has at least. */
const short = 4_096;
const shortestHex = 17;
const inHex = new Set(Array.from('0123456789abcdefABCDEFx \t\r\n:.,;_-', (one) => one.charCodeAt(0)));

/** Whether a text may have spaced hexadecimal in it: long runs of what that is made of are rare in a long text. */
function mayBeSpacedHex(text: string): boolean {
  if (text.length < short) return spacedHex.test(text);
  for (let at = shortestHex - 1; at < text.length; at += shortestHex) {
    let from = at;
    while (from > at - shortestHex && inHex.has(text.charCodeAt(from))) from--;
    // The next run that is long enough begins behind what was found.
    if (from > at - shortestHex) at = from;
    else return spacedHex.test(text);
  }
  return false;
}

/** One layer of a text as it is looked at for secrets as they are, in hexadecimal and in base64. */
export interface Readings<Text> {
  plain: Text;
  hex: Text;
  /** What `hex` says, in lower case. */
  lower: string;
  base64: Text;
}

function readingsOf<Text extends Readable<Text>>(layer: Text): Readings<Text> {
  const hex = mayBeSpacedHex(layer.text) ? layer.reading(betweenBytes, nothing) : layer;
  return {
    plain: hasOneOf(foldable, layer.text) ? layer.reading(folding, folded) : layer,
    hex,
    lower: hex.text.toLowerCase(),
    base64: hasOneOf(breaks, layer.text) ? layer.reading(betweenLines, nothing) : layer,
  };
}

/** All that a text may be read as. */
export function* allReadingsOf<Text extends Readable<Text>>(text: Text): Generator<Readings<Text>> {
  for (const layer of layersOf(text)) yield readingsOf(layer);
}

/** Units of a secret's beginning that are looked for where its end may be read together with what follows. */
const fewestUnits = 4;
const openEnd = /(?:%(?:25)*[0-9a-f]?|&(?:amp;)*[#\w]*)$/i;

/** What is looked for to find one secret in whatever form. */
export class Sought {
  /** As it is, and as it reads when all that could be an escape in it is taken for one. */
  readonly #plain: string[];
  /** In lower case. */
  readonly #hex: string[];
  readonly #base64: Base64[];

  constructor(secret: string) {
    const wellFormed = secret.toWellFormed();
    const begun = wellFormed.replace(openEnd, '');
    const misread = Buffer.from(wellFormed).toString('latin1');
    const whole = [secret, wellFormed, misread, ...(begun.length < fewestUnits ? [] : [begun])];
    const layers = whole.flatMap((text) => [...layersOf(new PlainText(text))]);
    this.#plain = unique(layers.map(({ text }) => text.replace(folding, folded)));
    const bytes = Buffer.from(wellFormed);
    const written = unique([
      wellFormed,
      JSON.stringify(wellFormed).slice(1, -1),
      encodeURIComponent(wellFormed),
      encodeURIComponent(wellFormed).replaceAll('%20', '+'),
      bytes.toString('base64').replace(/=+$/, ''),
      bytes.toString('base64url'),
    ]).map((text) => Buffer.from(text));
    // Others may write their bytes as Latin-1, or as UTF-16.
    if (/^[ -ÿ]*$/.test(wellFormed)) written.push(Buffer.from(wellFormed, 'latin1'));
    const utf16 = Buffer.from(secret, 'utf16le');
    written.push(utf16, Buffer.from(utf16).swap16());
    const long = bytes.length < fewestBytes ? [] : written;
    this.#hex = unique(long.map((bytes) => bytes.toString('hex')));
    this.#base64 = long.flatMap((bytes) => [0, 1, 2].flatMap((ahead) => base64Inside(bytes, ahead)));
  }

  /** Where it is in one of the readings. */
  *in<Text extends { text: string }>({
    plain,
    hex,
    lower,
    base64,
  }: Readings<Text>): Generator<[Text, Range]> {
    for (const form of this.#plain) for (const range of found(form, plain.text)) yield [plain, range];
    for (const form of this.#hex) for (const range of found(form, lower)) yield [hex, range];
    const { text } = base64;
    for (const { form, before, after } of this.#base64)
      for (const [from, to] of found(form, text))
        yield [base64, [Math.max(0, from - before), Math.min(text.length, to + after)]];
  }
}

const unique = (texts: string[]): string[] => [...new Set(texts)].filter((text) => text !== '');

/** The characters of base64 that bytes decide alone, and how many beside them they decide in part. */
interface Base64 {
  form: string;
  before: number;
  after: number;
}

/** The base64 of bytes where so many others stand before them, in both alphabets. */
function base64Inside(bytes: Buffer, ahead: number): Base64[] {
  const base64 = Buffer.concat([Buffer.alloc(ahead), bytes]).toString('base64');
  const end = ahead + bytes.length;
  const form = base64.slice(Math.ceil((ahead * 8) / 6), Math.floor((end * 8) / 6));
  const forms = unique([form, form.replaceAll('+', '-').replaceAll('/', '_')]);
  return forms.map((form) => ({ form, before: ahead > 0 ? 1 : 0, after: end % 3 > 0 ? 1 : 0 }));
}

function* found(form: string, text: string): Generator<Range> {
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length))
    yield [at, at + form.length];
}
