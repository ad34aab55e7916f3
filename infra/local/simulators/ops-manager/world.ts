import { type AccessListEntry, accessListOf } from '../mongodb/access-list.ts';
import { alertConfigsOf, commonKinds } from '../mongodb/demo-alert-configs.ts';
import type * as mongodb from '../mongodb/world.ts';

export interface ApiKey extends mongodb.ApiKey {
  apiKeyId: string;
  accessList: AccessListEntry[];
}

/** What the simulator knows of one organization. Changing it changes what Ops Manager answers from then on. */
export interface Organization extends mongodb.Organization {
  apiKeys: ApiKey[];
  /** The link to the Atlas organization that the data moves to. */
  link?: { linkToken: string; status: 'SYNCED' | 'NOT_SYNCED' } | undefined;
}

/** Ids and credentials of the demo organization. None of them is real. */
export const demo = {
  orgId: 'fedcba9876543210fedcba98',
  groupId: '89abcdef0123456789abcdef',
  apiKeyId: '5151a7ed00000000000000a1',
  publicKey: 'opsmansm',
  privateKey: '51517a7e-0000-4000-8000-0b55a7ed0000',
} as const;

/** The kinds of alert configuration in the demo project. */
export const alertKinds = [
  ...commonKinds,
  { eventTypeName: 'MONITORING_AGENT_DOWN' },
  { eventTypeName: 'BACKUP_AGENT_DOWN' },
  { eventTypeName: 'AUTOMATION_AGENT_DOWN' },
  { eventTypeName: 'HOST_RECOVERING' },
  { eventTypeName: 'VERSION_BEHIND' },
];

/**
 * A fresh world of one organization, which is linked to an Atlas organization, with one API key, which has this
 * access list, and one project with a dozen alert configurations.
 */
export function demoWorld(accessList: AccessListEntry[] = accessListOf(12)): Organization[] {
  const { orgId, groupId, apiKeyId, publicKey, privateKey } = demo;
  return [
    {
      orgId,
      apiKeys: [{ apiKeyId, publicKey, privateKey, accessList }],
      groups: [{ groupId, alertConfigs: alertConfigsOf(groupId, alertKinds, alertKinds.length) }],
      link: { linkToken: 'simulated-link-token', status: 'SYNCED' },
    },
  ];
}
