import { type AccessListEntry, accessListOf } from '../mongodb/access-list.ts';
import { alertConfigsOf, commonKinds } from '../mongodb/demo-alert-configs.ts';
import type * as mongodb from '../mongodb/world.ts';

export interface ServiceAccount {
  clientId: string;
  clientSecret: string;
  accessList: AccessListEntry[];
}

/** What the simulator knows of one organization. Changing it changes what Atlas answers from then on. */
export interface Organization extends mongodb.Organization {
  serviceAccounts: ServiceAccount[];
  /** The link to an Ops Manager organization whose data moves here; it cannot go while migrations run. */
  link?: { linkToken: string; migratingGroupIds: string[] } | undefined;
}

/** Ids and credentials of the demo organization. None of them is real. */
export const demo = {
  orgId: '0123456789abcdef01234567',
  groupId: '76543210fedcba9876543210',
  clientId: 'mdb_sa_id_0123456789abcdef01234567',
  clientSecret: 'mdb_sa_sk_simulated-not-a-real-secret',
  publicKey: 'simulatd',
  privateKey: '51517a7e-0000-4000-8000-5151a7ed0000',
} as const;

/** The kinds of alert configuration in the demo project. */
export const alertKinds = [
  ...commonKinds,
  { eventTypeName: 'CREDIT_CARD_ABOUT_TO_EXPIRE' },
  {
    eventTypeName: 'CPS_SNAPSHOT_BEHIND',
    threshold: { operator: 'GREATER_THAN', threshold: 12, units: 'HOURS' },
  },
  {
    eventTypeName: 'REPLICATION_OPLOG_WINDOW_RUNNING_OUT',
    threshold: { operator: 'LESS_THAN', threshold: 1, units: 'HOURS' },
  },
  {
    eventTypeName: 'NDS_X509_USER_AUTHENTICATION_MANAGED_USER_CERTS_EXPIRATION_CHECK',
    threshold: { operator: 'LESS_THAN', threshold: 30, units: 'DAYS' },
  },
  { eventTypeName: 'CPS_SNAPSHOT_FAILED', severityOverride: 'CRITICAL' },
];

/**
 * A fresh world of one organization, which is linked to an Ops Manager organization, with one service account, which
 * has this access list, one API key, and one project with a dozen alert configurations.
 */
export function demoWorld(accessList: AccessListEntry[] = accessListOf(12)): Organization[] {
  const { orgId, groupId, clientId, clientSecret, publicKey, privateKey } = demo;
  return [
    {
      orgId,
      serviceAccounts: [{ clientId, clientSecret, accessList }],
      apiKeys: [{ publicKey, privateKey }],
      groups: [{ groupId, alertConfigs: alertConfigsOf(groupId, alertKinds, alertKinds.length) }],
      link: { linkToken: 'simulated-link-token', migratingGroupIds: [] },
    },
  ];
}
