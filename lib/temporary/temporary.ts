import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { Applied } from '../change.ts';
import type { Call } from '../connections.ts';
import { log } from '../log.ts';
import { deadlineExceeded } from '../problems/call.ts';
import { StateMoved } from '../problems/change.ts';
import { Problem } from '../problems/problem.ts';
import { Turns } from '../turns.ts';
import { millisecondsOf } from './duration.ts';
import type { Entry } from './ledger.ts';
import { type Place, placeId } from './place.ts';
import { restoreNotArranged } from './problems.ts';

// EventBridge Scheduler's client is loaded while the upstream is being read.
const ledgers = () => import('./ledger.ts');

/** The single settings that a change sets, by name: what can be set for a while and put back one by one. */
export interface Switches<Input, State> {
  /** The arguments that say where the switches are, such as a project. */
  scope(input: Input): Record<string, string>;
  /** The switches that an input sets, with the values that they have in a state. */
  values(state: State, input: Input): Record<string, unknown>;
  /** The inputs that set switches to these values. */
  inputs(values: Record<string, unknown>, scope: Record<string, string>): unknown[];
}

/** After how long a restore that failed is tried again; what invokes the function has retried by then. */
const againMs = 15 * 60_000;

/** For how long after its time a restore that keeps failing is tried; then it is left to people. */
const giveUpMs = 3 * 24 * 60 * 60_000;

/** How often what is pending is read anew where others keep changing it. */
const mostTries = 5;

const queues = new Map<string, Turns>();

const earlierCall = {
  en: 'an earlier call to the same place',
  'pt-BR': 'uma chamada anterior ao mesmo lugar',
};

/** Lets calls to one place happen one after the other, so that each sees what the last has arranged. */
export function inTurn<T>(place: Place, { deadline }: Call, work: () => Promise<T>): Promise<T> {
  const id = placeId(place);
  const queue = queues.get(id) ?? new Turns();
  queues.set(id, queue);
  const [system = ''] = place.operation.split('.');
  return queue.take(work, deadline, () => deadlineExceeded(system, earlierCall));
}

/** Whether a value is one that changes for a while have set, as far as is known. */
export const isFrom = ({ set, earlier }: Entry, value: unknown): boolean =>
  isDeepStrictEqual(set, value) || (earlier !== undefined && isDeepStrictEqual(earlier, value));

/** The pending switches of one place, as one call reads and changes them. */
export class Pending {
  readonly #place: Place;
  #entries: Record<string, Entry>;

  private constructor(place: Place, entries: Record<string, Entry>) {
    this.#place = place;
    this.#entries = entries;
  }

  static async read(place: Place): Promise<Pending> {
    const { readLedger } = await ledgers();
    return new Pending(place, (await readLedger(placeId(place)))?.entries ?? {});
  }

