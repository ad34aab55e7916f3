import { answerTooLarge } from '../problems/call.ts';

/** Lambda hands on so many bytes of JSON, and ends in an error of its own above. */
const mostBytes = 6 * 1_024 * 1_024;

/** Throws a `Problem` where an answer is larger than what Lambda hands on. */
export function checkAnswerSize(answer: unknown): void {
  const bytes = Buffer.byteLength(JSON.stringify(answer) ?? '');
  if (bytes > mostBytes) throw answerTooLarge(bytes, mostBytes);
}

/** Bytes of JSON that a character of a text takes at most, escaped as it may be. */
const mostPerCharacter = 6;
const mostOfHeaders = 10_000;

/** The same of a response: what is far below the limit is not written as JSON only to be measured. */
export function checkResponseSize(response: { body?: string | undefined }): void {
  const { body = '' } = response;
  if (body.length * mostPerCharacter + mostOfHeaders > mostBytes) checkAnswerSize(response);
}
