import * as z from 'zod';
import { pretty } from '../../lib/arguments/shared.ts';
import { errors } from '../../lib/error-catalogue/errors.ts';
import { explain, explainedError, explainedErrors } from '../../lib/error-catalogue/explained.ts';
import { errorPage } from '../../lib/error-catalogue/pages.ts';
import { errorUnknown } from '../../lib/error-catalogue/problems.ts';
import { handlerFor } from '../../lib/handler.ts';
import { defineOperation } from '../../lib/operation.ts';

export const operation = defineOperation({
  name: 'errors.get',
  effect: 'read',
  system: errors,
  summary: 'Explain an error code',
  description:
    'What an error of the catalogue means, whether trying again helps, and what to do, in English and Portuguese. Browsers get a page. Former names, from when access lists were called whitelists, are known too.',
  role: 'none',
  impact: 'The links in problems lead nowhere.',
  http: { method: 'GET', path: '/errors/{code}', isPublic: true },
  input: z.strictObject({
    code: z
      .string({ error: 'must be an error code' })
      .regex(/^[A-Za-z0-9_]{1,100}$/, 'must be 1 to 100 letters, digits or "_"')
      .transform((code) => code.toUpperCase())
      .describe('The error code, as in the code of a problem.')
      .meta({ examples: ['ALERT_NOT_FOUND'] }),
    pretty,
  }),
  output: explainedError,
  run: async (_client, { code }) => {
    const found = explain(code);
    if (!found)
      throw errorUnknown(
        code,
        explainedErrors().map((error) => error.code),
      );
    return found;
  },
  page: errorPage,
});

export const handler = handlerFor(operation);
