import * as z from 'zod';
import { titleOf } from '../system-titles.ts';
import { isAboutAnother } from './about.ts';
import { type Block, context, lines, mrkdwn, section } from './blocks.ts';
import { type Command, commandNamed, ofSystem } from './commands.ts';
import { argumentsOf, shownName } from './grammar.ts';
import { connectionsAllowed, type Grant } from './grants.ts';
import { shown } from './layout.ts';
import { membersOf, shapesOf } from './values.ts';

/** Help for somebody: what there is that they may do, or one operation. Throws `Misunderstood` for what there is not. */
export function help(words: string[], commands: Command[], held: Grant[]): Block[] {
  const allowed = commands.filter((command) => scopesOf(command, held).length > 0);
  if (allowed.length === 0)
    return [
      section('There is nothing yet that you may do here. Whoever keeps the Slack secret can grant it.'),
    ];
  const [system, name] = words;
  if (system === undefined) return overview(allowed, held);
  if (name === undefined) return overview(ofSystem(allowed, system), held);
  return details(commandNamed(allowed, system, name), held);
}

function scopesOf({ operation }: Command, held: Grant[]): string[] {
  // What it is about decides; whoever may anything may ask.
  if (isAboutAnother(operation)) return held.length > 0 ? ['*'] : [];
  return connectionsAllowed(held, operation.effect, operation.system.name).filter(
    (connection) => operation.system.secret || connection === '*',
  );
}

function overview(commands: Command[], held: Grant[]): Block[] {
  const systems = [...new Set(commands.map(({ system }) => system))];
  return [
    ...systems.flatMap((system) => {
      const ofThis = commands.filter((command) => command.system === system);
      const title = ofThis[0]?.operation.system.title ?? titleOf(system);
      return lines([
        mrkdwn`*${title}*`,
        ...ofThis.map(
          (command) =>
            mrkdwn`\`${usage(command, false)}\` ${command.operation.summary}${where(command, held)}`,
        ),
      ]);
    }),
    context('More on one: `help <system> <operation>`'),
  ];
}

function where(command: Command, held: Grant[]): string {
  const connections = scopesOf(command, held);
  return !command.operation.system.secret || connections.includes('*') ? '' : ` (${connections.join(', ')})`;
}

function usage({ system, name, operation }: Command, whole: boolean): string {
  const connection = operation.system.secret ? ' <connection>' : '';
  return `${system} ${name}${whole ? `${connection} …` : ''}`;
}

function details(command: Command, held: Grant[]): Block[] {
  const { operation, preset } = command;
  const { body } = operation.http;
  const shownArguments = Object.entries(argumentsOf(command)).map(([name, schema]) => {
    const isBody = name === body;
    const members = isBody ? bodyMembers(schema) : [];
    const meta = schema instanceof z.ZodType ? (schema.description ?? '') : '';
    const label = isBody
      ? (members[0] ?? `${name}.<part>=…`)
      : name === 'for'
        ? 'for 2h'
        : `${shownName(name)}=…`;
    return mrkdwn`\`${label}\` ${meta}${members.length > 1 ? ` Also ${members.slice(1).join(', ')}.` : ''}${fallback(schema)}`;
  });
  const sets = Object.entries(preset).map(([name, value]) => `${name}=${String(value)}`);
  return [
    section(mrkdwn`*${operation.summary}*
\`${usage(command, true)}\``),
    section(mrkdwn`${operation.description}`),
    ...lines(shownArguments),
    context(
      [
        mrkdwn`${operation.name}${sets.length > 0 ? ` with ${sets.join(', ')}` : ''}: ${operation.effect}`,
        ...(operation.effect === 'change' ? ['shown first, made when you press Apply'] : []),
        ...(operation.effect === 'destroy' ? ['shown first, made when somebody else presses Approve'] : []),
        ...(operation.system.secret
          ? [
              mrkdwn`connections: ${scopesOf(command, held).join(', ')}; several as \`dc1,dc2\`, or \`*\` for all`,
            ]
          : []),
      ].join(' · '),
    ),
  ];
}

/** What the names of a body's parts look like. */
function bodyMembers(schema: unknown): string[] {
  const members = membersOf(schema);
  if (members.length > 0) return members.map((name) => `${name}=…`);
  const map = shapesOf(schema).find((shape) => shape instanceof z.ZodRecord);
  return membersOf(map?.valueType).map((part) => `<name>.${part}=…`);
}

function fallback(schema: unknown): string {
  const value = schema instanceof z.ZodDefault ? schema.parse(undefined) : undefined;
  return value === undefined ? '' : mrkdwn` Otherwise ${shown(value)}.`;
}
