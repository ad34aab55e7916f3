import { slackConnection } from '../../lib/chat/slack.ts';
import type { StoredConnection } from './connections-file.ts';
import { demo as atlas, startAtlas } from './simulators/atlas.ts';
import type { Listener } from './simulators/listen.ts';
import { demo as opsManager, startOpsManager } from './simulators/ops-manager.ts';
import { type DirectMessage, demo as slack, startSlack } from './simulators/slack.ts';
import { demo as sps, startSps } from './simulators/sps.ts';

/** Values for the arguments of each system's operations: those of what the simulators hold. */
export const demoExamples = {
  atlas: { connection: 'demo', orgId: atlas.orgId, groupId: atlas.groupId, clientId: atlas.clientId },
  opsManager: {
    connection: 'demo',
    orgId: opsManager.orgId,
    groupId: opsManager.groupId,
    apiKeyId: opsManager.apiKeyId,
  },
  sps: { connection: 'demo' },
  errors: { code: 'ALERT_NOT_FOUND' },
  fanOut: { operation: 'sps.getSystemAlerts' },
};

/**
 * Starts a simulator of each system; `open` keeps it and answers its address. Answers the connections to them. What is
 * posted to people in the simulated Slack, `onMessage` is given.
 */
export async function startDemo(
  open: (starting: Promise<Listener>) => Promise<string>,
  onMessage?: (message: DirectMessage) => void,
): Promise<StoredConnection[]> {
  const secrets = {
    atlas: {
      baseUrl: await open(startAtlas()),
      clientId: atlas.clientId,
      clientSecret: atlas.clientSecret,
    },
    opsManager: {
      baseUrl: await open(startOpsManager()),
      publicKey: opsManager.publicKey,
      privateKey: opsManager.privateKey,
    },
    sps: { baseUrl: await open(startSps()), username: sps.username, password: sps.password },
  };
  return [
    ...Object.entries(secrets).map(([system, secret]) => ({
      system,
      connection: 'demo',
      value: JSON.stringify(secret),
    })),
    {
      system: 'chat',
      connection: slackConnection,
      value: JSON.stringify({ ...slack.secret, baseUrl: await open(startSlack({ onMessage })) }),
    },
  ];
}
