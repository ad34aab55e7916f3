import type { ErrorEntry } from './entry.ts';

/** What the request names does not exist there. */
export const notFound = {
  ACCESS_LIST_NOT_FOUND: {
    status: 404,
    formerCode: 'WHITELIST_NOT_FOUND',
    parameters: ['address', 'username'],
    retry: 'afterRequestChange',
    en: {
      message: 'The access list of this user ({username}) holds no such entry ({address}).',
      remedy:
        "Read the user's access list and name the entry exactly as it stands there; a single address and its /32 range can be written differently.",
    },
    'pt-BR': {
      message: 'A lista de acesso deste usuário ({username}) não contém essa entrada ({address}).',
      remedy:
        'Consulte a lista de acesso do usuário e informe a entrada exatamente como consta nela; um endereço único e a faixa /32 podem estar escritos de formas diferentes.',
    },
  },
  ALERT_CONFIG_NOT_FOUND: {
    status: 404,
    parameters: ['id', 'group'],
    retry: 'afterRequestChange',
    en: {
      message: 'This project ({group}) has no alert configuration with the ID given ({id}).',
      remedy:
        "List the project's alert configurations and use an ID from there. It may have been deleted, or belong to another project.",
    },
    'pt-BR': {
      message: 'Este projeto ({group}) não tem configuração de alerta com o ID informado ({id}).',
      remedy:
        'Liste as configurações de alerta do projeto e use um ID de lá. Ela pode ter sido excluída ou pertencer a outro projeto.',
    },
  },
  ALERT_NOT_FOUND: {
    status: 404,
    parameters: ['id', 'group'],
    retry: 'afterRequestChange',
    en: {
      message: 'This project ({group}) has no alert with the ID given ({id}).',
      remedy:
        "List the project's alerts and use an ID from that list. An alert's ID is not the ID of its alert configuration.",
    },
    'pt-BR': {
      message: 'Este projeto ({group}) não tem alerta com o ID informado ({id}).',
      remedy:
        'Liste os alertas do projeto e use um ID dessa lista. O ID de um alerta não é o da sua configuração de alerta.',
    },
  },
  API_KEY_ACCESS_LIST_NOT_FOUND: {
    status: 404,
    formerCode: 'API_KEY_WHITELIST_NOT_FOUND',
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: "This API key's access list has no entry for the address in the request.",
      remedy:
        "List the access list entries of the API key and repeat one as written there. Check too that the key's ID is the one you mean.",
    },
    'pt-BR': {
      message: 'A lista de acesso desta chave de API não tem entrada para o endereço da requisição.',
      remedy:
        'Liste as entradas da lista de acesso da chave e repita uma delas tal como está escrita. Confira também se o ID da chave é o desejado.',
    },
  },
  API_KEY_NOT_FOUND: {
    status: 400,
    parameters: ['apiKeyId'],
    retry: 'afterRequestChange',
    en: {
      message: 'The ID in the request belongs to no API key ({apiKeyId}).',
      remedy:
        "List the organization's API keys and use the id field of one of them, which has 24 hexadecimal digits, not its public key.",
    },
    'pt-BR': {
      message: 'O ID da requisição não pertence a nenhuma chave de API ({apiKeyId}).',
      remedy:
        'Liste as chaves de API da organização e use o campo id de uma delas, com 24 dígitos hexadecimais, e não a chave pública.',
    },
  },
  AUTOMATION_CONFIG_NOT_FOUND: {
    status: 404,
    parameters: ['group'],
    retry: 'afterSystemChange',
    en: {
      message: 'Nothing has been set up under Automation for this project yet ({group}).',
      remedy:
        'Deploy or import a cluster under Automation in this project, or publish a first automation configuration, then read it again.',
    },
    'pt-BR': {
      message: 'Ainda não há nada configurado na Automação para este projeto ({group}).',
      remedy:
        'Implante ou importe um cluster na Automação deste projeto, ou publique uma primeira configuração de automação, e depois leia de novo.',
    },
  },
  BACKUP_CONFIG_NOT_FOUND: {
    status: 404,
    parameters: ['cluster', 'group'],
    retry: 'afterRequestChange',
    en: {
      message: 'Backup knows nothing of this cluster ({cluster}) in this project ({group}).',
      remedy:
        "List the project's backup configurations for the right cluster ID. If the cluster is missing there, enable Backup for it first.",
    },
    'pt-BR': {
      message: 'O Backup não conhece este cluster ({cluster}) neste projeto ({group}).',
      remedy:
        'Liste as configurações de backup do projeto para achar o ID certo. Se o cluster não estiver lá, habilite primeiro o Backup para ele.',
    },
  },
  BAD_USERNAME_IN_GROUP_REF: {
    status: 400,
    parameters: ['username', 'group'],
    retry: 'afterRequestChange',
    en: {
      message: 'The request refers to someone ({username}) who is no member of this project ({group}).',
      remedy: "Add the user to the project first, or name one whom the project's list of users shows.",
    },
    'pt-BR': {
      message: 'A requisição cita alguém ({username}) que não é membro deste projeto ({group}).',
      remedy: 'Adicione antes o usuário ao projeto, ou cite um que apareça na lista de usuários do projeto.',
    },
  },
  BAD_USERNAME_REF: {
    status: 400,
    parameters: ['username'],
    retry: 'afterRequestChange',
    en: {
      message: 'The request refers to a username that Ops Manager does not know ({username}).',
      remedy:
        'Look for the spelling, domain included: the username is usually the e-mail address with which the person signs in.',
    },
    'pt-BR': {
      message: 'A requisição cita um nome de usuário que o Ops Manager não conhece ({username}).',
      remedy:
        'Confira a grafia, inclusive o domínio: o nome de usuário costuma ser o e-mail com que a pessoa entra.',
    },
  },
  CHECKPOINT_NOT_FOUND: {
    status: 404,
    parameters: ['id', 'cluster'],
    retry: 'afterRequestChange',
    en: {
      message: 'This cluster ({cluster}) has no checkpoint with the ID given ({id}).',
      remedy:
        "List the sharded cluster's checkpoints and use an ID from there; old checkpoints go away at the end of their retention.",
    },
    'pt-BR': {
      message: 'Este cluster ({cluster}) não tem checkpoint com o ID informado ({id}).',
      remedy:
        'Liste os checkpoints do cluster fragmentado e use um ID de lá; checkpoints antigos somem ao fim da retenção.',
    },
  },
  CLUSTER_NOT_FOUND: {
    status: 404,
    parameters: ['id', 'group'],
    retry: 'afterRequestChange',
    en: {
      message: 'This project ({group}) has no cluster with the ID given ({id}).',
      remedy:
        "List the project's clusters and use the id field of one, not its clusterName or the ID of one of its hosts.",
    },
    'pt-BR': {
      message: 'Este projeto ({group}) não tem cluster com o ID informado ({id}).',
      remedy:
        'Liste os clusters do projeto e use o campo id de um deles, e não o clusterName nem o ID de um de seus hosts.',
    },
  },
  CONFIG_RESTORE_JOB_NOT_FOUND: {
    status: 404,
    parameters: ['id', 'configServer'],
    retry: 'afterRequestChange',
    en: {
      message: 'This config server ({configServer}) has no restore job with the ID given ({id}).',
      remedy:
        "List the restore jobs of the config server's host. If the config servers form a replica set, list those of the cluster instead.",
    },
    'pt-BR': {
      message:
        'Este servidor de configuração ({configServer}) não tem tarefa de restauração com o ID informado ({id}).',
      remedy:
        'Liste as tarefas de restauração do host do servidor de configuração. Se os servidores de configuração formam um replica set, liste as do cluster.',
    },
  },
  CONFIG_SNAPSHOT_NOT_FOUND: {
    status: 404,
    parameters: ['id', 'configServer'],
    retry: 'afterRequestChange',
    en: {
      message: 'This config server ({configServer}) has no snapshot with the ID given ({id}).',
      remedy:
        "List the snapshots of the config server's host and take the ID from there; cluster snapshots are listed under the cluster.",
    },
    'pt-BR': {
      message: 'Este servidor de configuração ({configServer}) não tem snapshot com o ID informado ({id}).',
      remedy:
        'Liste os snapshots do host do servidor de configuração e copie de lá o ID; os do cluster são listados no cluster.',
    },
  },
  DATABASE_NOT_FOUND: {
    status: 404,
    parameters: ['name', 'host'],
    retry: 'afterRequestChange',
    en: {
      message: 'Monitoring sees no database of that name ({name}) on this host ({host}).',
      remedy:
        "List the host's databases for the exact name, capitals included. A new database appears once Monitoring has collected its statistics.",
    },
    'pt-BR': {
      message: 'O Monitoramento não vê banco de dados com esse nome ({name}) neste host ({host}).',
      remedy:
        'Liste os bancos do host para achar o nome exato, com maiúsculas e minúsculas. Um banco novo aparece depois que o Monitoramento coleta suas estatísticas.',
    },
  },
  DEVICE_NOT_FOUND: {
    status: 404,
    parameters: ['name', 'host'],
    retry: 'afterRequestChange',
    en: {
      message: 'Monitoring sees no disk device of that name ({name}) on this host ({host}).',
      remedy: "List the host's disks and copy a partitionName from there, without a leading /dev/.",
    },
    'pt-BR': {
      message: 'O Monitoramento não vê dispositivo de disco com esse nome ({name}) neste host ({host}).',
      remedy: 'Liste os discos do host e copie de lá um partitionName, sem /dev/ na frente.',
    },
  },
  GLOBAL_ALERT_CONFIG_NOT_FOUND: {
    status: 404,
    parameters: ['id'],
    retry: 'afterRequestChange',
    en: {
      message: 'Among the global alert configurations, none has the ID given ({id}).',
      remedy:
        'List the global alert configurations and use one of their IDs. Those of a single project are under that project.',
    },
    'pt-BR': {
      message: 'Entre as configurações de alerta globais, nenhuma tem o ID informado ({id}).',
      remedy:
        'Liste as configurações de alerta globais e use um dos IDs. As de um único projeto ficam nesse projeto.',
    },
  },
  GROUP_API_KEY_NOT_FOUND: {
    status: 404,
    parameters: ['key'],
    retry: 'afterRequestChange',
    en: {
      message: 'The agent API key in the request ({key}) belongs to no project.',
      remedy:
        "Copy a current agent API key from the project's settings; one that was deleted or replaced no longer finds its project.",
    },
    'pt-BR': {
      message: 'A chave de API de agente da requisição ({key}) não pertence a nenhum projeto.',
      remedy:
        'Copie uma chave de API de agente atual das configurações do projeto; uma que foi excluída ou trocada já não o encontra.',
    },
  },
  GROUP_NAME_NOT_FOUND: {
    status: 404,
    parameters: ['name'],
    retry: 'afterRequestChange',
    en: {
      message: 'The caller can see no project of that name ({name}).',
      remedy:
        'List your projects and copy the name exactly, with capitals and spaces, URL-encoded; or ask by project ID, which renaming does not change.',
    },
    'pt-BR': {
      message: 'Quem chama não enxerga nenhum projeto com esse nome ({name}).',
      remedy:
        'Liste os seus projetos e copie o nome exato, com maiúsculas e espaços, codificado para URL; ou use o ID do projeto, que não muda ao renomear.',
    },
  },
  GROUP_NOT_FOUND: {
    status: 404,
    parameters: ['id'],
    retry: 'afterRequestChange',
    en: {
      message: 'The project ID in the request leads to no project ({id}).',
      remedy:
        'List your projects and take the id from there. If it is right, the project was deleted or lives on another Ops Manager.',
    },
    'pt-BR': {
      message: 'O ID de projeto da requisição não leva a nenhum projeto ({id}).',
      remedy:
        'Liste os seus projetos e copie o id de lá. Se ele estiver certo, o projeto foi excluído ou está em outro Ops Manager.',
    },
  },
  HOSTNAME_AND_PORT_NOT_FOUND: {
    status: 404,
    parameters: ['namePort', 'group'],
    retry: 'afterRequestChange',
    en: {
      message: 'This project ({group}) monitors no process at the address given ({namePort}).',
      remedy:
        "List the project's hosts and copy hostname and port from one; an alias or an IP address in place of the hostname does not match.",
    },
    'pt-BR': {
      message: 'Este projeto ({group}) não monitora processo no endereço informado ({namePort}).',
      remedy:
        'Liste os hosts do projeto e copie hostname e port de um deles; um alias ou um endereço IP no lugar do nome do host não serve.',
    },
  },
  HOST_LAST_PING_NOT_FOUND: {
    status: 404,
    parameters: ['host', 'group'],
    retry: 'afterWaiting',
    en: {
      message: 'Monitoring has received nothing yet from this host ({host}) of this project ({group}).',
      remedy:
        "Wait a few minutes after adding the host. If it stays, check that Monitoring runs and can connect to that host's port.",
    },
    'pt-BR': {
      message: 'O Monitoramento ainda não recebeu nada deste host ({host}) deste projeto ({group}).',
      remedy:
        'Espere alguns minutos depois de adicionar o host. Se continuar, confira se o Monitoramento está rodando e alcança a porta dele.',
    },
  },
  HOST_NOT_FOUND: {
    status: 404,
    parameters: ['id', 'group'],
    retry: 'afterRequestChange',
    en: {
      message: 'This project ({group}) has no host with the ID given ({id}).',
      remedy:
        "List the project's hosts and use the id field of one; the hostname is not an ID, and a host that left Monitoring has none.",
    },
    'pt-BR': {
      message: 'Este projeto ({group}) não tem host com o ID informado ({id}).',
      remedy:
        'Liste os hosts do projeto e use o campo id de um deles; o nome do host não é um ID, e um host retirado do Monitoramento não tem nenhum.',
    },
  },
  INVALID_USER: {
    status: 400,
    parameters: ['username'],
    retry: 'afterRequestChange',
    en: {
      message: 'The request refers to a user whom Ops Manager does not know ({username}).',
      remedy:
        "List the organization's users and send the username of one of them, or create the user before referring to them.",
    },
    'pt-BR': {
      message: 'A requisição se refere a um usuário que o Ops Manager não conhece ({username}).',
      remedy:
        'Liste os usuários da organização e envie o nome de usuário de um deles, ou crie o usuário antes de se referir a ele.',
    },
  },
  LAST_PING_NOT_FOUND: {
    status: 404,
    parameters: ['group'],
    retry: 'afterWaiting',
    en: {
      message: 'Ops Manager has not received any ping from this project so far ({group}).',
      remedy:
        "Wait for the first ping. If none comes, see that a Monitoring agent is running with this project's agent API key.",
    },
    'pt-BR': {
      message: 'O Ops Manager ainda não recebeu nenhum ping deste projeto ({group}).',
      remedy:
        'Aguarde o primeiro ping. Se ele não vier, veja se há um agente de Monitoramento rodando com a chave de API de agente deste projeto.',
    },
  },
  LOG_COLLECTION_JOB_NOT_FOUND_IN_GROUP: {
    status: 404,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'This project has no log collection job under the ID in the request.',
      remedy:
        "List the logCollectionJobs of the project and take the ID from there. If the job belongs to another project, call that project's path.",
    },
    'pt-BR': {
      message: 'Este projeto não tem tarefa de coleta de logs com o ID da requisição.',
      remedy:
        'Liste os logCollectionJobs do projeto e pegue o ID dali. Se a tarefa for de outro projeto, chame o caminho desse projeto.',
    },
  },
  MAINTENANCE_WINDOW_NOT_FOUND: {
    status: 404,
    parameters: ['id', 'group'],
    retry: 'afterRequestChange',
    en: {
      message: 'This project ({group}) has no maintenance window under the ID given ({id}).',
      remedy:
        "List the project's maintenance windows and use one of their IDs. If the window was deleted, create it anew.",
    },
    'pt-BR': {
      message: 'Este projeto ({group}) não tem janela de manutenção com o ID informado ({id}).',
      remedy:
        'Liste as janelas de manutenção do projeto e use um dos IDs. Se a janela foi excluída, crie outra.',
    },
  },
  ORG_NOT_FOUND: {
    status: 404,
    parameters: ['id'],
    retry: 'afterRequestChange',
    en: {
      message: 'Ops Manager has no organization under the ID given ({id}).',
      remedy:
        "List the orgs that your API key can see and use an ID from that answer. A project's ID is not its organization's.",
    },
    'pt-BR': {
      message: 'O Ops Manager não tem organização com o ID informado ({id}).',
      remedy:
        'Liste as orgs que sua chave de API enxerga e use um ID dessa resposta. O ID de um projeto não é o da organização dele.',
    },
  },
  RESOURCE_NOT_FOUND: {
    status: 404,
    parameters: ['resource'],
    retry: 'afterRequestChange',
    en: {
      message: 'Nothing answers at the address of this request ({resource}).',
      remedy:
        "See that the path starts with the API's own prefix, /api/public/v1.0 in Ops Manager, and that each word is spelled as in this version's documentation, such as accessList.",
    },
    'pt-BR': {
      message: 'Nada responde no endereço desta requisição ({resource}).',
      remedy:
        'Veja se o caminho começa com o prefixo da API, /api/public/v1.0 no Ops Manager, e se cada palavra está escrita como na documentação desta versão, como accessList.',
    },
  },
  RESTORE_JOB_NOT_FOUND: {
    status: 404,
    parameters: ['id', 'cluster'],
    retry: 'afterRequestChange',
    en: {
      message: 'Under this cluster ({cluster}) there is no restore job with the ID given ({id}).',
      remedy:
        'List the restoreJobs of the cluster and take the ID from there. See also that the cluster in the path is the one that was restored from.',
    },
    'pt-BR': {
      message: 'Neste cluster ({cluster}) não há tarefa de restauração com o ID informado ({id}).',
      remedy:
        'Liste os restoreJobs do cluster e pegue o ID dali. Veja também se o cluster do caminho é o de origem da restauração.',
    },
  },
  RESTORE_JOB_NOT_FOUND_IN_GROUP: {
    status: 404,
    parameters: ['id', 'group'],
    retry: 'afterRequestChange',
    en: {
      message: 'This project ({group}) has no restore job under the ID given ({id}).',
      remedy:
        'Use the project in which the restore was requested, and list the restore jobs of each of its clusters to find the ID.',
    },
    'pt-BR': {
      message: 'Este projeto ({group}) não tem tarefa de restauração com o ID informado ({id}).',
      remedy:
        'Use o projeto em que a restauração foi pedida e liste as tarefas de restauração de cada cluster dele para achar o ID.',
    },
  },
  SNAPSHOT_NOT_FOUND: {
    status: 404,
    parameters: ['id', 'cluster'],
    retry: 'afterRequestChange',
    en: {
      message: 'This cluster ({cluster}) has no snapshot under the ID given ({id}).',
      remedy:
        "List the cluster's snapshots and choose one that still exists; a snapshot goes away when its retention ends.",
    },
    'pt-BR': {
      message: 'Este cluster ({cluster}) não tem snapshot com o ID informado ({id}).',
      remedy:
        'Liste os snapshots do cluster e escolha um que ainda exista; um snapshot some quando termina a retenção dele.',
    },
  },
  USERNAME_NOT_FOUND: {
    status: 404,
    parameters: ['username'],
    retry: 'afterRequestChange',
    en: {
      message: 'Nobody in Ops Manager goes by this username ({username}).',
      remedy:
        'Write the username as its owner signs in with it, and percent-encode it in the path: a plus sign becomes %2B.',
    },
    'pt-BR': {
      message: 'Ninguém no Ops Manager usa este nome de usuário ({username}).',
      remedy:
        'Escreva o nome de usuário como o dono dele o usa para entrar, com codificação percentual no caminho: o sinal de mais vira %2B.',
    },
  },
  USER_NOT_FOUND: {
    status: 404,
    parameters: ['id'],
    retry: 'afterRequestChange',
    en: {
      message: 'No user has the ID given ({id}).',
      remedy:
        'Find the user by username and use the id in that answer; the account may have been deleted since you noted the ID.',
    },
    'pt-BR': {
      message: 'Nenhum usuário tem o ID informado ({id}).',
      remedy:
        'Ache o usuário pelo nome de usuário e use o id dessa resposta; a conta pode ter sido excluída desde que você anotou o ID.',
    },
  },
  USER_NOT_IN_GROUP: {
    status: 404,
    parameters: ['username', 'group'],
    retry: 'afterRequestChange',
    en: {
      message: 'Among the members of this project ({group}) there is no such user ({username}).',
      remedy:
        "List the project's users and name one of them, or add this user to the project before the call.",
    },
    'pt-BR': {
      message: 'Entre os membros deste projeto ({group}) não há esse usuário ({username}).',
      remedy:
        'Liste os usuários do projeto e cite um deles, ou inclua este usuário no projeto antes da chamada.',
    },
  },
} as const satisfies Record<string, ErrorEntry>;
