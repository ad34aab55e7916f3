import * as z from 'zod';
import { pretty } from '../../lib/arguments/shared.ts';
import { errors } from '../../lib/error-catalogue/errors.ts';
import { explainedError, explainedErrors } from '../../lib/error-catalogue/explained.ts';
import { errorsPage } from '../../lib/error-catalogue/pages.ts';
import { handlerFor } from '../../lib/handler.ts';
import { defineOperation } from '../../lib/operation.ts';

const row = explainedError
  .pick({ code: true, origin: true, status: true, category: true, retry: true, retryable: true })
  .extend({ message: z.string().describe('What happened; {name} stands for a parameter.') });

export const operation = defineOperation({
  name: 'errors.list',
  effect: 'read',
  system: errors,
  summary: 'List the error codes',
  description:
    "The codes of Ops Manager and Atlas and Switchboard's own, each with what it means in the language that Accept-Language asks for. Browsers get a page.",
  role: 'none',
  impact: 'Nobody can look error codes up.',
  http: { method: 'GET', path: '/errors', isPublic: true },
  input: z.strictObject({ pretty }),
  output: z.object({ results: z.array(row).describe('The errors by name.'), totalCount: z.int() }),
  run: async (_client, _input, { language }) => {
    const results = explainedErrors().map((error) =>
      row.parse({ ...error, message: error[language].message }),
    );
    return { results, totalCount: results.length };
  },
  page: ({ results }, language) => errorsPage(results, language),
});

export const handler = handlerFor(operation);
