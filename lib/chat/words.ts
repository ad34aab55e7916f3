import { Misunderstood } from './misunderstood.ts';

/** One word of a command: `name=value`, or a value alone. What is in quotation marks may hold spaces. */
export interface Word {
  name?: string;
  value: string;
  /** Whether the value was in quotation marks, and so is text as it stands. */
  quoted: boolean;
}

// Keyboards, word processors and web pages make these of what is typed.
const double = '"“”„‟«»＂〝〞〟';
const single = "'‘’‚‛‹›＇";
const equals = '=＝﹦';
const space = String.raw`[^\S\uFEFF]|[\u0085\u2800]`;
const unseen = String.raw`[\p{Default_Ignorable_Code_Point}\p{Cf}\uFEFF]|(?![\s\u0085])\p{Cc}`;

const inQuotes = `[${double}]([^${double}]*)[${double}]|[${single}]([^${single}]*)[${single}]`;
const spaces = new RegExp(`(?:${space})+`, 'uy');
const word = new RegExp(
  `(?:((?:(?!${space})[^${double}${single}${equals}])+)[${equals}])?(?:${inQuotes}|((?:(?!${space})[^])+))?(?=${space}|$)`,
  'uy',
);
const unseenOutsideQuotes = new RegExp(`${inQuotes}|${unseen}`, 'gu');
const unseenAtTheEdges = new RegExp(`^(?:${unseen})+|(?:${unseen})+$`, 'gu');
const unseenAnywhere = new RegExp(unseen, 'gu');

/**
 * The words of a command. Outside of quotation marks, what looks like plain letters is taken for plain letters; inside,
 * every character stays as it is, but for unseen ones at the edges. Throws `Misunderstood` where quotation marks do not
 * match.
 */
export function wordsOf(text: string): Word[] {
  const rest = asTyped(text.toWellFormed()).replace(
    unseenOutsideQuotes,
    (found: string, inDouble?: string, inSingle?: string) =>
      (inDouble ?? inSingle) === undefined ? '' : found,
  );
  const words: Word[] = [];
  const skipSpaces = (at: number) => {
    spaces.lastIndex = at;
    return spaces.test(rest) ? spaces.lastIndex : at;
  };
  for (let at = skipSpaces(0); at < rest.length; ) {
    word.lastIndex = at;
    const [whole = '', name, inDouble, inSingle, bare = ''] = word.exec(rest) ?? [];
    if (whole === '' || new RegExp(`^[${double}${single}]`).test(bare))
      throw new Misunderstood(`The quotation marks in “${shortened(rest.slice(at))}” do not match.`);
    const quotedValue = (inDouble ?? inSingle)?.replace(unseenAtTheEdges, '');
    const value = quotedValue ?? plain(bare);
    const plainName = name === undefined ? undefined : plain(name).replace(/^-+/, '');
    const isNothing = plainName === undefined && quotedValue === undefined && value === '';
    if (!isNothing)
      words.push({
        ...(plainName !== undefined && { name: plainName }),
        value: plainName === undefined && quotedValue === undefined ? value.replace(/^--+/, '') : value,
        quoted: quotedValue !== undefined,
      });
    at = skipSpaces(at + whole.length);
  }
  return words;
}

/** The text before Slack made links of addresses and names in it, and escaped what has a meaning to it. */
const asTyped = (text: string): string =>
  text
    .replace(/<(?:https?:|mailto:|tel:|[@#!])[^<>|]*\|([^<>|]*)>/g, '$1')
    .replace(/<((?:https?:|mailto:|tel:)[^<>|]*)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** Letters in their plain form, with nothing unseen between them, and with the hyphens that dashes were made of. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(unseenAnywhere, '')
    // Two hyphens become one long dash on many keyboards.
    .replace(/[—―⸺⸻]/g, '--')
    .replace(/[\p{Pd}−˗⁃➖]/gu, '-');

const mostShown = 80;

const shortened = (text: string): string =>
  text.length > mostShown ? `${text.slice(0, mostShown).toWellFormed()}…` : text;
