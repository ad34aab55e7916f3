import * as z from 'zod';
import { pretty } from '../../lib/arguments/shared.ts';
import { atlas } from '../../lib/atlas/atlas.ts';
import { checked, checking, checkReport } from '../../lib/check/check.ts';
import { handlerFor } from '../../lib/handler.ts';
import { organizationsSeen } from '../../lib/mongodb/organizations.ts';
import { defineOperation } from '../../lib/operation.ts';

export const operation = defineOperation({
  name: 'atlas.checkConnection',
  effect: 'read',
  system: checking(atlas),
  summary: 'Check a connection to Atlas',
  description:
    'Whether a connection works, step by step: its secret, the way to Atlas, the sign-in, and which organizations it can see. What does not is answered with what to do.',
  role: 'Organization Member',
  impact: 'Nobody can tell why a connection to Atlas does not work.',
  http: { method: 'GET', path: '/atlas/{connection}/check' },
  input: z.strictObject({ pretty }),
  output: checkReport,
  run: (use, _input, call) => checked(use, organizationsSeen, call),
});

export const handler = handlerFor(operation);
