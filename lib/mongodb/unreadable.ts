import type { ProblemKind } from '../problems/problem.ts';

export const alertConfigUnreadableKind: ProblemKind = {
  code: 'ALERT_CONFIG_UNREADABLE',
  status: 502,
  retry: 'afterSystemChange',
  en: {
    title: 'Alert configuration not readable',
    message:
      'What {system} shows of alert configuration {id} has no {member} that can be read, so it is left as it is.',
    remedy:
      'Look at it in {system} itself, and set it there. The other alert configurations are not affected.',
  },
  'pt-BR': {
    title: 'Configuração de alerta ilegível',
    message:
      'O que {system} mostra da configuração de alerta {id} não tem um {member} que se possa ler, e ela fica como está.',
    remedy: 'Veja-a no próprio {system} e mude-a lá. As outras configurações de alerta não são afetadas.',
  },
};
