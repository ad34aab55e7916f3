import { layersOf, PlainText, type Readable } from './decoded.ts';
import { alphabetOf, runsOf } from './runs.ts';
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
const separator = String.raw`(?:[\s:.,;_-]|(?<!\\)\\+[rnt])`;
const betweenBytes = new RegExp(`${separator}+|0x`, 'gi');
const spacedByte = `[0-9a-f]{2}${separator}[ 0x]{0,3}`;
const spacedHex = new RegExp(`${spacedByte}(?:(?:${spacedByte}){2}|[0-9a-f]{4})`, 'i');
const betweenLines = /\s+|(?<!\\)\\+(?:[rnt]|(?=\/))/g;

// A good answer is long and holds nothing: looking for single characters in it is quicker than any pattern.
const hasOneOf = (characters: string[], text: string): boolean =>
  characters.some((one) => text.includes(one));
const foldable = ['\\', '+', '\0', '\n', '\r', '\t', '\f', '\v', '\b'];
const breaks = ['\\', '\n', '\r', '\t', ' '];

// Hexadecimal and base64 are long runs of few characters, which are rare in what is no such thing.
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const hexDigits = '0123456789abcdefABCDEF';
const inHex = alphabetOf(hexDigits);
const inSpacedHex = alphabetOf(`${hexDigits}xX \t\r\n:.,;_-\\rnt`);
const inBase64 = alphabetOf(`${letters}0123456789+/-_`);

/** Characters up to which a text is short, and those that the spaced hexadecimal of a connection's secret has at least. */
const short = 4_096;
const shortestSpacedHex = 17;

/** Whether a text may have spaced hexadecimal in it. */
function mayBeSpacedHex(text: string): boolean {
  if (text.length < short) return spacedHex.test(text);
  for (const [from, to] of runsOf(text, inSpacedHex, shortestSpacedHex))
    if (spacedHex.test(text.slice(from, to))) return true;
  return false;
}

/** One layer of a text as it is looked at for secrets as they are, in hexadecimal and in base64. */
export interface Readings<Text> {
  plain: Text;
  hex: Text;
  base64: Text;
}

const readingsOf = <Text extends Readable<Text>>(layer: Text): Readings<Text> => ({
  plain: hasOneOf(foldable, layer.text) ? layer.reading(folding, folded) : layer,
  hex: mayBeSpacedHex(layer.text) ? layer.reading(betweenBytes, nothing) : layer,
  base64: hasOneOf(breaks, layer.text) ? layer.reading(betweenLines, nothing) : layer,
});

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
  readonly #shortestHex: number;
  readonly #shortestBase64: number;

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
      bytes.toString('hex'),
    ]).map((text) => Buffer.from(text));
    // Others may write their bytes as Latin-1, or as UTF-16.
    if (/^[ -ÿ]*$/.test(wellFormed)) written.push(Buffer.from(wellFormed, 'latin1'));
    const utf16 = Buffer.from(secret, 'utf16le');
    written.push(utf16, Buffer.from(utf16).swap16());
    const long = bytes.length < fewestBytes ? [] : written;
    this.#hex = unique(long.map((bytes) => bytes.toString('hex')));
    this.#base64 = long.flatMap((bytes) => [0, 1, 2].flatMap((ahead) => base64Inside(bytes, ahead)));
    this.#shortestHex = Math.min(...this.#hex.map((form) => form.length));
    this.#shortestBase64 = Math.min(...this.#base64.map(({ form }) => form.length));
  }

  /** Where it is in one of the readings. */
  *in<Text extends { text: string }>({ plain, hex, base64 }: Readings<Text>): Generator<[Text, Range]> {
    for (const form of this.#plain)
      for (const at of placesOf(form, plain.text)) yield [plain, [at, at + form.length]];
    for (const [from, to] of runsOf(hex.text, inHex, this.#shortestHex)) {
      const run = hex.text.slice(from, to).toLowerCase();
      for (const form of this.#hex)
        for (const at of placesOf(form, run)) yield [hex, [from + at, from + at + form.length]];
    }
    for (const [from, to] of runsOf(base64.text, inBase64, this.#shortestBase64)) {
      const run = base64.text.slice(from, to);
      for (const { form, before, after } of this.#base64)
        for (const at of placesOf(form, run)) {
          const start = Math.max(0, from + at - before);
          yield [base64, [start, Math.min(base64.text.length, from + at + form.length + after)]];
        }
    }
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

function* placesOf(form: string, text: string): Generator<number> {
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) yield at;
}
