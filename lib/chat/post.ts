import * as z from 'zod';
import type { Deadline } from '../deadline.ts';
import { log } from '../log.ts';
import { upstreamAnswerUnexpected } from '../problems/upstream.ts';
import { jsonWithoutSecrets } from '../secret-fields.ts';
import { isLoopback } from '../upstream/base-url.ts';
import { HttpClient, type UpstreamResponse } from '../upstream/http-client.ts';
import { parseJson } from '../upstream/json.ts';
import type { Message } from './blocks.ts';
import { responseUrlRefused } from './problems.ts';
import type { SlackSecret } from './slack.ts';

/**
 * Where answers go: to Slack and nowhere else. Where Slack itself is simulated on this machine, they stay on it.
 * Throws a `Problem` for any other address.
 */
export function responseUrlOf(text: string, { baseUrl }: SlackSecret): URL {
  const url = new URL(text);
  const isSlack = url.origin === 'https://hooks.slack.com' && url.username === '';
  const isSimulated = isLoopback(new URL(baseUrl).hostname) && isLoopback(url.hostname);
  if (!isSlack && !isSimulated) throw responseUrlRefused();
  return url;
}

/**
 * Posts a message, again after passing faults. Throws where Slack could not be reached, so that the event is
 * delivered again; what Slack refuses it would refuse again, so that is only logged.
 */
export async function post(url: URL, message: Message, deadline: Deadline): Promise<void> {
  const { status } = await send(url, {}, message, deadline);
  if (status >= 300) log('ERROR', 'chat message refused', { status });
}

/**
 * Posts a direct message to a user, as the app. Needs the secret's bot token. Throws and logs as `post` does.
 * https://docs.slack.dev/reference/methods/chat.postMessage
 */
export async function postToUser(
  { baseUrl, botToken }: SlackSecret,
  userId: string,
  { text, blocks }: Message,
  deadline: Deadline,
): Promise<void> {
  const refused = (why: string) => log('ERROR', 'chat message refused', { user: userId, why });
  if (botToken === undefined) return refused('there is no botToken in the secret');
  const url = new URL('/api/chat.postMessage', baseUrl);
  const headers = { authorization: `Bearer ${botToken}` };
  const response = await send(url, headers, { channel: userId, text, blocks }, deadline);
  const taken = parseJson('chat', response, answer);
  if (!taken.ok) refused(`Slack answered ${taken.error}`);
}

const answer = z.object({ ok: z.boolean(), error: z.string().optional() });

const notTaken = { en: 'the message was not taken', 'pt-BR': 'a mensagem não foi aceita' };

async function send(
  url: URL,
  headers: Record<string, string>,
  body: object,
  deadline: Deadline,
): Promise<UpstreamResponse> {
  const http = new HttpClient({ system: 'chat', baseUrl: url.origin });
  try {
    const response = await http.send(
      {
        method: 'POST',
        path: url.pathname + url.search,
        headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
        body: jsonWithoutSecrets(body),
      },
      deadline,
    );
    const { status } = response;
    if (status === 429 || status >= 500) throw upstreamAnswerUnexpected('chat', notTaken, { status });
    return response;
  } finally {
    void http.close();
  }
}
