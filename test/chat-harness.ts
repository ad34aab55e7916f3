import { mock } from 'node:test';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import * as z from 'zod';
import { fanOutDefinition, fanOutEnvironment } from '../infra/fan-out-definition.ts';
import { startDemo } from '../infra/local/demo.ts';
import { chatEventOfEnd } from '../infra/local/fan-out-ended.ts';
import { localContext } from '../infra/local/local-context.ts';
import { useLocalAws } from '../infra/local/simulators/aws/credentials.ts';
import { type LambdaStandIn, startLambdaStandIn } from '../infra/local/simulators/lambda.ts';
import type { Listener } from '../infra/local/simulators/listen.ts';
import { type SecretsManager, startSecretsManager } from '../infra/local/simulators/secrets-manager.ts';
import { type DirectMessage, demo } from '../infra/local/simulators/slack.ts';
import {
  type ExecutionStatusChange,
  localStateMachineArn,
  startStepFunctions,
} from '../infra/local/simulators/step-functions.ts';
import { commandForm, pressForm, type SlackRequest, signed } from '../infra/local/slack-client.ts';
import { buttonsOf, type ShownButton, type SlackMessage } from '../infra/local/slack-message.ts';
import { startSlackPosts } from '../infra/local/slack-posts.ts';
import { stateMachine } from '../infra/local/state-machine.ts';
import { findOperations } from '../infra/operations.ts';
import { receiver } from '../lib/chat/receiver.ts';
import { slackConnection, workerName } from '../lib/chat/slack.ts';
import { worker } from '../lib/chat/worker.ts';
import { secretIdOf } from '../lib/connections.ts';
import { functionNameOf } from '../lib/function-name.ts';

// Chat from end to end in one process: the receiver, the worker, the operations and simulated systems behind them.

type UserId = keyof typeof demo.users;
type Handler = (event: unknown, context: Context) => Promise<unknown>;

export interface Chat {
  lambda: LambdaStandIn;
  secretsManager: SecretsManager;
  /** What is stored as the secret of the Slack app. */
  slackSecret: Record<string, unknown>;
  /** Every log line since the start. */
  logLines: string[];
  responseUrl: string;
  /** What was posted to people directly. */
  directMessages: DirectMessage[];
  /** Resolves when no fan-out is under way, and who asked for it was told. */
  fanOutsEnded(): Promise<void>;
  /** Has everybody told once more how the latest fan-out ended. */
  endAgain(): Promise<void>;
  /** Gives the receiver a request as API Gateway does. */
  send(request: SlackRequest, how?: { base64?: boolean }): Promise<APIGatewayProxyStructuredResultV2>;
  /** Says something as a user, and answers what is posted when all is done. */
  say(text: string, user?: UserId): Promise<SlackMessage>;
  /** Presses a button as a user, and answers what is posted when all is done. */
  press(button: ShownButton | undefined, user?: UserId): Promise<SlackMessage>;
  /** Has an event of the worker's delivered once more, and answers what is posted. */
  again(): Promise<SlackMessage>;
  /** Calls an operation as anybody else does. */
  call(operation: string, connection: string | undefined, input: object): Promise<unknown>;
  stop(): Promise<void>;
}

const structured = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});

/** An HTTP API event of a request to one of the chat routes. */
export const chatEventOf = ({ headers, body }: SlackRequest, base64 = false) => ({
  version: '2.0',
  headers,
  body: base64 ? Buffer.from(body).toString('base64') : body,
  isBase64Encoded: base64,
  requestContext: {},
});

export const idOf = (name: keyof typeof demo.users) => ({ id: name, name: demo.users[name] });

/** Takes the log away from stdout, over which the test runner reports as well. */
export function takeLog(): { lines: string[]; giveBack(): void } {
  const lines: string[] = [];
  const write = process.stdout.write.bind(process.stdout);
  const stdout = mock.method(process.stdout, 'write', (chunk: string | Uint8Array): boolean => {
    if (typeof chunk !== 'string' || !chunk.startsWith('{"timestamp"')) return write(chunk);
    lines.push(chunk);
    return true;
  });
  return { lines, giveBack: () => stdout.mock.restore() };
}

