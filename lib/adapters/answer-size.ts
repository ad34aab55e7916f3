import { answerTooLarge } from '../problems/call.ts';

/** Lambda hands on so many bytes of JSON, and ends in an error of its own above. */
const mostBytes = 6 * 1_024 * 1_024;

/** Throws a `Problem` where an answer is larger than what Lambda hands on. */
export function checkAnswerSize(answer: unknown): void {
  const bytes = Buffer.byteLength(JSON.stringify(answer) ?? '');
  if (bytes > mostBytes) throw answerTooLarge(bytes, mostBytes);
}
