import { fromJson } from '../json.ts';
import { bodyTooLarge, invalidInput } from '../problems/call.ts';
import { notTakable } from './takable.ts';

/** What an operation takes is far below: 500 ids, or the digests of 100 connections, are some 15 kB. */
export const mostBodyBytes = 256 * 1_024;

interface Payload {
  body: string;
  isBase64Encoded: boolean;
}

/**
 * The text of a request's body, without a byte order mark. Throws a `Problem` where it is too large, or is not UTF-8:
 * what could not be read has become U+FFFD, here or on the way, and would be written so.
 */
export function bodyText({ body, isBase64Encoded }: Payload): string {
  // Four characters of Base64 are three bytes.
  const bytes = isBase64Encoded ? Math.floor((body.length * 3) / 4) : Buffer.byteLength(body);
  if (bytes > mostBodyBytes) throw bodyTooLarge(mostBodyBytes);
  const text = (isBase64Encoded ? Buffer.from(body, 'base64').toString() : body).replace(/^\u{FEFF}/u, '');
  if (text.includes('\u{FFFD}'))
    throw invalidInput([{ field: 'body', detail: 'is not UTF-8, or has the character U+FFFD' }]);
  return text;
}

/** The JSON of a text. Nothing of it is ever quoted: there may be a password in it. */
export function bodyJson(text: string): unknown {
  const value = fromJson(text);
  if (value === undefined)
    throw invalidInput([{ field: 'body', detail: text === '' ? 'is required' : 'is not JSON' }]);
  const problem = notTakable(value);
  if (problem !== undefined) throw invalidInput([{ field: 'body', detail: problem }]);
  return value;
}