  get id(): string {
    return placeId(this.#place);
  }

  get entries(): Record<string, Entry> {
    return this.#entries;
  }

  /**
   * Arranges that switches are put back, before they are set. One that is pending already keeps its original value,
   * unless somebody else has changed it meanwhile. Answers which those are, and how to take the arrangement back.
   */
  async arrange(
    before: Record<string, unknown>,
    after: Record<string, unknown>,
    about: Pick<Entry, 'until' | 'auditId' | 'by'>,
  ): Promise<{ switches: string[]; undo: (names: string[]) => Promise<void> }> {
    const present = this.#entries;
    const arranged = Object.entries(after).flatMap(([name, set]): [string, Entry][] => {
      const pending = present[name];
      const isAsSet = pending !== undefined && isFrom(pending, before[name]);
      const original = isAsSet ? pending.original : before[name];
      // What was so before has nothing to be put back.
      if (!isAsSet && isDeepStrictEqual(original, set)) return [];
      // Should the failure of this change leave open whether it was made, either value is one of ours.
      const earlier = isAsSet && !isDeepStrictEqual(before[name], set) ? { earlier: before[name] } : {};
      return [[name, { original, set, ...earlier, ...about }]];
    });
    await this.#write({ ...present, ...Object.fromEntries(arranged) });
    const undo = (names: string[]) => {
      const others = Object.entries(this.#entries).filter(([name]) => !names.includes(name));
      const asBefore = Object.entries(present).filter(([name]) => names.includes(name));
      return this.#write(Object.fromEntries([...others, ...asBefore]));
    };
    return { switches: arranged.map(([name]) => name), undo };
  }

  /** Notes the values that switches have really got: some come out only when they are set. */
  async note(values: Record<string, unknown>): Promise<void> {
    const entries = Object.entries(this.#entries).map(([name, entry]): [string, Entry] => {
      const { earlier: _earlier, ...made } = entry;
      return [name, name in values ? { ...made, set: values[name] } : entry];
    });
    await this.#write(Object.fromEntries(entries));
  }

  /**
   * Has what could not be put back tried again, so that it is not forgotten and holds up nothing else; what was tried
   * for days is given up, stays listed and can be put back by hand. Answers which switches those are.
   */
  async tryAgainLater(): Promise<string[]> {
    const { writeLedger } = await ledgers();
    const now = Date.now();
    const hopeless = Object.entries(this.#entries)
      .filter(([, { until, givenUp }]) => givenUp === undefined && now - Date.parse(until) >= giveUpMs)
      .map(([name, entry]): [string, Entry] => [name, { ...entry, givenUp: new Date(now).toISOString() }]);
    const entries = { ...this.#entries, ...Object.fromEntries(hopeless) };
    const switches = hopeless.map(([name]) => name);
    if (switches.length > 0) log('ERROR', 'restore given up', { ...this.#place, switches });
    // Where that fails, the failure before it is the one to tell of.
    await writeLedger({ ...this.#place, entries }, new Date(now + againMs)).catch(() => {});
    return switches;
  }

  /** Forgets switches: they were put back, or set for good. Answers those of them that were pending. */
  async forget(names: string[]): Promise<string[]> {
    for (let tries = 1; ; tries++)
      try {
        const [forgotten, left] = [true, false].map((isForgotten) =>
          Object.entries(this.#entries).filter(([name]) => names.includes(name) === isForgotten),
        );
        await this.#write(Object.fromEntries(left ?? []));
        return (forgotten ?? []).map(([name]) => name);
      } catch (error) {
        if (!(error instanceof StateMoved) || tries >= mostTries) throw error;
        this.#entries = await this.#present();
      }
  }

  async #present(): Promise<Record<string, Entry>> {
    const { readLedger } = await ledgers();
    return (await readLedger(this.id))?.entries ?? {};
  }

  /**
   * Turns keep the calls of one process apart; those of others are seen by looking once more just before the write.
   * Scheduler itself cannot compare and set.
   */
  async #write(entries: Record<string, Entry>): Promise<void> {
    if (isDeepStrictEqual(entries, this.#entries)) return;
    const { writeLedger } = await ledgers();
    if (!isDeepStrictEqual(await this.#present(), this.#entries))
      throw new StateMoved('changes', 'what is set for a while here has changed');
    await writeLedger({ ...this.#place, entries });
    this.#entries = entries;
  }
}

/** A switch that is set for a while. */
export const pendingSwitch = z.object({
  switch: z.string().describe('What it is.'),
  until: z.string().describe('When it is put back, unless this change is made.'),
});

type PendingSwitch = z.output<typeof pendingSwitch>;

/** Which of some switches are set for a while. None where that cannot be told: it is for who only looks. */
export async function pendingAmong(
  names: string[],
  pending: Promise<Pending> | undefined,
): Promise<PendingSwitch[]> {
  const book = await pending?.catch(() => undefined);
  return Object.entries(book?.entries ?? {}).flatMap(([name, { until }]) =>
    names.includes(name) ? [{ switch: name, until }] : [],
  );
}

/** What of a change will be put back. */
export interface Temporary {
  id: string;
  until: string;
  switches: string[];
}

/** Makes a change for good: what is pending for the switches that it set is forgotten. */
export async function setForGood<State>(
  pending: Promise<Pending>,
  make: () => Promise<Applied<State>>,
  valuesIn: (state: State) => Record<string, unknown>,
): Promise<Applied<State>> {
  const applied = await make();
  try {
    const forgotten = await (await pending).forget(Object.keys(valuesIn(applied.after)));
    if (forgotten.length === 0) return applied;
    const warning = `${forgotten.join(', ')} had been set for a while; as it is now it stays for good.`;
    return { ...applied, warnings: [...(applied.warnings ?? []), warning] };
  } catch {
    return { ...applied, warnings: [...(applied.warnings ?? []), stillPending] };
  }
}

const stillPending =
  'Whether this overrides a change that was made for a while could not be checked: one may still be put back. See changes.listTemporary.';

/** Makes a change for a while. It is arranged first that it is put back; where that fails, nothing is changed. */
export async function setForAWhile<State>(
  pending: Promise<Pending>,
  duration: string,
  make: () => Promise<Applied<State>>,
  {
    system,
    auditId,
    by,
    before,
    after,
    valuesIn,
  }: {
    system: string;
    auditId: string;
    by: string | undefined;
    before: Record<string, unknown>;
    after: Record<string, unknown>;
    /** The switches' values in a state. */
    valuesIn(state: State): Record<string, unknown>;
  },
): Promise<{ applied: Applied<State>; temporary?: Temporary }> {
  const until = new Date(Date.now() + (millisecondsOf(duration) ?? 0)).toISOString();
  let book: Pending;
  let arranged: Awaited<ReturnType<Pending['arrange']>>;
  try {
    book = await pending;
    arranged = await book.arrange(before, after, {
      until,
      auditId,
      ...(by !== undefined && { by }),
    });
  } catch (error) {
    throw error instanceof StateMoved ? error : restoreNotArranged(system, error);
  }
  const { switches, undo } = arranged;
  try {
    const applied = await make();
    const values = valuesIn(applied.after);
    // A new password has its key only now.
    await book.note(values);
    const [made, failed] = [true, false].map((isMade) =>
      switches.filter((name) => name in values === isMade),
    );
    await undo(failed ?? []);
    return made && made.length > 0
      ? { applied, temporary: { id: book.id, until, switches: made } }
      : { applied };
  } catch (error) {
    // What may have been made stays arranged: a switch that is not as it was set is left alone then. Where it cannot
    // be taken back, that is so as well, and the first failure is the one to tell of.
    if (error instanceof Problem && error.details.status < 500) await undo(switches).catch(() => {});
    throw error;
  }
}
