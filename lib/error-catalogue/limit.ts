import type { ErrorEntry } from './entry.ts';

/** A quota, a count or a rate is used up. */
export const limit = {
  MAX_TEAMS_PER_ORG_EXCEEDED: {
    status: 400,
    parameters: [],
    retry: 'afterSystemChange',
    en: {
      message: 'The organization already has the 250 teams that it may have, so this one cannot be added.',
      remedy:
        'Delete a team that nobody uses, or add the users to an existing team, before you create another.',
    },
    'pt-BR': {
      message: 'A organização já tem as 250 equipes que pode ter, e esta não pode ser criada.',
      remedy:
        'Exclua uma equipe que ninguém usa, ou inclua os usuários em uma equipe existente, antes de criar outra.',
    },
  },
  MAX_USERS_PER_TEAM_EXCEEDED: {
    status: 400,
    parameters: [],
    retry: 'afterSystemChange',
    en: {
      message: 'With these users the team would have more than the 250 members that it may have.',
      remedy:
        "Count the team's members and remove those who no longer need it, or divide the new users among other teams.",
    },
    'pt-BR': {
      message: 'Com esses usuários a equipe passaria dos 250 membros que pode ter.',
      remedy:
        'Conte os membros da equipe e remova quem não precisa mais dela, ou distribua os novos usuários entre outras equipes.',
    },
  },
  RATE_LIMITED: {
    status: 429,
    parameters: ['resource', 'number1', 'number2'],
    retry: 'afterWaiting',
    en: {
      message:
        'Too many calls have reached this resource in a short time ({resource}: {number1} requests every {number2} minutes).',
      remedy:
        'Wait until the time of the limit has passed, then call less often: read lists in pages of 500 and keep answers you can reuse.',
    },
    'pt-BR': {
      message:
        'Este recurso recebeu chamadas demais em pouco tempo ({resource}: {number1} requisições a cada {number2} minutos).',
      remedy:
        'Aguarde passar o tempo do limite e depois chame com menos frequência: leia listas em páginas de 500 e guarde as respostas reutilizáveis.',
    },
  },
  TOO_MANY_GROUP_NOTIFICATIONS: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The alert configuration notifies the project more than once.',
      remedy:
        'Keep one entry with GROUP as its typeName and list in its roles everyone to be told; delete the other GROUP entries.',
    },
    'pt-BR': {
      message: 'A configuração de alerta notifica o projeto mais de uma vez.',
      remedy:
        'Mantenha uma só entrada com GROUP em typeName e liste em roles todos os que devem ser avisados; exclua as outras entradas GROUP.',
    },
  },
  TOO_MANY_GROUP_TOKENS: {
    status: 400,
    parameters: ['maxTagsPerGroup'],
    retry: 'afterRequestChange',
    en: {
      message: 'The project would have more tags than it may have (at most {maxTagsPerGroup}).',
      remedy: 'Send a shorter tags array: drop those that nobody searches by, or merge several into one.',
    },
    'pt-BR': {
      message: 'O projeto ficaria com mais tags do que pode ter (no máximo {maxTagsPerGroup}).',
      remedy: 'Envie uma lista tags mais curta: retire as que ninguém usa em buscas, ou junte várias em uma.',
    },
  },
} as const satisfies Record<string, ErrorEntry>;
