import * as z from 'zod';
import { connectionName } from '../../lib/arguments/shared.ts';
import { slack, slackConnection } from '../../lib/chat/slack.ts';
import type { System } from '../../lib/system.ts';
import { contextValue } from './context-value.ts';

/** A connection whose secret the stack makes, for somebody to fill. */
export interface DeclaredConnection {
  system: System;
  connection: string;
}

const names = z
  .array(connectionName, { error: 'must be a list of names' })
  .refine((list) => new Set(list).size === list.length, 'must not name a connection twice');

const onlySlack = names.refine(
  (list) => list.every((name) => name === slackConnection),
  `can only have ${slackConnection}`,
);

/** The context value `connections`: by system, the names of those whose secrets the stack makes. */
export function readConnections(context: unknown, systems: System[]): DeclaredConnection[] {
  const connected = systems.filter(({ secret }) => secret);
  const shape = Object.fromEntries(connected.map(({ name }) => [name, names.default([])]));
  if (slack.name in shape) shape[slack.name] = onlySlack.default([]);
  const schema = z.strictObject(shape, { error: 'must be an object with a list of names for each system' });
  const declared = contextValue('connections', schema, context ?? {}, Object.keys(schema.shape));
  return connected.flatMap((system) =>
    (declared[system.name] ?? []).map((connection) => ({ system, connection })),
  );
}
