import { createHash } from 'node:crypto';
import { connectionNames } from '../connection-names.ts';
import type { Call } from '../connections.ts';
import { type FieldError, hint } from '../field-errors.ts';
import { functionNameOf } from '../function-name.ts';
import { invalidInput } from '../problems/call.ts';
import { requireScope } from '../scopes.ts';
import { secretsIn } from '../secret-fields.ts';
import { tooMany } from './arguments.ts';
import { fanOutOperations } from './fan-out.ts';
import type { FanOutInput } from './input.ts';

interface Asked {
  operation: string;
  connections: '*' | string[];
  input: Record<string, unknown>;
  digests?: Record<string, string> | undefined;
  toleratedFailurePercentage: number;
}

/** Step Functions takes 256 KiB, and tells EventBridge of an end only half of that with the output as large. */
const mostBytes = 120_000;

/**
 * What a fan-out is to be started with. Each run is a direct invocation of the operation's own function, which checks
 * the input and wants its confirmation as ever: here is only checked what it could not tell.
 */
export async function planned(asked: Asked, call: Call): Promise<FanOutInput> {
  const { operation, input, digests = {}, toleratedFailurePercentage } = asked;
  const known = fanOutOperations();
  const effect = known.get(operation);
  const errors = [
    ...(effect ? [] : [unknownOperation(operation, [...known.keys()])]),
    ...secretErrors(input),
  ];
  if (!effect || errors.length > 0) throw invalidInput(errors);
  // Whoever may begin to run operations over many connections may not yet run this one.
  requireScope(call, effect, operation);
  const connections = await namesOf(asked, call);
  const strange = Object.keys(digests).filter((connection) => !connections.includes(connection));
  if (strange.length > 0)
    throw invalidInput(
      strange.map((connection) => ({
        field: `digests.${connection}`,
        detail: 'is for none of the connections',
      })),
    );
  const fanOut = {
    id: fanOutId(operation, call),
    operation,
    functionName: functionNameOf(operation),
    runs: connections.map((connection) => {
      const digest = digests[connection];
      return { connection, input: { ...input, ...(digest !== undefined && { digest }) } };
    }),
    actor: call.actor ?? call.operation,
    toleratedFailurePercentage,
  };
  if (Buffer.byteLength(JSON.stringify(fanOut)) > mostBytes)
    throw invalidInput([
      { field: 'input', detail: `is too large for ${connections.length} connections at once` },
    ]);
  return fanOut;
}

/** The same for every delivery of one event, so that a repeated one begins nothing. */
export const fanOutId = (
  operation: string,
  { idempotencyKey, requestId }: Pick<Call, 'idempotencyKey' | 'requestId'>,
): string =>
  idempotencyKey === undefined
    ? requestId
    : createHash('sha256').update(`${operation} ${idempotencyKey}`).digest('hex').slice(0, 32);

const unknownOperation = (operation: string, known: string[]): FieldError => ({
  field: 'operation',
  detail: `is none that works over connections${hint(operation, known)}`,
});

const secretErrors = (input: Asked['input']): FieldError[] =>
  secretsIn(input).map((field) => ({
    field: `input.${field}`,
    detail: 'is a secret, and Step Functions keeps what it is given; set it connection by connection',
  }));

async function namesOf({ operation, connections }: Asked, { deadline }: Call): Promise<string[]> {
  if (connections !== '*') return connections;
  const [system = ''] = operation.split('.');
  const names = await connectionNames(system, deadline);
  const detail =
    names.length === 0
      ? `finds no connection to ${system}`
      : tooMany(names) && `finds ${names.length} connections to ${system}: name up to 100 of them at a time`;
  if (detail) throw invalidInput([{ field: 'connections', detail }]);
  return names;
}
