import * as z from 'zod';
import { pretty } from '../../lib/arguments/shared.ts';
import { checked, checking, checkReport } from '../../lib/check/check.ts';
import { handlerFor } from '../../lib/handler.ts';
import { organizationsSeen } from '../../lib/mongodb/organizations.ts';
import { defineOperation } from '../../lib/operation.ts';
import { opsManager } from '../../lib/ops-manager/ops-manager.ts';

export const operation = defineOperation({
  name: 'opsManager.checkConnection',
  effect: 'read',
  system: checking(opsManager),
  summary: 'Check a connection to Ops Manager',
  description:
    'Whether a connection works, step by step: its secret, the way to Ops Manager and its certificate, the sign-in, and which organizations it can see. What does not is answered with what to do.',
  role: 'Organization Member',
  impact: 'Nobody can tell why a connection to Ops Manager does not work.',
  http: { method: 'GET', path: '/opsManager/{connection}/check' },
  input: z.strictObject({ pretty }),
  output: checkReport,
  run: (use, _input, call) => checked(use, organizationsSeen, call),
});

export const handler = handlerFor(operation);
