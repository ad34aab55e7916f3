import { createHash } from 'node:crypto';
import * as z from 'zod';

/** Where switches are: one operation, over one connection, with the arguments that say where. */
export interface Place {
  operation: string;
  connection: string;
  scope: Record<string, string>;
}

/** The id of a place: the name of the schedule that puts back what is set there for a while. */
export function placeId({ operation, connection, scope }: Place): string {
  const rest = JSON.stringify([connection, ...Object.entries(scope).toSorted().flat()]);
  const digest = createHash('sha256').update(rest).digest('hex').slice(0, 16);
  return `${prefixOf(operation)}${digest}`;
}

/** A pattern for the ids of all places of an operation, as IAM has patterns. */
export const placeIds = (operation: string): string => `${prefixOf(operation)}*`;

const prefixOf = (operation: string): string => `${operation.replace('.', '-')}-`;

/** What the stack, or the local gateway, tells a function that can have its changes put back; others have the group. */
export const restoreSettings = z.object({
  RESTORE_GROUP: z.string(),
  RESTORE_ROLE_ARN: z.string(),
  /** What stands before a function's name in its ARN. */
  FUNCTION_ARN_PREFIX: z.string(),
});

/** The name of the operation that puts back early. */
export const restoreNow = 'changes.restoreNow';

/** Who puts back what its time is over for, in logs and outcomes. */
export const restoreActor = 'restore';

export const canRestore = (): boolean => process.env['RESTORE_GROUP'] !== undefined;
