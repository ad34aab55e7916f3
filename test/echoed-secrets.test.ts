import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { demo as atlasDemo } from '../infra/local/simulators/atlas.ts';
import { type Answer, type Listener, listen, type Request } from '../infra/local/simulators/listen.ts';
import { demo as opsManagerDemo } from '../infra/local/simulators/ops-manager.ts';
import { demoUsers, demo as spsDemo, startSps } from '../infra/local/simulators/sps.ts';
import type { FoundOperation } from '../infra/operations.ts';
import { findOperations } from '../infra/operations.ts';
import { answerCard, problemCard } from '../lib/chat/cards.ts';
import { problemDetails } from '../lib/problems/problem-details.ts';
import { encodings } from './encodings.ts';
import { exampleInput } from './example-input.ts';
import { calls, type Outcome, opsManagerKey, type Systems, startSystems, triggerNames } from './harness.ts';
import { foundIn } from './secret-finder.ts';

// Between Switchboard and each simulator stands somebody who repeats every secret that has come by, in every encoding,
// wherever an answer has room for it.

const password = 'pa"ss w+%41\\nörd&<z~';
const clientSecret = 'mdb_sa_sk_K/7 "+%41\\n&<z~';
const community = 'community-5772';
const newPassword = 'new-Passw0rd/3141+"';

/** What was sent to each system so far that nobody else may see, by what it is. */
const secrets: Record<string, Map<string, string>> = {
  atlas: new Map([['client secret', clientSecret]]),
  opsManager: new Map([['private key', opsManagerDemo.privateKey]]),
  sps: new Map([['password', password]]),
};

/** What a call brings along, which is cleaned out of its own answers. */
const ofCalls: Record<string, [string, string]> = {
  'sps.updateSnmpTrap': ['community', community],
  'sps.updateSnmpAgent': ['new password', newPassword],
};

const secretsOf = (system: string, operation = ''): Map<string, string> =>
  new Map([...(secrets[system] ?? []), ...(ofCalls[operation] ? [ofCalls[operation]] : [])]);

function remember(system: string, { headers }: Request): void {
  const { authorization = '', cookie = '' } = headers;
  const [, scheme, value] =
    /^(Digest) .*response="(\w+)"/.exec(authorization) ?? /^(\w+) (\S+)$/.exec(authorization) ?? [];
  // The latest of each kind stand for all.
  if (scheme && value) secrets[system]?.set(scheme, value);
  const [, session] = /session_id=([^;]+)/.exec(cookie) ?? [];
  if (session) secrets[system]?.set('session', session);
}

/** Everything to repeat, in pieces that are short enough to be shown whole. */
function pieces(system: string, operation: string): string[] {
  const found: string[] = [];
  for (const secret of secretsOf(system, operation).values())
    for (const encode of Object.values(encodings)) {
      const one = encode(secret);
      if ((found.at(-1)?.length ?? 2_000) + one.length < 1_900) found[found.length - 1] += ` ${one}`;
      else found.push(one);
    }
  return found;
}

const isSignIn = ({ target }: Request): boolean => /oauth\/token|\/api\/authentication/.test(target);

const errorBody = (text: string): string =>
  JSON.stringify({
    errorCode: text,
    detail: text,
    parameters: [text, text],
    badRequestDetail: { fields: [{ field: text, description: text }] },
    error: { type: text, message: text, details: { user: text } },
  });

const oauthBody = (text: string): string => JSON.stringify({ error: text, error_description: text });

/** The JSON of an answer with a text in the values that may be any text, and as the name of another member. */
function woven(json: string, text: string): string {
  const weave = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(weave);
    if (typeof value !== 'object' || value === null) return value;
    const parts = Object.entries(value).map(([name, part]): [string, unknown] => [
      name,
      /^(typeName|teamName|status|type|location|eventTypeName|system_\w+|username|name)$/.test(name) &&
      typeof part === 'string'
        ? text
        : weave(part),
    ]);
    const isAlerts = Object.values(value).some(
      (part) => typeof part === 'object' && part !== null && 'email' in part,
    );
    return { ...Object.fromEntries(parts), [text]: isAlerts ? { email: true, [text]: true } : text };
  };
  return JSON.stringify(weave(JSON.parse(json)));
}

