import * as z from 'zod';
import { connectionName } from '../lib/arguments/shared.ts';
import { type FieldError, fieldErrors, orMissing } from '../lib/field-errors.ts';
import { nearestName, unseenIn } from '../lib/nearest-name.ts';
import type { Operation } from '../lib/operation.ts';
import { secretsIn } from '../lib/secret-fields.ts';
import { canFanOut } from './fan-out-definition.ts';
import { expressionProblem } from './schedule-expression.ts';
import { isTimeZone } from './time-zone.ts';

const text = z.string({ error: orMissing('must be text') });

const entry = z.strictObject(
  {
    name: text
      .regex(/^[A-Za-z0-9._-]{1,50}$/, 'must be 1 to 50 letters, digits, ".", "_" or "-"')
      .refine((name) => name !== 'Group', 'is the name of what the schedules are in: take another'),
    operation: text,
    connection: text.optional(),
    input: z.record(z.string(), z.unknown(), { error: 'must be an object' }).default({}),
    expression: text.superRefine((expression, context) => {
      const message = expressionProblem(expression);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    }),
    timezone: text
      .refine(isTimeZone, 'must be the name of a time zone, as in Europe/Berlin')
      .default('Etc/UTC'),
    flexibleWindowMinutes: z
      .int({ error: 'must be a whole number' })
      .min(1, 'must be at least 1')
      .max(1440, 'must be at most 1440')
      .optional(),
  },
  {
    error: ({ code }) =>
      code === 'invalid_type' ? 'must be an object with name, operation, expression and the like' : undefined,
  },
);

/** A schedule of `cdk.json` that has been checked: what it will send, its operation takes. */
export interface Schedule extends Omit<z.output<typeof entry>, 'operation'> {
  operation: Operation;
}

/** What a schedule sends to its operation's function: a direct invocation. The id is the same in every delivery. */
export const eventOf = ({ name, connection, input }: Schedule, executionId: string) => ({
  ...(connection !== undefined && { connection }),
  input,
  actor: actorOf(name),
  idempotencyKey: executionId,
});

/** Who calls, when a schedule does. */
export const actorOf = (schedule: string): string => `schedule:${schedule}`;

/** The schedules of `cdk.json` cannot be used; the message names each schedule and field. */
export class SchedulesError extends Error {}

/**
 * The schedules of the context value `schedules`. Each input is checked as its operation would check it, so that
 * what is wrong shows when the stack is made and not when the schedule fires.
 */
export function readSchedules(context: unknown, operations: Operation[]): Schedule[] {
  const list = z.array(z.unknown()).safeParse(context ?? []).data;
  if (!list) throw new SchedulesError('schedules in cdk.json must be a list.');
  const problems: string[] = [];
  const schedules = list.flatMap((given, index): Schedule[] => {
    const parsed = entry.safeParse(given);
    const label = named.safeParse(given).data?.name ?? `number ${index + 1}`;
    const operation = operations.find(({ name }) => name === parsed.data?.operation);
    const errors = parsed.success
      ? callErrors(parsed.data, operations)
      : fieldErrors(parsed.error.issues, Object.keys(entry.shape));
    const places = errors.map(({ field, detail }) => (field === '(root)' ? detail : `${field} ${detail}`));
    problems.push(...places.map((what) => `  ${label}: ${what}`));
    return parsed.success && operation ? [{ ...parsed.data, operation }] : [];
  });
  const names = schedules.map(({ name }) => name);
  for (const name of new Set(names.filter((name, index) => names.indexOf(name) !== index)))
    problems.push(`  ${name}: name is that of two schedules`);
  if (problems.length > 0)
    throw new SchedulesError(`The schedules in cdk.json cannot be used:\n${problems.join('\n')}`);
  return schedules;
}

const named = z.object({ name: z.string() });

interface ScheduledCall {
  operation: string;
  connection?: string | undefined;
  input: Record<string, unknown>;
}

function callErrors(
  { operation: name, connection, input }: ScheduledCall,
  operations: Operation[],
): FieldError[] {
  const operation = operations.find((one) => one.name === name);
  if (!operation) return [unknownOperation(name, operations)];
  return [
    ...connectionErrors(operation, connection),
    ...inputErrors(operation, input),
    ...fannedOutErrors(operation, input, operations),
    ...secretsIn(input).map((field) => ({
      field: `input.${field}`,
      detail: 'is a secret, and a schedule is no place for one',
    })),
  ];
}

const fannedOut = z.object({ operation: z.string(), input: z.record(z.string(), z.unknown()).default({}) });

/** What is wrong with the call that `fanOut.start` is to make over each connection. */
function fannedOutErrors({ name }: Operation, input: unknown, operations: Operation[]): FieldError[] {
  const call = name === 'fanOut.start' ? fannedOut.safeParse(input).data : undefined;
  if (!call) return [];
  const able = operations.filter(canFanOut);
  const operation = able.find((one) => one.name === call.operation);
  const errors = operation ? inputErrors(operation, call.input) : [unknownOperation(call.operation, able)];
  return errors.map(({ field, detail }) => ({ field: `input.${field}`, detail }));
}

function unknownOperation(name: string, operations: Operation[]): FieldError {
  const known = operations.map((one) => one.name);
  const nearest = nearestName(name, known);
  const hint = nearest === undefined ? `known are ${known.join(', ')}` : `did you mean ${nearest}?`;
  return { field: 'operation', detail: `is not known here${unseenIn(name)}; ${hint}` };
}

function connectionErrors({ system }: Operation, connection: string | undefined): FieldError[] {
  if (!system.secret)
    return connection === undefined
      ? []
      : [{ field: 'connection', detail: 'does not belong here: there is nothing to connect to' }];
  return (connectionName.safeParse(connection).error?.issues ?? []).map(({ message }) => ({
    field: 'connection',
    detail: message,
  }));
}

const dryRun = z.object({ dryRun: z.literal(true) });

function inputErrors({ input: schema, confirms }: Operation, input: Record<string, unknown>): FieldError[] {
  const { error } = schema.safeParse(input);
  const errors = error ? fieldErrors(error.issues, Object.keys(schema.shape)) : [];
  if (confirms !== undefined && input['confirm'] !== input[confirms] && !dryRun.safeParse(input).success)
    errors.push({ field: 'confirm', detail: `must repeat ${confirms}: this cannot be undone` });
  return errors.map(({ field, detail }) => ({ field: `input.${field}`, detail }));
}
