import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { Call } from '../connections.ts';
import { digestOf } from '../digest.ts';
import { inTurn, Pending, type Switches } from './temporary.ts';

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
  make(client: Client, input: Input, digest: string, call: Call): Promise<unknown>;
}

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
    if (!place) return { restored: [], leftAlone: [] };
    return inTurn(place, call, async () => {
      const pending = await Pending.read(place);
      const due = Object.entries(pending.entries).filter(
        ([name, { until }]) =>
          (request.dueBy === undefined || secondsOf(until) <= secondsOf(request.dueBy)) &&
          (request.switches?.includes(name) ?? true),
      );
      const outcome: Restored = { restored: [], leftAlone: [] };
      const originals = Object.fromEntries(due.map(([name, { original }]) => [name, original]));
      for (const input of switches.inputs(originals, place.scope).map(parse)) {
        const state = await read(client, input);
        const found = switches.values(state, input);
        const asSet: Record<string, unknown> = {};
        for (const name of Object.keys(found)) {
          const set = pending.entries[name]?.set;
          if (isDeepStrictEqual(found[name], set)) asSet[name] = originals[name];
          else outcome.leftAlone.push({ switch: name, set, found: found[name] });
        }
        for (const back of switches.inputs(asSet, place.scope).map(parse))
          await make(client, back, digestOf(state), call);
        outcome.restored.push(...Object.keys(asSet));
      }
      await pending.forget(due.map(([name]) => name));
      return outcome;
    });
  };
}

/** Scheduler keeps whole seconds, and may come early within one. */
const secondsOf = (time: string): number => Math.floor(Date.parse(time) / 1_000);
