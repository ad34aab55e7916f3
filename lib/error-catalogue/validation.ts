import type { ErrorEntry } from './entry.ts';

/** The content of the request is wrong in itself. */
export const validation = {
  ACKNOWLEDGEMENT_COMMENT_TOO_LONG: {
    status: 400,
    parameters: ['number'],
    retry: 'afterRequestChange',
    en: {
      message:
        'The text that acknowledges the alert exceeds the permitted length ({number} characters at most).',
      remedy:
        'Shorten acknowledgementComment; put the details into a ticket and give only its number or link here.',
    },
    'pt-BR': {
      message: 'O texto que reconhece o alerta passa do tamanho permitido (no máximo {number} caracteres).',
      remedy:
        'Encurte acknowledgementComment; registre os detalhes em um chamado e informe aqui apenas o número ou o link.',
    },
  },
  ATTRIBUTE_NEGATIVE: {
    status: 400,
    parameters: ['attribute'],
    retry: 'afterRequestChange',
    en: {
      message: 'A number below zero was sent for an attribute that does not take one ({attribute}).',
      remedy: 'Send zero or a positive number in that attribute.',
    },
    'pt-BR': {
      message: 'Foi enviado um número abaixo de zero para um atributo que não o aceita ({attribute}).',
      remedy: 'Envie zero ou um número positivo nesse atributo.',
    },
  },
  ATTRIBUTE_NEGATIVE_OR_ZERO: {
    status: 400,
    parameters: ['attribute'],
    retry: 'afterRequestChange',
    en: {
      message:
        'Only numbers above zero are allowed for this attribute ({attribute}), and the request sends another.',
      remedy:
        'Send 1 or more in that attribute; to switch a setting off, look for its own on/off attribute instead of sending 0.',
    },
    'pt-BR': {
      message:
        'Só números acima de zero são permitidos neste atributo ({attribute}), e a requisição envia outro.',
      remedy:
        'Envie 1 ou mais nesse atributo; para desligar uma configuração, procure o atributo próprio de liga e desliga em vez de enviar 0.',
    },
  },
  ATTRIBUTE_READ_ONLY: {
    status: 400,
    parameters: ['attribute'],
    retry: 'afterRequestChange',
    en: {
      message:
        'Ops Manager sets this attribute itself ({attribute}) and takes no value for it from a request.',
      remedy:
        'Remove the attribute from the body. When sending back a document that was read, strip such computed attributes first.',
    },
    'pt-BR': {
      message:
        'O próprio Ops Manager define esse atributo ({attribute}) e não aceita valor para ele em uma requisição.',
      remedy:
        'Retire o atributo do corpo. Ao devolver um documento que foi lido, remova antes os atributos calculados como esse.',
    },
  },
  AUTH_MECHANISM_REQUIRES_SSL: {
    status: 400,
    parameters: ['mechanism'],
    retry: 'afterRequestChange',
    en: {
      message:
        'The chosen way of authenticating ({mechanism}) works over TLS only, and TLS is off in this request.',
      remedy:
        'Send sslEnabled as true, after the MongoDB process itself has been set up for TLS, or choose another authMechanismName.',
    },
    'pt-BR': {
      message:
        'A forma de autenticação escolhida ({mechanism}) só funciona com TLS, e o TLS está desligado nesta requisição.',
      remedy:
        'Envie sslEnabled como true, depois de preparar o próprio processo MongoDB para TLS, ou escolha outro authMechanismName.',
    },
  },
  BAD_ACCESS_LIST_ADD_REQUEST: {
    status: 400,
    formerCode: 'BAD_WHITELIST_ADD_REQUEST',
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message:
        'An access list entry in the request has ipAddress and cidrBlock at once, where only one may stand.',
      remedy:
        'Keep ipAddress for a single address or cidrBlock for a range, and drop the other from each entry.',
    },
    'pt-BR': {
      message:
        'Uma entrada da lista de acesso na requisição traz ipAddress e cidrBlock ao mesmo tempo, e só cabe um deles.',
      remedy:
        'Mantenha ipAddress para um único endereço ou cidrBlock para uma faixa, e retire o outro de cada entrada.',
    },
  },
  BLOCKED_USERNAME: {
    status: 400,
    parameters: ['username'],
    retry: 'afterRequestChange',
    en: {
      message: 'Ops Manager refuses to create an account under this username ({username}).',
      remedy:
        'Choose another username. If it must be this one, ask the Ops Manager administrator why it is barred.',
    },
    'pt-BR': {
      message: 'O Ops Manager se recusa a criar uma conta com esse nome de usuário ({username}).',
      remedy:
        'Escolha outro nome de usuário. Se precisar ser esse, pergunte ao administrador do Ops Manager por que está barrado.',
    },
  },
  CANNOT_SET_CLUSTER_CHECKPOINT_INTERVAL_FOR_REPLICA_SET: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message:
        'The request sets a checkpoint interval, but this cluster is a replica set and has no cluster checkpoints.',
      remedy:
        'Drop clusterCheckpointIntervalMin from the snapshot schedule of a replica set; a restore to a point in time does not need it there.',
    },
    'pt-BR': {
      message:
        'A requisição define um intervalo de checkpoint, mas este cluster é um replica set e não tem checkpoints de cluster.',
      remedy:
        'Retire clusterCheckpointIntervalMin da agenda de snapshots de um replica set; ali, a restauração para um ponto no tempo não precisa dele.',
    },
  },
  CANNOT_SET_CREDENTIALS_FOR_AUTH_MECHANISM: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The request carries a username and password, which only MONGODB_CR and PLAIN make use of.',
      remedy:
        'Leave username and password out, or set authMechanismName to MONGODB_CR or PLAIN in the same request.',
    },
    'pt-BR': {
      message: 'A requisição traz nome de usuário e senha, que só MONGODB_CR e PLAIN utilizam.',
      remedy:
        'Retire username e password, ou defina authMechanismName como MONGODB_CR ou PLAIN na mesma requisição.',
    },
  },
  CANNOT_SET_PASSWORD_FOR_AUTH_MECHANISM: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'This authentication mechanism has no password to change; MONGODB_CR and PLAIN do.',
      remedy:
        'For X.509 or Kerberos, renew the certificate or keytab on the host instead. Send password only with MONGODB_CR or PLAIN.',
    },
    'pt-BR': {
      message: 'Este mecanismo de autenticação não tem senha a trocar; MONGODB_CR e PLAIN têm.',
      remedy:
        'Para X.509 ou Kerberos, renove o certificado ou o keytab no host. Envie password apenas com MONGODB_CR ou PLAIN.',
    },
  },
  DATABASE_NAME_REQUIRED: {
    status: 400,
    parameters: ['metric'],
    retry: 'afterRequestChange',
    en: {
      message:
        'The metric in the request ({metric}) is measured for each database, and no database is named.',
      remedy:
        "Add the database's name to the path; the host's list of databases shows the names that are monitored.",
    },
    'pt-BR': {
      message: 'A métrica da requisição ({metric}) é medida por banco de dados, e nenhum banco foi indicado.',
      remedy:
        'Inclua o nome do banco de dados no caminho; a lista de bancos do host mostra os nomes monitorados.',
    },
  },
  DEVICE_NAME_REQUIRED: {
    status: 400,
    parameters: ['metric'],
    retry: 'afterRequestChange',
    en: {
      message:
        'The metric in the request ({metric}) is measured for each disk device, and no device is named.',
      remedy: "Add the device or partition name to the path; the host's list of disks shows which there are.",
    },
    'pt-BR': {
      message:
        'A métrica da requisição ({metric}) é medida por dispositivo de disco, e nenhum dispositivo foi indicado.',
      remedy:
        'Inclua o nome do dispositivo ou da partição no caminho; a lista de discos do host mostra quais existem.',
    },
  },
  DUPLICATE_ADDRESSES_IN_INPUT: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The request lists the same IP address for the access list more than once.',
      remedy: 'Send every address a single time; look for one that also appears as a /32 range.',
    },
    'pt-BR': {
      message: 'A requisição repete o mesmo endereço IP para a lista de acesso.',
      remedy: 'Envie cada endereço uma única vez; procure algum que apareça também como faixa /32.',
    },
  },
  DUPLICATE_ROLE_ENTRY_IN_LDAP_MAPPING: {
    status: 400,
    parameters: ['entry'],
    retry: 'afterRequestChange',
    en: {
      message: 'The LDAP group mapping names one role in several entries ({entry}).',
      remedy: 'Merge the entries of that role into one that lists all its LDAP groups.',
    },
    'pt-BR': {
      message: 'O mapeamento de grupos LDAP cita um mesmo papel em várias entradas ({entry}).',
      remedy: 'Junte as entradas desse papel em uma só, com todos os grupos LDAP correspondentes.',
    },
  },
  EMAIL_OR_SMS_REQUIRED_FOR_GROUP_NOTIFICATION: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message:
        'The notification to the project has no way to reach anyone, since e-mail and SMS are both off.',
      remedy: 'Set emailEnabled, smsEnabled or both to true in the notification whose typeName is GROUP.',
    },
    'pt-BR': {
      message:
        'A notificação para o projeto não tem como chegar a ninguém, pois e-mail e SMS estão desligados.',
      remedy: 'Defina emailEnabled, smsEnabled ou ambos como true na notificação cujo typeName é GROUP.',
    },
  },
  EMAIL_OR_SMS_REQUIRED_FOR_USER_NOTIFICATION: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message:
        'The notification to a single user has no way to reach them, since e-mail and SMS are both off.',
      remedy:
        'Set emailEnabled, smsEnabled or both to true in the notification whose typeName is USER; SMS needs a mobile number in the profile.',
    },
    'pt-BR': {
      message: 'A notificação para um usuário não tem como chegar a ele, pois e-mail e SMS estão desligados.',
      remedy:
        'Defina emailEnabled, smsEnabled ou ambos como true na notificação cujo typeName é USER; o SMS exige um celular no perfil.',
    },
  },
  EXPIRATION_DATE_MUST_BE_IN_FUTURE: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The request gives the log collection job an expirationDate that has already passed.',
      remedy:
        'Send a later expirationDate as an ISO 8601 time with its offset, such as Z for UTC, and compare the clocks if it looked right.',
    },
    'pt-BR': {
      message: 'A requisição dá à tarefa de coleta de logs uma expirationDate que já passou.',
      remedy:
        'Envie uma expirationDate posterior, em ISO 8601 com o fuso, como Z para UTC, e compare os relógios se ela parecia certa.',
    },
  },
  EXPIRATION_DATE_TOO_DISTANT: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The request asks to keep the collected logs for longer than 6 months from now.',
      remedy:
        'Send an expirationDate within the next 6 months. For longer, download the logs and store them yourself.',
    },
    'pt-BR': {
      message: 'A requisição pede para guardar os logs coletados por mais de 6 meses a partir de agora.',
      remedy:
        'Envie uma expirationDate dentro dos próximos 6 meses. Para prazos maiores, baixe os logs e guarde-os por conta própria.',
    },
  },
  FRACTIONAL_TIMESTAMP: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'A time in the request carries a fraction of a second, which is not taken here.',
      remedy:
        'Cut the milliseconds off, as in 2025-01-31T12:00:00Z; the increment of a BSON timestamp goes into a field of its own.',
    },
    'pt-BR': {
      message: 'Um horário na requisição traz fração de segundo, o que não é aceito aqui.',
      remedy:
        'Corte os milissegundos, como em 2025-01-31T12:00:00Z; o incremento de um timestamp BSON vai em um campo próprio.',
    },
  },
  GLOBAL_ALERTS_ONLY: {
    status: 400,
    parameters: ['type'],
    retry: 'afterRequestChange',
    en: {
      message:
        "This event type ({type}) exists for global alerts alone, and the request is about a project's alert.",
      remedy:
        'Choose an event type meant for projects, or create the configuration among the global alert configurations as a Global Owner.',
    },
    'pt-BR': {
      message:
        'Esse tipo de evento ({type}) existe apenas em alertas globais, e a requisição trata de um alerta de projeto.',
      remedy:
        'Escolha um tipo de evento próprio de projetos, ou crie a configuração entre as de alertas globais, como Global Owner.',
    },
  },
  GROUP_MISMATCH: {
    status: 400,
    parameters: ['id'],
    retry: 'afterRequestChange',
    en: {
      message: 'The body and the URL of the request name different projects (the body has {id}).',
      remedy: 'Send in groupId the same project ID as in the path, or leave groupId out of the body.',
    },
    'pt-BR': {
      message: 'O corpo e a URL da requisição citam projetos diferentes (no corpo está {id}).',
      remedy: 'Envie em groupId o mesmo ID de projeto do caminho, ou retire groupId do corpo.',
    },
  },
  INCORRECT_SNMP_PORT: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The notification sends SNMP traps to a port other than 162, the only one allowed.',
      remedy: 'Write snmpAddress as host:162, and let the trap receiver listen on UDP port 162.',
    },
    'pt-BR': {
      message: 'A notificação envia traps SNMP para uma porta diferente da 162, a única permitida.',
      remedy: 'Escreva snmpAddress como host:162 e faça o receptor de traps escutar na porta UDP 162.',
    },
  },
  INVALID_AGENT_TYPE_NAME: {
    status: 400,
    parameters: ['name'],
    retry: 'afterRequestChange',
    en: {
      message: 'Ops Manager has no agents of the type asked for ({name}).',
      remedy: 'Use MONITORING, BACKUP or AUTOMATION as the agent type in the path, in capitals.',
    },
    'pt-BR': {
      message: 'O Ops Manager não tem agentes do tipo pedido ({name}).',
      remedy: 'Use MONITORING, BACKUP ou AUTOMATION como tipo de agente no caminho, em maiúsculas.',
    },
  },
  INVALID_ALERT_CONFIG_ID: {
    status: 404,
    parameters: ['id'],
    retry: 'afterRequestChange',
    en: {
      message: 'The alert configuration ID in the request ({id}) is malformed.',
      remedy:
        'Copy the id of an entry of alertConfigs: 24 hexadecimal digits. The name of an event type does not serve as an ID.',
    },
    'pt-BR': {
      message: 'O ID de configuração de alerta da requisição ({id}) está malformado.',
      remedy:
        'Copie o id de um item de alertConfigs: 24 dígitos hexadecimais. O nome de um tipo de evento não serve de ID.',
    },
  },
  INVALID_ALERT_ID: {
    status: 404,
    parameters: ['id'],
    retry: 'afterRequestChange',
    en: {
      message: 'The alert ID in the request ({id}) is malformed.',
      remedy:
        "Copy the id of an alert from the project's alerts, 24 hexadecimal digits, without quotes or a trailing slash.",
    },
    'pt-BR': {
      message: 'O ID de alerta da requisição ({id}) está malformado.',
      remedy:
        'Copie o id de um alerta da lista do projeto, com 24 dígitos hexadecimais, sem aspas nem barra no fim.',
    },
  },
  INVALID_ALERT_STATUS: {
    status: 400,
    parameters: ['status'],
    retry: 'afterRequestChange',
    en: {
      message: 'Alerts cannot be filtered by the status asked for ({status}).',
      remedy: 'Filter by OPEN, CLOSED or TRACKING, in capitals, or leave status out to see every alert.',
    },
    'pt-BR': {
      message: 'Não é possível filtrar alertas pelo status pedido ({status}).',
      remedy:
        'Filtre por OPEN, CLOSED ou TRACKING, em maiúsculas, ou retire status para ver todos os alertas.',
    },
  },
  INVALID_ATTRIBUTE: {
    status: 400,
    parameters: ['attribute'],
    retry: 'afterRequestChange',
    en: {
      message: 'The body holds an attribute that this resource does not know or does not take ({attribute}).',
      remedy:
        "Compare the attribute's spelling, capitals included, and its place in the document with the reference for this resource.",
    },
    'pt-BR': {
      message: 'O corpo contém um atributo que este recurso não conhece ou não aceita ({attribute}).',
      remedy:
        'Compare a grafia do atributo, com maiúsculas, e o seu lugar no documento com a referência deste recurso.',
    },
  },
  INVALID_AUTH_MECHANISM: {
    status: 400,
    parameters: ['mechanism'],
    retry: 'afterRequestChange',
    en: {
      message: 'Ops Manager cannot reach MongoDB with the mechanism in authMechanismName ({mechanism}).',
      remedy:
        'Set authMechanismName to MONGODB_CR, GSSAPI, PLAIN or MONGODB_X509, matching what the MongoDB process has enabled.',
    },
    'pt-BR': {
      message:
        'O Ops Manager não consegue se conectar ao MongoDB com o mecanismo de authMechanismName ({mechanism}).',
      remedy:
        'Defina authMechanismName como MONGODB_CR, GSSAPI, PLAIN ou MONGODB_X509, conforme o que está habilitado no processo MongoDB.',
    },
  },
  INVALID_AUTH_TYPE_NAME: {
    status: 400,
    parameters: ['name'],
    retry: 'afterRequestChange',
    en: {
      message: 'No type of authentication goes by the name in the request ({name}).',
      remedy:
        "Take the type's name from the reference for this resource, in its exact spelling; a product name such as Kerberos or LDAP may not be it.",
    },
    'pt-BR': {
      message: 'Nenhum tipo de autenticação atende pelo nome da requisição ({name}).',
      remedy:
        'Copie o nome do tipo da referência deste recurso, na grafia exata; um nome comum como Kerberos ou LDAP pode não servir.',
    },
  },
  INVALID_CHECKPOINT_ID: {
    status: 404,
    parameters: ['id'],
    retry: 'afterRequestChange',
    en: {
      message: 'The checkpoint ID in the request ({id}) is malformed.',
      remedy:
        "Copy the id of a checkpoint from the sharded cluster's list: 24 hexadecimal digits, not the time at which it was made.",
    },
    'pt-BR': {
      message: 'O ID de checkpoint da requisição ({id}) está malformado.',
      remedy:
        'Copie o id de um checkpoint da lista do cluster fragmentado: 24 dígitos hexadecimais, e não a hora em que foi criado.',
    },
  },
  INVALID_CLUSTER_CHECKPOINT_INTERVAL: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The snapshot schedule asks for checkpoints at an interval that is not offered.',
      remedy: 'Set clusterCheckpointIntervalMin to 15, 30 or 60; the value is in minutes.',
    },
    'pt-BR': {
      message: 'A agenda de snapshots pede checkpoints em um intervalo que não é oferecido.',
      remedy: 'Defina clusterCheckpointIntervalMin como 15, 30 ou 60; o valor é em minutos.',
    },
  },
  INVALID_CLUSTER_ID: {
    status: 404,
    parameters: ['id'],
    retry: 'afterRequestChange',
    en: {
      message: 'The cluster ID in the request ({id}) is malformed.',
      remedy:
        "Copy the id of the cluster from the project's clusters, 24 hexadecimal digits; a cluster's or a replica set's name is not taken here.",
    },
    'pt-BR': {
      message: 'O ID de cluster da requisição ({id}) está malformado.',
      remedy:
        'Copie o id do cluster da lista de clusters do projeto, com 24 dígitos hexadecimais; o nome do cluster ou do replica set não é aceito aqui.',
    },
  },
  INVALID_DAILY_SNAPSHOT_RETENTION_PERIOD: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The schedule keeps daily snapshots for a time outside the range of 1 to 365 days.',
      remedy:
        'Set dailySnapshotRetentionDays to a whole number from 1 to 365; for more than a year, use the monthly snapshots.',
    },
    'pt-BR': {
      message: 'A agenda guarda os snapshots diários por um tempo fora da faixa de 1 a 365 dias.',
      remedy:
        'Defina dailySnapshotRetentionDays como um inteiro de 1 a 365; para mais de um ano, use os snapshots mensais.',
    },
  },
  INVALID_DIRECTORY: {
    status: 400,
    parameters: ['name'],
    retry: 'afterRequestChange',
    en: {
      message: 'The request names a directory that Ops Manager does not take ({name}).',
      remedy:
        "Send the directory's full path as it is on the host, with no wildcards, variables or stray spaces.",
    },
    'pt-BR': {
      message: 'A requisição cita um diretório que o Ops Manager não aceita ({name}).',
      remedy:
        'Envie o caminho completo do diretório, como está no host, sem curingas, variáveis ou espaços a mais.',
    },
  },
  INVALID_EMAIL_ADDRESS: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'What the request gives as an e-mail address does not have the form of one.',
      remedy:
        'Send one plain address such as ana@example.com, without a display name, angle brackets or a second address.',
    },
    'pt-BR': {
      message: 'O que a requisição traz como endereço de e-mail não tem a forma de um.',
      remedy:
        'Envie um único endereço simples, como ana@example.com, sem nome de exibição, sinais de menor e maior ou segundo endereço.',
    },
  },
  INVALID_ENUM_VALUE: {
    status: 400,
    parameters: ['value'],
    retry: 'afterRequestChange',
    en: {
      message:
        'One field of the request only takes values from a fixed list, and the one sent is not on it ({value}).',
      remedy:
        'Find the field that holds that value and replace it with one from its list in the reference; most are in capitals with underscores.',
    },
    'pt-BR': {
      message:
        'Um campo da requisição só aceita valores de uma lista fixa, e o enviado não está nela ({value}).',
      remedy:
        'Ache o campo que contém esse valor e troque-o por um da lista na referência; a maioria é em maiúsculas com sublinhados.',
    },
  },
  INVALID_EVENT_TYPE_FOR_ALERT: {
    status: 400,
    parameters: ['type'],
    retry: 'afterRequestChange',
    en: {
      message: 'No alert can be raised on this kind of event ({type}).',
      remedy:
        'Set eventTypeName to one of the event types listed for alert configurations; many events of the activity feed are not among them.',
    },
    'pt-BR': {
      message: 'Nenhum alerta pode ser disparado por esse tipo de evento ({type}).',
      remedy:
        'Defina eventTypeName como um dos tipos listados para configurações de alerta; muitos eventos do feed de atividades não estão entre eles.',
    },
  },
  INVALID_FILTERLIST: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message:
        'The backup configuration lists namespaces to include and namespaces to leave out, and only one of the lists may be used.',
      remedy: 'Send either includedNamespaces or excludedNamespaces, with the other one empty or absent.',
    },
    'pt-BR': {
      message:
        'A configuração de backup lista namespaces a incluir e namespaces a deixar de fora, e só uma das listas pode ser usada.',
      remedy: 'Envie includedNamespaces ou excludedNamespaces, deixando a outra vazia ou ausente.',
    },
  },
  INVALID_GRANULARITY: {
    status: 400,
    parameters: ['granularity'],
    retry: 'afterRequestChange',
    en: {
      message: 'Measurements are not kept at the granularity asked for ({granularity}).',
      remedy: 'Send an ISO 8601 duration that Ops Manager stores, such as PT1M, PT1H or P1D.',
    },
    'pt-BR': {
      message: 'As medições não são guardadas na granularidade pedida ({granularity}).',
      remedy: 'Envie uma duração ISO 8601 que o Ops Manager armazene, como PT1M, PT1H ou P1D.',
    },
  },
  INVALID_GROUP_ID: {
    status: 404,
    parameters: ['id'],
    retry: 'afterRequestChange',
    en: {
      message: 'The project ID in the request ({id}) is malformed.',
      remedy:
        "Send the project's ID of 24 hexadecimal digits, as its settings page shows it, not the project's name.",
    },
    'pt-BR': {
      message: 'O ID de projeto da requisição ({id}) está malformado.',
      remedy:
        'Envie o ID do projeto, com 24 dígitos hexadecimais, como aparece na página de configurações dele, e não o nome.',
    },
  },
  INVALID_GROUP_NAME: {
    status: 400,
    parameters: ['name'],
    retry: 'afterRequestChange',
    en: {
      message: 'A project cannot bear the name in the request ({name}).',
      remedy:
        'Choose a shorter name of letters, digits, spaces, dots, hyphens and underscores, with no space at either end.',
    },
    'pt-BR': {
      message: 'Um projeto não pode ter o nome enviado na requisição ({name}).',
      remedy:
        'Escolha um nome mais curto, com letras, dígitos, espaços, pontos, hifens e sublinhados, sem espaço nas pontas.',
    },
  },
  INVALID_GROUP_NAME_10GEN: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: "The project's name has 10gen- or -10gen in it, and both are reserved.",
      remedy: 'Take that part out of the name, for example by replacing the hyphen beside 10gen.',
    },
    'pt-BR': {
      message: 'O nome do projeto contém 10gen- ou -10gen, e ambos são reservados.',
      remedy: 'Tire essa parte do nome, por exemplo trocando o hífen ao lado de 10gen.',
    },
  },
  INVALID_GROUP_TOKEN: {
    status: 400,
    parameters: ['maxTagLength'],
    retry: 'afterRequestChange',
    en: {
      message:
        'A tag of the project has characters that are not allowed or is too long ({maxTagLength} characters at most).',
      remedy:
        'Shorten the tag and spell it with letters, digits, periods, underscores and dashes only, without spaces or accents.',
    },
    'pt-BR': {
      message:
        'Uma tag do projeto tem caracteres não permitidos ou é longa demais (no máximo {maxTagLength} caracteres).',
      remedy:
        'Encurte a tag e escreva-a só com letras, dígitos, pontos, sublinhados e hifens, sem espaços nem acentos.',
    },
  },
  INVALID_HOSTNAME: {
    status: 400,
    parameters: ['name'],
    retry: 'afterRequestChange',
    en: {
      message: 'The hostname in the request ({name}) is not one that a host can have.',
      remedy:
        'Send only the fully qualified domain name, such as db1.example.com, with no scheme and no port; the port has its own field.',
    },
    'pt-BR': {
      message: 'O nome de host da requisição ({name}) não é um que um host possa ter.',
      remedy:
        'Envie só o nome de domínio completo, como db1.example.com, sem esquema e sem porta; a porta tem campo próprio.',
    },
  },
  INVALID_HOSTNAME_PREFIX: {
    status: 400,
    parameters: ['prefix'],
    retry: 'afterRequestChange',
    en: {
      message: 'The prefix for the new hostnames breaks the rules for a part of a hostname ({prefix}).',
      remedy: 'Use letters, digits and hyphens, up to 63 in all, with a letter or digit first and last.',
    },
    'pt-BR': {
      message:
        'O prefixo dos novos nomes de host não segue as regras de uma parte de nome de host ({prefix}).',
      remedy: 'Use letras, dígitos e hifens, até 63 ao todo, com letra ou dígito no início e no fim.',
    },
  },
  INVALID_HOST_PORT: {
    status: 400,
    parameters: ['number'],
    retry: 'afterRequestChange',
    en: {
      message: 'No process can listen on the port in the request ({number}).',
      remedy: "Send port as a whole number from 1 to 65535; MongoDB's own default is 27017.",
    },
    'pt-BR': {
      message: 'Nenhum processo pode escutar na porta da requisição ({number}).',
      remedy: 'Envie port como um número inteiro de 1 a 65535; o padrão do MongoDB é 27017.',
    },
  },
  INVALID_JOB_ID: {
    status: 404,
    parameters: ['id'],
    retry: 'afterRequestChange',
    en: {
      message: 'The restore job ID in the request ({id}) is malformed.',
      remedy:
        "Copy the id of a job from the cluster's restore jobs, 24 hexadecimal digits; batchId and snapshotId are other things.",
    },
    'pt-BR': {
      message: 'O ID de tarefa de restauração da requisição ({id}) está malformado.',
      remedy:
        'Copie o id de uma tarefa da lista de restaurações do cluster, com 24 dígitos hexadecimais; batchId e snapshotId são outra coisa.',
    },
  },
  INVALID_JSON: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The body of the request cannot be read as the JSON that this call takes.',
      remedy:
        'Run the body through a JSON parser to find the syntax slip, and see whether this call takes one object or an array of objects.',
    },
    'pt-BR': {
      message: 'O corpo da requisição não pode ser lido como o JSON que esta chamada aceita.',
      remedy:
        'Passe o corpo por um analisador de JSON para achar o erro de sintaxe e veja se esta chamada aceita um objeto ou uma lista de objetos.',
    },
  },
  INVALID_JSON_ATTRIBUTE: {
    status: 400,
    parameters: ['attribute'],
    retry: 'afterRequestChange',
    en: {
      message: 'One attribute of the JSON body ({attribute}) has the wrong shape or type.',
      remedy:
        'Get an existing resource of this kind and give the attribute the type it has there: text, number, object or array.',
    },
    'pt-BR': {
      message: 'Um atributo do corpo JSON ({attribute}) tem a estrutura ou o tipo errado.',
      remedy:
        'Consulte um recurso existente do mesmo tipo e dê ao atributo o tipo que ele tem lá: texto, número, objeto ou lista.',
    },
  },
  INVALID_KEY_ID: {
    status: 404,
    parameters: ['id'],
    retry: 'afterRequestChange',
    en: {
      message: 'The key ID in the request ({id}) is malformed.',
      remedy:
        "List the keys and send the id field of the one you mean: 24 hexadecimal digits, neither the key's text nor its description.",
    },
    'pt-BR': {
      message: 'O ID de chave da requisição ({id}) está malformado.',
      remedy:
        'Liste as chaves e envie o campo id da desejada: 24 dígitos hexadecimais, e não o texto nem a descrição da chave.',
    },
  },
  INVALID_LOG_REQUEST_SIZE: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The size asked for in the log collection is zero, negative or not a number.',
      remedy:
        'Set sizeRequestedPerFileBytes to a whole number of bytes greater than 0, such as 10000000 for 10 MB a file.',
    },
    'pt-BR': {
      message: 'O tamanho pedido na coleta de logs é zero, negativo ou não é numérico.',
      remedy:
        'Defina sizeRequestedPerFileBytes com um número inteiro de bytes maior que 0, como 10000000 para 10 MB por arquivo.',
    },
  },
  INVALID_MACHINE_ID: {
    status: 404,
    parameters: ['id'],
    retry: 'afterRequestChange',
    en: {
      message: 'The machine ID in the request ({id}) is malformed.',
      remedy:
        "Take the machine's ID from the project's list of machines; its hostname or IP address does not serve as an ID.",
    },
    'pt-BR': {
      message: 'O ID de máquina da requisição ({id}) está malformado.',
      remedy:
        'Pegue o ID na lista de máquinas do projeto; o nome do host ou o endereço IP da máquina não serve como ID.',
    },
  },
  INVALID_MACHINE_IMAGE: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'Ops Manager cannot use the image named in the request to create a machine.',
      remedy:
        "Name an image that the provider still offers in the region of the machine, and copy its identifier from the provider's console.",
    },
    'pt-BR': {
      message: 'O Ops Manager não consegue usar a imagem informada para criar uma máquina.',
      remedy:
        'Informe uma imagem que o provedor ainda ofereça na região da máquina e copie o identificador dela do console do provedor.',
    },
  },
  INVALID_METRIC_NAME: {
    status: 404,
    parameters: ['name'],
    retry: 'afterRequestChange',
    en: {
      message: 'The name given ({name}) is not one of the metrics that Ops Manager knows.',
      remedy:
        "Read the host's measurements without naming any metric, and copy the name from that answer: capitals and underscores, such as CONNECTIONS.",
    },
    'pt-BR': {
      message: 'O nome informado ({name}) não é de nenhuma das métricas que o Ops Manager conhece.',
      remedy:
        'Leia as medições do host sem indicar métrica e copie o nome dessa resposta: maiúsculas e sublinhados, como CONNECTIONS.',
    },
  },
  INVALID_MONGODB_USERNAME: {
    status: 400,
    parameters: ['username'],
    retry: 'afterRequestChange',
    en: {
      message: 'MongoDB does not accept this name as a login ({username}).',
      remedy:
        'Send a username that already signs in to MongoDB, spelled exactly as it is there, or have that login created first.',
    },
    'pt-BR': {
      message: 'O MongoDB não aceita este nome como login ({username}).',
      remedy:
        'Envie um nome de usuário que já entre no MongoDB, escrito exatamente como está lá, ou providencie antes a criação desse login.',
    },
  },
  INVALID_MONTHLY_SNAPSHOT_RETENTION_PERIOD: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The schedule asks to keep monthly snapshots for a time outside the range of 1 to 36 months.',
      remedy: 'Set monthlySnapshotRetentionMonths to a whole number from 1 to 36.',
    },
    'pt-BR': {
      message:
        'A agenda pede que os snapshots mensais sejam guardados por um tempo fora da faixa de 1 a 36 meses.',
      remedy: 'Defina monthlySnapshotRetentionMonths com um número inteiro de 1 a 36.',
    },
  },
  INVALID_OPERATOR_FOR_EVENT_TYPE: {
    status: 400,
    parameters: ['operator', 'type'],
    retry: 'afterRequestChange',
    en: {
      message: 'Alerts on this kind of event cannot compare in the way requested ({operator} with {type}).',
      remedy:
        'In metricThreshold and threshold use GREATER_THAN or LESS_THAN; keep text operators such as EQUALS and REGEX for matchers.',
    },
    'pt-BR': {
      message: 'Alertas sobre esse tipo de evento não permitem a comparação pedida ({operator} com {type}).',
      remedy:
        'Em metricThreshold e threshold use GREATER_THAN ou LESS_THAN; deixe operadores de texto, como EQUALS e REGEX, para matchers.',
    },
  },
  INVALID_PERIOD: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The period of time asked for cannot be understood.',
      remedy:
        'Write period as an ISO 8601 duration, such as PT12H for 12 hours or P7D for 7 days, or send start and end instead.',
    },
    'pt-BR': {
      message: 'Não é possível interpretar o período de tempo pedido.',
      remedy:
        'Escreva period como uma duração ISO 8601, como PT12H para 12 horas ou P7D para 7 dias, ou envie start e end no lugar dele.',
    },
  },
  INVALID_QUERY_PARAMETER: {
    status: 400,
    parameters: ['parameter'],
    retry: 'afterRequestChange',
    en: {
      message:
        'The URL carries a query parameter that this call does not accept ({parameter}), or gives it a bad value.',
      remedy:
        'Correct its spelling and value, or drop it. Listings take pageNum from 1 and itemsPerPage up to 500; pretty and envelope are true or false.',
    },
    'pt-BR': {
      message:
        'A URL traz um parâmetro de consulta que esta chamada não aceita ({parameter}), ou um valor inadequado para ele.',
      remedy:
        'Corrija o nome e o valor, ou retire-o. Listagens aceitam pageNum a partir de 1 e itemsPerPage até 500; pretty e envelope são true ou false.',
    },
  },
  INVALID_REFERENCE_HOUR_OF_DAY: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The hour at which the snapshot schedule should start does not exist on a 24-hour clock.',
      remedy: 'Set referenceHourOfDay to a whole number from 0 (midnight) to 23.',
    },
    'pt-BR': {
      message: 'A hora em que a agenda de snapshots deveria começar não existe em um relógio de 24 horas.',
      remedy: 'Defina referenceHourOfDay com um número inteiro de 0 (meia-noite) a 23.',
    },
  },
  INVALID_REFERENCE_MINUTE_OF_HOUR: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The minute at which the snapshot schedule should start lies outside the hour.',
      remedy:
        'Set referenceMinuteOfHour to a whole number from 0 to 59; change the hour in referenceHourOfDay.',
    },
    'pt-BR': {
      message: 'O minuto em que a agenda de snapshots deveria começar não cabe em uma hora.',
      remedy:
        'Defina referenceMinuteOfHour com um número inteiro de 0 a 59; mude a hora em referenceHourOfDay.',
    },
  },
  INVALID_REFERENCE_TIMEZONE_OFFSET: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The time zone of the snapshot schedule is not written as an ISO 8601 offset.',
      remedy:
        "Write referenceTimeZoneOffset as a sign and four digits, such as +0000 for UTC or -0300 for Brasilia, and not as a zone's name.",
    },
    'pt-BR': {
      message: 'O fuso horário da agenda de snapshots não está escrito como um deslocamento ISO 8601.',
      remedy:
        'Escreva referenceTimeZoneOffset com um sinal e quatro dígitos, como +0000 para UTC ou -0300 para Brasília, e não o nome do fuso.',
    },
  },
  INVALID_ROLE_FOR_GROUP: {
    status: 400,
    parameters: ['role', 'group'],
    retry: 'afterRequestChange',
    en: {
      message: 'The role requested ({role}) cannot be held in this project ({group}).',
      remedy:
        'Choose a project role, whose name starts with GROUP_, such as GROUP_READ_ONLY. Roles that start with ORG_ or GLOBAL_ do not belong to a project.',
    },
    'pt-BR': {
      message: 'O papel pedido ({role}) não pode ser exercido neste projeto ({group}).',
      remedy:
        'Escolha um papel de projeto, cujo nome começa com GROUP_, como GROUP_READ_ONLY. Papéis que começam com ORG_ ou GLOBAL_ não são de projeto.',
    },
  },
  INVALID_SNAPSHOT_ID: {
    status: 404,
    parameters: ['id'],
    retry: 'afterRequestChange',
    en: {
      message: 'The snapshot ID in the request ({id}) is malformed.',
      remedy:
        "List the cluster's snapshots and send an id from there, 24 hexadecimal digits long; the snapshot's date is not its ID.",
    },
    'pt-BR': {
      message: 'O ID de snapshot da requisição ({id}) está malformado.',
      remedy:
        'Liste os snapshots do cluster e envie um id dessa lista, com 24 dígitos hexadecimais; a data do snapshot não é o ID dele.',
    },
  },
  INVALID_SNAPSHOT_INTERVAL: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'Snapshots cannot be taken at the interval requested.',
      remedy: 'Set snapshotIntervalHours to 6, 8, 12 or 24.',
    },
    'pt-BR': {
      message: 'Não é possível tirar snapshots com o intervalo pedido.',
      remedy: 'Defina snapshotIntervalHours como 6, 8, 12 ou 24.',
    },
  },
  INVALID_SNAPSHOT_RETENTION_PERIOD: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The schedule asks to keep base snapshots for a time outside the range of 1 to 5 days.',
      remedy:
        'Set snapshotRetentionDays to a whole number from 1 to 5. To keep backups longer, use the daily, weekly or monthly retention.',
    },
    'pt-BR': {
      message:
        'A agenda pede que os snapshots básicos sejam guardados por um tempo fora da faixa de 1 a 5 dias.',
      remedy:
        'Defina snapshotRetentionDays com um número inteiro de 1 a 5. Para guardar backups por mais tempo, use a retenção diária, semanal ou mensal.',
    },
  },
  INVALID_SSH_KEY: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The text sent as an SSH key is not a readable key.',
      remedy:
        "Run ssh-keygen -l -f on the key's file to see that the key is intact, then send the whole content of that file.",
    },
    'pt-BR': {
      message: 'O texto enviado como chave SSH não é uma chave legível.',
      remedy:
        'Execute ssh-keygen -l -f no arquivo da chave para ver se ela está íntegra e então envie todo o conteúdo desse arquivo.',
    },
  },
  INVALID_USERNAME: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'Usernames here are e-mail addresses, and the one in the request does not have that form.',
      remedy:
        "Send the person's full e-mail address in username, such as ana@example.com, without spaces or a display name.",
    },
    'pt-BR': {
      message: 'Aqui o nome de usuário é um e-mail, e o da requisição não tem essa forma.',
      remedy:
        'Envie em username o e-mail completo da pessoa, como ana@example.com, sem espaços nem nome de exibição.',
    },
  },
  INVALID_USER_ID: {
    status: 404,
    parameters: ['id'],
    retry: 'afterRequestChange',
    en: {
      message: 'The user ID in the request ({id}) is malformed.',
      remedy:
        'Get the user by name and send the id of that answer, 24 hexadecimal digits, instead of the e-mail address.',
    },
    'pt-BR': {
      message: 'O ID de usuário da requisição ({id}) está malformado.',
      remedy:
        'Consulte o usuário pelo nome e envie o id dessa resposta, com 24 dígitos hexadecimais, em vez do e-mail.',
    },
  },
  INVALID_WEEKLY_SNAPSHOT_RETENTION_PERIOD: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The schedule asks to keep weekly snapshots for a time outside the range of 1 to 52 weeks.',
      remedy: 'Set weeklySnapshotRetentionWeeks to a whole number from 1 to 52.',
    },
    'pt-BR': {
      message:
        'A agenda pede que os snapshots semanais sejam guardados por um tempo fora da faixa de 1 a 52 semanas.',
      remedy: 'Defina weeklySnapshotRetentionWeeks com um número inteiro de 1 a 52.',
    },
  },
  INVALID_WINDOW_ID: {
    status: 404,
    parameters: ['id'],
    retry: 'afterRequestChange',
    en: {
      message: 'The maintenance window ID in the request ({id}) is malformed.',
      remedy:
        "Copy the id of the window, 24 hexadecimal digits, from the answer that created it or from the project's maintenanceWindows.",
    },
    'pt-BR': {
      message: 'O ID de janela de manutenção da requisição ({id}) está malformado.',
      remedy:
        'Copie o id da janela, com 24 dígitos hexadecimais, da resposta que a criou ou de maintenanceWindows do projeto.',
    },
  },
  MAINTENANCE_WINDOW_START_DATE_AFTER_END_DATE: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The maintenance window would end before it begins.',
      remedy:
        'Set startDate to an earlier moment than endDate; write both in ISO 8601 with the same time zone, such as 2030-01-31T22:00:00Z.',
    },
    'pt-BR': {
      message: 'A janela de manutenção terminaria antes de começar.',
      remedy:
        'Defina startDate como um momento anterior a endDate; escreva ambos em ISO 8601 com o mesmo fuso horário, como 2030-01-31T22:00:00Z.',
    },
  },
  METRIC_THRESHOLD_PRESENT: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The alert configuration sets metricThreshold, although it does not watch a host metric.',
      remedy:
        'Remove metricThreshold, or set eventTypeName to OUTSIDE_METRIC_THRESHOLD if the alert should watch a host metric.',
    },
    'pt-BR': {
      message: 'A configuração de alerta define metricThreshold, embora não acompanhe uma métrica de host.',
      remedy:
        'Retire metricThreshold ou, se o alerta deve acompanhar uma métrica de host, defina eventTypeName como OUTSIDE_METRIC_THRESHOLD.',
    },
  },
  MISSING_ALERT_CONFIG_ID: {
    status: 404,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The call does not say which alert configuration it is about.',
      remedy:
        "List the project's alertConfigs and put the id of the one you mean after alertConfigs in the path.",
    },
    'pt-BR': {
      message: 'A chamada não diz de qual configuração de alerta ela trata.',
      remedy:
        'Liste os alertConfigs do projeto e ponha o id da configuração desejada depois de alertConfigs no caminho.',
    },
  },
  MISSING_ATTRIBUTE: {
    status: 400,
    parameters: ['attribute'],
    retry: 'afterRequestChange',
    en: {
      message: 'The body lacks an attribute that this call cannot do without ({attribute}).',
      remedy:
        'Add the attribute to the JSON body with a value other than null, its name in the exact upper and lower case.',
    },
    'pt-BR': {
      message: 'Falta no corpo um atributo que esta chamada não dispensa ({attribute}).',
      remedy:
        'Inclua o atributo no corpo JSON com um valor diferente de null, com maiúsculas e minúsculas exatas no nome.',
    },
  },
  MISSING_CREDENTIALS_FOR_AUTH_MECHANISM: {
    status: 400,
    parameters: ['mechanism'],
    retry: 'afterRequestChange',
    en: {
      message:
        'The authentication mechanism chosen ({mechanism}) works only with a login, and the request brings none.',
      remedy:
        'Send both username and password in the same body as authMechanismName, or choose a mechanism that needs no password.',
    },
    'pt-BR': {
      message:
        'O mecanismo de autenticação escolhido ({mechanism}) só funciona com um login, e a requisição não traz nenhum.',
      remedy:
        'Envie username e password no mesmo corpo que authMechanismName, ou escolha um mecanismo que dispense senha.',
    },
  },
  MISSING_MAINTENANCE_WINDOW_ALERT_TYPE_NAME: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The maintenance window does not say which kinds of alert it silences.',
      remedy:
        'List in alertTypeNames every kind of alert to silence, such as HOST or BACKUP; the array cannot be empty.',
    },
    'pt-BR': {
      message: 'A janela de manutenção não diz quais tipos de alerta ela silencia.',
      remedy:
        'Liste em alertTypeNames cada tipo de alerta a silenciar, como HOST ou BACKUP; a lista não pode ficar vazia.',
    },
  },
  MISSING_MAINTENANCE_WINDOW_END_DATE: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The request does not say when the maintenance window ends.',
      remedy:
        'Add endDate, an ISO 8601 timestamp later than startDate, so that alerts resume after the maintenance.',
    },
    'pt-BR': {
      message: 'A requisição não diz quando a janela de manutenção termina.',
      remedy:
        'Inclua endDate, uma data e hora ISO 8601 posterior a startDate, para que os alertas voltem depois da manutenção.',
    },
  },
  MISSING_MAINTENANCE_WINDOW_START_DATE: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The request does not say when the maintenance window begins.',
      remedy: 'Add startDate as an ISO 8601 timestamp; to silence alerts at once, give the current time.',
    },
    'pt-BR': {
      message: 'A requisição não diz quando a janela de manutenção começa.',
      remedy:
        'Inclua startDate como data e hora ISO 8601; para silenciar os alertas de imediato, informe a hora atual.',
    },
  },
  MISSING_METRIC_THRESHOLD: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The alert watches a host metric, yet no value is set at which it should fire.',
      remedy:
        'Add metricThreshold with metricName, operator, threshold and units, and with AVERAGE as its mode.',
    },
    'pt-BR': {
      message:
        'O alerta acompanha uma métrica de host, mas não há valor definido a partir do qual ele dispara.',
      remedy: 'Inclua metricThreshold com metricName, operator, threshold e units, e com AVERAGE em mode.',
    },
  },
  MISSING_NOTIFICATIONS: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The alert configuration tells nobody: it has no notification.',
      remedy:
        'Put at least one entry in the notifications array, with typeName and the fields of that type, such as EMAIL with emailAddress.',
    },
    'pt-BR': {
      message: 'A configuração de alerta não avisa ninguém: ela não tem nenhuma notificação.',
      remedy:
        'Ponha ao menos uma entrada na lista notifications, com typeName e os campos desse tipo, como EMAIL com emailAddress.',
    },
  },
  MISSING_ONE_OF_ATTRIBUTES: {
    status: 400,
    parameters: ['attribute1', 'attribute2'],
    retry: 'afterRequestChange',
    en: {
      message:
        'The body has neither of the two attributes of which it needs one ({attribute1} or {attribute2}).',
      remedy: 'Decide which of the two says what you want and add it to the body with a value.',
    },
    'pt-BR': {
      message:
        'O corpo não tem nenhum dos dois atributos dos quais precisa de um ({attribute1} ou {attribute2}).',
      remedy: 'Decida qual dos dois expressa o que você quer e inclua-o no corpo com um valor.',
    },
  },
  MISSING_ONE_OF_THREE_ATTRIBUTES: {
    status: 400,
    parameters: ['attribute1', 'attribute2', 'attribute3'],
    retry: 'afterRequestChange',
    en: {
      message:
        'The body has none of the three attributes of which it needs one ({attribute1}, {attribute2} or {attribute3}).',
      remedy: 'Pick, of the three, the attribute whose value you know, and add it to the body.',
    },
    'pt-BR': {
      message:
        'O corpo não tem nenhum dos três atributos dos quais precisa de um ({attribute1}, {attribute2} ou {attribute3}).',
      remedy: 'Escolha, dos três, o atributo cujo valor você conhece e inclua-o no corpo.',
    },
  },
  MISSING_OR_INVALID_ATTRIBUTE: {
    status: 400,
    parameters: ['attribute'],
    retry: 'afterRequestChange',
    en: {
      message: 'A mandatory attribute ({attribute}) is absent or holds an unusable value.',
      remedy: 'If the body already has the attribute, correct its type or value; if it does not, add it.',
    },
    'pt-BR': {
      message: 'Um atributo indispensável ({attribute}) está ausente ou tem um valor inutilizável.',
      remedy: 'Se o corpo já tem o atributo, corrija o tipo ou o valor dele; se não tem, inclua-o.',
    },
  },
  MISSING_PASSWORD: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The request changes the username but leaves out the password that goes with it.',
      remedy: 'Send password in the same body as the new username, even if the password stays the same.',
    },
    'pt-BR': {
      message: 'A requisição muda o nome de usuário, mas deixa de fora a senha que o acompanha.',
      remedy: 'Envie password no mesmo corpo que o novo nome de usuário, mesmo que a senha continue a mesma.',
    },
  },
  MISSING_QUERY_PARAMETER: {
    status: 400,
    parameters: ['parameter'],
    retry: 'afterRequestChange',
    en: {
      message: 'The URL lacks a query parameter that this call cannot do without ({parameter}).',
      remedy:
        'Append the parameter to the URL after the question mark, as name=value, with the value percent-encoded.',
    },
    'pt-BR': {
      message: 'Falta na URL um parâmetro de consulta que esta chamada não dispensa ({parameter}).',
      remedy:
        'Acrescente o parâmetro à URL depois do ponto de interrogação, como nome=valor, com o valor em codificação percentual.',
    },
  },
  MISSING_ROLES_FOR_GROUP_NOTIFICATION: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'A project notification limits its readers to certain roles, but names no role.',
      remedy:
        'Name at least one role in the roles of the GROUP notification, or leave roles out so that everyone in the project is told.',
    },
    'pt-BR': {
      message:
        'Uma notificação de projeto restringe os destinatários a certos papéis, mas não cita nenhum papel.',
      remedy:
        'Cite ao menos um papel em roles na notificação GROUP, ou omita roles para que todos no projeto sejam avisados.',
    },
  },
  MISSING_ROLE_ENTRY_IN_LDAP_MAPPING: {
    status: 400,
    parameters: ['role'],
    retry: 'afterRequestChange',
    en: {
      message: 'The LDAP group mapping does not say which LDAP groups hold one of the roles ({role}).',
      remedy:
        'Add an entry to ldapGroupMappings with that role as roleName and, in ldapGroups, the distinguished name of at least one LDAP group.',
    },
    'pt-BR': {
      message: 'O mapeamento de grupos LDAP não diz quais grupos LDAP têm um dos papéis ({role}).',
      remedy:
        'Inclua em ldapGroupMappings uma entrada com esse papel em roleName e, em ldapGroups, o nome distinto (DN) de ao menos um grupo LDAP.',
    },
  },
  MISSING_SYNC_SOURCE: {
    status: 409,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message:
        'A new storage engine makes Backup copy all data again, and the request does not say from which member.',
      remedy:
        'Add syncSource with the hostname and port of the member to copy from; a secondary spares the primary the load.',
    },
    'pt-BR': {
      message:
        'Um novo mecanismo de armazenamento obriga o Backup a copiar tudo outra vez, e a requisição não diz de qual membro.',
      remedy:
        'Inclua syncSource com o nome do host e a porta do membro de onde copiar; um secundário poupa o primário dessa carga.',
    },
  },
  MISSING_THRESHOLD: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The alert watches the health of members, yet does not say how many of them make it fire.',
      remedy:
        'Add threshold with an operator, GREATER_THAN or LESS_THAN, and the number of members as its threshold.',
    },
    'pt-BR': {
      message: 'O alerta acompanha a saúde dos membros, mas não diz quantos deles o fazem disparar.',
      remedy:
        'Inclua threshold com um operator, GREATER_THAN ou LESS_THAN, e o número de membros como threshold.',
    },
  },
  MUTUALLY_EXCLUSIVE_QUERY_PARAMETERS: {
    status: 400,
    parameters: ['parameter1', 'parameter2'],
    retry: 'afterRequestChange',
    en: {
      message: 'This call takes exactly one of two query parameters ({parameter1} or {parameter2}).',
      remedy:
        'Keep the parameter that narrows the search as you want it and delete the other from the URL; if the URL has neither, add one.',
    },
    'pt-BR': {
      message:
        'Esta chamada aceita exatamente um de dois parâmetros de consulta ({parameter1} ou {parameter2}).',
      remedy:
        'Mantenha o parâmetro que restringe a busca como você quer e retire o outro da URL; se a URL não tem nenhum, inclua um.',
    },
  },
  NONZERO_DELAY_REQUIRED: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'A notification would go out at once, which alerts on this metric do not allow.',
      remedy: 'Set delayMin to 1 minute or more in every entry of notifications.',
    },
    'pt-BR': {
      message: 'Uma notificação sairia de imediato, o que os alertas sobre esta métrica não permitem.',
      remedy: 'Defina delayMin como 1 minuto ou mais em cada entrada de notifications.',
    },
  },
  NOTIFICATION_INTERVAL_OUT_OF_RANGE: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'A notification would repeat more often than once every 5 minutes.',
      remedy: 'Set intervalMin to 5 or more in each entry of notifications.',
    },
    'pt-BR': {
      message: 'Uma notificação se repetiria mais de uma vez a cada 5 minutos.',
      remedy: 'Defina intervalMin como 5 ou mais em cada entrada de notifications.',
    },
  },
  NOTIFICATION_TYPE_IS_GLOBAL_ONLY: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: "The project's alert configuration has a notification that only a global one may have.",
      remedy:
        'Change the typeName of that notification to one for projects, such as EMAIL or GROUP, or create the alert under globalAlertConfigs.',
    },
    'pt-BR': {
      message:
        'A configuração de alerta do projeto tem uma notificação que só uma configuração global pode ter.',
      remedy:
        'Troque o typeName dessa notificação por um próprio de projetos, como EMAIL ou GROUP, ou crie o alerta em globalAlertConfigs.',
    },
  },
  NOT_DATABASE_OR_DISK_METRIC: {
    status: 404,
    parameters: ['metric'],
    retry: 'afterRequestChange',
    en: {
      message: 'The metric named ({metric}) is measured for a whole process, not for a database or a disk.',
      remedy:
        'Read this metric from the measurements of the process, or name one that belongs to a database or a disk.',
    },
    'pt-BR': {
      message:
        'A métrica citada ({metric}) é medida para o processo inteiro, e não para um banco de dados ou disco.',
      remedy:
        'Leia essa métrica nas medições do processo, ou cite uma que seja própria de banco de dados ou de disco.',
    },
  },
  ROLES_SPECIFIED_FOR_USER: {
    status: 403,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The request assigns roles to a user, which this call does not allow.',
      remedy:
        'Leave roles out of the body. Have a user administrator assign the roles afterwards, or map them from LDAP groups.',
    },
    'pt-BR': {
      message: 'A requisição atribui papéis a um usuário, o que esta chamada não permite.',
      remedy:
        'Omita roles no corpo. Peça a um administrador de usuários que atribua os papéis depois, ou mapeie-os a partir de grupos LDAP.',
    },
  },
  ROLE_NEEDS_GROUP_ID: {
    status: 400,
    parameters: ['role'],
    retry: 'afterRequestChange',
    en: {
      message: 'A project role ({role}) is assigned without saying in which project.',
      remedy: "Add groupId, the project's ID, next to roleName in that entry of roles.",
    },
    'pt-BR': {
      message: 'Um papel de projeto ({role}) é atribuído sem dizer em qual projeto.',
      remedy: 'Inclua groupId, o ID do projeto, ao lado de roleName nessa entrada de roles.',
    },
  },
  ROLE_NEEDS_NO_GROUP_ID: {
    status: 400,
    parameters: ['role'],
    retry: 'afterRequestChange',
    en: {
      message: 'A global role ({role}) holds everywhere, yet the request ties it to one project.',
      remedy:
        'Remove groupId from that entry of roles, or choose the role for one project, whose name starts with GROUP_.',
    },
    'pt-BR': {
      message: 'Um papel global ({role}) vale em toda parte, mas a requisição o prende a um projeto.',
      remedy:
        'Retire groupId dessa entrada de roles, ou escolha o papel próprio de um projeto, cujo nome começa com GROUP_.',
    },
  },
  ROLE_NEEDS_NO_ORG_ID: {
    status: 400,
    parameters: ['role'],
    retry: 'afterRequestChange',
    en: {
      message: 'The request ties to an organization a role that does not belong to one ({role}).',
      remedy:
        'Remove orgId from that entry of roles, or choose an organization role, whose name starts with ORG_.',
    },
    'pt-BR': {
      message: 'A requisição prende a uma organização um papel que não é de organização ({role}).',
      remedy:
        'Retire orgId dessa entrada de roles, ou escolha um papel de organização, cujo nome começa com ORG_.',
    },
  },
  ROLE_NEEDS_ORG_ID: {
    status: 400,
    parameters: ['role'],
    retry: 'afterRequestChange',
    en: {
      message: 'An organization role ({role}) is assigned without saying in which organization.',
      remedy: "Add orgId, the organization's ID, next to roleName in that entry of roles.",
    },
    'pt-BR': {
      message: 'Um papel de organização ({role}) é atribuído sem dizer em qual organização.',
      remedy: 'Inclua orgId, o ID da organização, ao lado de roleName nessa entrada de roles.',
    },
  },
  THRESHOLD_PRESENT: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The alert configuration sets threshold, although it does not watch the health of members.',
      remedy:
        'Remove threshold, which only TOO_FEW_HEALTHY_MEMBERS and TOO_MANY_UNHEALTHY_MEMBERS use; for a host metric send metricThreshold in its place.',
    },
    'pt-BR': {
      message: 'A configuração de alerta define threshold, embora não acompanhe a saúde dos membros.',
      remedy:
        'Retire threshold, que só TOO_FEW_HEALTHY_MEMBERS e TOO_MANY_UNHEALTHY_MEMBERS usam; para uma métrica de host, envie metricThreshold no lugar dele.',
    },
  },
  UNITS_MISMATCH: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The threshold is given in a unit that cannot measure the metric.',
      remedy:
        'Choose units by what is measured: BYTES or MEGABYTES for sizes, SECONDS or MILLISECONDS for times, RAW for counts.',
    },
    'pt-BR': {
      message: 'O limite está em uma unidade que não serve para medir a métrica.',
      remedy:
        'Escolha units pelo que é medido: BYTES ou MEGABYTES para tamanhos, SECONDS ou MILLISECONDS para tempos, RAW para contagens.',
    },
  },
  WEAK_PASSWORD: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'The password in the request is too easy to guess.',
      remedy: 'Choose a longer password that mixes letters, digits and special characters.',
    },
    'pt-BR': {
      message: 'A senha da requisição é fácil demais de adivinhar.',
      remedy: 'Escolha uma senha mais longa, que misture letras, dígitos e caracteres especiais.',
    },
  },
} as const satisfies Record<string, ErrorEntry>;
