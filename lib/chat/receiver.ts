import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import * as z from 'zod';
import type { Answered } from '../after-answer.ts';
import { secretIdOf } from '../connections.ts';
import { Deadline } from '../deadline.ts';
import { fieldErrors } from '../field-errors.ts';
import { causeOf } from '../foreign/cause.ts';
import { fromJson } from '../json.ts';
import { log } from '../log.ts';
import { listed, problemOf } from '../problems/call.ts';
import { Problem } from '../problems/problem.ts';
import { jsonWithoutSecrets } from '../secret-fields.ts';
import { type ChatEvent, pressedButton, slashCommand } from './events.ts';
import { handOver } from './hand-over.ts';
import {
  chatRequestMalformed,
  chatRequestMalformedKind,
  chatRequestTooLarge,
  chatRequestTooLargeKind,
  chatUnavailable,
  notFromSlack,
  notFromSlackKind,
} from './problems.ts';
import { freshSeconds, isFresh, isSignedBySlack } from './signature.ts';
import { receiverName, slack, slackConnection, slackSecret } from './slack.ts';

/** Slack shows an error after three seconds without an answer. */
const answerMs = 2_500;

/** A pressed button comes with the whole message around it, percent-encoded: some 100 kB, and at most half of this. */
const mostBytes = 1_000_000;

const slackEvent = z.object({
  version: z.literal('2.0'),
  headers: z
    .object({
      'content-type': z.string().optional(),
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
    const parsed = slackEvent.safeParse(event);
    if (!parsed.success) throw refused();
    const { headers, ...payload } = parsed.data;
    const { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature } = headers;
    if (!isFresh(timestamp, now()) || !signature) throw refused();
    if (payload.body.length > mostBytes) throw chatRequestTooLarge();
    const body = Buffer.from(payload.body, payload.isBase64Encoded ? 'base64' : 'utf8');
    const secret = await slackSecret(receiverName, context.awsRequestId, deadline);
    if (!isSignedBySlack({ body, timestamp, signature }, secret.signingSecret, now())) throw refused();
    if (isReplay(signature)) throw refused();
    const said = eventOf(body, headers['content-type']);
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
      // Whoever is not known to be Slack learns nothing of the secret.
      const isHidden = error instanceof Problem && !requestProblems.has(error.name);
      const shown = isHidden ? chatUnavailable(secretIdOf(slack.name, slackConnection)) : error;
      const problem = problemOf(shown).for(context.awsRequestId);
      return { answer: response(problem.status, 'application/problem+json', jsonWithoutSecrets(problem)) };
    }
  };
}

type Response = APIGatewayProxyStructuredResultV2;

const refused = () => notFromSlack(secretIdOf(slack.name, slackConnection));

/** What is wrong with the request itself, and may be told. */
const requestProblems = new Set(
  [notFromSlackKind, chatRequestMalformedKind, chatRequestTooLargeKind].map(({ code }) => code),
);

/** What a signed request says; `undefined` where there is nothing to do about it. */
function eventOf(body: Buffer, contentType = formType): ChatEvent | undefined {
  const form = formOf(body, contentType);
  // Slack looks at the certificate now and then.
  if (form['ssl_check'] === '1') return undefined;
  if (form['payload'] === undefined) {
    const command = slashCommand.safeParse(form);
    if (command.success) return command.data;
    throw chatRequestMalformed(fieldErrors(command.error.issues));
  }
  const payload = interaction.safeParse(fromJson(form['payload'])).data;
  if (!payload) throw malformed('payload', 'must be JSON of an object with a type');
  const pressed = pressedButton.safeParse(payload);
  // Buttons that are links, menus and dialogs are none of ours.
  if (!pressed.success)
    log('INFO', 'chat interaction left alone', {
      type: payload.type,
      why: listed(fieldErrors(pressed.error.issues)),
    });
  return pressed.data;
}

const interaction = z.looseObject({ type: z.string().max(100) });

const formType = 'application/x-www-form-urlencoded';

function formOf(body: Buffer, contentType: string): Record<string, string> {
  if (contentType.split(';')[0]?.trim().toLowerCase() !== formType)
    throw malformed('content-type', `must be ${formType}`);
  const text = body.toString('latin1');
  // What is no UTF-8 would be taken for other characters without a word.
  if (!isPercentEncoded(text)) throw malformed('(root)', 'must be percent-encoded UTF-8');
  return Object.fromEntries(new URLSearchParams(text));
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return /^[!-~]*$/.test(text);
  } catch {
    return false;
  }
}

const malformed = (field: string, detail: string): Problem => chatRequestMalformed([{ field, detail }]);

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
