import { listen } from './simulators/listen.ts';
import { type SlackMessage, slackMessage } from './slack-message.ts';

/** The end of a `response_url`: what is posted to it. */
export interface SlackPosts {
  responseUrl: string;
  /** What was posted and not taken yet, oldest first; waits for it. Rejects where nothing comes for a minute. */
  next(): Promise<SlackMessage>;
  close(): Promise<void>;
}

const waitMs = 60_000;

/** Listens where answers for Slack are to go. */
export async function startSlackPosts(): Promise<SlackPosts> {
  const posted: SlackMessage[] = [];
  let arrived: (() => void) | undefined;
  const listener = await listen(async ({ body }) => {
    posted.push(slackMessage.parse(JSON.parse(body)));
    arrived?.();
    return { status: 200, body: 'ok' };
  });
  return {
    responseUrl: `${listener.url}/commands/T0001/1234567890/answer`,
    async next() {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const timer = setTimeout(() => reject(new Error('Nothing was posted within a minute.')), waitMs);
      arrived = resolve;
      if (posted.length === 0) await promise.finally(() => clearTimeout(timer));
      clearTimeout(timer);
      const message = posted.shift();
      if (!message) throw new Error('Two wait for one message.');
      return message;
    },
    close: listener.close,
  };
}
