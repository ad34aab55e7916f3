import { Problem, type ProblemKind } from './problem.ts';

// The problems of a change: what it was worked out from, and what it needs before it is made.

export const stateMovedKind: ProblemKind = {
  code: 'STATE_MOVED',
  status: 409,
  retry: 'afterWaiting',
  retryAfter: 5,
  en: {
    title: 'State moved',
    message: 'What this change was worked out from did not stay as it was ({what}). Nothing was changed.',
    remedy: 'Try again. If it stays, find out who or what else keeps changing the same configuration.',
  },
  'pt-BR': {
    title: 'Estado mudou',
    message: 'O estado de onde esta mudança partiu não ficou como estava ({what}). Nada foi mudado.',
    remedy: 'Tente de novo. Se continuar, descubra quem ou o que mais muda a mesma configuração.',
  },
};

/** Somebody changed, between our read and our write, what a change was worked out from. It was not made. */
export class StateMoved extends Problem {
  constructor(system: string, what: string) {
    super(stateMovedKind, { what }, { system });
  }
}

export const planStaleKind: ProblemKind = {
  code: 'PLAN_STALE',
  status: 409,
  retry: 'afterRequestChange',
  en: {
    title: 'Plan out of date',
    message: 'The state is no longer the one that the dry run showed. Nothing was changed.',
    remedy: 'Look at preview: it shows what the change would do now. To make it, call again with its digest.',
  },
  'pt-BR': {
    title: 'Plano desatualizado',
    message: 'O estado já não é o que a simulação mostrou. Nada foi mudado.',
    remedy:
      'Veja preview: mostra o que a mudança faria agora. Para fazê-la, chame de novo com o digest de lá.',
  },
};

/** The caller's digest is of another state than the present one. `preview` is what the change would do now. */
export const planStale = (system: string, preview: unknown): Problem =>
  new Problem(planStaleKind, {}, { system, preview });

export const confirmationRequiredKind: ProblemKind = {
  code: 'CONFIRMATION_REQUIRED',
  status: 428,
  retry: 'afterRequestChange',
  en: {
    title: 'Confirmation required',
    message: 'This cannot be undone, and it was not confirmed: {what} ({field} {value}). Nothing was done.',
    remedy: 'To go ahead, call again with confirm={value}.',
  },
  'pt-BR': {
    title: 'Confirmação necessária',
    message: 'Isto não pode ser desfeito, e não foi confirmado: {what} ({field} {value}). Nada foi feito.',
    remedy: 'Para prosseguir, chame de novo com confirm={value}.',
  },
};

/** What cannot be undone was asked for without its confirmation: the value of the argument `field`, repeated. */
export const confirmationRequired = (
  system: string,
  what: string,
  { field, value, preview }: { field: string; value: string; preview: unknown },
): Problem => new Problem(confirmationRequiredKind, { what, field, value }, { system, preview });
