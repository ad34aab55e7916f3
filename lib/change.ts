import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { ChangeArguments } from './arguments.ts';
import { audit, auditUnchanged } from './audit.ts';
import type { Call } from './connections.ts';
import type { Declaration, Operation } from './operation.ts';
import { confirmationRequired, planStale, StateMoved } from './problems/change.ts';

/** What a change would do, in the upstream's own terms. */
export interface Plan<State> {
  /** What was read. */
  before: State;
  after: State;
  /** What the caller should know besides; a sentence each. */
  warnings: string[];
}

/** What a change came to. */
export interface Applied<State> {
  after: State;
  /** The upstream's own list of what changed, where it keeps one. */
  changes?: unknown[];
  /** What turned out only on the way; a sentence each. */
  warnings?: string[];
  /** It was found done already, and is taken for a repeated delivery. */
  repeat?: true;
}

/** An operation that sets a state, and so can be repeated without harm. */
export interface Change<
  SystemName extends string,
  Input extends z.ZodObject<ChangeArguments>,
  State extends z.ZodType,
  Client,
> extends Declaration<SystemName, Input, Client> {
  effect: 'change' | 'destroy';
  confirms?: Extract<keyof z.output<Input>, string>;
  /** How a state is shown in `before` and `after`; a plan's own states may hold more. */
  state: State;
  /** Reads the state and works out the change; changes nothing. */
  plan(client: Client, input: z.output<Input>): Promise<Plan<z.input<State>>>;
  /** Makes the change. Throws `StateMoved` where the state is no longer the one that the plan saw. */
  apply(client: Client, plan: Plan<z.input<State>>, input: z.output<Input>): Promise<Applied<z.input<State>>>;
  /** Has the upstream check the change without keeping it; only there where the upstream can. */
  rehearse?(client: Client, plan: Plan<z.input<State>>): Promise<Applied<z.input<State>>>;
}

/** How often a change starts again from its read when others keep changing what it read. */
const mostStarts = 5;

/**
 * Declares an operation that changes or destroys something.
 *
 * It plans the change and, unless that is a dry run or everything is so already, makes it. Where the state moves
 * between the read and the write it starts again from the read; a caller who gave a digest gets `PLAN_STALE`
 * instead, with what the change would do now.
 */
export function defineChange<
  SystemName extends string,
  Input extends z.ZodObject<ChangeArguments>,
  State extends z.ZodType,
  Client,
>(change: Change<SystemName, Input, State, Client>) {
  const { state, confirms, plan, apply, rehearse, ...declaration } = change;
  const output = outputOf(state);

  const answer = (
    { dryRun }: z.output<Input>,
    { before, after, warnings }: Plan<z.input<State>>,
    applied: Applied<z.input<State>> = { after },
  ) => ({
    changed: !isDeepStrictEqual(before, after),
    dryRun,
    before: state.parse(before),
    after: state.parse(applied.after),
    ...(applied.changes && { changes: applied.changes }),
    warnings: [...warnings, ...(applied.warnings ?? [])],
    digest: digestOf(before),
  });

  const start = async (client: Client, input: z.output<Input>, call: Call) => {
    const planned = await plan(client, input);
    const preview = answer(input, planned);
    if (input.digest !== undefined && input.digest !== preview.digest)
      throw planStale(declaration.system.name, preview);
    if (!preview.changed && !input.dryRun) auditUnchanged(declaration, preview, call);
    if (!preview.changed || (input.dryRun && !rehearse)) return preview;
    if (confirms && !input.dryRun && confirmationOf.parse(input).confirm !== input[confirms])
      throw confirmationRequired(declaration.system.name, declaration.summary, {
        field: confirms,
        value: String(input[confirms]),
        preview,
      });
    const applied = input.dryRun
      ? await rehearse?.(client, planned)
      : await audit(declaration, preview, call, () => apply(client, planned, input));
    return answer(input, planned, applied);
  };

  const run = async (client: Client, input: z.output<Input>, call: Call) => {
    for (let starts = 1; ; starts++)
      try {
        return await start(client, input, call);
      } catch (error) {
        const pauseMs = 100 * starts * (1 + Math.random());
        const hopeless = starts >= mostStarts || pauseMs >= call.deadline.remaining();
        if (!(error instanceof StateMoved) || hopeless) throw error;
        await sleep(pauseMs);
      }
  };

  const operation: Operation<SystemName, Input, typeof output, Client> = {
    ...declaration,
    ...(confirms && { confirms }),
    output,
    run,
  };
  return operation;
}

const confirmationOf = z.object({ confirm: z.string().optional() });

const outputOf = <State extends z.ZodType>(state: State) =>
  z.object({
    changed: z
      .boolean()
      .describe(
        'Whether anything is different now or, in a dry run, would be; false where all was so already.',
      ),
    dryRun: z.boolean().describe('Whether this was only a look at what would happen.'),
    before: state,
    after: state,
    changes: z
      .array(z.unknown())
      .optional()
      .describe("The upstream's own list of what changed, where it keeps one."),
    warnings: z.array(z.string()).describe('What the caller should know besides.'),
    digest: z
      .string()
      .describe('Stands for the state that was read. Given back, it makes a stale change fail.'),
  });

/** A digest of a state: the same for states that differ only in the order of their members. */
function digestOf(state: unknown): string {
  const text = JSON.stringify(state, (_key, part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
  return createHash('sha256').update(text).digest('hex');
}
