import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { ChangeArguments } from './arguments/change.ts';
import { audit, auditUnchanged, type PutBack, type Reach } from './audit.ts';
import { compiled } from './compiled.ts';
import type { Call } from './connections.ts';
import { digestOf } from './digest.ts';
import { leavesOpen } from './left-open.ts';
import type { Declaration, Operation } from './operation.ts';
import { confirmationRequired, planStale, StateMoved } from './problems/change.ts';
import { canRestore } from './temporary/place.ts';
import { notForAWhile, restoreNotSupported } from './temporary/problems.ts';
import { restoring } from './temporary/restore.ts';
import {
  inTurn,
  Pending,
  pendingAmong,
  pendingSwitch,
  type Switches,
  setForAWhile,
  setForGood,
  type Temporary,
} from './temporary/temporary.ts';

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
  /** Reads the state alone; there where `plan` refuses states that are no longer as they were. */
  read?(client: Client): Promise<z.input<State>>;
  /** Makes the change. Throws `StateMoved` where the state is no longer the one that the plan saw. */
  apply(client: Client, plan: Plan<z.input<State>>, input: z.output<Input>): Promise<Applied<z.input<State>>>;
  /** Has the upstream check the change without keeping it; only there where the upstream can. */
  rehearse?(client: Client, plan: Plan<z.input<State>>): Promise<Applied<z.input<State>>>;
  /** How much of what was asked for a state has; there only where some of it can fail. */
  reach?(state: z.output<State>): Reach;
  /** What the change consists of, so that it can be made for a while; not there for what cannot be undone. */
  switches?: Switches<z.output<Input>, z.input<State>>;
}

/** What a change answers. */
interface Answer<State extends z.ZodType> {
  changed: boolean;
  dryRun: boolean;
  before: z.output<State>;
  after: z.output<State>;
  changes?: unknown[];
  warnings: string[];
  temporary?: Temporary;
  pending?: z.output<typeof pendingSwitch>[];
  digest: string;
}

/** How often a change starts again from its read when others keep changing what it read. */
const mostStarts = 5;

/**
 * Declares an operation that changes or destroys something.
 *
 * It plans the change and, unless that is a dry run or everything is so already, makes it. Where the state moves
 * between the read and the write it starts again from the read; a caller who gave a digest gets `PLAN_STALE`
 * instead, with what the change would do now. A change for a while is arranged to be put back before it is made.
 */
export function defineChange<
  SystemName extends string,
  Input extends z.ZodObject<ChangeArguments>,
  State extends z.ZodType,
  Client,
