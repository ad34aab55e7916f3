import type { Words } from '../language.ts';
import { namedPath } from '../names.ts';
import { titleOf } from '../system-titles.ts';
import { Problem, type ProblemKind } from './problem.ts';
import type { ProblemDetails } from './problem-details.ts';

// The problems of a call as such, whatever it was for.

export const invalidInputKind: ProblemKind = {
  code: 'INVALID_INPUT',
  status: 400,
  retry: 'afterRequestChange',
  en: {
    title: 'Invalid input',
    message: 'The input is not valid ({errors}).',
    remedy: 'Correct the fields listed in errors and call again. Nothing was done.',
  },
  'pt-BR': {
    title: 'Entrada inválida',
    message: 'A entrada não é válida ({errors}).',
    remedy: 'Corrija os campos listados em errors e chame de novo. Nada foi feito.',
  },
};

/** The call's input is wrong; `errors` names each bad field, as far as one error can. */
export function invalidInput(errors: FieldErrors): Problem {
  const shown = shownFields(errors);
  return new Problem(invalidInputKind, { errors: listed(shown) }, { errors: shown });
}

type FieldErrors = NonNullable<ProblemDetails['errors']>;

/** Bad fields as one error names them: a few, and by names that somebody made up only where they look like names. */
export function shownFields(errors: FieldErrors): FieldErrors {
  const named = errors.slice(0, mostFields).map(({ field, detail }) => ({ field: namedPath(field), detail }));
  return errors.length > mostFields ? [...named, more] : named;
}

/** How many bad fields one error names: whoever sends thousands is not helped by thousands of answers. */
export const mostFields = 10;
const more = { field: '(more)', detail: 'more fields than these are not valid' };

/** Field errors as one line of text. */
export const listed = (errors: FieldErrors): string =>
  errors.map(({ field, detail }) => `${field}: ${detail}`).join('; ');

export const bodyTooLargeKind: ProblemKind = {
  code: 'BODY_TOO_LARGE',
  status: 413,
  retry: 'afterRequestChange',
  en: {
    title: 'Body too large',
    message: 'The body of the request is larger than {limit}. Nothing was done.',
    remedy: 'Send less at once. No operation takes anything that is as large.',
  },
  'pt-BR': {
    title: 'Corpo grande demais',
    message: 'O corpo da requisição é maior que {limit}. Nada foi feito.',
    remedy: 'Envie menos de cada vez. Nenhuma operação recebe algo tão grande.',
  },
};

/** The body was not even looked at. */
export const bodyTooLarge = (mostBytes: number): Problem =>
  new Problem(bodyTooLargeKind, { limit: `${mostBytes / 1_024} kB` });

export const answerTooLargeKind: ProblemKind = {
  code: 'ANSWER_TOO_LARGE',
  status: 500,
  retry: 'afterRequestChange',
  en: {
    title: 'Answer too large',
    message:
      'The operation has run, but its answer has {size}, and Lambda hands on {limit} at most. If it was a change, it is made.',
    remedy: 'Ask for less at once, with itemsPerPage and pageNum where the operation takes them.',
  },
  'pt-BR': {
    title: 'Resposta grande demais',
    message:
      'A operação foi executada, mas a resposta tem {size}, e o Lambda repassa no máximo {limit}. Se era uma mudança, ela foi feita.',
    remedy: 'Peça menos de cada vez, com itemsPerPage e pageNum onde a operação os aceita.',
  },
};

/** The work is done, but Lambda could not hand on what came of it. */
export const answerTooLarge = (bytes: number, mostBytes: number): Problem =>
  new Problem(answerTooLargeKind, { size: megabytes(bytes), limit: megabytes(mostBytes) });

const megabytes = (bytes: number): string => `${(bytes / 1_024 / 1_024).toFixed(1)} MB`;

export const deadlineExceededKind: ProblemKind = {
  code: 'DEADLINE_EXCEEDED',
  status: 504,
  retry: 'afterWaiting',
  retryAfter: 5,
  en: {
    title: 'Out of time',
    message: 'The time for this call ran out while waiting for {whom}.',
    remedy: 'Try again. If it stays, {whom} is slow or not reachable from here.',
  },
  'pt-BR': {
    title: 'Tempo esgotado',
    message: 'O tempo desta chamada acabou enquanto se esperava por {whom}.',
    remedy: 'Tente de novo. Se continuar, {whom} está lento ou não pode ser alcançado daqui.',
  },
};

/** The time for this call ran out while waiting for a system, or for something else by its name. */
export const deadlineExceeded = (system: string, service: string | Words = titleOf(system)): Problem =>
  new Problem(deadlineExceededKind, { whom: service }, { system });

export const internalErrorKind: ProblemKind = {
  code: 'INTERNAL_ERROR',
  status: 500,
  retry: 'never',
  en: {
    title: 'Internal error',
    message: 'Switchboard met an error that it did not expect.',
    remedy: 'Look up the request id of instance in the logs, and report it.',
  },
  'pt-BR': {
    title: 'Erro interno',
    message: 'O Switchboard encontrou um erro que não esperava.',
    remedy: 'Procure nos logs o id da requisição que está em instance, e relate o erro.',
  },
};

/** What was thrown, as a problem. What is none yet is a defect of ours; the log has what is known of it. */
export const problemOf = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem(internalErrorKind, {}, {}, { cause: error });
