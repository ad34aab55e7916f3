import * as z from 'zod';
import type { FanOutReport } from '../fan-out/report.ts';
import type { Operation } from '../operation.ts';
import type { ProblemDetails } from '../problems/problem-details.ts';
import { pendingSwitch } from '../temporary/temporary.ts';
import { actions, type Block, button, context, lines, mrkdwn, section, table } from './blocks.ts';
import type { Person } from './events.ts';
import { differences, failures, inputShown, isMembers, laidOut, listed, shown, warned } from './layout.ts';
import { buttonValue, type Pending } from './pending.ts';

// What people see: previews, outcomes and problems.

/** What every change answers. */
const changeOutput = z.looseObject({
  changed: z.boolean(),
  before: z.unknown(),
  after: z.unknown(),
  changes: z.array(z.unknown()).default([]),
  warnings: z.array(z.string()).default([]),
  pending: z.array(pendingSwitch).default([]),
  digest: z.string(),
});

export type ChangeOutput = z.output<typeof changeOutput>;

export const asChange = (output: unknown): ChangeOutput => changeOutput.parse(output);

/** Over what an operation is run, and with which arguments. */
export type Asked = Pick<Pending, 'connection' | 'connections' | 'input' | 'about'>;

/** What an operation is called on a card, with its connections and its arguments. */
function title({ name, summary }: Operation, { connection, connections, input, about }: Asked): Block[] {
  const over = (connections ?? about?.connections)?.join(', ') ?? connection;
  const where = over === undefined ? '' : mrkdwn` · ${over}`;
  const given = isMembers(input) ? inputShown(input) : '';
  return [
    section(mrkdwn`*${summary}*` + where),
    context([mrkdwn`${name}`, ...(given === '' ? [] : [mrkdwn`${given}`])].join(' · ')),
  ];
}

const personShown = ({ id }: Person): string => `<@${id.replace(/[^A-Z0-9]/g, '')}>`;

/** What an operation that looks has answered. */
export const answerCard = (operation: Operation, asked: Asked, output: unknown): Block[] => [
  ...title(operation, asked),
  ...laidOut(output),
];

/** Whether there is something to do: setting a time, or taking one away, changes nothing yet. */
export const isWorthMaking = ({ changed, pending }: ChangeOutput): boolean => changed || pending.length > 0;

function changeShown({ changed, before, after, changes, warnings, pending }: ChangeOutput): Block[] {
  return [
    ...lines(
      pending.map(
        (one) =>
          mrkdwn`:alarm_clock: ${one.switch} is set for a while, until ${shown(one.until)}: this sets another time for it or, without “for”, makes it stay.`,
      ),
    ),
    ...(changed ? differences(before, after) : []),
    ...listed(changes),
    // What was amiss before is among the warnings.
    ...lines(failures(after).filter((line) => !failures(before).includes(line))),
    ...warned(warnings),
  ];
}

/** What a change would do, with no button to do it. */
export const dryRunCard = (operation: Operation, asked: Asked, output: ChangeOutput): Block[] => [
  ...title(operation, asked),
  section(
    isWorthMaking(output)
      ? 'This is what it would do. Nothing was changed.'
      : 'Everything is so already: nothing to change.',
  ),
  ...changeShown(output),
];

/** What a change would do, and the buttons that decide. Throws `Misunderstood` where it does not fit into them. */
export function previewCard(
  operation: Operation,
  waiting: Pending,
  output: ChangeOutput,
  isMoved = false,
): Block[] {
  const value = buttonValue(waiting);
  const isDestroy = operation.effect === 'destroy';
  return [
    ...title(operation, waiting),
    ...(isMoved
      ? [
          section(
            ':arrows_counterclockwise: The state has moved since this was shown. This is what it would do now:',
          ),
        ]
      : []),
    ...changeShown(output),
    ...(isDestroy
      ? [
          section(
            `:rotating_light: *This cannot be undone.* ${personShown(waiting.by)} asks for it; somebody else has to approve.`,
          ),
        ]
      : []),
    actions(
      isDestroy ? button('approve', 'Approve', value, 'danger') : button('apply', 'Apply', value, 'primary'),
      button('cancel', 'Cancel', value),
    ),
  ];
}

function headline(changed: boolean, isInPart: boolean): string {
  if (isInPart) return changed ? ':warning: Done in part.' : ':warning: Nothing was changed.';
  return changed ? ':white_check_mark: Done.' : ':white_check_mark: All is as it was asked for.';
}

