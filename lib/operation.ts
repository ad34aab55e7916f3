import type * as z from 'zod';
import type { Call } from './connections.ts';
import type { Language } from './language.ts';
import type { System } from './system.ts';
import type { Restored, RestoreRequest } from './temporary/restore.ts';

/** What an operation does to the upstream: looks, changes a setting, or removes something for good. */
export type Effect = 'read' | 'change' | 'destroy';

/** What every operation says about itself, whatever its effect. */
export interface Declaration<
  SystemName extends string = string,
  Input extends z.ZodObject = z.ZodObject,
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
  http: {
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
    /** Below the system's name; with a connection next, where the system has any. */
    path: `/${SystemName}` | `/${SystemName}/${string}`;
    /**
     * The input field that the request's body is, or those that its members are; without it, the operation takes
     * no body.
     */
    body?: string | readonly string[];
    /** The status of an answer where it goes well; 200 unless given. */
    status?: 202;
    /** Anybody may call it: it tells nothing that is not public. */
    isPublic?: true;
  };
  input: Input;
  /** Other verbs for the same operation with some of its input given: `enable` makes `enable-alert-config` of chat. */
  verbs?: Record<string, Record<string, unknown>>;
  /** For what cannot be undone: the argument whose value `confirm` must repeat. */
  confirms?: string;
}

/** One admin operation: all there is to know about it. Everything else is derived from this value. */
export interface Operation<
  SystemName extends string = string,
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodType = z.ZodType,
  Client = unknown,
> extends Declaration<SystemName, Input, Client> {
  output: Output;
  /**
   * Does it. The client is signed in as the connection that the caller named and bound by the call's deadline.
   * Throws a `Problem` for everything that can go wrong upstream.
   */
  run(client: Client, input: z.output<Input>, call: Call): Promise<z.output<Output>>;
  /** Puts back what was set for a while; there only where it can be. */
  restore?(client: Client, request: RestoreRequest, call: Call): Promise<Restored>;
  /** The output as an HTML page, for browsers; there only where people look at it. */
  page?(output: z.output<Output>, language: Language): string;
}

/** Declares an operation that plans nothing; `defineChange` declares the others. Only there to infer its types. */
export function defineOperation<
  SystemName extends string,
  Input extends z.ZodObject,
  Output extends z.ZodType,
  Client,
>(operation: Operation<SystemName, Input, Output, Client>) {
  return operation;
}
