import * as z from 'zod';
import { dryRun } from '../../lib/arguments/change.ts';
import { pretty } from '../../lib/arguments/shared.ts';
import {
  connections,
  digests,
  input,
  operationName,
  toleratedFailurePercentage,
} from '../../lib/fan-out/arguments.ts';
import { fanOut } from '../../lib/fan-out/fan-out.ts';
import { fanOutStart } from '../../lib/fan-out/input.ts';
import { planned } from '../../lib/fan-out/planned.ts';
import { handlerFor } from '../../lib/handler.ts';
import { defineOperation } from '../../lib/operation.ts';

// No defineChange: it changes nothing itself, and what it begins plans, confirms and audits its own changes.
export const operation = defineOperation({
  name: fanOutStart,
  effect: 'change',
  system: fanOut,
  summary: 'Run an operation over many connections',
  description:
    'Begins to run one operation over several connections, or over all that there are to its system, a few at a time, and answers where to look. Each run is as if the operation were called over that connection: with the same checks, the same confirmation of what cannot be undone, and a record of its own in the audit. Whoever may start an operation here may run it over every connection of its system.',
  role: 'none',
  impact: 'What is wanted on many systems has to be done on one after the other.',
  http: {
    method: 'POST',
    path: '/fanOut/{operation}',
    body: ['connections', 'input', 'digests', 'toleratedFailurePercentage'],
    status: 202,
  },
  input: z.strictObject({
    operation: operationName,
    connections,
    input,
    digests,
    toleratedFailurePercentage,
    dryRun: dryRun.describe(
      'Whether to answer over which connections it would be run, and begin nothing. What the operation would do over each, its own dry runs answer.',
    ),
    pretty,
  }),
  output: z.object({
    id: z.string().optional().describe('Names the fan-out; a dry run has none.'),
    operation: z.string(),
    connections: z.array(z.string()).describe('The connections that it is run over.'),
    href: z.string().optional().describe('Where to look how it goes.'),
    dryRun: z.boolean().describe('Whether this was only a look at what would be begun.'),
  }),
  run: async (fanOuts, asked, call) => {
    const { dryRun } = asked;
    const plan = await planned(asked, call);
    const { id, operation } = plan;
    const connections = plan.runs.map(({ connection }) => connection);
    if (dryRun) return { operation, connections, dryRun };
    await fanOuts.start(plan);
    return { id, operation, connections, href: `/fanOut/${operation}/${id}`, dryRun };
  },
});

export const handler = handlerFor(operation);