const replaced = (json: string, text: string): string =>
  JSON.stringify(JSON.parse(json, (_name, part) => (typeof part === 'string' ? text : part)));

type Place = (text: string, request: Request, truly: () => Promise<Answer>) => Answer | Promise<Answer>;

const instead =
  (alter: (json: string, text: string) => string): Place =>
  async (text, request, truly) => {
    const answer = await truly();
    return typeof answer === 'string' || !answer.body || isSignIn(request) || answer.status >= 300
      ? answer
      : { ...answer, headers: withoutLength(answer.headers), body: alter(answer.body, text) };
  };

const withoutLength = ({ 'content-length': _length, ...headers }: Record<string, string> = {}) => headers;

const onOthers =
  (answer: (text: string) => Answer): Place =>
  (text, request, truly) =>
    isSignIn(request) || !(request.headers.authorization || request.headers.cookie) ? truly() : answer(text);

const asHeader = (text: string): string => encodeURI(text).slice(0, 4_000);

const places: Record<string, Place> = {
  'a text': onOthers((body) => ({ status: 400, headers: { 'content-type': 'text/plain' }, body })),
  'a page': onOthers((text) => ({ status: 200, body: `<html><body>${text}` })),
  'an error': onOthers((text) => ({ status: 400, body: errorBody(text) })),
  'an error of the upstream itself': onOthers((text) => ({ status: 403, body: errorBody(text) })),
  'headers and a redirect': onOthers((text) => ({
    status: 302,
    headers: { location: asHeader(text), 'retry-after': asHeader(text), 'x-echo': asHeader(text) },
    body: text,
  })),
  'the answer to the sign-in': (text, request, truly) =>
    isSignIn(request) || !(request.headers.authorization || request.headers.cookie)
      ? {
          status: 403,
          headers: { 'www-authenticate': `Bearer realm="${asHeader(text)}"` },
          body: request.target.includes('oauth') ? oauthBody(text) : errorBody(text),
        }
      : truly(),
  'a refused sign-in': (text) => ({ status: 401, body: errorBody(text) }),
  'values and names of a good answer': instead(woven),
  'all texts of a good answer': instead(replaced),
};

let place: Place | undefined;
/** Which of the pieces is repeated, to which operation. */
let turn = 0;
let operationName = '';
let systems: Systems;
const proxies: Listener[] = [];
const simulators: Listener[] = [];

/** Stands before a simulator; knows which credentials stand for the simulator's own. */
async function standBefore(
  system: string,
  url: string,
  credentials: (authorization: string) => string,
): Promise<string> {
  const forward = async ({ method, target, headers, body }: Request): Promise<Answer> => {
    const { host: _host, connection: _connection, 'content-length': _length, ...others } = headers;
    const answer = await fetch(url + target, {
      method,
      headers: Object.entries({
        ...others,
        ...(headers.authorization && { authorization: credentials(headers.authorization) }),
      }).map(([name, value]): [string, string] => [name, String(value)]),
      ...(body !== '' && { body }),
      redirect: 'manual',
    });
    const {
      'content-encoding': _encoding,
      'transfer-encoding': _transfer,
      ...given
    } = Object.fromEntries(answer.headers);
    return { status: answer.status, headers: withoutLength(given), body: await answer.text() };
  };
  const proxy = await listen(async (request) => {
    remember(system, request);
    const all = pieces(system, operationName);
    const piece = all[turn % all.length] ?? '';
    return place ? place(piece, request, () => forward(request)) : forward(request);
  });
  proxies.push(proxy);
  return proxy.url;
}

/** All that came of a call, and what must not be in it. */
const left: { what: string; text: string; held: Map<string, string> }[] = [];

/** Keeps what a call answers, what is logged meanwhile, and what chat makes of it. */
function keep(what: string, { operation }: FoundOperation, outcome: Outcome): void {
  const isProblem = 'problem' in outcome;
  const card = isProblem
    ? problemCard(operation, { input: {} }, problemDetails.parse(outcome.problem))
    : answerCard(operation, { input: {} }, outcome.answer);
  // Who sets a community sees it in the answer.
  const held = secretsOf(operation.system.name, isProblem ? operation.name : '');
  left.push({ what, text: JSON.stringify([outcome, card]), held });
  left.push({ what: `${what}, log`, text: systems.logLines.splice(0).join(''), held });
}

