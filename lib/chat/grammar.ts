import { namedPath, nameQuoted } from '../names.ts';
import { isSecretName } from '../secret-fields.ts';
import { type Command, commandNamed, nearest } from './commands.ts';
import { durationOf } from './duration.ts';
import { Misunderstood } from './misunderstood.ts';
import { memberShapes, membersOf, shapesOf, typed } from './values.ts';
import { type Word, wordsOf } from './words.ts';

/** What somebody wants done. */
export interface Request {
  command: Command;
  connection?: string;
  /** Several, or all that there are to the system. */
  connections?: '*' | string[];
  input: Record<string, unknown>;
}

/** What people say for an argument's name. */
const aliases = new Map([
  ['org', 'orgId'],
  ['project', 'groupId'],
  ['group', 'groupId'],
  ['account', 'clientId'],
  ['key', 'apiKeyId'],
  ['ids', 'alertConfigIds'],
  ['event', 'eventTypeName'],
]);

/** An argument's name as it is shown: the short one, where there is one. */
export const shownName = (argument: string): string =>
  [...aliases].find(([, meant]) => meant === argument)?.[0] ?? argument;

// Chat sees to these itself.
const notForChat = new Set(['pretty', 'envelope', 'digest', 'confirm']);

/** The arguments that a command takes, as schemas by name. */
export const argumentsOf = ({ operation, preset }: Command): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(operation.input.shape).filter(([name]) => !notForChat.has(name) && !(name in preset)),
  );

/** Understands a command. Throws `Misunderstood`. */
export const understand = (text: string, commands: Command[]): Request =>
  understandWords(wordsOf(text), commands);

/** Understands the words of a command. Throws `Misunderstood`. */
export function understandWords([system, operation, ...rest]: Word[], commands: Command[]): Request {
  if (!system) throw new Misunderstood('Say what to do; `help` lists what there is.');
  if (!operation) throw new Misunderstood(`Say what to do with ${system.value}: help ${system.value}`);
  const command = commandNamed(commands, system.value, operation.value);
  const words = rest.values();
  const connection = command.operation.system.secret ? connectionOf(words.next().value, command) : {};
  return { command, ...connection, input: inputOf([...words], command) };
}

function connectionOf(
  word: Word | undefined,
  { system, name }: Command,
): Pick<Request, 'connection' | 'connections'> {
  if (word && word.name === undefined) {
    if (word.value === '*') return { connections: '*' };
    if (!word.value.includes(',')) return { connection: word.value };
    return { connections: [...new Set(word.value.split(',').filter(Boolean))] };
  }
  throw new Misunderstood(
    `Say over which connection, right behind the operation: ${system} ${name} <connection> …`,
  );
}

function inputOf(words: Word[], command: Command): Record<string, unknown> {
  const { operation, preset } = command;
  const input: Record<string, unknown> = structuredClone(preset);
  // Words without a name are the ids in the path, in their order.
  const ids = [...operation.http.path.matchAll(/\{(\w+)\}/g)]
    .flatMap(([, name = '']) => name)
    .filter((name) => name !== 'connection');
  for (const [index, word] of words.entries()) {
    const before = words[index - 1];
    if (isFor(before)) continue;
    if (isFor(word)) {
      const duration = words[index + 1];
      if (!duration) throw new Misunderstood('Say for how long: for 2h');
      if (!('for' in command.operation.input.shape))
        throw new Misunderstood(`${command.name} cannot be done for a while only; leave “for …” out.`);
      put({ name: 'for', value: duration.value, quoted: true }, command, input);
      continue;
    }
    const name = word.name ?? ids.find((id) => !(id in input));
    if (name === undefined)
      throw new Misunderstood(
        `${nameQuoted(word.value)} has no place here; arguments are written as name=value.`,
      );
    put({ ...word, name }, command, input);
  }
  return input;
}

const isFor = (word: Word | undefined): boolean =>
  word?.name === undefined && word?.quoted === false && word.value.toLowerCase() === 'for';

