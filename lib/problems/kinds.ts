import * as atlas from '../atlas/problems.ts';
import * as chat from '../chat/problems.ts';
import * as errors from '../error-catalogue/problems.ts';
import * as fanOut from '../fan-out/problems.ts';
import * as link from '../mongodb/link.ts';
import * as alertConfigs from '../mongodb/unreadable.ts';
import * as sps from '../sps/problems.ts';
import * as temporary from '../temporary/problems.ts';
import { generalKinds, kindsIn } from './general-kinds.ts';
import type { ProblemKind } from './problem.ts';

/** Every kind of problem that Switchboard itself names: what the modules about problems export of that shape. */
export const problemKinds: ProblemKind[] = [
  ...generalKinds,
  ...kindsIn(atlas, link, alertConfigs, sps, errors, temporary, chat, fanOut),
];
