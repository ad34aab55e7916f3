const root = '/api/configuration';

/** What lies under each collection. Some of it is only named: its neighbours show it. */
export const children: Record<string, string[]> = {
  [root]: [
    'aaa',
    'alerting',
    'datetime',
    'http',
    'ica',
    'local_services',
    'management',
    'network',
    'rdp',
    'ssh',
    'x509',
  ],
  [`${root}/alerting`]: ['system_alerts', 'traffic_alerts'],
  [`${root}/local_services`]: ['admin_web', 'postgresql', 'snmp_agent', 'ssh', 'user_web'],
  [`${root}/management`]: ['accounting', 'email', 'monitoring', 'snmp', 'webinterface'],
  [`${root}/management/snmp`]: ['trap'],
  [`${root}/network`]: ['nics'],
  [`${root}/network/nics`]: ['nic1', 'nic2', 'nic3'],
};

/** The `meta` of an object or a collection; `remaining_seconds` is there only for callers with a transaction. */
export function metaOf(path: string, remainingSeconds: number | undefined) {
  const cut = path.lastIndexOf('/');
  const parent = path === root ? null : path.slice(0, cut);
  const siblings = (parent === null ? undefined : children[parent])?.map((name) => `${parent}/${name}`) ?? [
    path,
  ];
  const index = siblings.indexOf(path);
  return {
    first: siblings[0] ?? path,
    href: path,
    last: siblings.at(-1) ?? path,
    next: siblings[index + 1] ?? null,
    parent,
    previous: siblings[index - 1] ?? null,
    ...(remainingSeconds !== undefined && { remaining_seconds: remainingSeconds }),
    transaction: '/api/transaction',
  };
}
