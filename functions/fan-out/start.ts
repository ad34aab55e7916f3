import * as z from 'zod';
import { pretty } from '../../lib/arguments.ts';
import {
  connections,
  input,
  operationName,
  toleratedFailurePercentage,
} from '../../lib/fan-out/arguments.ts';
import { begin } from '../../lib/fan-out/begin.ts';
import { fanOut } from '../../lib/fan-out/fan-out.ts';
import { handlerFor } from '../../lib/handler.ts';
import { defineOperation } from '../../lib/operation.ts';

// No defineChange: it changes nothing itself, and what it begins plans, confirms and audits its own changes.
export const operation = defineOperation({
  name: 'fanOut.start',
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
    body: ['connections', 'input', 'toleratedFailurePercentage'],
    status: 202,
  },
  input: z.strictObject({
    operation: operationName,
    connections,
    input,
    toleratedFailurePercentage,
    pretty,
  }),
  output: z.object({
    id: z.string(),
    operation: z.string(),
    connections: z.array(z.string()).describe('The connections that it is run over.'),
    href: z.string().describe('Where to look how it goes.'),
  }),
  run: async (fanOuts, asked, call) => {
    const { id, operation, connections } = await begin(fanOuts, asked, call);
    return { id, operation, connections, href: `/fanOut/${operation}/${id}` };
  },
});

export const handler = handlerFor(operation);
