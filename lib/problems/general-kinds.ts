import * as access from './access.ts';
import * as aws from './aws.ts';
import * as call from './call.ts';
import * as change from './change.ts';
import * as connection from './connection.ts';
import * as functions from './function.ts';
import type { ProblemKind } from './problem.ts';
import * as secret from './secret.ts';
import * as upstream from './upstream.ts';

/** Every kind of problem that any operation may have, whatever its system. */
export const generalKinds: ProblemKind[] = kindsIn(
  access,
  aws,
  call,
  connection,
  functions,
  secret,
  upstream,
  change,
);

/** What modules about problems export of the shape of a kind. */
export function kindsIn(...modules: object[]): ProblemKind[] {
  return modules.flatMap((module) => Object.values<unknown>({ ...module }).filter(isKind));
}

function isKind(value: unknown): value is ProblemKind {
  return typeof value === 'object' && value !== null && 'code' in value && 'pt-BR' in value;
}
