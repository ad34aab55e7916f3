import type { Retry } from '../error-catalogue/entry.ts';
import { fill } from '../error-catalogue/fill.ts';
import type { Language, Words } from '../language.ts';
import { titleOf } from '../system-titles.ts';
import { bounded } from './bounded.ts';
import type { ProblemDetails } from './problem-details.ts';

/** What a kind of problem is called, what happened, and what to do about it. */
export interface ProblemText {
  title: string;
  message: string;
  remedy: string;
}

/** A kind of problem: all that is the same for every occurrence. Its texts have placeholders for the rest. */
export interface ProblemKind extends Readonly<Record<Language, ProblemText>> {
  readonly code: string;
  readonly status: number;
  readonly retry: Retry;
  /** Seconds to wait, where trying again may help and the upstream says nothing of how long. */
  readonly retryAfter?: number;
}

/** What fills the placeholders of a text, where it is not the same in every language. */
type Values = Readonly<Record<string, string | Words | undefined>>;

/** What an occurrence has of its own. `code` is the upstream's, where it gave one for this kind of problem. */
type Occurrence = Partial<
  Pick<
    ProblemDetails,
    | 'code'
    | 'status'
    | 'system'
    | 'retryable'
    | 'retryAfter'
    | 'parameters'
    | 'errors'
    | 'upstream'
    | 'warnings'
    | 'preview'
  >
>;

/** An error that a caller may see. Everything that Switchboard throws on purpose is one of these. */
export class Problem extends Error {
  readonly #kind: ProblemKind;
  readonly #values: Values;
  #occurrence: Occurrence;

  /** `values` fill the placeholders; `{system}` is there already where the occurrence names a system. */
  constructor(kind: ProblemKind, values: Values = {}, occurrence: Occurrence = {}, options?: ErrorOptions) {
    const { system } = occurrence;
    const filled = { ...(system !== undefined && { system: titleOf(system) }), ...values };
    super(fill(kind.en.message, said(filled, 'en')), options);
    this.name = occurrence.code ?? kind.code;
    this.#kind = kind;
    this.#values = filled;
    this.#occurrence = occurrence;
  }

  /** A problem that another function has told of, as it told it; in English where it told nothing else. */
  static of(
    { code, title, status, detail, remedy, retryable, ...occurrence }: ProblemDetails,
    portuguese: Pick<ProblemDetails, 'title' | 'detail' | 'remedy'> = { title, detail, remedy },
  ): Problem {
    const retry: Retry = retryable ? 'afterWaiting' : 'never';
    const kind: ProblemKind = {
      code,
      status,
      retry,
      en: { title, ...toldWhole },
      'pt-BR': { title: portuguese.title, ...toldWhole },
    };
    const values = {
      detail: { en: detail, 'pt-BR': portuguese.detail },
      remedy: { en: remedy, 'pt-BR': portuguese.remedy },
    };
    return new Problem(kind, values, occurrence);
  }

  /** Adds what the caller should know besides, a sentence in English. */
  warn(warning: string): void {
    this.#occurrence = { ...this.#occurrence, warnings: [...(this.#occurrence.warnings ?? []), warning] };
  }

  /** The problem in English, as it goes into logs. */
  get details(): ProblemDetails {
    return this.in('en');
  }

  /** The problem as it is told in a language. */
  in(language: Language): ProblemDetails {
    const { code, status, retry, retryAfter, [language]: text } = this.#kind;
    const { title, message, remedy } = text;
    const values = said(this.#values, language);
    return bounded({
      type: `/errors/${code}`,
      code,
      title,
      status,
      detail: fill(message, values),
      retryable: retry === 'afterWaiting',
      ...(retryAfter !== undefined && { retryAfter }),
      remedy: fill(remedy, values),
      ...this.#occurrence,
    });
  }

  /** The problem as the caller of one request gets it. */
  for(requestId: string, language: Language = 'en'): ProblemDetails {
    return { ...this.in(language), instance: `urn:uuid:${requestId}` };
  }
}

const toldWhole = { message: '{detail}', remedy: '{remedy}' };

const said = (values: Values, language: Language): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'object' ? value[language] : value,
    ]),
  );