const found = (await findOperations()).filter(({ operation }) =>
  ['atlas', 'opsManager', 'sps'].includes(operation.system.name),
);

const inputs: Record<string, Record<string, unknown>> = {
  'sps.updateSnmpTrap': {
    settings: {
      version: {
        selection: '2c',
        value: { community, server: { selection: 'ip', value: '192.0.2.9' } },
      },
    },
  },
  'sps.updateSnmpAgent': {
    settings: {
      version_3: {
        enabled: true,
        users: [
          {
            auth_method: 'sha',
            auth_password: { plain: newPassword },
            encryption_method: 'none',
            encryption_password: null,
            username: 'ada',
          },
        ],
      },
    },
  },
};

before(async () => {
  systems = await startSystems();
  systems.atlas.settings.mintsPerMinute = 100_000;
  const sps = await startSps({ users: demoUsers().map((user) => ({ ...user, password })) });
  simulators.push(sps);
  const { username } = spsDemo;
  const basic = Buffer.from(`${atlasDemo.clientId}:${atlasDemo.clientSecret}`).toString('base64');
  const atlasUrl = await standBefore('atlas', systems.atlas.url, (header) =>
    header.replace(/^Basic .*/, `Basic ${basic}`),
  );
  const opsManagerUrl = await standBefore('opsManager', systems.opsManager.url, (header) => header);
  const spsUrl = await standBefore('sps', sps.url, (header) => header);
  connect = (system) => {
    if (system === 'sps') return systems.store({ baseUrl: spsUrl, username, password }, 'sps');
    if (system === 'opsManager') return systems.store(opsManagerKey({ url: opsManagerUrl }), 'opsManager');
    return systems.store({ baseUrl: atlasUrl, clientId: atlasDemo.clientId, clientSecret });
  };
});

let connect: (system: string) => string;

after(async () => {
  await Promise.all([...proxies, ...simulators].map((listener) => listener.close()));
  await systems.stop();
});

describe('an upstream that repeats every secret in every encoding gets none of them out', () => {
  for (const [name, at] of Object.entries(places))
    test(`in ${name}`, async () => {
      // The operations of a system take turns at the pieces, and some more than one.
      const turns = new Map<string, number>();
      for (const unit of found) {
        const { operation } = unit;
        const system = operation.system.name;
        operationName = operation.name;
        const input = inputs[operation.name] ?? exampleInput(operation);
        place = undefined;
        const warm = connect(system);
        // So that there is something to repeat.
        const looking = 'dryRun' in operation.input.shape ? { dryRun: true } : {};
        await calls.direct(unit, { connection: warm, input: { ...input, ...looking } });
        systems.logLines.length = 0;
        place = at;
        for (const trigger of triggerNames) {
          turn = turns.get(system) ?? 0;
          turns.set(system, turn + 1);
          const connection = name.includes('sign-in') ? connect(system) : warm;
          // What another connection was given is none of this one's.
          if (connection !== warm)
            for (const sent of ['Basic', 'Bearer', 'Digest', 'session']) secrets[system]?.delete(sent);
          const outcome = await calls[trigger](unit, { connection, input, remainingMs: 1_000 });
          keep(`${operation.name} over ${trigger}, ${name}, piece ${turn}`, unit, outcome);
        }
      }
      for (const [system, taken] of turns) assert.ok(taken >= pieces(system, '').length, system);
    });

  test('in all of that', () => {
    assert.ok(left.length > 400, `${left.length} texts`);
    const all = left.map(({ text }) => text).join('');
    assert.match(all, /\[redacted\]/);
    assert.doesNotMatch(all, /INTERNAL_ERROR/);
    const leaks = left.flatMap(({ what, text, held }) =>
      foundIn(text, held).map((secret) => `${secret}: ${what}`),
    );
    assert.deepEqual(leaks.slice(0, 20), []);
  });
});

test('the looking finds each secret in each encoding', () => {
  for (const [name, encode] of Object.entries(encodings))
    for (const secret of [password, clientSecret, community, newPassword])
      assert.deepEqual(
        foundIn(JSON.stringify({ detail: `x ${encode(secret)} y` }), new Map([['it', secret]])),
        ['it'],
        `${secret} in ${name}`,
      );
});
