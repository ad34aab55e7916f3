import type { ErrorEntry } from './entry.ts';

/** The product, its version, the plan or the configuration does not offer this. */
export const unsupported = {
  BILLING_UNSUPPORTED: {
    status: 401,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message:
        'The request assigns a billing role, which exists in the cloud products but not in Ops Manager.',
      remedy:
        'Drop the billing administrator role from roles; an owner or read-only role is what Ops Manager offers instead.',
    },
    'pt-BR': {
      message:
        'A requisição atribui um papel de faturamento, que existe nos produtos de nuvem, mas não no Ops Manager.',
      remedy:
        'Retire de roles o papel de administrador de faturamento; em seu lugar, o Ops Manager oferece papéis de proprietário ou de leitura.',
    },
  },
  CANNOT_ADD_GLOBAL_ROLE: {
    status: 403,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message:
        'The request assigns a global role, and this call handles only roles of projects and organizations.',
      remedy:
        'Leave out every role whose name begins with GLOBAL_; a Global Owner can assign those on the Admin pages of Ops Manager.',
    },
    'pt-BR': {
      message:
        'A requisição atribui um papel global, e esta chamada só trata de papéis de projetos e organizações.',
      remedy:
        'Retire todo papel cujo nome comece com GLOBAL_; um Global Owner pode atribuí-lo nas páginas de administração do Ops Manager.',
    },
  },
  CANNOT_SET_POINT_IN_TIME_WINDOW: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message:
        'The window for restores to a point in time is fixed here, and the request tries to change it.',
      remedy:
        'Leave pointInTimeWindowHours out of the snapshot schedule, or ask the Ops Manager administrator to change it.',
    },
    'pt-BR': {
      message: 'A janela das restaurações para um ponto no tempo é fixa aqui, e a requisição tenta mudá-la.',
      remedy:
        'Retire pointInTimeWindowHours da agenda de snapshots, ou peça ao administrador do Ops Manager que a altere.',
    },
  },
  CANNOT_SET_REF_TIME_OF_DAY: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The time of day at which the snapshot schedule starts cannot be chosen here.',
      remedy:
        'Leave referenceHourOfDay, referenceMinuteOfHour and referenceTimeZoneOffset out of the snapshot schedule.',
    },
    'pt-BR': {
      message: 'A hora do dia em que começa a agenda de snapshots não pode ser escolhida aqui.',
      remedy:
        'Retire referenceHourOfDay, referenceMinuteOfHour e referenceTimeZoneOffset da agenda de snapshots.',
    },
  },
  DISALLOWED_ATTRIBUTE_TURN_ON_LDAP: {
    status: 400,
    parameters: ['attribute'],
    retry: 'afterSystemChange',
    en: {
      message:
        'This attribute ({attribute}) takes effect only while Ops Manager signs its users in by LDAP, and it does not do so now.',
      remedy:
        'Leave the attribute out, or have an administrator set the user authentication method to LDAP in the Ops Manager Config.',
    },
    'pt-BR': {
      message:
        'Esse atributo ({attribute}) só tem efeito quando o Ops Manager autentica seus usuários por LDAP, o que não ocorre agora.',
      remedy:
        'Retire o atributo, ou peça a um administrador que defina LDAP como método de autenticação de usuários no Ops Manager Config.',
    },
  },
  FEATURE_UNSUPPORTED: {
    status: 403,
    parameters: [],
    retry: 'afterSystemChange',
    en: {
      message: "The account's level does not include what this request asks for.",
      remedy:
        "Compare the account's level with the feature's requirements, and have the account raised to one that has it.",
    },
    'pt-BR': {
      message: 'O nível da conta não inclui o que esta requisição pede.',
      remedy:
        'Compare o nível da conta com os requisitos do recurso e peça a mudança para um nível que o inclua.',
    },
  },
  INVITATION_ONLY_MODE_OR_LDAP: {
    status: 403,
    parameters: [],
    retry: 'afterSystemChange',
    en: {
      message: 'This Ops Manager takes new users only by invitation or from LDAP, so the call is refused.',
      remedy:
        'Invite the person, or with LDAP add them to a mapped LDAP group. This call itself works only after an administrator changes the user settings.',
    },
    'pt-BR': {
      message:
        'Este Ops Manager só recebe novos usuários por convite ou pelo LDAP, por isso a chamada é recusada.',
      remedy:
        'Convide a pessoa ou, com LDAP, inclua-a em um grupo LDAP mapeado. A chamada em si só funciona depois que um administrador mudar a configuração de usuários.',
    },
  },
  TOTAL_MODE_DEPRECATED: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The alert should add its measurements up (TOTAL), which Ops Manager has stopped offering.',
      remedy:
        'Set mode in metricThreshold to AVERAGE, and adapt the threshold, since an average is smaller than a total.',
    },
    'pt-BR': {
      message: 'O alerta deveria somar as medições (TOTAL), o que o Ops Manager deixou de oferecer.',
      remedy:
        'Defina mode em metricThreshold como AVERAGE e ajuste o limite, pois uma média é menor que um total.',
    },
  },
  UNSUPPORTED_AUTOMATION_AGENT_VERSION: {
    status: 400,
    parameters: [],
    retry: 'afterSystemChange',
    en: {
      message: "The project's Automation agents are too old for this operation.",
      remedy:
        "Update the agents on the project's Deployment page, tab Agents, and wait until all of them report the new version.",
    },
    'pt-BR': {
      message: 'Os agentes de Automação do projeto são antigos demais para esta operação.',
      remedy:
        'Atualize os agentes na página Deployment do projeto, aba Agents, e aguarde até que todos informem a nova versão.',
    },
  },
  UNSUPPORTED_DELIVERY_METHOD: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'Ops Manager cannot deliver the restored data in the way requested.',
      remedy:
        'Set methodName in delivery to HTTP for a download link, or to AUTOMATED_RESTORE together with targetGroupId and targetClusterId.',
    },
    'pt-BR': {
      message: 'O Ops Manager não consegue entregar os dados restaurados da forma pedida.',
      remedy:
        'Defina methodName em delivery como HTTP para um link de download, ou como AUTOMATED_RESTORE junto com targetGroupId e targetClusterId.',
    },
  },
  UNSUPPORTED_FOR_CURRENT_CONFIG: {
    status: 403,
    parameters: [],
    retry: 'afterSystemChange',
    en: {
      message: 'The present set-up, of the deployment or of Ops Manager, rules this operation out.',
      remedy:
        "Compare the deployment's set-up (version, topology, agents) with what the documentation of this call requires, and have what is missing changed first.",
    },
    'pt-BR': {
      message: 'A configuração atual, da implantação ou do Ops Manager, impede esta operação.',
      remedy:
        'Compare a configuração da implantação (versão, topologia, agentes) com o que a documentação desta chamada exige e providencie antes a mudança que falta.',
    },
  },
  UNSUPPORTED_FOR_CURRENT_PLAN: {
    status: 403,
    parameters: [],
    retry: 'afterSystemChange',
    en: {
      message: 'The plan under which this Ops Manager is used does not include the operation.',
      remedy:
        'Ask whoever manages the MongoDB subscription which plan includes the operation, and have the plan changed first.',
    },
    'pt-BR': {
      message: 'O plano em que este Ops Manager é usado não inclui a operação.',
      remedy:
        'Pergunte a quem cuida da assinatura do MongoDB qual plano inclui a operação e providencie antes a mudança de plano.',
    },
  },
  UNSUPPORTED_NOTIFICATION_TYPE: {
    status: 400,
    parameters: ['type'],
    retry: 'afterRequestChange',
    en: {
      message: 'Ops Manager cannot send notifications in the way requested ({type}).',
      remedy:
        'Set the typeName of the notification to one that this version offers, such as EMAIL, USER, GROUP, SNMP or WEBHOOK.',
    },
    'pt-BR': {
      message: 'O Ops Manager não envia notificações da forma pedida ({type}).',
      remedy:
        'Defina o typeName da notificação como um dos que esta versão oferece, como EMAIL, USER, GROUP, SNMP ou WEBHOOK.',
    },
  },
  UNSUPPORTED_SET_BACKUP_STATE: {
    status: 403,
    parameters: ['state'],
    retry: 'afterRequestChange',
    en: {
      message: 'A request cannot put Backup into the state asked for ({state}).',
      remedy: 'Set statusName to STARTED, STOPPED or TERMINATING; Ops Manager alone sets the other states.',
    },
    'pt-BR': {
      message: 'Uma requisição não pode pôr o Backup no estado pedido ({state}).',
      remedy:
        'Defina statusName como STARTED, STOPPED ou TERMINATING; só o próprio Ops Manager define os outros estados.',
    },
  },
  UPGRADE_FOR_CLUSTER_CHECKPOINT_INTERVAL: {
    status: 409,
    parameters: [],
    retry: 'afterSystemChange',
    en: {
      message: 'The Backup in use is too old to set how often a cluster gets a checkpoint.',
      remedy:
        'Upgrade Backup, then set the interval; until then leave clusterCheckpointIntervalMin out of the snapshot schedule.',
    },
    'pt-BR': {
      message:
        'O Backup em uso é antigo demais para definir com que frequência um cluster recebe checkpoint.',
      remedy:
        'Atualize o Backup e depois defina o intervalo; até lá, omita clusterCheckpointIntervalMin na agenda de snapshots.',
    },
  },
  UPGRADE_FOR_EXCLUDED_NAMESPACES: {
    status: 409,
    parameters: [],
    retry: 'afterSystemChange',
    en: {
      message: 'The Backup in use is too old to leave chosen namespaces out.',
      remedy:
        'Upgrade Backup before you filter; until then remove excludedNamespaces from the body, which backs up all namespaces.',
    },
    'pt-BR': {
      message: 'O Backup em uso é antigo demais para deixar de fora namespaces escolhidos.',
      remedy:
        'Atualize o Backup antes de filtrar; até lá, retire excludedNamespaces do corpo, o que faz backup de todos os namespaces.',
    },
  },
  UPGRADE_FOR_INCLUDED_NAMESPACES: {
    status: 409,
    parameters: [],
    retry: 'afterSystemChange',
    en: {
      message: 'The Backup in use is too old to save only chosen namespaces.',
      remedy:
        'Upgrade Backup before you send includedNamespaces; without that field the whole deployment is backed up.',
    },
    'pt-BR': {
      message: 'O Backup em uso é antigo demais para salvar só namespaces escolhidos.',
      remedy:
        'Atualize o Backup antes de enviar includedNamespaces; sem esse campo, o backup é da implantação inteira.',
    },
  },
} as const satisfies Record<string, ErrorEntry>;
