import type { ErrorEntry } from './entry.ts';

/** The thing exists, but its present state or set-up forbids this. */
export const state = {
  CANNOT_CLOSE_ACCOUNT_ACTIVE_BACKUP: {
    status: 409,
    parameters: [],
    retry: 'afterSystemChange',
    en: {
      message: 'The account stays open because backups still run in the project.',
      remedy:
        'Stop and then terminate the backup of each cluster in the project, which deletes its snapshots, and close the account after that.',
    },
    'pt-BR': {
      message: 'A conta continua aberta porque ainda há backups em andamento no projeto.',
      remedy:
        'Pare e depois encerre o backup de cada cluster do projeto, o que apaga os snapshots, e só então feche a conta.',
    },
  },
  CANNOT_CLOSE_ACCOUNT_FAILED_INVOICES: {
    status: 402,
    parameters: [],
    retry: 'afterSystemChange',
    en: {
      message: 'The account stays open because payment of one or more invoices did not go through.',
      remedy:
        'Settle the unpaid invoices on the billing page, with another payment method if needed, and close the account then.',
    },
    'pt-BR': {
      message: 'A conta continua aberta porque o pagamento de uma ou mais faturas não foi concluído.',
      remedy:
        'Quite as faturas pendentes na página de faturamento, com outra forma de pagamento se preciso, e então feche a conta.',
    },
  },
  CANNOT_DELETE_FROM_CLUSTER_SNAPSHOT: {
    status: 403,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message:
        'This snapshot belongs to the snapshot of a whole sharded cluster and can only go together with it.',
      remedy: "Delete the cluster's snapshot by the ID of the sharded cluster, not that of a single shard.",
    },
    'pt-BR': {
      message:
        'Este snapshot faz parte do snapshot de um cluster fragmentado inteiro e só pode ser apagado junto com ele.',
      remedy: 'Exclua o snapshot do cluster pelo ID do cluster fragmentado, e não pelo ID de um único shard.',
    },
  },
  CANNOT_DELETE_LAST_OWNER: {
    status: 403,
    parameters: [],
    retry: 'afterSystemChange',
    en: {
      message: 'The user is the only owner that the project has left, so removal is refused.',
      remedy:
        'Make someone else Project Owner and repeat the removal. To close the project altogether, delete the project itself.',
    },
    'pt-BR': {
      message: 'O usuário é o único proprietário que resta no projeto, por isso a remoção foi recusada.',
      remedy:
        'Torne outra pessoa Project Owner e repita a remoção. Para fechar o projeto de vez, exclua o próprio projeto.',
    },
  },
  CANNOT_DEMOTE_LAST_ORG_OWNER: {
    status: 403,
    parameters: [],
    retry: 'afterSystemChange',
    en: {
      message: "Taking this user's owner role would leave the organization without an owner.",
      remedy: "Give the Organization Owner role to another user first, then change this one's roles.",
    },
    'pt-BR': {
      message: 'Tirar o papel de proprietário deste usuário deixaria a organização sem proprietário.',
      remedy: 'Dê antes o papel Organization Owner a outro usuário e depois mude os papéis deste.',
    },
  },
  CANNOT_DEMOTE_LAST_OWNER: {
    status: 403,
    parameters: [],
    retry: 'afterSystemChange',
    en: {
      message: "Taking this user's owner role would leave the project without an owner.",
      remedy: "Give the Project Owner role to another member first, then change this one's roles.",
    },
    'pt-BR': {
      message: 'Tirar o papel de proprietário deste usuário deixaria o projeto sem proprietário.',
      remedy: 'Dê antes o papel Project Owner a outro membro e depois mude os papéis deste.',
    },
  },
  CANNOT_DOWNLOAD_EXPIRED_JOB: {
    status: 403,
    atlasStatus: 400,
    parameters: [],
    retry: 'never',
    en: {
      message: 'The logs that this job collected are past their expiration date and no longer kept.',
      remedy:
        'Start a new log collection job for the same resource, and download its logs before its expirationDate.',
    },
    'pt-BR': {
      message: 'Os logs que esta tarefa coletou passaram da data de expiração e não estão mais guardados.',
      remedy:
        'Inicie uma nova tarefa de coleta de logs para o mesmo recurso e baixe os logs antes da expirationDate.',
    },
  },
  CANNOT_DOWNLOAD_JOB_IN_PROGRESS: {
    status: 403,
    atlasStatus: 400,
    parameters: [],
    retry: 'afterWaiting',
    en: {
      message: 'The log collection job is still running, so there is nothing to download yet.',
      remedy: 'Get the job until its status is SUCCESS, then download the logs.',
    },
    'pt-BR': {
      message: 'A tarefa de coleta de logs ainda está em andamento, e ainda não há o que baixar.',
      remedy: 'Consulte a tarefa até que o status seja SUCCESS e então baixe os logs.',
    },
  },
  CANNOT_EXTEND_EXPIRED_JOB: {
    status: 403,
    atlasStatus: 400,
    parameters: [],
    retry: 'never',
    en: {
      message: "The job's logs have passed their expiration date, too late to keep them longer.",
      remedy:
        'Collect the logs again with a new job, and move its expirationDate while the job has not expired.',
    },
    'pt-BR': {
      message:
        'Os logs da tarefa já passaram da data de expiração, tarde demais para mantê-los por mais tempo.',
      remedy:
        'Colete os logs de novo em outra tarefa e adie a expirationDate dela enquanto não tiver vencido.',
    },
  },
  CANNOT_GET_BACKUP_CONFIG_INVALID_STATE: {
    status: 409,
    parameters: [],
    retry: 'afterSystemChange',
    en: {
      message: 'There is no backup configuration to read, because Monitoring does not watch this cluster.',
      remedy:
        "Activate Monitoring for the cluster's hosts, wait until the cluster appears in the project, and read the configuration then.",
    },
    'pt-BR': {
      message: 'Não há configuração de backup para ler, porque o Monitoramento não acompanha este cluster.',
      remedy:
        'Ative o Monitoramento para os hosts do cluster, espere o cluster aparecer no projeto e então leia a configuração.',
    },
  },
  CANNOT_MODIFY_MANAGED_HOST: {
    status: 403,
    parameters: ['host'],
    retry: 'afterRequestChange',
    en: {
      message: 'Automation manages this host ({host}), so it takes no direct change.',
      remedy:
        "Make the change in the project's automation configuration and publish it, or first remove the host from Automation.",
    },
    'pt-BR': {
      message: 'A Automação gerencia este host ({host}), que por isso não aceita alteração direta.',
      remedy:
        'Faça a alteração na configuração de automação do projeto e publique-a, ou retire antes o host da Automação.',
    },
  },
  CANNOT_MODIFY_SHARD_BACKUP_CONFIG: {
    status: 409,
    parameters: ['id'],
    retry: 'afterRequestChange',
    en: {
      message:
        'Backup settings belong to the sharded cluster as a whole (its ID is {id}), and the request names one shard.',
      remedy:
        'Send the same change to the backup configuration of the sharded cluster; it covers all shards.',
    },
    'pt-BR': {
      message:
        'As configurações de backup são do cluster fragmentado como um todo (cujo ID é {id}), e a requisição cita um único shard.',
      remedy:
        'Envie a mesma alteração para a configuração de backup do cluster fragmentado; ela vale para todos os shards.',
    },
  },
  CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST: {
    status: 400,
    formerCode: 'CANNOT_REMOVE_CALLER_FROM_WHITELIST',
    parameters: ['address'],
    retry: 'afterRequestChange',
    en: {
      message:
        'The entry to remove covers the address from which this call comes ({address}), which would lock the caller out.',
      remedy:
        'Call from another address on the list and remove it from there, or add an entry for your new address beforehand.',
    },
    'pt-BR': {
      message:
        'A entrada a remover cobre o endereço de onde vem esta chamada ({address}), o que deixaria de fora quem chama.',
      remedy:
        'Chame a partir de outro endereço da lista e remova a entrada de lá, ou adicione antes uma entrada para o seu novo endereço.',
    },
  },
  CANNOT_SET_BACKUP_AUTH_FOR_MANAGED_CLUSTER: {
    status: 409,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message:
        'Automation holds the backup credentials of this cluster, and the request tries to set its own.',
      remedy:
        'Remove username and password from the backup configuration; change them through the automation configuration if needed.',
    },
    'pt-BR': {
      message:
        'A Automação guarda as credenciais de backup deste cluster, e a requisição tenta definir outras.',
      remedy:
        'Retire username e password da configuração de backup; se preciso, altere-os pela configuração de automação.',
    },
  },
  CANNOT_START_BACKUP_INVALID_STATE: {
    status: 409,
    parameters: [],
    retry: 'afterSystemChange',
    en: {
      message: 'Backup starts from the state INACTIVE or STOPPED, and this cluster is in another.',
      remedy:
        'Read statusName of the backup configuration: with STARTED there is nothing to do; otherwise wait for the running change to end.',
    },
    'pt-BR': {
      message: 'O backup começa a partir do estado INACTIVE ou STOPPED, e este cluster está em outro.',
      remedy:
        'Leia statusName na configuração de backup: se for STARTED, não há o que fazer; senão, espere terminar a mudança em curso.',
    },
  },
  CANNOT_START_RESTORE_JOB_FOR_DELETED_CLUSTER_SNAPSHOT: {
    status: 409,
    parameters: [],
    retry: 'never',
    en: {
      message: 'The snapshot of the sharded cluster to restore from is deleted.',
      remedy: "List the sharded cluster's snapshots again and restore from one that is still kept.",
    },
    'pt-BR': {
      message: 'O snapshot do cluster fragmentado indicado para restaurar foi excluído.',
      remedy: 'Liste de novo os snapshots do cluster fragmentado e restaure a partir de um que ainda exista.',
    },
  },
  CANNOT_START_RESTORE_JOB_FOR_DELETED_SNAPSHOT: {
    status: 409,
    parameters: [],
    retry: 'never',
    en: {
      message: 'The snapshot from which to restore is gone, deleted by hand or at the end of its retention.',
      remedy:
        "Choose a newer snapshot from the cluster's list. To keep one longer, set its doNotDelete attribute in time.",
    },
    'pt-BR': {
      message: 'O snapshot do qual restaurar não existe mais, apagado à mão ou ao fim da retenção.',
      remedy:
        'Escolha um snapshot mais recente na lista do cluster. Para manter um por mais tempo, defina a tempo o atributo doNotDelete dele.',
    },
  },
  CANNOT_START_RESTORE_JOB_FOR_INCOMPLETE_CLUSTER_SNAPSHOT: {
    status: 409,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: "The cluster's snapshot lacks one or more of its parts, so nothing can be restored from it.",
      remedy: 'Look for a snapshot of the cluster with complete set to true and restore from that one.',
    },
    'pt-BR': {
      message: 'Faltam uma ou mais partes do snapshot do cluster, e não é possível restaurar a partir dele.',
      remedy: 'Procure um snapshot do cluster com complete igual a true e restaure a partir dele.',
    },
  },
  CANNOT_STOP_BACKUP_INVALID_STATE: {
    status: 409,
    parameters: [],
    retry: 'afterSystemChange',
    en: {
      message: 'Only a backup in the state STARTED can be stopped, and this one is in another.',
      remedy:
        'Read statusName: with STOPPED or INACTIVE nothing is left to stop; while it is being set up, wait for STARTED.',
    },
    'pt-BR': {
      message: 'Só um backup no estado STARTED pode ser parado, e este está em outro.',
      remedy:
        'Leia statusName: com STOPPED ou INACTIVE não resta o que parar; durante a preparação, espere por STARTED.',
    },
  },
  CANNOT_TERMINATE_BACKUP_INVALID_STATE: {
    status: 409,
    parameters: [],
    retry: 'afterSystemChange',
    en: {
      message: 'Only a backup in the state STOPPED can be terminated, and this one is in another.',
      remedy:
        'Set statusName to STOPPED first, wait until it reads so, and terminate then. Terminating deletes all snapshots.',
    },
    'pt-BR': {
      message: 'Só um backup no estado STOPPED pode ser encerrado, e este está em outro.',
      remedy:
        'Defina antes statusName como STOPPED, espere que a leitura o confirme e só então encerre. Encerrar apaga todos os snapshots.',
    },
  },
  INVALID_MONITORING_STATE: {
    status: 'unknown',
    parameters: [],
    retry: 'afterSystemChange',
    en: {
      message: 'Ops Manager holds no measurements for this process in its present state.',
      remedy:
        'Confirm that Monitoring is active for the process and that its agent is running; read the data again after the next pings.',
    },
    'pt-BR': {
      message: 'O Ops Manager não tem medições deste processo no estado em que ele está.',
      remedy:
        'Confirme que o Monitoramento está ativo para o processo e que o agente dele está rodando; leia os dados de novo após os próximos pings.',
    },
  },
  NOT_CONFIG_SERVER: {
    status: 404,
    parameters: ['host'],
    retry: 'afterRequestChange',
    en: {
      message: 'The host named ({host}) does not serve as one of three mirrored config servers (SCCC).',
      remedy:
        'Pick a config server from the hosts of the cluster. If its config servers form a replica set, use the snapshots of the whole cluster.',
    },
    'pt-BR': {
      message:
        'O host citado ({host}) não atua como um dos três servidores de configuração espelhados (SCCC).',
      remedy:
        'Escolha um servidor de configuração entre os hosts do cluster. Se eles formam um replica set, use os snapshots do cluster inteiro.',
    },
  },
  NOT_SHARDED: {
    status: 400,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message:
        'A standalone process cannot be patched by this call, which handles replica sets and sharded clusters.',
      remedy:
        "List the project's clusters and call this one with the ID of a replica set or a sharded cluster.",
    },
    'pt-BR': {
      message:
        'Um processo standalone não pode ser alterado por esta chamada, que trata de replica sets e clusters fragmentados.',
      remedy:
        'Liste os clusters do projeto e faça a chamada com o ID de um replica set ou de um cluster fragmentado.',
    },
  },
  NO_CHECKPOINT_FOR_PIT_RESTORE: {
    status: 409,
    parameters: [],
    retry: 'afterRequestChange',
    en: {
      message: 'Backup has no checkpoint from which it could restore the cluster to that moment.',
      remedy:
        "List the cluster's checkpoints and ask for a moment that they cover, or restore from the snapshot nearest to the moment you want.",
    },
    'pt-BR': {
      message: 'O Backup não tem checkpoint a partir do qual possa restaurar o cluster para esse momento.',
      remedy:
        'Liste os checkpoints do cluster e peça um momento que eles cubram, ou restaure o snapshot mais próximo do momento desejado.',
    },
  },
  NO_GROUP_SSH_KEY: {
    status: 409,
    parameters: ['group'],
    retry: 'afterSystemChange',
    en: {
      message: 'The project ({group}) has not been given an SSH key yet.',
      remedy: 'Create an SSH key for the project, then make the same call again.',
    },
    'pt-BR': {
      message: 'O projeto ({group}) ainda não recebeu uma chave SSH.',
      remedy: 'Crie uma chave SSH para o projeto e depois faça a mesma chamada.',
    },
  },
  ONLY_FAILED_JOB_CAN_BE_RESTARTED: {
    status: 400,
    parameters: [],
    retry: 'afterSystemChange',
    en: {
      message: 'This log collection job has not failed, so there is nothing to restart.',
      remedy:
        "Get the job's status: wait while it is IN_PROGRESS, download the logs at SUCCESS, and create a new job if it is EXPIRED.",
    },
    'pt-BR': {
      message: 'Esta tarefa de coleta de logs não falhou, e não há o que reiniciar.',
      remedy:
        'Consulte o status da tarefa: aguarde enquanto for IN_PROGRESS, baixe os logs se for SUCCESS e crie outra tarefa se for EXPIRED.',
    },
  },
  WEBHOOK_URL_NOT_SET: {
    status: 400,
    parameters: [],
    retry: 'afterSystemChange',
    en: {
      message: 'An alert should call a webhook, but the project has no webhook URL.',
      remedy:
        "Save the webhook URL in the project's settings, under Integrations, and then add the WEBHOOK notification.",
    },
    'pt-BR': {
      message: 'Um alerta deveria chamar um webhook, mas o projeto não tem URL de webhook.',
      remedy:
        'Salve a URL do webhook nas configurações do projeto, em Integrations, e depois inclua a notificação WEBHOOK.',
    },
  },
} as const satisfies Record<string, ErrorEntry>;
