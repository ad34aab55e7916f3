import type { Words } from '../language.ts';
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

/** The call's input is wrong; `errors` names each bad field. */
export const invalidInput = (errors: NonNullable<ProblemDetails['errors']>): Problem =>
  new Problem(invalidInputKind, { errors: listed(errors) }, { errors });

/** Field errors as one line of text. */
export const listed = (errors: NonNullable<ProblemDetails['errors']>): string =>
  errors.map(({ field, detail }) => `${field}: ${detail}`).join('; ');

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
