import type { Answer, Response } from './listen.ts';

/** What can go wrong with any answer. */
export type Breakage =
  /** The connection breaks before a byte of the response. */
  | { reset: true }
  /** The request takes effect, and then the connection breaks before a byte of the response. */
  | { lost: true }
  /** Nothing comes until the client gives up. */
  | { silent: true }
  /** The request takes effect at once, and its true response comes when this has come about. */
  | { heldUntil: Promise<unknown> }
  /** A proxy's page with this status. */
  | { html: number }
  /** The true response, cut in the middle of its body. */
  | { truncated: true }
  /** The true response with another body; text is sent as it is. */
  | { body: unknown };

/** When a fault comes about. */
export interface FaultTiming {
  /** For how many requests: one unless given. */
  times?: number;
  /** How many requests to which it would apply pass before. */
  skip?: number;
  /** Is called when its request has come, before anything is answered. */
  reached?: () => void;
}

/** Faults that wait for their request: the first that applies is used up. */
export class FaultQueue<Fault extends FaultTiming> {
  readonly #waiting: { fault: Fault; left: number; toSkip: number }[] = [];

  add(fault: Fault): void {
    this.#waiting.push({ fault, left: fault.times ?? 1, toSkip: fault.skip ?? 0 });
  }

  clear(): void {
    this.#waiting.length = 0;
  }

  take(applies: (fault: Fault) => boolean): Fault | undefined {
    const index = this.#waiting.findIndex((waiting) => applies(waiting.fault) && --waiting.toSkip < 0);
    const found = this.#waiting[index];
    if (found && --found.left <= 0) this.#waiting.splice(index, 1);
    found?.fault.reached?.();
    return found?.fault;
  }
}

/** The answer that a breakage makes of the true one. */
export async function broken(breakage: Breakage, answer: () => Promise<Answer>): Promise<Answer> {
  if ('reset' in breakage) return 'reset';
  if ('silent' in breakage) return 'silence';
  if ('html' in breakage) return page(breakage.html);
  const real = await answer();
  if ('heldUntil' in breakage) await breakage.heldUntil;
  if ('lost' in breakage) return 'reset';
  if (typeof real === 'string') return real;
  if ('truncated' in breakage) return { ...real, body: real.body?.slice(0, real.body.length / 2) ?? '' };
  return 'body' in breakage ? { ...real, body: asText(breakage.body) } : real;
}

/** A body as it goes out: JSON, except for text. */
export const asText = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body));

const page = (status: number): Response => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: `<html><head><title>${status}</title></head><body><h1>Something went wrong</h1></body></html>\n`,
});
