import type { Context } from 'aws-lambda';
import { Deadline } from '../deadline.ts';
import { fanOutGet } from '../fan-out/input.ts';
import { fanOutReport } from '../fan-out/report.ts';
import { causeOf } from '../foreign/cause.ts';
import { log } from '../log.ts';
import type { Operation } from '../operation.ts';
import { problemOf } from '../problems/call.ts';
import { type About, aboutOf, isAboutAnother } from './about.ts';
import { type Block, context, lines, type Message, message, mrkdwn, section } from './blocks.ts';
import {
  answerCard,
  asChange,
  begunCard,
  type ChangeOutput,
  cancelledCard,
  doneCard,
  dryRunCard,
  isWorthMaking,
  previewCard,
  problemCard,
  reportCard,
  unclearCard,
} from './cards.ts';
import { type Command, commandsOf, isNamed } from './commands.ts';
import {
  type ChatEvent,
  type CommandEvent,
  chatEvent,
  type EndedEvent,
  type Person,
  type PressEvent,
} from './events.ts';
import { understandWords } from './grammar.ts';
import { type Grant, notAllowed, type Target } from './grants.ts';
import { help } from './help.ts';
import { beginOverMany, begunBefore, previewOverMany, reportOfMany } from './many.ts';
import { Misunderstood, NotAllowed } from './misunderstood.ts';
import { type Pending, pendingOf } from './pending.ts';
import { grantsOf, someoneElseMay } from './permissions.ts';
import { post, postToUser, responseUrlOf } from './post.ts';
import { type Run, runningFor } from './run.ts';
import { type SlackSecret, slackSecret, workerName } from './slack.ts';
import { wordsOf } from './words.ts';

/** How many connections a change is looked at over before it is made. */
const mostLookedAt = 20;

/** Milliseconds kept back from the operation's own time for posting what came of it. */
const postingMs = 15_000;

interface Work {
  secret: SlackSecret;
  commands: Command[];
  deadline: Deadline;
  /** Why some user groups could not be asked for: perhaps somebody may more than it seems. */
  failed: string[];
  requestId: string;
}

/**
 * The function that does what was asked for in chat, and posts what came of it. It throws, and so is run again,
 * only where nothing could be posted; every event can be worked on twice with the same end state.
 */
