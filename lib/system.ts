import type * as z from 'zod';
import { type Call, type Connection, Connections } from './connections.ts';

/** An upstream system: what a connection to it looks like, and how to work with one. */
export interface System<Name extends string = string, Client = unknown> {
  name: Name;
  /** The system's name for people. */
  title: string;
  /** The shape of a connection's secret; absent where nothing is behind the system that one connects to. */
  secret?: z.ZodType;
  /** Its operations can do with tokens that another function mints; of connections, they read what has no token. */
  sharesTokens?: true;
  /** Does work with a client of the connection that the call names. Throws a `Problem` where there is no such connection. */
  use<T>(call: Call, work: (client: Client) => Promise<T>): Promise<T>;
}

/** Declares a system; `connect` makes a connection from a checked secret. */
export function defineSystem<Name extends string, Secret extends z.ZodType, Client>({
  name,
  title,
  secret,
  connect,
}: {
  name: Name;
  title: string;
  secret: Secret;
  connect(secret: z.output<Secret>, connectionName: string): Connection<Client>;
}): System<Name, Client> {
  const connections = new Connections(name, (value, connectionName) =>
    connect(secret.parse(value), connectionName),
  );
  return { name, title, secret, use: (...args) => connections.use(...args) };
}
