import { Misunderstood } from './misunderstood.ts';

/** One word of a command: `name=value`, or a value alone. What is in quotation marks may hold spaces. */
export interface Word {
  name?: string;
  value: string;
  /** Whether the value was in quotation marks, and so is text as it stands. */
  quoted: boolean;
}

// Slack's own escapes in the text of a command, and the quotation marks that keyboards make of plain ones.
const unescaped = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/[“”„]/g, '"')
    .replace(/[‘’]/g, "'");

const word = /(?:([^\s=“"']+)=)?(?:"([^"]*)"|'([^']*)'|(\S+))?(?=\s|$)/y;

/** The words of a command. Throws `Misunderstood` where quotation marks do not match. */
export function wordsOf(text: string): Word[] {
  const rest = unescaped(text).trim();
  const words: Word[] = [];
  for (let at = 0; at < rest.length; ) {
    word.lastIndex = at;
    const found = word.exec(rest);
    const [whole = '', name, double, single, bare = ''] = found ?? [];
    if (whole === '' || /^["']/.test(bare))
      throw new Misunderstood(`The quotation marks in “${rest.slice(at)}” do not match.`);
    const quotedValue = double ?? single;
    words.push({
      ...(name !== undefined && { name }),
      value: quotedValue ?? bare,
      quoted: quotedValue !== undefined,
    });
    at += whole.length;
    while (/\s/.test(rest[at] ?? '')) at++;
  }
  return words;
}
