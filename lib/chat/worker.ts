import type { Context } from 'aws-lambda';
import { Deadline } from '../deadline.ts';
import { log } from '../log.ts';
import type { Effect, Operation } from '../operation.ts';
import { problemOf } from '../problems/call.ts';
import { type Message, message, mrkdwn, section } from './blocks.ts';
import {
  answerCard,
  asChange,
  cancelledCard,
  doneCard,
  dryRunCard,
  previewCard,
  problemCard,
} from './cards.ts';
import { type Command, commandsOf, isNamed } from './commands.ts';
import { type ChatEvent, type CommandEvent, chatEvent, type Person, type PressEvent } from './events.ts';
import { understand } from './grammar.ts';
import { allows } from './grants.ts';
import { help } from './help.ts';
import { Misunderstood } from './misunderstood.ts';
import { type Pending, pendingOf } from './pending.ts';
import { grantsOf, someoneElseMay } from './permissions.ts';
import { post, responseUrlOf } from './post.ts';
import { run } from './run.ts';
import { type SlackSecret, slackSecret, workerName } from './slack.ts';

/** Milliseconds kept back from the operation's own time for posting what came of it. */
const postingMs = 15_000;

interface Work {
  secret: SlackSecret;
  commands: Command[];
  deadline: Deadline;
}

/**
 * The function that does what was asked for in chat, and posts what came of it. It throws, and so is run again,
 * only where nothing could be posted; every event can be worked on twice with the same end state.
 */
export function worker(operations: Operation[]) {
  const commands = commandsOf(operations);
  return async (event: unknown, { awsRequestId, getRemainingTimeInMillis }: Context): Promise<void> => {
    using deadline = new Deadline(getRemainingTimeInMillis() - 500);
    const chat = chatEvent.parse(event);
    const { user, kind } = chat;
    const line = { kind, actor: actorOf(user), id: chat.id, requestId: awsRequestId };
    try {
      const secret = await slackSecret(workerName, awsRequestId, deadline);
      const url = responseUrlOf(chat.responseUrl, secret);
      await post(url, await answer(chat, { secret, commands, deadline }), deadline);
      log('INFO', 'chat event answered', line);
    } catch (error) {
      const { code, detail } = problemOf(error).details;
      log('ERROR', 'chat event not answered', { ...line, code, detail });
      throw error;
    }
  };
}

async function answer(event: ChatEvent, work: Work): Promise<Message> {
  try {
    return event.kind === 'command' ? await command(event, work) : await press(event, work);
  } catch (error) {
    if (!(error instanceof Misunderstood)) throw error;
    return message([section(mrkdwn`${error.message}`)]);
  }
}

async function command(
  { text, user, id }: CommandEvent,
  { secret, commands, deadline }: Work,
): Promise<Message> {
  const held = await grantsOf(secret, user.id, deadline);
  const [first = 'help', ...words] = text.trim().split(/\s+/).filter(Boolean);
  if (isNamed(first, 'help')) return message(help(words, commands, held));
  const { command, connection, input } = understand(text, commands);
  const { operation } = command;
  const { effect, system } = operation;
  if (!allows(held, effect, system.name, connection)) throw mayNot(effect, operation, connection);
  const wanted = { effect, system: system.name, connection };
  if (effect === 'destroy' && !(await someoneElseMay(secret, user.id, wanted, deadline)))
    throw new Misunderstood(
      'This needs the approval of somebody else who may do it, and there is nobody: nothing was done.',
    );
  const request = { connection, input, actor: actorOf(user), idempotencyKey: keyOf(id) };
  const asked = { ...(connection !== undefined && { connection }), input };

  if (effect === 'read') {
    const outcome = await timely(deadline, (left) => run(operation, request, left));
    return message(
      'problem' in outcome
        ? problemCard(operation, asked, outcome.problem)
        : answerCard(operation, asked, outcome.output),
    );
  }
  const dryRun = { ...request, input: { ...input, dryRun: true } };
  const outcome = await timely(deadline, (left) => run(operation, dryRun, left));
  if ('problem' in outcome) return message(problemCard(operation, asked, outcome.problem));
  const output = asChange(outcome.output);
  if (!output.changed || input['dryRun'] === true) return message(dryRunCard(operation, asked, output));
  const { dryRun: _dryRun, ...rest } = input;
  const waiting = { operation: operation.name, ...asked, input: rest, digest: output.digest, by: user, id };
  // Who is to approve has to see it.
  return message(previewCard(operation, waiting, output), { inChannel: effect === 'destroy' });
}