>(change: Change<SystemName, Input, State, Client>) {
  const {
    state,
    confirms,
    plan,
    read,
    apply,
    rehearse,
    reach = () => 'whole',
    switches,
    ...declaration
  } = change;
  const output = outputOf(state);
  const system = declaration.system.name;

  const shown = (value: z.input<State>) => compiled(state).parse(value);

  const previewOf = (
    { dryRun }: z.output<Input>,
    { before, after, warnings }: Plan<z.input<State>>,
  ): Answer<State> => ({
    changed: !isDeepStrictEqual(before, after),
    dryRun,
    before: shown(before),
    after: shown(after),
    warnings,
    digest: digestOf(before),
  });

  const answer = (
    preview: Answer<State>,
    { after, changes, warnings = [] }: Applied<z.input<State>>,
    temporary?: Temporary,
  ): Answer<State> => ({
    ...preview,
    after: shown(after),
    ...(changes && { changes }),
    warnings: [...preview.warnings, ...warnings],
    ...(temporary && { temporary }),
  });

  const start = async (
    client: Client,
    input: z.output<Input>,
    call: Call,
    { pending, putsBack }: { pending?: Promise<Pending> | undefined; putsBack?: PutBack | undefined },
  ) => {
    const planned = await plan(client, input);
    const preview = previewOf(input, planned);
    // The second delivery of one event finds what the first has made of the state.
    const isRepeat = call.idempotencyKey !== undefined && !preview.changed;
    if (input.digest !== undefined && input.digest !== preview.digest && !isRepeat)
      throw planStale(system, { ...preview, dryRun: true });
    if (input.dryRun) {
      const rehearsed = preview.changed ? await rehearse?.(client, planned) : undefined;
      const looked = rehearsed ? answer(preview, rehearsed) : preview;
      const touched = switches && Object.keys(switches.values(planned.after, input));
      const affected = touched ? await pendingAmong(touched, pending) : [];
      return affected.length > 0 ? { ...looked, pending: affected } : looked;
    }
    if (confirms && preview.changed && besides.parse(input).confirm !== input[confirms])
      throw confirmationRequired(system, declaration.summary, {
        field: confirms,
        value: String(input[confirms]),
        preview: { ...preview, dryRun: true },
      });
    const { for: duration } = besides.parse(input);
    const auditId = randomUUID();
    const make = async (): Promise<Applied<z.input<State>>> => {
      const { before, after } = preview;
      const audited = { auditId, operation: declaration, before, after, for: duration, putsBack };
      if (preview.changed)
        return audit(audited, call, () => apply(client, planned, input), {
          reached: (applied) => {
            const reached = shown(applied.after);
            return { after: reached, reach: reach(reached), repeat: applied.repeat };
          },
          // What can rehearse a change makes it whole or not at all, and says where it cannot tell.
          leavesOpen: (error) => leavesOpen(error, rehearse !== undefined),
        });
      auditUnchanged(audited, call, reach(after));
      return { after: planned.after };
    };
    if (!switches || !pending) return answer(preview, await make());
    const valuesIn = (state: z.input<State>) => switches.values(state, input);
    if (duration === undefined) return answer(preview, await setForGood(pending, make, valuesIn));
    const before = valuesIn(planned.before);
    const isSettable = Object.values(before).every((value) => value !== undefined);
    const inputs = switches.inputs(before, switches.scope(input));
    if (!isSettable || !inputs.every((input) => declaration.input.safeParse(input).success))
      throw notForAWhile(system, 'what is there now is nothing that could be set again');
    const { applied, temporary } = await setForAWhile(pending, duration, make, {
      system,
      auditId,
      by: call.actor,
      before,
      after: valuesIn(planned.after),
      valuesIn,
    });
    return answer(preview, applied, temporary);
  };

  const startAgain = async (
    client: Client,
    input: z.output<Input>,
    call: Call,
    { readPending, putsBack }: { readPending?: () => Promise<Pending>; putsBack?: PutBack } = {},
  ) => {
    for (let starts = 1; ; starts++)
      try {
        // Read beside the plan. Where that fails first, nobody waits for this one.
        const pending = readPending?.();
        pending?.catch(() => {});
        return await start(client, input, call, { pending, putsBack });
      } catch (error) {
        const pauseMs = 100 * starts * (1 + Math.random());
        const hopeless = starts >= mostStarts || pauseMs >= call.deadline.remaining();
        if (!(error instanceof StateMoved) || hopeless) throw error;
        await sleep(pauseMs);
      }
  };

  const run = (client: Client, input: z.output<Input>, call: Call) => {
    if (besides.parse(input).for !== undefined && !canRestore()) throw restoreNotSupported(system);
    if (!switches || !canRestore()) return startAgain(client, input, call);
    const { name: operation } = declaration;
    const place = { operation, connection: call.connectionName, scope: switches.scope(input) };
    const work = () => startAgain(client, input, call, { readPending: () => Pending.read(place) });
    // Who only looks waits for nobody.
    return input.dryRun ? work() : inTurn(place, call, work);
  };

  const operation: Operation<SystemName, Input, typeof output, Client> = {
    ...declaration,
    ...(confirms && { confirms }),
    output,
    run,
  };
  return switches
    ? {
        ...operation,
        restore: restoring({
          switches,
          parse: (input) => declaration.input.parse(input),
          read: async (client: Client, input) => read?.(client) ?? (await plan(client, input)).before,
          make: (client, input, digest, call, putsBack) =>
            startAgain(client, { ...input, digest }, call, { putsBack }),
        }),
      }
    : operation;
}

// What some changes take and others do not.
const besides = z.object({ confirm: z.string().optional(), for: z.string().optional() });

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
    temporary: z
      .object({
        id: z.string().describe('Names what is pending, for changes.restoreNow.'),
        until: z.string().describe('When it is put back.'),
        switches: z.array(z.string()).describe('What is put back then.'),
      })
      .optional()
      .describe('Where the change was made for a while: what will be put back, and when.'),
    pending: z
      .array(pendingSwitch)
      .optional()
      .describe(
        'In a dry run, which of the switches are set for a while: the change would set another time for them or, without "for", make them stay.',
      ),
    digest: z
      .string()
      .describe('Stands for the state that was read. Given back, it makes a stale change fail.'),
  });
