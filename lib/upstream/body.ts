import { isUtf8 } from 'node:buffer';
import type { Words } from '../language.ts';

/** A body as text, and why it cannot be trusted to be what was sent. */
export interface Body {
  text: string;
  unreadable?: Words;
}

/** The body of an answer as text. UTF-8 as it is stays here; what is compressed or written otherwise is rare. */
export async function bodyOf(
  bytes: Buffer,
  { encoding, type }: { encoding: string | undefined; type: string | undefined },
): Promise<Body> {
  const isPlain = encoding === undefined || /^\s*(identity)?\s*$/i.test(encoding) || bytes.length === 0;
  if (isPlain && isUtf8(bytes) && !/charset\s*=\s*"?utf-?(16|32)/i.test(type ?? ''))
    return { text: withoutMark(bytes.toString()) };
  const { decodedBody } = await import('./decoding.ts');
  return decodedBody(bytes, { encoding: isPlain ? '' : encoding, type: type ?? '' });
}

/** A text without the byte order mark that some put before JSON. */
export const withoutMark = (text: string): string => (text.startsWith('\u{feff}') ? text.slice(1) : text);