async function press(
  { button, value, user }: PressEvent,
  { secret, commands, deadline }: Work,
): Promise<Message> {
  const waiting = pendingOf(value);
  const operation = commands.find((one) => one.operation.name === waiting.operation)?.operation;
  if (!operation || operation.effect === 'read')
    throw new Misunderstood('This button is of another version; give the command again.');
  const held = await grantsOf(secret, user.id, deadline);
  const isOwn = user.id === waiting.by.id;
  const may = (grants: typeof held) =>
    allows(grants, operation.effect, operation.system.name, waiting.connection);

  if (button === 'cancel') {
    if (!isOwn && !may(held)) throw mayNot(operation.effect, operation, waiting.connection);
    return message(cancelledCard(operation, waiting, user), {
      replaces: true,
      inChannel: isShared(operation),
    });
  }
  if (!may(held)) throw mayNot(operation.effect, operation, waiting.connection);
  if (operation.effect === 'change') {
    if (button !== 'apply' || !isOwn) throw new Misunderstood('Only who asked for a change can apply it.');
    return decided(operation, waiting, deadline);
  }
  if (button !== 'approve' || isOwn)
    throw new Misunderstood('Your own request has to be approved by somebody else. Nothing was done.');
  if (!may(await grantsOf(secret, waiting.by.id, deadline)))
    throw new Misunderstood('Who asked for this may not do it any more. Nothing was done.');
  return decided(operation, waiting, deadline, user);
}

/** Makes the change that was shown, or shows it again where that is not what it would do now. */
async function decided(
  operation: Operation,
  waiting: Pending,
  deadline: Deadline,
  approver?: Person,
): Promise<Message> {
  const { connection, digest, by, id } = waiting;
  const confirmed = operation.confirms === undefined ? {} : { confirm: waiting.input[operation.confirms] };
  const event = {
    connection,
    input: { ...waiting.input, ...confirmed, digest },
    actor: approver ? `${actorOf(by)}, approved by ${actorOf(approver)}` : actorOf(by),
    idempotencyKey: keyOf(id),
  };
  const outcome = await timely(deadline, (left) => run(operation, event, left));
  const where = { replaces: true, inChannel: isShared(operation) };
  if (!('problem' in outcome))
    return message(doneCard(operation, waiting, asChange(outcome.output), approver), where);
  const { problem } = outcome;
  if (problem.code !== 'PLAN_STALE') return message(problemCard(operation, waiting, problem), where);
  const preview = asChange(problem.preview);
  const fresh = { ...waiting, digest: preview.digest };
  return message(
    preview.changed ? previewCard(operation, fresh, preview, true) : dryRunCard(operation, waiting, preview),
    where,
  );
}

const isShared = ({ effect }: Operation): boolean => effect === 'destroy';

/** Runs an operation with what time there is, less what posting takes. */
async function timely<T>(deadline: Deadline, work: (left: Deadline) => Promise<T>): Promise<T> {
  using left = deadline.before(postingMs);
  return await work(left);
}

const actorOf = ({ id, name }: Person): string => `slack:${id} ${name}`.trimEnd();

/** The same for every delivery of what follows from one command. */
const keyOf = (id: string): string => `slack:${id}`;

const mayNot = (effect: Effect, { name, system }: Operation, connection: string | undefined): Misunderstood =>
  new Misunderstood(
    `You may not do this: ${name} needs “${effect}” on ${system.name}/${connection ?? '*'}. Whoever keeps the Slack secret can grant it.`,
  );
