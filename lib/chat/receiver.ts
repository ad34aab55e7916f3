import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import * as z from 'zod';
import type { Answered } from '../after-answer.ts';
import { secretIdOf } from '../connections.ts';
import { Deadline } from '../deadline.ts';
import { causeOf } from '../foreign/cause.ts';
import { log } from '../log.ts';
import { problemOf } from '../problems/call.ts';
import { jsonWithoutSecrets } from '../secret-fields.ts';
import { type ChatEvent, pressedButton, slashCommand } from './events.ts';
import { handOver } from './hand-over.ts';
import { notFromSlack } from './problems.ts';
import { freshSeconds, isFresh, isSignedBySlack } from './signature.ts';
import { receiverName, slack, slackConnection, slackSecret } from './slack.ts';

/** Slack shows an error after three seconds without an answer. */
const answerMs = 2_500;

const slackEvent = z.object({
  version: z.literal('2.0'),
  headers: z
    .object({
      'x-slack-request-timestamp': z.string().optional(),
      'x-slack-signature': z.string().optional(),
    })
    .default({}),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});

/**
 * The function behind Slack's request URLs: checks that Slack has signed the request, answers, and then hands what it
 * says to the worker. Nothing else happens to what Slack has not signed. `now` is the time in milliseconds.
 */
export function receiver(now: () => number = Date.now) {
  const seen = new Map<string, number>();

  /** Whether a good signature came before: remembered by this process, for as long as it stays good. */
  const isReplay = (signature: string): boolean => {
    for (const [old, until] of seen) {
      if (until >= now()) break;
      seen.delete(old);
    }
    if (seen.has(signature)) return true;
    // The time-stamp may lie as far ahead of the clock as behind it.
    seen.set(signature, now() + 2 * freshSeconds * 1_000);
    return false;
  };

  const receive = async (event: unknown, context: Context): Promise<Answered<Response>> => {
    using deadline = new Deadline(Math.min(answerMs, context.getRemainingTimeInMillis()));
    const { headers, ...payload } = slackEvent.parse(event);
    const { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature } = headers;
    if (!isFresh(timestamp, now()) || !signature) throw refused();
    const body = Buffer.from(payload.body, payload.isBase64Encoded ? 'base64' : 'utf8');
    const secret = await slackSecret(receiverName, context.awsRequestId, deadline);
    if (!isSignedBySlack({ body, timestamp, signature }, secret.signingSecret, now())) throw refused();
    if (isReplay(signature)) throw refused();
    const said = eventOf(body.toString());
    return {
      answer: said?.kind === 'command' ? working : response(200, 'text/plain', ''),
      ...(said && { afterwards: () => handOver(said, secret, context) }),
    };
  };

  return async (event: unknown, context: Context): Promise<Answered<Response>> => {
    try {
      return await receive(event, context);
    } catch (error) {
      const { details, cause } = problemOf(error);
      log('WARN', 'chat request refused', {
        requestId: context.awsRequestId,
        code: details.code,
        detail: details.detail,
        cause: causeOf(cause),
      });
      // Whoever is not known to be Slack learns nothing but that.
      const shown = details.status === 401 ? error : undefined;
      const problem = problemOf(shown).for(context.awsRequestId);
      return { answer: response(problem.status, 'application/problem+json', jsonWithoutSecrets(problem)) };
    }
  };
}

type Response = APIGatewayProxyStructuredResultV2;

const refused = () => notFromSlack(secretIdOf(slack.name, slackConnection));

/** What a signed request says; `undefined` where there is nothing to do about it. */
function eventOf(body: string): ChatEvent | undefined {
  const form = Object.fromEntries(new URLSearchParams(body));
  // Slack looks at the certificate now and then.
  if (form['ssl_check'] === '1') return undefined;
  if (form['payload'] === undefined) return slashCommand.parse(form);
  // Buttons that are links, menus and dialogs are none of ours.
  return pressedButton.safeParse(JSON.parse(form['payload'])).data;
}

const response = (statusCode: number, contentType: string, body: string): Response => ({
  statusCode,
  headers: { 'content-type': contentType, 'cache-control': 'no-store' },
  body,
});

const working = response(
  200,
  'application/json',
  JSON.stringify({ response_type: 'ephemeral', text: 'Working on it…' }),
);
