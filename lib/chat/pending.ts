import * as z from 'zod';
import { about } from './about.ts';
import { mostButtonValue } from './blocks.ts';
import { person } from './events.ts';
import { Misunderstood } from './misunderstood.ts';

/** What waits for somebody to press a button: all of it travels in the button. */
const pending = z.strictObject({
  operation: z.string(),
  connection: z.string().optional(),
  /** Instead of one, several. */
  connections: z.array(z.string()).optional(),
  input: z.record(z.string(), z.unknown()),
  /** What of another operation's doing it is about. */
  about: about.optional(),
  /** Stands for the state that the preview was made from. */
  digest: z.string(),
  /** Who asked for it. */
  by: person,
  /** Of the command that asked for it; what follows from pressing twice is done once. */
  id: z.string(),
});

export type Pending = z.output<typeof pending>;

/** As a button's value. Throws `Misunderstood` where Slack would not carry it. */
export function buttonValue(waiting: Pending): string {
  const value = JSON.stringify(waiting);
  if (value.length <= mostButtonValue) return value;
  throw new Misunderstood('This is more than a button can carry: name less at once, or do it over HTTP.');
}

/** What a button carried. Throws `Misunderstood` where it is not one of ours. */
export function pendingOf(value: string): Pending {
  try {
    return pending.parse(JSON.parse(value));
  } catch {
    throw new Misunderstood('This button is of another version; give the command again.');
  }
}
