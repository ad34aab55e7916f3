import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import * as z from 'zod';
import * as get from '../functions/errors/get.ts';
import * as list from '../functions/errors/list.ts';
import { catalogueErrors } from '../lib/error-catalogue/catalogue.ts';
import { explainedError } from '../lib/error-catalogue/explained.ts';
import { errorPage, errorsPage } from '../lib/error-catalogue/pages.ts';
import type { Language } from '../lib/language.ts';
import { problemKinds } from '../lib/problems/kinds.ts';
import { calls, failed, respond, type Systems, startSystems, triggerNames, unitEvent } from './harness.ts';

let systems: Systems;

const languages: Language[] = ['en', 'pt-BR'];
const ofMongodb = catalogueErrors.map(({ code }) => code);
const ofOurs = problemKinds.map(({ code }) => code);
const everyCode = [...new Set<string>([...ofMongodb, ...ofOurs])].toSorted();

const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

const getOver = (code: string, headers: Record<string, string> = {}, more: Record<string, unknown> = {}) =>
  respond(get.handler, unitEvent(get, { input: { code, ...more }, headers }));
const listOver = (headers: Record<string, string> = {}, input: Record<string, unknown> = {}) =>
  respond(list.handler, unitEvent(list, { input, headers }));

const explained = explainedError.strict();
const row = z.strictObject({
  code: z.string(),
  origin: z.string(),
  status: z.int().nullable(),
  category: z.string(),
  retry: z.string(),
  retryable: z.boolean(),
  message: z.string(),
});
const everyError = z.strictObject({ results: z.array(row), totalCount: z.int() });

before(async () => {
  systems = await startSystems();
});

after(() => systems.stop());

