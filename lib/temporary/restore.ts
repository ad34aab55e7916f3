import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { auditNothingDue, type PutBack } from '../audit.ts';
import type { Call } from '../connections.ts';
import { digestOf } from '../digest.ts';
import { log } from '../log.ts';
import { planStaleKind } from '../problems/change.ts';
import { Problem } from '../problems/problem.ts';
import { withoutSecrets } from '../secret-fields.ts';
import type { Entry } from './ledger.ts';
import { restoreGivenUp } from './problems.ts';
import { inTurn, isFrom, Pending, type Switches } from './temporary.ts';

/** What to put back: the switches of one place that are due, or those named. */
export const restoreRequest = z.strictObject({
  id: z.string(),
  /** An ISO 8601 time; without it, all are due. */
  dueBy: z.string().optional(),
  switches: z.array(z.string()).optional(),
});

export type RestoreRequest = z.output<typeof restoreRequest>;

/** What came of putting back. */
export const restored = z.object({
  restored: z.array(z.string()).describe('The switches that have their original values again.'),
  leftAlone: z
    .array(z.object({ switch: z.string(), set: z.unknown(), found: z.unknown() }))
    .describe('The switches that somebody has changed meanwhile: what was set, and what was found.'),
});

export type Restored = z.output<typeof restored>;

interface Restoring<Client, Input, State> {
  switches: Switches<Input, State>;
  parse(input: unknown): Input;
  read(client: Client, input: Input): Promise<State>;
  /** Makes a change, if the state still has this digest. */
  make(client: Client, input: Input, digest: string, call: Call, putsBack: PutBack): Promise<unknown>;
}

/** How often a switch is looked at anew where others keep changing what it is part of. */
const mostTries = 5;

/** Puts switches back that still have the values that were set for a while; others are left alone and reported. */
export function restoring<Client, Input, State>({
  switches,
  parse,
  read,
  make,
}: Restoring<Client, Input, State>) {
  return async (client: Client, request: RestoreRequest, call: Call): Promise<Restored> => {
    const { readLedger } = await import('./ledger.ts');
    const place = await readLedger(request.id);
    const nothing = (): Restored => {
      auditNothingDue(call);
      return { restored: [], leftAlone: [] };
    };
    // An id is good for the place that it names, and for no other.
    if (place?.operation !== call.operation || place.connection !== call.connectionName) return nothing();
    return inTurn(place, call, async () => {
      const pending = await Pending.read(place);
      const isDue = dueIn(request);
      const due = Object.entries(pending.entries).filter(([name, entry]) => isDue(name, entry));
      if (due.length === 0) return nothing();
      const outcome: Restored = { restored: [], leftAlone: [] };
      const left = new Map<string, Restored['leftAlone'][number]>();
      const notYet: string[] = [];
      const originals = Object.fromEntries(due.map(([name, { original }]) => [name, original]));
      const putBack = async (input: Input): Promise<void> => {
        const state = await read(client, input);
        const found = switches.values(state, input);
        const isAsSet = (name: string) => {
          const entry = pending.entries[name];
          return entry !== undefined && isFrom(entry, found[name]);
        };
        const asSet = Object.fromEntries(
          Object.keys(found)
            .filter(isAsSet)
            .map((name) => [name, originals[name]]),
        );
        for (const name of Object.keys(found))
          if (!isAsSet(name))
            left.set(name, { switch: name, set: pending.entries[name]?.set, found: found[name] });
        for (const back of switches.inputs(asSet, place.scope).map(parse))
          if (isDeepStrictEqual(back, input)) {
            await make(client, input, digestOf(state), call, {
              because: request.dueBy === undefined ? 'asked' : 'due',
              changes: changesOf(due.filter(([name]) => name in asSet)),
            });
            const now = switches.values(await read(client, input), input);
            const isStill = (name: string) =>
              isDeepStrictEqual(now[name], found[name]) && !isDeepStrictEqual(now[name], originals[name]);
            // A change of several may succeed for some.
            for (const name of Object.keys(asSet)) (isStill(name) ? notYet : outcome.restored).push(name);
            // The digest of what was read is one of more than that.
          } else await putBack(back);
      };
      try {
        for (const input of switches.inputs(originals, place.scope).map(parse))
          await againWhereStale(() => putBack(input));
      } catch (error) {
        await pending.tryAgainLater();
        throw error;
      }
      for (const [name, { set }] of due)
        if (!left.has(name) && ![...outcome.restored, ...notYet].includes(name))
          left.set(name, { switch: name, set, found: undefined });
      outcome.leftAlone.push(...left.values());
      if (outcome.leftAlone.length > 0) {
        const { operation, connectionName: connection, requestId } = call;
        log('WARN', 'switches left alone', {
          operation,
          connection,
          requestId,
          leftAlone: withoutSecrets(outcome.leftAlone),
        });
      }
      await pending.forget(due.map(([name]) => name).filter((name) => !notYet.includes(name)));
      const givenUp = notYet.length > 0 ? await pending.tryAgainLater() : [];
      if (givenUp.length > 0) throw restoreGivenUp(request.id, givenUp);
      return outcome;
    });
  };
}

/** The changes for a while that set these switches. */
function changesOf(entries: [string, Entry][]): PutBack['changes'] {
  const byChange = Map.groupBy(entries, ([, { auditId, by }]) => JSON.stringify([auditId, by]));
  return [...byChange.values()].flatMap((group) => {
    const [first] = group;
    const switches = group.map(([name]) => name);
    return first ? [{ auditId: first[1].auditId, by: first[1].by, switches }] : [];
  });
}

/** Scheduler may come up to a minute late; what has become due meanwhile is due, too. What was given up it leaves. */
const dueIn = ({ dueBy, switches }: RestoreRequest) => {
  const latest = dueBy === undefined ? Number.POSITIVE_INFINITY : secondsOf(dueBy);
  const now = Math.floor(Date.now() / 1_000);
  return (name: string, { until, givenUp }: Entry): boolean =>
    secondsOf(until) <= Math.max(latest, now) &&
    (dueBy === undefined || givenUp === undefined) &&
    (switches?.includes(name) ?? true);
};

async function againWhereStale(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++)
    try {
      await work();
      return;
    } catch (error) {
      const isStale = error instanceof Problem && error.details.code === planStaleKind.code;
      if (!isStale || tries >= mostTries) throw error;
    }
}

/** Scheduler keeps whole seconds, and may come early within one. */
const secondsOf = (time: string): number => Math.floor(Date.parse(time) / 1_000);
