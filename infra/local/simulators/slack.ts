import * as z from 'zod';
import { slackMessage } from '../slack-message.ts';
import { json, type Listener, listen, type Request, type Response } from './listen.ts';

/** A Slack workspace and Switchboard's app in it: who may do what there. */
export const demo = {
  secret: {
    signingSecret: '0f2d6c1e9b8a47538d4f1c7ea5b36290',
    botToken: 'xoxb-0000000000-demo',
    grants: {
      U1: { read: ['*/*'], change: ['*/*'], destroy: ['*/demo'] },
      U2: { read: ['*/*'], destroy: ['atlas/demo'] },
      S1: { read: ['sps/demo', 'errors/*'] },
    },
  },
  /** Names by user id. Nobody has granted anything to U4. */
  users: { U1: 'ana', U2: 'bruno', U3: 'carla', U4: 'davi' },
  userGroups: { S1: ['U3'] },
};

/** A direct message that the app has posted. */
export const directMessage = slackMessage.pick({ text: true, blocks: true }).extend({ channel: z.string() });

export type DirectMessage = z.output<typeof directMessage>;

/** Starts the part of Slack's Web API in use: who is in a user group, and direct messages, which `onMessage` is given. */
export async function startSlack({
  port = 0,
  onMessage,
}: {
  port?: number;
  onMessage?: ((message: DirectMessage) => void) | undefined;
} = {}): Promise<Listener> {
  const answer = async ({ method, url, headers, body }: Request): Promise<Response> => {
    if (!['/api/usergroups.users.list', '/api/chat.postMessage'].includes(url.pathname))
      return { status: 404 };
    if (headers.authorization !== `Bearer ${demo.secret.botToken}`)
      return json(200, { ok: false, error: 'invalid_auth' });
    if (method === 'POST') {
      const posted = directMessage.parse(JSON.parse(body));
      const { channel } = posted;
      if (!(channel in demo.users)) return json(200, { ok: false, error: 'channel_not_found' });
      onMessage?.(posted);
      return json(200, { ok: true, channel: `D${channel.slice(1)}` });
    }
    const groups = new Map(Object.entries(demo.userGroups));
    const users = groups.get(url.searchParams.get('usergroup') ?? '');
    return json(200, users ? { ok: true, users } : { ok: false, error: 'no_such_subteam' });
  };
  return listen(answer, port);
}
