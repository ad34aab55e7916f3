import * as z from 'zod';
import type { Operation } from '../operation.ts';
import type { ProblemDetails } from '../problems/problem-details.ts';
import { actions, type Block, button, context, lines, mrkdwn, section } from './blocks.ts';
import type { Person } from './events.ts';
import { differences, failures, inputShown, isMembers, laidOut, listed } from './layout.ts';
import { buttonValue, type Pending } from './pending.ts';

// What people see: previews, outcomes and problems.

/** What every change answers. */
const changeOutput = z.looseObject({
  changed: z.boolean(),
  before: z.unknown(),
  after: z.unknown(),
  changes: z.array(z.unknown()).default([]),
  warnings: z.array(z.string()).default([]),
  digest: z.string(),
});

export type ChangeOutput = z.output<typeof changeOutput>;

export const asChange = (output: unknown): ChangeOutput => changeOutput.parse(output);

/** What an operation is called on a card, with its connection and its arguments. */
function title({ name, summary }: Operation, connection: string | undefined, input: object): Block[] {
  const where = connection === undefined ? '' : mrkdwn` · ${connection}`;
  const given = isMembers(input) ? inputShown(input) : '';
  return [
    section(mrkdwn`*${summary}*` + where),
    context([mrkdwn`${name}`, ...(given === '' ? [] : [mrkdwn`${given}`])].join(' · ')),
  ];
}

const personShown = ({ id }: Person): string => `<@${id.replace(/[^A-Z0-9]/g, '')}>`;

/** What an operation that looks has answered. */
export const answerCard = (
  operation: Operation,
  { connection, input }: Pick<Pending, 'connection' | 'input'>,
  output: unknown,
): Block[] => [...title(operation, connection, input), ...laidOut(output)];

const warned = (warnings: string[]): Block[] =>
  lines(warnings.map((warning) => mrkdwn`:warning: ${warning}`));

function changeShown({ changed, before, after, changes, warnings }: ChangeOutput): Block[] {
  return [
    ...(changed ? differences(before, after) : []),
    ...listed(changes),
    ...lines(failures(after)),
    ...warned(warnings),
  ];
}

/** What a change would do, with no button to do it. */
export const dryRunCard = (
  operation: Operation,
  { connection, input }: Pick<Pending, 'connection' | 'input'>,
  output: ChangeOutput,
): Block[] => [
  ...title(operation, connection, input),
  section(
    output.changed
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
    ...title(operation, waiting.connection, waiting.input),
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

/** What a change has done. */
export function doneCard(
  operation: Operation,
  { connection, input, by }: Pending,
  output: ChangeOutput,
  approver?: Person,
): Block[] {
  const { changed, before, after, changes, warnings, digest, ...more } = output;
  const { dryRun: _dryRun, ...others } = more;
  return [
    ...title(operation, connection, input),
    section(changed ? ':white_check_mark: Done.' : ':white_check_mark: All is as it was asked for.'),
    ...changeShown(output),
    ...(Object.keys(others).length > 0 ? laidOut(others) : []),
    context(`By ${personShown(by)}${approver ? `, approved by ${personShown(approver)}` : ''}.`),
  ];
}

export const cancelledCard = (operation: Operation, { connection, input }: Pending, by: Person): Block[] => [
  ...title(operation, connection, input),
  section(`:no_entry_sign: Cancelled by ${personShown(by)}. Nothing was changed.`),
];

/** What went wrong, whether trying again helps, and what to do. */
export function problemCard(
  operation: Operation,
  { connection, input }: Pick<Pending, 'connection' | 'input'>,
  problem: ProblemDetails,
): Block[] {
  const { title: kind, detail, remedy, retryable, retryAfter, code, instance } = problem;
  const wait = retryAfter === undefined ? 'in a while' : `in ${retryAfter} s`;
  return [
    ...title(operation, connection, input),
    section(mrkdwn`:x: *${kind}*
${detail}`),
    section(mrkdwn`*What to do*: ${remedy}`),
    context(
      [
        retryable ? `Trying again ${wait} may help.` : 'Trying the same again does not help.',
        mrkdwn`${code}`,
        ...(instance === undefined ? [] : [mrkdwn`${instance}`]),
      ].join(' · '),
    ),
  ];
}