/** Starts it all; `bundled` are handlers to use for our own. */
export async function startChat(bundled?: { receiver: Handler; worker: Handler }): Promise<Chat> {
  const listeners: Listener[] = [];
  const open = async (starting: Promise<Listener>) => {
    const listener = await starting;
    listeners.push(listener);
    return listener.url;
  };
  const operations = await findOperations();
  const directMessages: DirectMessage[] = [];
  const connections = await startDemo(open, (message) => void directMessages.push(message));
  const secrets = Object.fromEntries(
    connections.map(({ system, connection, value }) => [secretIdOf(system, connection), value]),
  );
  const secretsManager = await startSecretsManager({ secrets });
  listeners.push(secretsManager);
  const ownWorker = bundled?.worker ?? worker(operations.map(({ operation }) => operation));
  const handlers = new Map<string, [string, Handler]>([
    [functionNameOf(workerName), [workerName, ownWorker]],
    ...operations.map(({ operation: { name }, handler }): [string, [string, Handler]] => [
      functionNameOf(name),
      [name, handler],
    ]),
  ]);
  const lambda = await startLambdaStandIn(
    (functionName, event) => {
      const [name, handler] = handlers.get(functionName) ?? [];
      return name === undefined ? undefined : handler?.(event, localContext(name));
    },
    { retryMs: 1 },
  );
  listeners.push(lambda);
  const tellEnd = async (event: ExecutionStatusChange) => {
    latestEnd = event;
    await ownWorker(chatEventOfEnd(event), localContext(workerName));
  };
  let latestEnd: ExecutionStatusChange | undefined;
  const telling: Promise<void>[] = [];
  const stepFunctions = await startStepFunctions(
    stateMachine(fanOutDefinition),
    (functionName, event) => {
      const [name, handler] = handlers.get(functionName) ?? [];
      return name === undefined ? undefined : handler?.(event, localContext(name));
    },
    { onEnd: (event) => void telling.push(tellEnd(event)) },
  );
  listeners.push(stepFunctions);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
    AWS_ENDPOINT_URL_SFN: stepFunctions.url,
    ...fanOutEnvironment(
      localStateMachineArn,
      operations.map(({ operation }) => operation),
    ),
  });
  useLocalAws();

  const log = takeLog();
  const posts = await startSlackPosts();
  const ours = receiver();
  const receiveAndFinish: Handler = async (event, context) => {
    const { answer, afterwards } = await ours(event, context);
    await afterwards?.();
    return answer;
  };
  const receive = bundled?.receiver ?? receiveAndFinish;
  const send: Chat['send'] = async (request, { base64 = false } = {}) =>
    structured.parse(await receive(chatEventOf(request, base64), localContext('chat.receiver')));
  const sendForm = async (form: string) => {
    const { statusCode } = await send(signed(form, demo.secret.signingSecret));
    if (statusCode !== 200) throw new Error(`The receiver answered ${statusCode}`);
    const posted = await posts.next();
    await lambda.settled();
    return posted;
  };

  return {
    lambda,
    secretsManager,
    slackSecret: z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(secrets[secretIdOf('chat', slackConnection)] ?? '')),
    logLines: log.lines,
    responseUrl: posts.responseUrl,
    directMessages,
    fanOutsEnded: async () => {
      await stepFunctions.settled();
      await Promise.all(telling);
    },
    endAgain: async () => {
      if (latestEnd) await tellEnd(latestEnd);
    },
    send,
    say: (text, user = 'U1') => sendForm(commandForm(text, idOf(user), posts.responseUrl)),
    press: (button, user = 'U1') => {
      if (!button) throw new Error('There is no such button');
      return sendForm(pressForm(button, idOf(user), posts.responseUrl));
    },
    again: async () => {
      const event = lambda.invocations.findLast(({ type }) => type === 'Event')?.event;
      await ownWorker(event, localContext(workerName));
      return posts.next();
    },
    call: (operation, connection, input) => {
      const [, handler] = handlers.get(functionNameOf(operation)) ?? [];
      if (!handler) throw new Error(`There is no ${operation}`);
      return handler({ connection, input }, localContext(operation));
    },
    stop: async () => {
      log.giveBack();
      await Promise.all([posts.close(), ...listeners.map((listener) => listener.close())]);
    },
  };
}

/** The button of a message with this label. */
export const buttonNamed = (message: SlackMessage, label: string): ShownButton | undefined =>
  buttonsOf(message).find(({ text }) => text.text === label);
