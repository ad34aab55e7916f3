import type { Context } from 'aws-lambda';
import { Deadline } from '../deadline.ts';
import { causeOf } from '../foreign/cause.ts';
import { functionNameOf } from '../function-name.ts';
import { log } from '../log.ts';
import { problemOf } from '../problems/call.ts';
import type { ChatEvent } from './events.ts';
import { type SlackSecret, workerName } from './slack.ts';

/** Milliseconds kept back from handing over, for telling that it failed. */
const tellingMs = 4_000;
/** Milliseconds kept back from Lambda's own time-out. */
const reserveMs = 500;

/**
 * Hands an event that was acknowledged to the worker. Where that fails, whoever waits is told in Slack, and the log line
 * sets off an alarm. Never rejects.
 */
export async function handOver(event: ChatEvent, secret: SlackSecret, context: Context): Promise<void> {
  using deadline = new Deadline(() => context.getRemainingTimeInMillis() - reserveMs);
  const line = { kind: event.kind, id: event.id, requestId: context.awsRequestId };
  try {
    using handing = deadline.before(tellingMs);
    // Loaded here, so that a first answer does not wait for it.
    const { invokeLater } = await import('../lambda.ts');
    await invokeLater(functionNameOf(workerName), event, handing);
  } catch (error) {
    log('ERROR', notHandedOver, { ...line, ...known(error) });
    await tell(event, secret, deadline).catch((error: unknown) =>
      log('ERROR', 'chat user not told', { ...line, ...known(error) }),
    );
  }
}

/** The message of the log line that tells of it. */
export const notHandedOver = 'chat event not handed over';

async function tell(event: ChatEvent, secret: SlackSecret, deadline: Deadline): Promise<void> {
  const [{ post, responseUrlOf }, { message, section }] = await Promise.all([
    import('./post.ts'),
    import('./blocks.ts'),
  ]);
  const said = event.kind === 'press' ? 'The button' : 'The command';
  const text = `${said} could not be taken on just now. Nothing was done, as far as is known: look, and try again in a moment.`;
  await post(secret, responseUrlOf(event.responseUrl, secret), message([section(text)]), deadline);
}

/** What a log line says of a failure. */
function known(error: unknown) {
  const { details, cause } = problemOf(error);
  const { code, detail } = details;
  return { code, detail, cause: causeOf(cause) };
}
