import type { ErrorEntry } from './entry.ts';

/** The request clashes with something that exists, or with somebody else's change. */
export const conflict = {
  ADDRESS_ALREADY_IN_ACCESS_LIST: {
    status: 409,
    formerCode: 'ADDRESS_ALREADY_IN_WHITELIST',
    parameters: ['address'],
    retry: 'never',
    en: {
      message: 'There is nothing to add: the access list contains this address already ({address}).',
      remedy: 'Treat it as done. To change the entry, delete it first and then add it anew.',
    },
    'pt-BR': {
      message: 'Não há o que adicionar: a lista de acesso já contém esse endereço ({address}).',
      remedy: 'Considere feito. Para alterar a entrada, exclua-a primeiro e depois a adicione de novo.',
    },
  },
  AUTOMATION_CONFIG_CONCURRENT_MODIFICATION: {
    status: 409,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message:
        'Someone else published an automation configuration after the one on which this change is based.',
      remedy: 'Read the automation configuration again, apply your change to that fresh copy, and send it.',
    },
    'pt-BR': {
      message:
        'Alguém publicou uma configuração de automação mais nova do que aquela em que esta alteração se baseia.',
      remedy:
        'Leia de novo a configuração de automação, aplique a sua alteração a essa cópia atual e envie-a.',
    },
  },
  GROUP_ALREADY_EXISTS: {
    status: 409,
    parameters: ['name'],
    retry: 'afterRequestChange',
    en: {
      message: 'The name for the new project is taken ({name}).',
      remedy: 'Use the existing project, which a look-up by name finds, or choose a name that is still free.',
    },
    'pt-BR': {
      message: 'O nome escolhido para o novo projeto já está em uso ({name}).',
      remedy: 'Use o projeto existente, que a busca por nome encontra, ou escolha um nome ainda livre.',
    },
  },
  LINK_EXPIRATION_AFTER_SNAPSHOT_DELETION: {
    status: 409,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The download link would still be valid when its snapshot is already deleted.',
      remedy:
        'In delivery lower expirationHours, or send an earlier expires, so that the link ends before the snapshot does; or restore from a newer snapshot.',
    },
    'pt-BR': {
      message: 'O link de download ainda estaria válido quando o snapshot dele já não existisse mais.',
      remedy:
        'Em delivery reduza expirationHours, ou envie um expires anterior, para que o link acabe antes do snapshot; ou restaure um snapshot mais novo.',
    },
  },
  MULTIPLE_GROUPS: {
    status: 409,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'More than one project bears this name, so the name alone does not tell which is meant.',
      remedy:
        'List the projects you can see, find the right one by its orgId, and call it by its ID instead of its name.',
    },
    'pt-BR': {
      message: 'Mais de um projeto tem esse nome, e só o nome não basta para saber qual é o desejado.',
      remedy:
        'Liste os projetos que você enxerga, ache o certo pelo orgId e chame-o pelo ID, e não pelo nome.',
    },
  },
  USER_ALREADY_EXISTS: {
    status: 409,
    parameters: ['username'],
    retry: 'afterRequestChange',
    en: {
      message: 'Someone else already goes by the username of the request ({username}).',
      remedy:
        'Get the existing user by name; if it is the same person, update their roles, and if it is not, create the user under another username.',
    },
    'pt-BR': {
      message: 'Outra pessoa já usa o nome de usuário da requisição ({username}).',
      remedy:
        'Consulte o usuário existente pelo nome; se for a mesma pessoa, atualize os papéis dela e, se não for, crie o usuário com outro nome.',
    },
  },
} as const satisfies Record<string, ErrorEntry>;
