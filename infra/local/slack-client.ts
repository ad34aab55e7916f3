import { randomUUID } from 'node:crypto';
import { signatureOf } from '../../lib/chat/signature.ts';

/** Somebody in Slack, as Slack tells of them. */
export interface SlackUser {
  id: string;
  name: string;
}

/** A request as Slack makes it: a form, signed. */
export interface SlackRequest {
  headers: Record<string, string>;
  body: string;
}

/** Signs a body at a time, in milliseconds. */
export function signed(body: string, signingSecret: string, now = Date.now()): SlackRequest {
  const timestamp = String(Math.floor(now / 1_000));
  return {
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signatureOf(signingSecret, timestamp, body),
    },
    body,
  };
}

const newTriggerId = (): string => `1234567890.0987654321.${randomUUID().replaceAll('-', '')}`;

/** The form of a slash command, as Slack documents it. */
export const commandForm = (text: string, { id, name }: SlackUser, responseUrl: string): string =>
  new URLSearchParams({
    token: 'gIkuvaNzQIHg97ATvDxqgjtO',
    team_id: 'T0001',
    team_domain: 'example',
    channel_id: 'C2147483705',
    channel_name: 'ops',
    user_id: id,
    user_name: name,
    command: '/ops',
    text,
    response_url: responseUrl,
    trigger_id: newTriggerId(),
    api_app_id: 'A123456',
  }).toString();

/** The form of a pressed button, as Slack documents it. */
export const pressForm = (
  { action_id, value }: { action_id: string; value: string },
  { id, name }: SlackUser,
  responseUrl: string,
): string =>
  new URLSearchParams({
    payload: JSON.stringify({
      type: 'block_actions',
      team: { id: 'T0001', domain: 'example' },
      user: { id, username: name, name, team_id: 'T0001' },
      api_app_id: 'A123456',
      token: 'gIkuvaNzQIHg97ATvDxqgjtO',
      container: {
        type: 'message',
        message_ts: '1548261231.000200',
        channel_id: 'C2147483705',
        is_ephemeral: false,
      },
      trigger_id: newTriggerId(),
      channel: { id: 'C2147483705', name: 'ops' },
      response_url: responseUrl,
      actions: [
        {
          action_id,
          block_id: '=qXel',
          text: { type: 'plain_text', text: 'View', emoji: true },
          value,
          type: 'button',
          action_ts: '1548426417.840180',
        },
      ],
    }),
  }).toString();
