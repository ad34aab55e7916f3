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
import { addressesOf, type SlackSecret } from './slack.ts';
import { inWords, isPassing } from './slack-errors.ts';

/**
 * Where answers go: to Slack and nowhere else. Where Slack itself is simulated on this machine, they stay on it.
 * Throws a `Problem` for any other address.
 */
export function responseUrlOf(text: string, secret: SlackSecret): URL {
  const url = new URL(text);
  const { hooks } = addressesOf(secret);
  const isGood =
    hooks === undefined
      ? isLoopback(url.hostname)
      : url.origin === hooks && url.username + url.password === '';
  if (!isGood) throw responseUrlRefused(hooks ?? 'http://127.0.0.1');
  return url;
}

/**
 * Posts a message, again after passing faults. Throws where Slack could not be reached, so that the event is
 * delivered again; what Slack refuses it would refuse again, so that is only logged.
 */
export async function post(
  { ca }: SlackSecret,
  url: URL,
  message: Message,
  deadline: Deadline,
): Promise<void> {
  const { status } = await send(url, ca, {}, message, deadline);
  if (status >= 300) log('ERROR', 'chat message refused', { status, why: whyRefused(status) });
}

/** What a status of a `response_url` means: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
function whyRefused(status: number): string {
  if (status === 404 || status === 410)
    return 'the response_url is good for no more: it ends after half an hour and after five answers';
  if (status === 403) return 'an administrator of the workspace does not let the app answer there';
  if (status === 400) return 'Slack does not take the layout of the message';
  return status < 400 ? 'Slack leads elsewhere, and answers go nowhere else' : 'Slack refused it';
}

/**
 * Posts a direct message to a user, as the app. Needs the secret's bot token. Throws and logs as `post` does.
 * https://docs.slack.dev/reference/methods/chat.postMessage
 */
export async function postToUser(
  secret: SlackSecret,
  userId: string,
  { text, blocks }: Message,
  deadline: Deadline,
): Promise<void> {
  const { botToken } = secret;
  const refused = (why: string) => log('ERROR', 'chat message refused', { user: userId, why });
  if (botToken === undefined) return refused('there is no botToken in the secret');
  const url = new URL('/api/chat.postMessage', addressesOf(secret).api);
  const headers = { authorization: `Bearer ${botToken}` };
  const response = await send(url, secret.ca, headers, { channel: userId, text, blocks }, deadline);
  const taken = parseJson('chat', response, answer);
  if (taken.ok) return;
  if (isPassing(taken.error)) throw upstreamAnswerUnexpected('chat', notTaken, { status: response.status });
  refused(inWords(taken.error));
}

const answer = z.object({ ok: z.boolean(), error: z.string().catch('unknown') });

const notTaken = { en: 'the message was not taken', 'pt-BR': 'a mensagem não foi aceita' };

async function send(
  url: URL,
  ca: string | undefined,
  headers: Record<string, string>,
  body: object,
  deadline: Deadline,
): Promise<UpstreamResponse> {
  const http = new HttpClient({ system: 'chat', baseUrl: url.origin, ca });
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