describe('errors.get', () => {
  test('explains a code in both languages, as JSON', async () => {
    const { statusCode, headers, body } = await getOver('ALERT_NOT_FOUND');
    assert.equal(statusCode, 200);
    assert.deepEqual(headers, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'content-language': 'en',
      vary: 'accept, accept-language',
    });
    const error = explained.parse(JSON.parse(body));
    assert.partialDeepStrictEqual(error, {
      code: 'ALERT_NOT_FOUND',
      origin: 'mongodb',
      status: 404,
      category: 'notFound',
      retryable: false,
      en: { title: 'Not found' },
      'pt-BR': { title: 'Não encontrado' },
    });
    const known = catalogueErrors.find(({ code }) => code === 'ALERT_NOT_FOUND');
    assert.deepEqual(error.parameters, known?.parameters);
    assert.equal(error.en.remedy, known?.en.remedy);
    assert.equal(error['pt-BR'].remedy, known?.['pt-BR'].remedy);
  });

  const names: [what: string, asked: string, code: string][] = [
    ['a former name', 'ADDRESS_ALREADY_IN_WHITELIST', 'ADDRESS_ALREADY_IN_ACCESS_LIST'],
    ['lower case', 'alert_not_found', 'ALERT_NOT_FOUND'],
    ['a code of our own', 'PLAN_STALE', 'PLAN_STALE'],
    ['a code of our own in lower case', 'link_not_found', 'LINK_NOT_FOUND'],
  ];
  for (const [what, asked, code] of names)
    test(`knows ${what}`, async () => {
      const { statusCode, body } = await getOver(asked);
      assert.equal(statusCode, 200);
      assert.equal(explained.parse(JSON.parse(body)).code, code);
    });

  test('tells the former name, the status in Atlas, and an unknown status', async () => {
    const former = JSON.parse((await getOver('API_KEY_ACCESS_LIST_ACCESS_DENIED')).body);
    assert.equal(former.formerCode, 'API_KEY_WHITELIST_ACCESS_DENIED');
    assert.deepEqual([former.status, former.atlasStatus], [400, 401]);
    assert.equal(JSON.parse((await getOver('INVALID_MONITORING_STATE')).body).status, null);
    assert.match((await getOver('INVALID_MONITORING_STATE', { accept: browser })).body, /not documented/);
  });

  const formats: [accept: string | undefined, type: string][] = [
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/json', 'application/json'],
    ['application/problem+json', 'application/json'],
    ['text/html', 'text/html; charset=utf-8'],
    ['TEXT/HTML;q=1', 'text/html; charset=utf-8'],
    [browser, 'text/html; charset=utf-8'],
  ];
  for (const [accept, type] of formats)
    test(`answers ${type} where Accept is ${accept}`, async () => {
      const { headers } = await getOver('ALERT_NOT_FOUND', accept === undefined ? {} : { accept });
      assert.equal(headers['content-type'], type);
      assert.equal(headers['vary'], 'accept, accept-language');
    });

  const wishes: [wish: string, language: Language][] = [
    ['pt-BR', 'pt-BR'],
    ['pt', 'pt-BR'],
    ['en;q=0.5, pt-BR;q=0.9', 'pt-BR'],
    ['en', 'en'],
    ['de', 'en'],
  ];
  for (const [wish, language] of wishes)
    test(`speaks ${language} where Accept-Language is ${wish}`, async () => {
      const { headers, body } = await getOver('ALERT_NOT_FOUND', {
        accept: browser,
        'accept-language': wish,
      });
      assert.equal(headers['content-language'], language);
      assert.ok(body.includes(`<html lang="${language}">`));
      assert.ok(body.includes(language === 'en' ? 'What to do' : 'O que fazer'));
    });

  test('an unknown code is answered with the nearest, in the language asked for', async () => {
    for (const [language, said] of [
      ['en', /no error ALERT_NOT_FUOND \(the nearest is ALERT_NOT_FOUND\)/],
      ['pt-BR', /não tem o erro ALERT_NOT_FUOND \(o mais próximo é ALERT_NOT_FOUND\)/],
    ] as const) {
      const wish = { accept: browser, 'accept-language': language };
      const { statusCode, headers, body } = await getOver('alert_not_fuond', wish);
      assert.equal(statusCode, 404);
      assert.equal(headers['content-type'], 'application/problem+json');
      assert.equal(headers['content-language'], language);
      const problem = JSON.parse(body);
      assert.deepEqual([problem.code, problem.type], ['ERROR_UNKNOWN', '/errors/ERROR_UNKNOWN']);
      assert.match(problem.detail, said);
    }
  });

  test('a name of an object is no code', async () => {
    for (const name of ['constructor', '__proto__', 'toString'])
      assert.equal((await getOver(name)).statusCode, 404, name);
  });

  for (const code of ['', 'A B', '<script>', 'A'.repeat(101), 'ALERT-NOT-FOUND'])
    test(`refuses ${JSON.stringify(code.slice(0, 20))} as a code, and does not repeat it`, async () => {
      const { statusCode, body } = await getOver(code);
      assert.equal(statusCode, 400);
      assert.equal(JSON.parse(body).errors[0].field, 'code');
      assert.doesNotMatch(body, /script/);
    });

  test('lays JSON out for people with pretty=true', async () => {
    assert.match((await getOver('ALERT_NOT_FOUND', {}, { pretty: true })).body, /^\{\n {2}"code"/);
  });

  test('resolves the type of every problem, as JSON and as a page in both languages', async () => {
    for (const code of everyCode) {
      const { statusCode, body } = await getOver(code);
      assert.equal(statusCode, 200, code);
      const error = explained.parse(JSON.parse(body));
      assert.equal(error.code, code);
      assert.equal(error.retryable, error.retry === 'afterWaiting', code);
      for (const language of languages) {
        const page = await getOver(code, { accept: browser, 'accept-language': language });
        assert.equal(page.statusCode, 200, code);
        assert.equal(page.headers['content-language'], language);
        for (const part of ['title', 'message', 'remedy'] as const)
          assert.ok(textOf(page.body).includes(bare(error[language][part])), `${code} ${language} ${part}`);
        assertSelfContained(page.body, code);
      }
    }
  });

  test('knows every kind of problem that a module of lib has', async () => {
    const root = new URL('../', import.meta.url);
    for (const file of globSync('lib/**/*.ts', { cwd: root })) {
      const module: Record<string, unknown> = await import(new URL(file, root).href);
      for (const value of Object.values(module)) {
        const kind = z
          .object({ code: z.string(), retry: z.string(), en: z.object({}) })
          .safeParse(value).data;
        if (kind) assert.ok(everyCode.includes(kind.code), `${kind.code} of ${file}`);
      }
    }
  });
});

