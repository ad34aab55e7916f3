import type * as z from 'zod';
import type { System } from './system.ts';

/** What an operation does to the upstream: looks, changes a setting, or removes something for good. */
export type Effect = 'read' | 'change' | 'destroy';

/** One admin operation: all there is to know about it. Everything else is derived from this value. */
export interface Operation<
  SystemName extends string = string,
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodType = z.ZodType,
  Client = unknown,
> {
  /** System, then verb and noun: `atlas.listAccessList`. */
  name: `${SystemName}.${string}`;
  effect: Effect;
  system: System<SystemName, Client>;
  /** One line for lists and menus. */
  summary: string;
  /** What a caller should know before using it. */
  description: string;
  /** The least role that the connection needs upstream, in the upstream's words. */
  role: string;
  /** What it means for people when this operation fails; one sentence. */
  impact: string;
  http: { method: 'GET'; path: `/${SystemName}/{connection}/${string}` };
  input: Input;
  output: Output;
  /**
   * Does it. The client is signed in as the connection that the caller named and bound by the call's deadline.
   * Throws a `Problem` for everything that can go wrong upstream.
   */
  run(client: Client, input: z.output<Input>): Promise<z.output<Output>>;
}

/** Declares an operation; only there to infer its types. */
export function defineOperation<
  SystemName extends string,
  Input extends z.ZodObject,
  Output extends z.ZodType,
  Client,
>(operation: Operation<SystemName, Input, Output, Client>) {
  return operation;
}