/** What a change has done. */
export function doneCard(
  operation: Operation,
  waiting: Pending,
  output: ChangeOutput,
  approver?: Person,
): Block[] {
  const { changed, before, after, changes, warnings, pending, digest, ...more } = output;
  const { dryRun: _dryRun, ...others } = more;
  return [
    ...title(operation, waiting),
    section(headline(changed, failures(after).length > 0)),
    ...changeShown(output),
    ...(Object.keys(others).length > 0 ? laidOut(others) : []),
    context(`By ${personShown(waiting.by)}${approver ? `, approved by ${personShown(approver)}` : ''}.`),
  ];
}

export const cancelledCard = (operation: Operation, waiting: Pending, by: Person): Block[] => [
  ...title(operation, waiting),
  section(`:no_entry_sign: Cancelled by ${personShown(by)}: nothing more is done from this message.`),
];

/** What a change would do over several connections, where it could not be told for all: there is no button. */
export const unclearCard = (
  operation: Operation,
  asked: Asked,
  output: ChangeOutput,
  problems: Record<string, ProblemDetails>,
): Block[] => [
  ...title(operation, asked),
  ...(isWorthMaking(output) ? changeShown(output) : []),
  ...lines(
    Object.entries(problems).map(
      ([connection, { title, detail }]) => mrkdwn`:x: *${connection}*: ${title}. ${detail}`,
    ),
  ),
  section(
    'It cannot be told for all of them, so nothing was changed. Leave those out, or see to them first.',
  ),
];

const counted = ({ length }: string[]): string => `${length} ${length === 1 ? 'connection' : 'connections'}`;

/** An operation has been begun over several connections. */
export const begunCard = (operation: Operation, asked: Asked, id = ''): Block[] => [
  ...title(operation, asked),
  section(
    `:hourglass_flowing_sand: Begun over ${counted(asked.connections ?? [])}. How it went comes as a direct message when all are through.`,
  ),
  context(mrkdwn`Until then: \`fan-out get ${operation.name} ${id}\``),
];

/** How an operation went, or goes, over each connection. */
export function reportCard({
  id,
  operation,
  status,
  reason,
  succeeded,
  failed,
  connections,
}: FanOutReport): Block[] {
  const counts = `It succeeded for ${succeeded} of ${counted(connections.map(({ connection }) => connection))} and failed for ${failed}.`;
  const headline = {
    running: mrkdwn`:hourglass_flowing_sand: *${operation}*: still at work. ${counts}`,
    succeeded: mrkdwn`:white_check_mark: *${operation}*: done. ${counts}`,
    failed: mrkdwn`:x: *${operation}*: failed. ${counts}`,
  }[status];
  return [
    section(headline),
    ...(reason === undefined ? [] : [section(mrkdwn`${reason}`)]),
    ...table(
      ['connection', 'how it went', ''],
      connections.map(({ connection, status, result, problem }) => [
        connection,
        status,
        whatCame.parse(problem ?? result ?? {}),
      ]),
    ),
    context(mrkdwn`\`fan-out get ${operation} ${id}\``),
  ];
}

const mostShown = 100;

/** A word on an outcome: a problem's code, whether a change changed anything or a connection works, or what was seen. */
const whatCame = z
  .looseObject({
    code: z.string().optional(),
    changed: z.boolean().optional(),
    works: z.boolean().optional(),
    results: z.array(z.unknown()).optional(),
  })
  .transform(({ code, changed, works, results, ...seen }) => {
    if (code !== undefined) return code;
    if (changed !== undefined) return changed ? 'changed' : 'was so already';
    if (works !== undefined) return works ? 'works' : 'DOES NOT WORK';
    if (results !== undefined) return `${results.length} found`;
    const text = Object.keys(seen).length > 0 ? JSON.stringify(seen) : '';
    return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
  })
  .catch('');

/** What went wrong, whether trying again helps, and what to do. */
export function problemCard(operation: Operation, asked: Asked, problem: ProblemDetails): Block[] {
  const { title: kind, detail, remedy, warnings, retryable, retryAfter, code, instance } = problem;
  const wait = retryAfter === undefined ? 'in a while' : `in ${retryAfter} s`;
  return [
    ...title(operation, asked),
    section(mrkdwn`:x: *${kind}*
${detail}`),
    section(mrkdwn`*What to do*: ${remedy}`),
    ...warned(warnings),
    context(
      [
        retryable ? `Trying again ${wait} may help.` : 'Trying the same again does not help.',
        mrkdwn`${code}`,
        ...(instance === undefined ? [] : [mrkdwn`${instance}`]),
      ].join(' · '),
    ),
  ];
}
