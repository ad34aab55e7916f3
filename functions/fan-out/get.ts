import * as z from 'zod';
import { pretty } from '../../lib/arguments/shared.ts';
import { id, operationName } from '../../lib/fan-out/arguments.ts';
import { fanOut } from '../../lib/fan-out/fan-out.ts';
import { fanOutGet } from '../../lib/fan-out/input.ts';
import { fanOutReport, reportOf } from '../../lib/fan-out/report.ts';
import { handlerFor } from '../../lib/handler.ts';
import { defineOperation } from '../../lib/operation.ts';
import { requireScope } from '../../lib/scopes.ts';

export const operation = defineOperation({
  name: fanOutGet,
  effect: 'read',
  system: fanOut,
  summary: 'Show how an operation over many connections goes',
  description:
    'Answers how far a fan-out is, and for each connection what the operation answered or what its problem was. Connections show as they end; the fan-out need not be over.',
  role: 'none',
  impact: 'Nobody sees how an operation over many connections ended, save in the log.',
  http: { method: 'GET', path: '/fanOut/{operation}/{id}' },
  input: z.strictObject({ operation: operationName, id, pretty }),
  output: fanOutReport,
  run: async (fanOuts, asked, call) => {
    // The report has what the operation answered.
    requireScope(call, 'read', asked.operation);
    return reportOf(asked, await fanOuts.describe(asked.id, asked.operation));
  },
});

export const handler = handlerFor(operation);
