import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as z from 'zod';
import { handler } from '../functions/atlas/list-access-list.ts';
import { type AtlasFault, demo } from '../infra/local/simulators/atlas.ts';
import * as atlasProblems from '../lib/atlas/problems.ts';
import * as callProblems from '../lib/problems/call.ts';
import * as changeProblems from '../lib/problems/change.ts';
import * as connectionProblems from '../lib/problems/connection.ts';
import { problemDetails } from '../lib/problems/problem-details.ts';
import * as upstreamProblems from '../lib/problems/upstream.ts';
import * as spsProblems from '../lib/sps/problems.ts';
import {
  failed,
  httpEvent,
  respond,
  type Systems,
  serviceAccount,
  startSystems,
  triggers,
} from './harness.ts';

const { orgId, clientId } = demo;

let systems: Systems;
let connection: string;

before(async () => {
  systems = await startSystems();
  connection = systems.store(serviceAccount(systems.atlas));
});

after(() => systems.stop());

/** A problem over HTTP as it is told to somebody who sends this Accept-Language. */
async function told(
  acceptLanguage: string | undefined,
  path: { connection?: string; orgId?: string } = {},
  query?: string,
) {
  const event = httpEvent({ connection, orgId, clientId, ...path }, query);
  const { headers, statusCode, body } = await respond(handler, {
    ...event,
    headers: { ...event.headers, ...(acceptLanguage !== undefined && { 'accept-language': acceptLanguage }) },
  });
  const problem = problemDetails.parse(JSON.parse(body));
  assert.equal(statusCode, problem.status);
  return { problem, headers };
}

/** The same after Atlas has answered like this. */
async function toldOf(acceptLanguage: string, status: number, body: Record<string, unknown>) {
  const fault: AtlasFault = { on: 'api', status, body };
  systems.atlas.fail(fault);
  return (await told(acceptLanguage)).problem;
}

const titles = { en: 'Invalid input', 'pt-BR': 'Entrada inválida' };

for (const [acceptLanguage, language] of [
  ['pt-BR', 'pt-BR'],
  ['pt', 'pt-BR'],
  ['de, pt;q=0.5', 'pt-BR'],
  ['en', 'en'],
  ['de', 'en'],
  [undefined, 'en'],
] as const)
  test(`Accept-Language ${acceptLanguage ?? 'absent'}: the problem is told in ${language}`, async () => {
    const { problem, headers } = await told(acceptLanguage, { orgId: 'none' });
    assert.equal(headers['content-language'], language);
    assert.equal(headers['vary'], 'accept-language');
    assert.equal(problem.title, titles[language]);
  });

test('a direct invocation fails in English', async () => {
  const problem = failed(await triggers.direct(handler, { connection, input: { orgId: 'none' } }));
  assert.equal(problem.title, titles.en);
});

describe('in Portuguese', () => {
  test('a bad input: the texts, while fields and code stay as they are', async () => {
    const { problem } = await told('pt-BR', {}, 'itemsPerPage=0');
    assert.equal(problem.code, 'INVALID_INPUT');
    assert.match(problem.detail, /^A entrada não é válida \(itemsPerPage: .+\)\.$/);
    assert.match(problem.remedy, /^Corrija os campos/);
    assert.deepEqual(
      problem.errors?.map(({ field }) => field),
      ['itemsPerPage'],
    );
  });

  test('a connection that is not there: with its name and its secret', async () => {
    const { problem } = await told('pt-BR', { connection: 'missing' });
    assert.equal(problem.code, 'CONNECTION_NOT_FOUND');
    assert.equal(problem.title, 'Conexão desconhecida');
    assert.match(problem.detail, /^Atlas não tem conexão com o nome missing: .*switchboard\/atlas\/missing/);
    assert.match(problem.remedy, /^Confira o nome da conexão.*switchboard\/atlas\/missing/);
  });

  test("a code of the catalogue: its own text with the upstream's parameters, and what the upstream said", async () => {
    const said = 'No group with ID 5f1 exists.';
    const error = { errorCode: 'GROUP_NOT_FOUND', detail: said, parameters: ['5f1'] };
    const problem = await toldOf('pt-BR', 404, error);
    assert.deepEqual(
      [problem.type, problem.code, problem.title],
      ['/errors/GROUP_NOT_FOUND', 'GROUP_NOT_FOUND', 'Não encontrado'],
    );
    assert.equal(problem.detail, 'O ID de projeto da requisição não leva a nenhum projeto (5f1).');
    assert.match(problem.remedy, /^Liste os seus projetos.* em outro Atlas\.$/);
    assert.deepEqual(problem.parameters, ['5f1']);
    assert.deepEqual(problem.upstream, { status: 404, errorCode: 'GROUP_NOT_FOUND', detail: said });
  });

  test('a missing role: with the connection, how it signs in and the role', async () => {
    const problem = await toldOf('pt-BR', 403, { errorCode: 'USER_UNAUTHORIZED', detail: 'No.' });
    assert.match(problem.detail, /^Os papéis de quem faz esta chamada/);
    assert.ok(problem.remedy.includes(`a conexão ${connection} (service account; `));
    assert.match(problem.remedy, /Organization Read Only/);
  });

  test('a code that the catalogue lacks: what its status means, and what the upstream said', async () => {
    const error = { errorCode: 'NEWER_THAN_US', detail: 'Something new is in the way.' };
    const problem = await toldOf('pt-BR', 409, error);
    assert.deepEqual(
      [problem.type, problem.code, problem.title],
      ['/errors/CONFLICT', 'NEWER_THAN_US', 'Conflito'],
    );
    assert.equal(
      problem.detail,
      'O que foi pedido conflita com o estado atual de Atlas (Something new is in the way.).',
    );
    assert.deepEqual(problem.upstream, { status: 409, ...error });
  });
});

test('the log stays English, whatever the caller reads', async () => {
  const before = systems.logLines.length;
  const { problem } = await told('pt-BR', { connection: 'missing' });
  const logged = systems.logLines.slice(before).join('');
  assert.match(logged, /no connection named missing/);
  assert.ok(!logged.includes(problem.title));
});

describe('the kinds of problems', () => {
  const text = z.object({ title: z.string(), message: z.string(), remedy: z.string() });
  const kind = z.object({ code: z.string(), status: z.int(), en: text, 'pt-BR': text });
  const kinds = [
    atlasProblems,
    callProblems,
    changeProblems,
    connectionProblems,
    spsProblems,
    upstreamProblems,
  ].flatMap((module) => Object.values(module).flatMap((exported) => kind.safeParse(exported).data ?? []));

  const placeholders = (template: string) => new Set(template.match(/\{\w+\}/g));

  test('each has a code of its own', () => {
    assert.ok(kinds.length > 20, `only ${kinds.length} found`);
    const codes = kinds.map(({ code }) => code);
    assert.deepEqual(codes, [...new Set(codes)]);
  });

  for (const { code, en, 'pt-BR': pt } of kinds)
    test(`${code} says the same in both languages`, () => {
      for (const part of ['title', 'message', 'remedy'] as const) {
        for (const template of [en[part], pt[part]]) assert.notEqual(template.trim(), '', part);
        assert.deepEqual(placeholders(pt[part]), placeholders(en[part]), part);
        assert.notEqual(pt[part], en[part], part);
      }
      // A title names the kind, so it has nothing of one occurrence.
      assert.equal(placeholders(en.title).size, 0);
    });
});
