import { fanOutStart } from '../fan-out/input.ts';
import { nameQuoted } from '../names.ts';
import { nearestName, unseenIn } from '../nearest-name.ts';
import type { Operation } from '../operation.ts';
import { titleOf } from '../system-titles.ts';
import { Misunderstood } from './misunderstood.ts';

/** An operation as people call it in chat: `ops-manager list-alert-configs`. */
export interface Command {
  system: string;
  name: string;
  operation: Operation;
  /** The input that the command's verb stands for. */
  preset: Record<string, unknown>;
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/**
 * Whether an operation is a command of its own: what changes something is shown in chat before it is done. A fan-out is
 * had by naming several connections.
 */
export const isForChat = ({ name, effect, input }: Operation): boolean =>
  name !== fanOutStart && (effect === 'read' || 'dryRun' in input.shape);

/** Every command that there is for operations: one each and, for those with verbs of their own, one for each verb. */
export const commandsOf = (operations: Operation[]): Command[] =>
  operations.filter(isForChat).flatMap((operation) => {
    const system = kebab(operation.system.name);
    const name = kebab(operation.name.slice(operation.system.name.length + 1));
    const [, ...noun] = name.split('-');
    const verbs = Object.entries(operation.verbs ?? {});
    return [
      { system, name, operation, preset: {} },
      ...verbs.map(([verb, preset]) => ({ system, name: [verb, ...noun].join('-'), operation, preset })),
    ];
  });

// However somebody writes it: opsManager, ops-manager, OpsManager.
const plain = (word: string): string => word.replaceAll('-', '').toLowerCase();

export const isNamed = (word: string, name: string): boolean => plain(word) === plain(name);

/** The commands of the system that a word names. Throws `Misunderstood` where it names none. */
export function ofSystem(commands: Command[], word: string): Command[] {
  const named = commands.filter(({ system }) => isNamed(word, system));
  if (named.length > 0) return named;
  const systems = [...new Set(commands.map(({ system }) => system))];
  throw new Misunderstood(
    `There is no system ${nameQuoted(word)}${nearest(word, systems)} Systems: ${systems.join(', ')}.`,
  );
}

/** The command that two words name. Throws `Misunderstood` where they name none. */
export function commandNamed(commands: Command[], systemWord: string, word: string): Command {
  const ofThis = ofSystem(commands, systemWord);
  const found = ofThis.find(({ name }) => isNamed(word, name));
  if (found) return found;
  const { system = '', operation } = ofThis[0] ?? {};
  const title = operation ? titleOf(operation.system.name) : system;
  const names = ofThis.map(({ name }) => name);
  throw new Misunderstood(
    `${title} has no operation ${nameQuoted(word)}${nearest(word, names)} Try: help ${system}`,
  );
}

/** The end of a sentence about an unknown name: the known one that is nearest, where there is any. */
export function nearest(word: string, known: string[]): string {
  const name = nearestName(word, known);
  return `${unseenIn(word)}${name === undefined ? '.' : `; did you mean “${name}”?`}`;
}
