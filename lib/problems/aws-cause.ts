import { nameOf } from '../foreign/cause.ts';
import type { CleanText } from '../foreign/clean-text.ts';
import type { Words } from '../language.ts';
import { faultOf } from '../upstream/faults.ts';
import { ProxyError } from '../upstream/proxy-error.ts';

// Why AWS gave no usable answer. Loaded when it gives none.

/** Why a service of AWS gave no usable answer: its own name for that or, where nothing came, words. */
export const awsCause = (error: unknown): Words | CleanText =>
  error instanceof Error && (outOfTime.has(error.name) || error.cause instanceof Error)
    ? unreached(error)
    : nameOf(error);

const outOfTime = new Set(['AbortError', 'TimeoutError']);

/** Why no answer came at all. */
export function unreached(error: unknown): Words {
  if (error instanceof Error && outOfTime.has(error.name)) return silent;
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof ProxyError)
      return {
        en: `the proxy ${cause.proxy}: ${cause.words.en}`,
        'pt-BR': `o proxy ${cause.proxy}: ${cause.words['pt-BR']}`,
      };
  return faultOf(error).words;
}

const silent = { en: 'it did not answer in time', 'pt-BR': 'ele não respondeu a tempo' };
