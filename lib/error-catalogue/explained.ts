import * as z from 'zod';
import { problemKinds } from '../problems/kinds.ts';
import type { ProblemKind } from '../problems/problem.ts';
import { type CatalogueError, catalogueErrors, findError } from './catalogue.ts';
import { categoryTitles } from './category.ts';

const text = z.object({
  title: z.string().describe('The kind of problem in a few words.'),
  message: z.string().describe('What happened; {name} stands for a parameter.'),
  remedy: z.string().describe('What to do about it.'),
});

/** An error of the catalogue as callers get it. */
export const explainedError = z.object({
  code: z.string().describe('Its name.'),
  formerCode: z.string().optional().describe('Its name from when access lists were called whitelists.'),
  origin: z
    .enum(['switchboard', 'mongodb'])
    .describe('Who names it: Switchboard itself, or the APIs of Ops Manager and Atlas.'),
  status: z.int().nullable().describe('The HTTP status that comes with it; null where no document tells.'),
  atlasStatus: z.int().optional().describe('Its status in Atlas, where that is another.'),
  category: z.string().describe('What kind of thing went wrong.'),
  parameters: z.array(z.string()).describe('What the parameters of an occurrence are, in order.'),
  retry: z.string().describe('Whether and after what the call may be tried again.'),
  retryable: z.boolean().describe('Whether the very same call may succeed later by itself.'),
  en: text,
  'pt-BR': text,
});

export type ExplainedError = z.output<typeof explainedError>;

/** Every error there is, sorted by its name: those of MongoDB's APIs and Switchboard's own. */
export const explainedErrors = (): ExplainedError[] => {
  // A kind may say more than the catalogue about one of its codes in one system; the code is still one.
  const ours = problemKinds.filter(({ code }) => !findError(code));
  return [...catalogueErrors.map(ofMongodb), ...ours.map(ofOurs)].toSorted((a, b) =>
    a.code < b.code ? -1 : 1,
  );
};

/** The error of a current or former name. */
export function explain(name: string): ExplainedError | undefined {
  const known = findError(name);
  if (known) return ofMongodb(known);
  const kind = problemKinds.find(({ code }) => code === name);
  return kind && ofOurs(kind);
}

function ofMongodb({
  status,
  category,
  parameters,
  retry,
  en,
  'pt-BR': pt,
  ...names
}: CatalogueError): ExplainedError {
  const { code, formerCode, atlasStatus } = names;
  const titles = categoryTitles[category];
  return {
    code,
    ...(formerCode !== undefined && { formerCode }),
    origin: 'mongodb',
    status: status === 'unknown' ? null : status,
    ...(atlasStatus !== undefined && { atlasStatus }),
    category,
    parameters: [...parameters],
    retry,
    retryable: retry === 'afterWaiting',
    en: { title: titles.en, ...en },
    'pt-BR': { title: titles['pt-BR'], ...pt },
  };
}

function ofOurs({ code, status, retry, en, 'pt-BR': pt }: ProblemKind): ExplainedError {
  const named = [...en.message.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => name ?? []);
  return {
    code,
    origin: 'switchboard',
    status,
    category: categoryByStatus(status),
    parameters: [...new Set(named)],
    retry,
    retryable: retry === 'afterWaiting',
    en,
    'pt-BR': pt,
  };
}

function categoryByStatus(status: number): string {
  switch (status) {
    case 400:
    case 428:
      return 'validation';
    case 404:
      return 'notFound';
    case 409:
      return 'conflict';
    case 423:
      return 'state';
    case 429:
      return 'limit';
    default:
      return 'internal';
  }
}
