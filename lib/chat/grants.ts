import * as z from 'zod';
import type { Effect } from '../operation.ts';

const scope = z
  .string({ error: 'must be text' })
  .regex(
    /^(\*|[A-Za-z]+)\/(\*|[A-Za-z0-9][A-Za-z0-9._-]{0,63})$/,
    'must be <system>/<connection>, such as sps/dc1; * stands for every one',
  );

const scopes = z.array(scope, { error: 'must be a list of <system>/<connection>' }).default([]);

/** What somebody may do, and over which connections. No effect implies another. */
const grant = z.strictObject({ read: scopes, change: scopes, destroy: scopes });

export type Grant = z.output<typeof grant>;

/** Who may do what: Slack users (U…, W…) and user groups (S…) by id. */
export const grants = z
  .record(
    z.string().regex(/^[UWS][A-Z0-9]*$/, 'must be the id of a user (U…, W…) or of a user group (S…)'),
    grant,
  )
  .default({});

export type Grants = z.output<typeof grants>;

export const isUserGroup = (id: string): boolean => id.startsWith('S');

/** Whether grants allow an effect over a connection. What has no connection is covered by `<system>/*` alone. */
export const allows = (held: Grant[], effect: Effect, system: string, connection: string | undefined) =>
  held.some((grant) =>
    grant[effect].some((scope) => {
      const [grantedSystem, grantedConnection] = scope.split('/');
      return (
        (grantedSystem === '*' || grantedSystem === system) &&
        (grantedConnection === '*' || grantedConnection === connection)
      );
    }),
  );

/** What a command is about: one connection, none (`undefined`), several, or all that there are. */
export interface Target {
  connection?: string | undefined;
  connections?: '*' | string[] | undefined;
}

/** The connections of a target that grants do not allow an effect over; `*` where that is not allowed over every one. */
export const notAllowed = (
  held: Grant[],
  effect: Effect,
  system: string,
  { connection, connections }: Target,
): string[] =>
  (connections === '*' ? [undefined] : (connections ?? [connection]))
    .filter((one) => !allows(held, effect, system, one))
    .map((one) => one ?? '*');

/** The connections of a system over which grants allow an effect, as the grants name them. */
export const connectionsAllowed = (held: Grant[], effect: Effect, system: string): string[] => [
  ...new Set(
    held.flatMap((grant) =>
      grant[effect].flatMap((scope) => {
        const [grantedSystem, connection = ''] = scope.split('/');
        return grantedSystem === '*' || grantedSystem === system ? [connection] : [];
      }),
    ),
  ),
];
