import type * as z from 'zod';
import { compiled } from '../compiled.ts';
import { fieldErrors } from '../field-errors.ts';
import { isCleaned } from '../foreign/secrets.ts';
import { fromJson, isDeep } from '../json.ts';
import type { Words } from '../language.ts';
import { upstreamAnswerUnexpected } from '../problems/upstream.ts';
import type { UpstreamResponse } from './http-client.ts';

/**
 * The answer's body as the schema has it, without secrets; throws `UPSTREAM_ANSWER_UNEXPECTED` where it is anything
 * else.
 */
export const parseJson = <Schema extends z.ZodType>(
  system: string,
  response: UpstreamResponse,
  schema: Schema,
): z.output<Schema> => checked(system, response, response.text.json(), schema);

/** The same for what is worked on as a whole, with members that no schema names: not deeper than anything is. */
export function parseWhole<Schema extends z.ZodType>(
  system: string,
  response: UpstreamResponse,
  schema: Schema,
): z.output<Schema> {
  const whole = parseJson(system, response, schema);
  if (isDeep(whole)) throw upstreamAnswerUnexpected(system, words.tooDeep, { status: response.status });
  return whole;
}

/** As `parseJson`, with the secrets in it: for answers to a sign-in, which bring one. They are not to be shown. */
export const parseCredentials = <Schema extends z.ZodType>(
  system: string,
  response: UpstreamResponse,
  schema: Schema,
): z.output<Schema> => checked(system, response, fromJson(response.text.forProtocol()), schema);

function checked<Schema extends z.ZodType>(
  system: string,
  { status, text, unreadable }: UpstreamResponse,
  body: unknown,
  schema: Schema,
): z.output<Schema> {
  const unexpected = (what: Words) => upstreamAnswerUnexpected(system, what, { status });
  if (unreadable) throw unexpected(unreadable);
  if (body === undefined) throw unexpected(notJson(text.forProtocol()));
  const parsed = parsedBy(compiled(schema), body);
  if (!parsed) throw unexpected(words.tooDeep);
  if (parsed.success) return parsed.data;
  const [first] = fieldErrors(parsed.error.issues);
  if (!first || first.field === '(root)') throw unexpected(words.otherShape);
  const { field, detail } = first;
  const cleaned = isCleaned(body) ? words.cleaned : { en: '', 'pt-BR': '' };
  throw unexpected({
    en: `its body is not as documented: ${field} ${detail}${cleaned.en}`,
    'pt-BR': `o corpo não é como documentado: ${field} falta ou é de outro tipo${cleaned['pt-BR']}`,
  });
}

/** Undefined where the body is nested deeper than the stack of calls goes. */
function parsedBy<Schema extends z.ZodType>(schema: Schema, body: unknown) {
  try {
    return schema.safeParse(body);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function notJson(text: string): Words {
  if (text.trim() === '') return words.empty;
  return /^\s*</.test(text) ? words.page : words.notJson;
}

const words = {
  empty: { en: 'its body is empty and not JSON', 'pt-BR': 'o corpo está vazio e não é JSON' },
  page: {
    en: 'its body is not JSON but a page or XML',
    'pt-BR': 'o corpo não é JSON, e sim uma página ou XML',
  },
  notJson: { en: 'its body is not JSON', 'pt-BR': 'o corpo não é JSON' },
  // The secret may be a word of the upstream's own: "password", for one.
  cleaned: {
    en: ', after a secret that it repeats was taken out of it',
    'pt-BR': ', depois que um segredo que ele repete foi retirado',
  },
  tooDeep: { en: 'its body is nested too deep', 'pt-BR': 'o corpo está aninhado fundo demais' },
  otherShape: {
    en: 'its body is JSON of another shape',
    'pt-BR': 'o corpo é JSON de outro formato',
  },
};