export function worker(operations: Operation[]) {
  const commands = commandsOf(operations);
  return async (event: unknown, { awsRequestId, getRemainingTimeInMillis }: Context): Promise<void> => {
    using deadline = new Deadline(() => getRemainingTimeInMillis() - 500);
    const chat = chatEvent.safeParse(event).data;
    if (!chat)
      throw new Error(
        'This is no event of chat: those come from the receiver, and from the ends of fan-outs.',
      );
    const actor = chat.kind === 'ended' ? chat.actor : actorOf(chat.user);
    const line = { kind: chat.kind, actor, id: chat.id, requestId: awsRequestId };
    try {
      const secret = await slackSecret(workerName, awsRequestId, deadline);
      const work = { secret, commands, deadline, failed: [], requestId: awsRequestId };
      if (chat.kind === 'ended') await tellEnd(chat, work);
      else await post(secret, responseUrlOf(chat.responseUrl, secret), await answer(chat, work), deadline);
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
    if (!(error instanceof Misunderstood)) return unforeseen(error, work.requestId);
    const doubts = error instanceof NotAllowed ? doubtsShown(work.failed) : [];
    return message([section(mrkdwn`${error.message}`), ...doubts]);
  }
}

/** What no operation has told of: who waits is told, and that it is run again would not help. */
function unforeseen(error: unknown, requestId: string): Message {
  const problem = problemOf(error);
  const { title, detail, remedy, instance = '' } = problem.for(requestId);
  log('ERROR', 'chat event failed', {
    requestId,
    code: problem.name,
    cause: causeOf(problem.cause ?? error),
  });
  return message([
    section(mrkdwn`:x: *${title}*
${detail}`),
    section(mrkdwn`*What to do*: ${remedy} Part of what was asked for may be done.`),
    context(mrkdwn`${instance}`),
  ]);
}

/** That user groups could not be asked for, as far as they could not. */
const doubtsShown = (failed: string[]): Block[] =>
  failed.length === 0
    ? []
    : [
        ...lines(failed.map((why) => mrkdwn`:warning: ${why}`)),
        context('Who is in those user groups could not be told, so their rights were left out.'),
      ];

async function command(
  { text, user, id }: CommandEvent,
  { secret, commands, deadline, failed }: Work,
): Promise<Message> {
  const lookup = { team: user.team, failed };
  const held = await grantsOf(secret, user.id, deadline, lookup);
  const words = wordsOf(text);
  const [first, ...others] = words;
  if (!first || isNamed(first.value, 'help'))
    return message([
      ...help(
        others.map(({ value }) => value),
        commands,
        held,
      ),
      ...doubtsShown(failed),
    ]);
  const { command, connection, connections, input } = understandWords(words, commands);
  const { operation } = command;
  const { effect, system } = operation;
  const target = { connection, connections };
  if (!isAboutAnother(operation)) allowing(held, operation, target);
  if (
    effect === 'destroy' &&
    !(await someoneElseMay(secret, user.id, { effect, system: system.name, ...target }, deadline, lookup))
  )
    throw new NotAllowed(
      'This needs the approval of somebody else who may do it, and there is nobody: nothing was done.',
    );
  using left = deadline.before(postingMs);
  const run = runningFor(actorOf(user), keyOf(id), left);
  const waiting = { by: user, id };
  return connections === undefined
    ? overOne(
        run,
        operation,
        { ...(connection !== undefined && { connection }), input },
        waiting,
        (output) =>
          isAboutAnother(operation) && allowingAbout(held, operation, aboutOf(operation, output), commands),
      )
    : overMany(run, operation, { connections, input }, waiting);
}

async function overOne(
  run: Run,
  operation: Operation,
  asked: Pick<Pending, 'connection' | 'input'>,
  by: Pick<Pending, 'by' | 'id'>,
  allowed: (output: unknown) => unknown,
): Promise<Message> {
  const { connection, input } = asked;
  const isRead = operation.effect === 'read';
  const outcome = await run(operation.name, connection, isRead ? input : { ...input, dryRun: true });
  if ('problem' in outcome) return message(problemCard(operation, asked, outcome.problem));
  const { output } = outcome;
  allowed(output);
  const report = operation.name === fanOutGet ? fanOutReport.safeParse(output).data : undefined;
  if (report) return message(reportCard(report));
  if (isRead) return message(answerCard(operation, asked, output));
  const of = aboutOf(operation, output);
  return shownFirst(operation, { ...asked, ...by, ...(of && { about: of }) }, asChange(output));
}

async function overMany(
  run: Run,
  operation: Operation,
  asked: { connections: '*' | string[]; input: Record<string, unknown> },
  by: Pick<Pending, 'by' | 'id'>,
): Promise<Message> {
  const isRead = operation.effect === 'read';
  const { input } = asked;
  const outcome = await beginOverMany(run, { operation, ...asked, dryRun: !isRead });
  if ('problem' in outcome) return message(problemCard(operation, { input }, outcome.problem));
  const { connections, id } = outcome.begun;
  if (isRead) return message(begunCard(operation, { connections, input }, id));
  if (connections.length > mostLookedAt)
    throw new Misunderstood(
      `Those are ${connections.length} connections, and chat looks at ${mostLookedAt} at most before a change: name fewer, or do it over HTTP.`,
    );
  const { output, problems } = await previewOverMany(run, operation, connections, input);
  const many = { connections, input };
  return Object.keys(problems).length > 0
    ? message(unclearCard(operation, many, output, problems))
    : shownFirst(operation, { ...many, ...by }, output);
}

/** What a change would do, with buttons where there is anything to do. */
function shownFirst(
  operation: Operation,
  asked: Omit<Pending, 'operation' | 'digest'>,
  output: ChangeOutput,
): Message {
  const { dryRun, ...input } = asked.input;
  if (!isWorthMaking(output) || dryRun === true) return message(dryRunCard(operation, asked, output));
  const waiting = { ...asked, operation: operation.name, input, digest: output.digest };
  // Who is to approve has to see it.
  return message(previewCard(operation, waiting, output), { inChannel: isShared(operation) });
}

async function press(
  { button, value, user }: PressEvent,
  { secret, commands, deadline, failed }: Work,
): Promise<Message> {
  const waiting = pendingOf(value);
  const operation = operationNamed(commands, waiting.operation);
  if (!operation || operation.effect === 'read')
    throw new Misunderstood('This button is of another version; give the command again.');
  const held = await grantsOf(secret, user.id, deadline, { team: user.team, failed });
  const isOwn = user.id === waiting.by.id;
  const allowed = () =>
    isAboutAnother(operation)
      ? allowingAbout(held, operation, waiting.about, commands)
      : allowing(held, operation, waiting);

  if (button === 'cancel') {
    if (!isOwn) allowed();
    return message(cancelledCard(operation, waiting, user), whereDecided(operation));
  }
  allowed();
  using left = deadline.before(postingMs);
  if (operation.effect === 'change') {
    if (button !== 'apply' || !isOwn) throw new Misunderstood('Only who asked for a change can apply it.');
    return decided(operation, waiting, left);
  }
  if (button !== 'approve' || isOwn)
    throw new Misunderstood('Your own request has to be approved by somebody else. Nothing was done.');
  const askers = await grantsOf(secret, waiting.by.id, deadline, { team: waiting.by.team, failed });
  if (notAllowed(askers, operation.effect, operation.system.name, waiting).length > 0)
    throw new NotAllowed('Who asked for this may not do it any more. Nothing was done.');
  return decided(operation, waiting, left, user);
}

/** Makes the change that was shown, or shows it again where that is not what it would do now. */
async function decided(
  operation: Operation,
  waiting: Pending,
  deadline: Deadline,
  approver?: Person,
): Promise<Message> {
  const { connection, connections, digest, by, id } = waiting;
  const confirmed = operation.confirms === undefined ? {} : { confirm: waiting.input[operation.confirms] };
  const input = { ...waiting.input, ...confirmed };
  const actor = approver ? `${actorOf(by)}, approved by ${actorOf(approver)}` : actorOf(by);
  const run = runningFor(actor, keyOf(id), deadline);
  if (connections) return decidedForMany(run, operation, { ...waiting, connections }, input);
  const outcome = await run(operation.name, connection, { ...input, digest });
  if (!('problem' in outcome))
    return message(doneCard(operation, waiting, asChange(outcome.output), approver), whereDecided(operation));
  const { problem } = outcome;
  return problem.code === 'PLAN_STALE'
    ? shownAgain(operation, waiting, asChange(problem.preview))
    : message(problemCard(operation, waiting, problem), whereDecided(operation));
}

async function decidedForMany(
  run: Run,
  operation: Operation,
  waiting: Pending & { connections: string[] },
  input: Record<string, unknown>,
): Promise<Message> {
  const { connections, id } = waiting;
  const where = whereDecided(operation);
  const { output, digests, problems } = await previewOverMany(run, operation, connections, waiting.input);
  if (output.digest !== waiting.digest || Object.keys(problems).length > 0) {
    const before = await begunBefore(run, operation, connections, keyOf(id));
    if (before)
      return message(
        'problem' in before
          ? problemCard(operation, waiting, before.problem)
          : begunCard(operation, waiting, before.begun.id),
        where,
      );
    return Object.keys(problems).length > 0
      ? message(unclearCard(operation, waiting, output, problems), where)
      : shownAgain(operation, waiting, output);
  }
  const outcome = await beginOverMany(run, { operation, connections, input, digests });
  return message(
    'problem' in outcome
      ? problemCard(operation, waiting, outcome.problem)
      : begunCard(operation, waiting, outcome.begun.id),
    where,
  );
}

/** The state has moved: what the change would do now. */
function shownAgain(operation: Operation, waiting: Pending, preview: ChangeOutput): Message {
  const fresh = { ...waiting, digest: preview.digest };
  return message(
    isWorthMaking(preview)
      ? previewCard(operation, fresh, preview, true)
      : dryRunCard(operation, waiting, preview),
    whereDecided(operation),
  );
}

/** Tells whoever asked for it in chat how a fan-out went. */
async function tellEnd(
  { operation: name, id, actor }: EndedEvent,
  { secret, commands, deadline }: Work,
): Promise<void> {
  const [, userId] = /^slack:([UW][A-Z0-9]*)/.exec(actor) ?? [];
  const operation = operationNamed(commands, name);
  if (userId === undefined || !operation) return;
  using left = deadline.before(postingMs);
  const outcome = await reportOfMany(runningFor(actor, keyOf(id), left), { operation: name, id });
  const card =
    'problem' in outcome
      ? problemCard(operation, { input: {} }, outcome.problem)
      : reportCard(outcome.report);
  await postToUser(secret, userId, message(card), deadline);
}

const operationNamed = (commands: Command[], name: string): Operation | undefined =>
  commands.find(({ operation }) => operation.name === name)?.operation;

/** Throws `Misunderstood` where grants do not allow an operation over all that it is about. */
function allowing(held: Grant[], { name, effect, system }: Operation, target: Target): void {
  const refused = notAllowed(held, effect, system.name, target);
  if (refused.length === 0) return;
  const wanted = refused.map((connection) => `${system.name}/${connection}`).join(', ');
  throw new NotAllowed(
    `You may not do this: ${name} needs “${effect}” on ${wanted}. Whoever keeps the Slack secret can grant it.`,
  );
}

/** The same for an operation that is about what another one did: that takes the right to do it, or to look, to look. */
function allowingAbout(
  held: Grant[],
  { effect }: Operation,
  of: About | undefined,
  commands: Command[],
): void {
  const other = of && operationNamed(commands, of.operation);
  if (!other) throw new Misunderstood('This is about nothing that there is any more.');
  const mayLook = effect === 'read' && notAllowed(held, 'read', other.system.name, of).length === 0;
  if (!mayLook) allowing(held, other, of);
}

const whereDecided = (operation: Operation) => ({ replaces: true, inChannel: isShared(operation) });

const isShared = ({ effect }: Operation): boolean => effect === 'destroy';

const actorOf = ({ id, name }: Person): string => `slack:${id} ${name}`.trimEnd();

/** The same for every delivery of what follows from one command. */
const keyOf = (id: string): string => `slack:${id}`;