describe('errors.list', () => {
  test('has every code once, sorted, with its message in the language asked for', async () => {
    for (const language of languages) {
      const { statusCode, headers, body } = await listOver({ 'accept-language': language });
      assert.equal(statusCode, 200);
      assert.equal(headers['content-type'], 'application/json');
      assert.equal(headers['content-language'], language);
      assert.equal(headers['vary'], 'accept, accept-language');
      const { results, totalCount } = everyError.parse(JSON.parse(body));
      assert.deepEqual(
        results.map(({ code }) => code),
        everyCode,
      );
      assert.equal(totalCount, everyCode.length);
      const known = catalogueErrors.find(({ code }) => code === 'GROUP_NOT_FOUND');
      const listed = results.find(({ code }) => code === 'GROUP_NOT_FOUND');
      assert.equal(listed?.message, known?.[language].message);
    }
  });

  test('is a page for browsers, from which every error can be reached', async () => {
    for (const language of languages) {
      const { headers, body } = await listOver({ accept: browser, 'accept-language': language });
      assert.equal(headers['content-type'], 'text/html; charset=utf-8');
      assert.equal(headers['content-language'], language);
      assert.ok(body.includes(`<html lang="${language}">`));
      const linked = [...body.matchAll(/href="\/errors\/(\w+)"/g)].map(([, code]) => code);
      assert.deepEqual(linked, everyCode);
      assertSelfContained(body, 'list');
    }
  });

  test('refuses a parameter that it does not know', async () => {
    const { statusCode, body } = await listOver({}, { page: 2 });
    assert.equal(statusCode, 400);
    assert.equal(JSON.parse(body).errors[0].field, 'page');
  });
});

describe('there is nothing to connect to', () => {
  for (const [unit, input] of [
    [get, { code: 'ALERT_NOT_FOUND' }],
    [list, {}],
  ] as const)
    for (const trigger of triggerNames)
      test(`${unit.operation.name} over ${trigger} needs no connection, and takes none`, async () => {
        assert.ok('answer' in (await calls[trigger](unit, { input })));
        const connected =
          trigger === 'http' ? { input: { ...input, connection: 'prod' } } : { input, connection: 'prod' };
        const { code, errors } = failed(await calls[trigger](unit, connected));
        assert.equal(code, 'INVALID_INPUT');
        assert.deepEqual(
          errors?.map(({ field }) => field),
          ['connection'],
        );
      });

  test('and nobody was asked for anything', () => {
    const { atlas, opsManager, secretsManager } = systems;
    assert.deepEqual([atlas.requests, opsManager.requests, secretsManager.calls], [[], [], []]);
  });
});

test('a page shows whatever it is given as text', () => {
  const hostile = `<script>alert("1")</script>&'{group}`;
  const texts = { title: hostile, message: hostile, remedy: hostile };
  const error = explainedError.parse({
    code: hostile,
    formerCode: hostile,
    origin: 'mongodb',
    status: 400,
    category: 'state',
    parameters: [hostile],
    retry: 'never',
    retryable: false,
    en: texts,
    'pt-BR': texts,
  });
  const shown = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;';
  for (const language of languages) {
    const page = errorPage(error, language);
    assert.doesNotMatch(page, /<script/);
    assert.equal(page.split(shown).length - 1, 7, 'title, heading, the three texts, parameter, former name');
    assert.ok(page.includes(`${shown}<var>group</var>`));
    assert.doesNotMatch(errorsPage([{ code: 'CODE', message: hostile }], language), /<script/);
  }
});

/** A page as a reader sees it, with the names of parameters as they are. */
function textOf(page: string): string {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return page.replace(/<[^<>]*>/g, '').replace(/&([a-z]+|#39);/g, (whole, name) => entities[name] ?? whole);
}

const bare = (text: string): string => text.replace(/\{(\w+)\}/g, '$1');

/** Nothing of a page runs, and nothing of it comes from elsewhere. */
function assertSelfContained(page: string, what: string): void {
  assert.doesNotMatch(
    page,
    /<(script|link|img|iframe|object|form|base)\b|\son\w+=|\ssrc=|url\(|@import/i,
    what,
  );
  assert.doesNotMatch(page, /(href|content)="[^"]*\/\//i, what);
  // What is left without the tags that the pages are made of may hold no other.
  const known =
    /<\/?(html|head|meta|title|style|body|p|a|h1|h2|code|dl|dt|dd|var|table|tr|td|!doctype)\b[^<>]*>/gi;
  assert.doesNotMatch(page.replace(known, ''), /[<>]/, what);
}
