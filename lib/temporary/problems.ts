import { Problem, type ProblemKind } from '../problems/problem.ts';

export const restoreNotArrangedKind: ProblemKind = {
  code: 'RESTORE_NOT_ARRANGED',
  status: 503,
  retry: 'afterWaiting',
  retryAfter: 30,
  en: {
    title: 'Putting back not arranged',
    message: 'It could not be arranged that the change is put back later. Nothing was changed.',
    remedy:
      'Try again shortly. If it stays, look at EventBridge Scheduler and at the rights of the function, or make the change without "for".',
  },
  'pt-BR': {
    title: 'Reversão não agendada',
    message: 'Não foi possível agendar a reversão da mudança. Nada foi mudado.',
    remedy:
      'Tente de novo em instantes. Se continuar, veja o EventBridge Scheduler e os direitos da função, ou faça a mudança sem "for".',
  },
};

/** EventBridge Scheduler does not take the schedule that would put a change back. */
export const restoreNotArranged = (system: string, cause?: unknown): Problem =>
  new Problem(restoreNotArrangedKind, {}, { system }, { cause });

export const temporaryUnreadableKind: ProblemKind = {
  code: 'TEMPORARY_UNREADABLE',
  status: 502,
  retry: 'afterSystemChange',
  en: {
    title: 'Temporary change unreadable',
    message:
      'Schedule {schedule} in group {group} of EventBridge Scheduler is not one that Switchboard could have made.',
    remedy:
      'Look at the schedule. Delete it if it is not from Switchboard: the group is for its changes only.',
  },
  'pt-BR': {
    title: 'Mudança temporária ilegível',
    message:
      'O agendamento {schedule} no grupo {group} do EventBridge Scheduler não é um que o Switchboard pudesse ter feito.',
    remedy: 'Veja o agendamento. Exclua-o se não for do Switchboard: o grupo é só para as mudanças dele.',
  },
};

/** Somebody else has put a schedule where temporary changes are kept. */
export const temporaryUnreadable = (group: string, schedule: string): Problem =>
  new Problem(temporaryUnreadableKind, { group, schedule });

export const restoreNotSupportedKind: ProblemKind = {
  code: 'RESTORE_NOT_SUPPORTED',
  status: 400,
  retry: 'afterRequestChange',
  en: {
    title: 'Nothing is put back here',
    message:
      'This Switchboard has nothing that would put the change back later, as one on a laptop with real connections. Nothing was changed.',
    remedy: 'Make the change without "for" and put it back yourself, or ask the Switchboard in AWS.',
  },
  'pt-BR': {
    title: 'Aqui nada é revertido',
    message:
      'Este Switchboard não tem quem reverta a mudança depois, como num laptop com conexões reais. Nada foi mudado.',
    remedy: 'Faça a mudança sem "for" e reverta você mesmo, ou peça ao Switchboard na AWS.',
  },
};

/** There is no EventBridge Scheduler that this Switchboard may use. */
export const restoreNotSupported = (system: string): Problem =>
  new Problem(restoreNotSupportedKind, {}, { system });

export const notForAWhileKind: ProblemKind = {
  code: 'NOT_FOR_A_WHILE',
  status: 400,
  retry: 'afterRequestChange',
  en: {
    title: 'Not for a while',
    message: 'This change cannot be made for a while: {why}. Nothing was changed.',
    remedy: 'Make the change without "for", or leave out of it what cannot be put back.',
  },
  'pt-BR': {
    title: 'Não por um tempo',
    message: 'Esta mudança não pode ser feita por um tempo: {why}. Nada foi mudado.',
    remedy: 'Faça a mudança sem "for", ou tire dela o que não pode ser revertido.',
  },
};

/** The value to put back later is one that must not be kept until then. */
export const notForAWhile = (system: string, why: string): Problem =>
  new Problem(notForAWhileKind, { why }, { system });

export const nothingPendingKind: ProblemKind = {
  code: 'NOTHING_PENDING',
  status: 404,
  retry: 'never',
  en: {
    title: 'Nothing pending',
    message: 'Nothing is set for a while under {id}.',
    remedy:
      'Look at changes.listTemporary: it may have been put back already, or been set for good meanwhile.',
  },
  'pt-BR': {
    title: 'Nada pendente',
    message: 'Nada está definido por um tempo sob {id}.',
    remedy: 'Veja changes.listTemporary: talvez já tenha sido revertido, ou definido de vez entretanto.',
  },
};

/** There is no such id among what is to be put back. */
export const nothingPending = (id: string): Problem =>
  new Problem(nothingPendingKind, { id }, { system: 'changes' });

export const restoreGivenUpKind: ProblemKind = {
  code: 'RESTORE_GIVEN_UP',
  status: 502,
  retry: 'never',
  en: {
    title: 'Putting back given up',
    message: 'What was set for a while could not be put back for days: {switches}. No more is tried.',
    remedy: 'Look at why, in the logs; then put it back with changes.restoreNow and the id {id}.',
  },
  'pt-BR': {
    title: 'Reversão abandonada',
    message:
      'O que foi definido por um tempo não pôde ser revertido durante dias: {switches}. Não se tenta mais.',
    remedy: 'Veja o motivo nos logs; depois reverta com changes.restoreNow e o id {id}.',
  },
};

/** A restore was tried for days in vain, and is left to people. */
export const restoreGivenUp = (id: string, switches: string[]): Problem =>
  new Problem(restoreGivenUpKind, { id, switches: switches.join(', ') }, { system: 'changes' });
