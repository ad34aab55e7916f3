import type { ErrorEntry } from './entry.ts';

/** The caller is known, but its role, its kind of key or its address does not allow this. */
export const authorization = {
  ACCESS_LIST_ACCESS_DENIED: {
    status: 401,
    formerCode: 'WHITELIST_ACCESS_DENIED',
    parameters: ['username'],
    retry: 'afterAccessChange',
    en: {
      message:
        'Only the user who owns this access list ({username}) may read it, and the credentials used belong to someone else.',
      remedy:
        "Repeat the call with that user's own API key, or ask the user to look at the list under their account settings.",
    },
    'pt-BR': {
      message:
        'Só o usuário dono desta lista de acesso ({username}) pode lê-la, e as credenciais usadas são de outra pessoa.',
      remedy:
        'Repita a chamada com a chave de API desse usuário, ou peça que ele mesmo consulte a lista nas configurações da conta.',
    },
  },
  API_KEY_ACCESS_LIST_ACCESS_DENIED: {
    status: 400,
    atlasStatus: 401,
    formerCode: 'API_KEY_WHITELIST_ACCESS_DENIED',
    parameters: [],
    retry: 'afterAccessChange',
    en: {
      message:
        'The access list of an API key opens only to that key itself and to user administrators, and the caller is neither.',
      remedy:
        'Call with the API key whose list it is, or with a key that has a user administrator role in its organization or project.',
    },
    'pt-BR': {
      message:
        'A lista de acesso de uma chave de API só se abre para a própria chave e para administradores de usuários, e quem chama não é nem um nem outro.',
      remedy:
        'Chame com a própria chave de API dona da lista, ou com uma chave que tenha papel de administrador de usuários na organização ou no projeto.',
    },
  },
  API_KEY_CANNOT_CREATE_GROUP: {
    status: 401,
    parameters: [],
    retry: 'afterAccessChange',
    en: {
      message: 'Creating a project is refused to the API key that made this call.',
      remedy:
        'Create the project in the Ops Manager interface, or call with a credential that is allowed to create projects in the organization.',
    },
    'pt-BR': {
      message: 'A chave de API que fez esta chamada não tem permissão para criar um projeto.',
      remedy:
        'Crie o projeto na interface do Ops Manager, ou chame com uma credencial que possa criar projetos na organização.',
    },
  },
  API_KEY_CANNOT_CREATE_ORG: {
    status: 401,
    atlasStatus: 403,
    parameters: [],
    retry: 'afterAccessChange',
    en: {
      message: 'A new organization is not something that this API key may create.',
      remedy:
        'Have a person create the organization in the web interface, then give the API key a role in it.',
    },
    'pt-BR': {
      message: 'Uma organização nova não é algo que esta chave de API possa criar.',
      remedy:
        'Peça que uma pessoa crie a organização na interface web e depois dê à chave de API um papel nela.',
    },
  },
  CANNOT_CHANGE_GROUP_NAME: {
    status: 403,
    parameters: [],
    retry: 'afterAccessChange',
    en: {
      message: 'Renaming this project needs a role that the caller does not have.',
      remedy: 'Ask for the Project Owner role, or have an owner of the project rename it.',
    },
    'pt-BR': {
      message: 'Renomear este projeto exige um papel que quem chama não tem.',
      remedy: 'Peça o papel Project Owner, ou peça que um proprietário do projeto o renomeie.',
    },
  },
  IP_ADDRESS_NOT_ON_ACCESS_LIST: {
    status: 403,
    formerCode: 'IP_ADDRESS_NOT_ON_WHITELIST',
    parameters: ['address'],
    retry: 'afterAccessChange',
    en: {
      message: "The call comes from an IP address that the API key's access list does not cover ({address}).",
      remedy:
        'Ask an Organization Owner to add this address, or a CIDR block that contains it, to the access list of the API key.',
    },
    'pt-BR': {
      message: 'A chamada vem de um endereço IP que a lista de acesso da chave de API não cobre ({address}).',
      remedy:
        'Peça a um Organization Owner que inclua esse endereço, ou um bloco CIDR que o contenha, na lista de acesso da chave de API.',
    },
  },
  NOT_GLOBAL_USER_ADMIN: {
    status: 401,
    parameters: [],
    retry: 'afterAccessChange',
    en: {
      message: 'Only a Global User Admin may do this, and whoever makes the call is not one.',
      remedy:
        'Ask a Global Owner for the GLOBAL_USER_ADMIN role, or have someone who holds it make the call.',
    },
    'pt-BR': {
      message: 'Só um Global User Admin pode fazer isto, e quem chama não é um.',
      remedy:
        'Peça a um Global Owner o papel GLOBAL_USER_ADMIN, ou que alguém com esse papel faça a chamada.',
    },
  },
  NOT_GROUP_USER_ADMIN: {
    status: 401,
    parameters: ['group'],
    retry: 'afterAccessChange',
    en: {
      message: 'The caller may not manage the users of this project ({group}).',
      remedy: 'Ask a Project Owner for the GROUP_USER_ADMIN role in this project.',
    },
    'pt-BR': {
      message: 'Quem chama não pode administrar os usuários deste projeto ({group}).',
      remedy: 'Peça a um Project Owner o papel GROUP_USER_ADMIN neste projeto.',
    },
  },
  NOT_IN_GROUP: {
    status: 401,
    parameters: [],
    retry: 'afterAccessChange',
    en: {
      message: 'Either there is no such project, or the caller is not a member of it.',
      remedy:
        'Compare the project ID in the path with the projects you can list. If it is right, ask the Project Owner to add you or the API key.',
    },
    'pt-BR': {
      message: 'Ou o projeto não existe, ou quem chama não é membro dele.',
      remedy:
        'Compare o ID de projeto do caminho com os projetos que você consegue listar. Se estiver certo, peça ao Project Owner que inclua você ou a chave de API.',
    },
  },
  NOT_ORG_ADMIN: {
    status: 401,
    parameters: ['organization'],
    retry: 'afterAccessChange',
    en: {
      message: 'The caller may not administer this organization ({organization}).',
      remedy: 'Ask an owner of the organization to give you, or the API key, the ORG_OWNER role.',
    },
    'pt-BR': {
      message: 'Quem chama não pode administrar esta organização ({organization}).',
      remedy: 'Peça a um proprietário da organização que dê a você, ou à chave de API, o papel ORG_OWNER.',
    },
  },
  NOT_USER_ADMIN: {
    status: 401,
    parameters: ['username'],
    retry: 'afterAccessChange',
    en: {
      message:
        'The caller administers no project, team or organization to which this user belongs ({username}).',
      remedy:
        'Ask for GROUP_USER_ADMIN in a project of that user, or for ORG_OWNER in their organization, before changing them.',
    },
    'pt-BR': {
      message:
        'Quem chama não administra nenhum projeto, equipe ou organização de que este usuário participa ({username}).',
      remedy:
        'Peça GROUP_USER_ADMIN em um projeto desse usuário, ou ORG_OWNER na organização dele, antes de alterá-lo.',
    },
  },
  USER_UNAUTHORIZED: {
    status: 401,
    parameters: [],
    retry: 'afterAccessChange',
    en: {
      message: 'The roles of whoever makes this call do not permit it.',
      remedy:
        'Look up the role that the documentation of this call requires, and ask an owner of the project or organization to grant it to you.',
    },
    'pt-BR': {
      message: 'Os papéis de quem faz esta chamada não a permitem.',
      remedy:
        'Veja na documentação desta chamada qual papel ela exige e peça a um proprietário do projeto ou da organização que o conceda a você.',
    },
  },
} as const satisfies Record<string, ErrorEntry>;
