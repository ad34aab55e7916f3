import type { Deadline } from '../deadline.ts';
import { log } from '../log.ts';
import { upstreamAnswerUnexpected } from '../problems/upstream.ts';
import { redact } from '../redaction.ts';
import { isLoopback } from '../upstream/base-url.ts';
import { HttpClient } from '../upstream/http-client.ts';
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
  const http = new HttpClient({ system: 'chat', baseUrl: url.origin });
  try {
    const { status } = await http.send(
      {
        method: 'POST',
        path: url.pathname + url.search,
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: redact(JSON.stringify(message)),
      },
      deadline,
    );
    if (status === 429 || status >= 500)
      throw upstreamAnswerUnexpected('chat', 'the message was not taken', { status });
    if (status >= 300) log('ERROR', 'chat message refused', { status });
  } finally {
    void http.close();
  }
}
