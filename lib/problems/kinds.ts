import * as atlas from '../atlas/problems.ts';
import * as chat from '../chat/problems.ts';
import * as errors from '../error-catalogue/problems.ts';
import * as fanOut from '../fan-out/problems.ts';
import * as link from '../mongodb/link.ts';
import * as alertConfigs from '../mongodb/unreadable.ts';
import * as sps from '../sps/problems.ts';
import * as temporary from '../temporary/problems.ts';
import * as access from './access.ts';
import * as aws from './aws.ts';
import * as call from './call.ts';
import * as change from './change.ts';
import * as connection from './connection.ts';
import * as functions from './function.ts';
import type { ProblemKind } from './problem.ts';
import * as secret from './secret.ts';
import * as upstream from './upstream.ts';

/** Every kind of problem that Switchboard itself names: what the modules about problems export of that shape. */
export const problemKinds: ProblemKind[] = [
  access,
  aws,
  call,
  connection,
  functions,
  secret,
  upstream,
  change,
  atlas,
  link,
  alertConfigs,
  sps,
  errors,
  temporary,
  chat,
  fanOut,
].flatMap((module) => Object.values<unknown>({ ...module }).filter(isKind));

function isKind(value: unknown): value is ProblemKind {
  return typeof value === 'object' && value !== null && 'code' in value && 'pt-BR' in value;
}
