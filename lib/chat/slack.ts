import * as z from 'zod';
import type { Call, Connection } from '../connections.ts';
import type { Deadline } from '../deadline.ts';
import { keepOutOfCauses } from '../foreign/cause.ts';
import { Secrets } from '../foreign/secrets.ts';
import { headerSecret, secretValue } from '../secret-text.ts';
import { defineSystem } from '../system.ts';
import { baseUrl, isLoopback } from '../upstream/base-url.ts';
import { certificates } from '../upstream/certificates.ts';
import { grants } from './grants.ts';

/** Where workspaces live: most of them, and those of GovSlack, which is apart. */
const hosts = ['slack.com', 'slack-gov.com'] as const;

const isOfSlack = (origin: string): boolean => hosts.some((host) => origin === `https://${host}`);

const isUsable = (address: string): boolean =>
  URL.canParse(address) && (isOfSlack(new URL(address).origin) || isLoopback(new URL(address).hostname));

const secret = z.strictObject({
  signingSecret: secretValue.describe("The app's Signing Secret."),
  botToken: headerSecret
    .optional()
    .describe('A bot token with chat:write, for direct messages, and usergroups:read, for user groups.'),
  grants,
  host: z
    .enum(hosts, { error: `must be ${hosts.join(' or ')}` })
    .optional()
    .describe('slack-gov.com for a workspace of GovSlack; slack.com unless given.'),
  baseUrl: baseUrl
    .refine(isUsable, 'must be on this machine, where Slack is simulated; for GovSlack, set host')
    .optional(),
  ca: certificates
    .optional()
    .describe('Certificates, as PEM, of an authority that stands between: of a proxy that looks into TLS.'),
});

/** What Switchboard knows of its Slack app. */
export type SlackSecret = z.output<typeof secret>;

/** The address of Slack's Web API for the workspace, and that of its `response_url`s where Slack is not simulated. */
export function addressesOf({ host = 'slack.com', baseUrl = `https://${host}` }: SlackSecret): {
  api: string;
  hooks: string | undefined;
} {
  const { origin, hostname } = new URL(baseUrl);
  return { api: baseUrl, hooks: isOfSlack(origin) ? `https://hooks.${hostname}` : undefined };
}

/** Slack as a system: its one connection is the secret of the app, `switchboard/chat/slack`. */
export const slack = defineSystem({
  name: 'chat',
  title: 'Slack',
  secret,
  connect: (secret): Connection<SlackSecret> => {
    const secrets = new Secrets();
    secrets.add(secret.signingSecret, secret.botToken ?? '');
    const close = keepOutOfCauses(secrets);
    return { use: (_call, work) => work(secret), close: async () => close() };
  },
});

export const slackConnection = 'slack';

/** The names of the two functions behind Slack, as operations have names. */
export const receiverName = 'chat.receiver';
export const workerName = 'chat.worker';

/** Reads the secret of the Slack app; kept for five minutes. Throws a `Problem` where there is none. */
export function slackSecret(operation: string, requestId: string, deadline: Deadline): Promise<SlackSecret> {
  const call: Call = {
    deadline,
    operation,
    connectionName: slackConnection,
    actor: undefined,
    requestId,
    language: 'en',
    role: 'none',
  };
  return slack.use(call, async (secret) => secret);
}