/** Puts a value in its place in the input: an argument, a part of one, or a part of the body. */
function put(
  { name, ...word }: Word & { name: string },
  command: Command,
  input: Record<string, unknown>,
): void {
  // Nothing may be reached through these, and no argument is called so.
  if (name.split('.').some((part) => part in Object.prototype))
    throw new Misunderstood(`${namedPath(name)} is not known here.`);
  const known = argumentsOf(command);
  const parts = spelled(pathOf(name, known, command), known);
  const path = parts.join('.');
  if (parts.some(isSecretName))
    throw new Misunderstood(
      `${namedPath(path)} is a secret, and chat keeps what is written in it: set it over HTTP.`,
    );
  const last = parts.at(-1) ?? '';
  let shapes: unknown[] = shapesOf(known[parts[0] ?? '']);
  let place = input;
  for (const [index, part] of parts.entries()) {
    if (index > 0) shapes = memberShapes(shapes, part);
    if (shapes.length === 0)
      throw new Misunderstood(`${namedPath(path)} is not known here${nearestPart(parts, index, known)}`);
    if (index === parts.length - 1) break;
    const inside = place[part] ?? {};
    place[part] = inside;
    if (!isPlainObject(inside)) throw new Misunderstood(`${namedPath(path)} was given as a whole before.`);
    place = inside;
  }
  if (Object.hasOwn(place, last)) throw new Misunderstood(`${namedPath(path)} is given twice.`);
  const value = typed(shapes, word, path);
  place[last] = path === 'for' ? durationOf(word.value) : value;
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A path in the schema's own upper and lower case. */
function spelled([argument = '', ...parts]: string[], known: Record<string, unknown>): string[] {
  let shapes = shapesOf(known[argument]);
  const members = parts.map((part) => {
    const name = memberNamed(shapes, part) ?? part;
    shapes = memberShapes(shapes, name);
    return name;
  });
  return [argument, ...members];
}

function memberNamed(schemas: unknown[], wanted: string): string | undefined {
  const names = schemas.flatMap(membersOf);
  return names.find((name) => name === wanted) ?? names.find((name) => isSame(name, wanted));
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Where a name leads: to an argument by any of its names, else into the one that is the body. */
function pathOf(name: string, known: Record<string, unknown>, command: Command): string[] {
  const [head = '', ...rest] = name.split('.');
  const wanted = aliases.get(head.toLowerCase()) ?? head;
  const argument = Object.keys(known).find((one) => isSame(one, wanted));
  if (argument !== undefined) return [argument, ...rest];
  const { operation, preset } = command;
  const set = Object.keys(preset).find((one) => isSame(one, wanted));
  if (set !== undefined) throw new Misunderstood(`${command.name} sets ${set} itself.`);
  const { body } = operation.http;
  const member = typeof body === 'string' ? memberNamed([known[body]], head) : undefined;
  const fits = typeof body === 'string' && memberShapes([known[body]], member ?? head).length > 0;
  // A map takes any name, so that only what goes on with a part is surely meant for it.
  if (fits && (rest.length > 0 || member !== undefined)) return [body, head, ...rest];
  const names = Object.keys(known).map(shownName);
  const parts = fits && rest.length === 0 ? partsHint(head, known[body]) : '';
  throw new Misunderstood(`There is no argument ${nameQuoted(head)} here${parts || nearest(head, names)}`);
}

function partsHint(head: string, body: unknown): string {
  const parts = memberShapes([body], head).flatMap(membersOf);
  return parts.length > 0 ? `; say which part: ${parts.map((part) => `${head}.${part}`).join(' or ')}.` : '';
}

function nearestPart(parts: string[], index: number, known: Record<string, unknown>): string {
  const above = parts
    .slice(1, index)
    .reduce((shapes, part) => memberShapes(shapes, part), shapesOf(known[parts[0] ?? '']));
  return nearest(parts[index] ?? '', above.flatMap(membersOf));
}
