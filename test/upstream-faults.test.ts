import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { handler as checkAtlas } from '../functions/atlas/check-connection.ts';
import { handler as checkOpsManager } from '../functions/ops-manager/check-connection.ts';
import { handler as checkSps } from '../functions/sps/check-connection.ts';
import { checkReport } from '../lib/check/check.ts';
import { faultProblem } from '../lib/upstream/faults.ts';
import { answered, directOutcome, type Handler, type Systems, startSystems } from './harness.ts';

// Every fault of an upstream that we could think of, over real sockets, at each point where an upstream is asked: none
// may end as a defect of ours, and each is told in words.

let systems: Systems;
let address: string;

/** What the upstream does with a request: sends this and ends, or something of its own. */
type Answer = Buffer | string | ((socket: Socket) => void);

type Fault = [what: string, answer: Answer, code: RegExp, retryable: boolean, words: RegExp];

const http = (status: number | string, body: Buffer | string = '', headers: Record<string, string> = {}) =>
  Buffer.concat([
    Buffer.from(
      `HTTP/1.1 ${status} x\r\n${Object.entries({
        'content-length': String(Buffer.byteLength(body)),
        ...headers,
      })
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')}\r\n`,
      'latin1',
    ),
    Buffer.from(body),
  ]);

const encoded = (body: Buffer, encoding: string) => http(200, body, { 'content-encoding': encoding });
const typed = (body: Buffer | string, type: string) => http(200, body, { 'content-type': type });
const wrong = Buffer.from('"another shape"');

const closes: Fault[] = [
  ['closes at once', (socket) => void socket.end(), /UNREACHABLE/, true, /closed the connection/],
  ['resets', (socket) => void socket.resetAndDestroy(), /UNREACHABLE/, true, /closed the connection/],
  ['closes in the status line', 'HTTP/1.', /UNREACHABLE/, true, /closed the connection/],
  ['closes in the headers', 'HTTP/1.1 200 OK\r\nserv', /UNREACHABLE/, true, /closed the connection/],
  [
    'closes in the body',
    'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{}',
    /UNREACHABLE/,
    true,
    /closed the|not as long/,
  ],
  [
    'closes in a chunk',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{}',
    /UNREACHABLE/,
    true,
    /closed the/,
  ],
  ['closes after 100', 'HTTP/1.1 100 Continue\r\n\r\n', /UNREACHABLE/, false, /another protocol/],
  [
    'closes after 103',
    'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n',
    /UNREACHABLE/,
    true,
    /closed the connection/,
  ],
];

const noHttp: Fault[] = [
  ...[
    'hello\r\n\r\n',
    '<html>HTTP/0.9</html>',
    'SSH-2.0-OpenSSH_9.6\r\n',
    'ICY 200 OK\r\n\r\n',
    'HTTP/9.9 200 OK\r\n\r\n',
    'HTTP/1.1 abc\r\n\r\n',
    '220 mail ESMTP\r\n',
    '\x15\x03\x01\x00\x02\x02\x50',
    '\r\n\r\n\r\nx',
  ].map((said): Fault => [`says ${JSON.stringify(said)}`, said, /UNREACHABLE/, false, /does not speak HTTP/]),
  [
    'switches protocols',
    'HTTP/1.1 101 Switching\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n',
    /UNREACHABLE/,
    false,
    /another protocol/,
  ],
  [
    'has a bad chunk',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n',
    /UNREACHABLE/,
    true,
    /not valid HTTP/,
  ],
  [
    'has a bad byte in a name',
    'HTTP/1.1 200 OK\r\nbad\x01name: x\r\n\r\n',
    /UNREACHABLE/,
    true,
    /not valid HTTP/,
  ],
  [
    'has a bad byte in a value',
    'HTTP/1.1 200 OK\r\nname: \0x\r\n\r\n',
    /UNREACHABLE/,
    true,
    /not valid HTTP/,
  ],
  ['has a header with no colon', 'HTTP/1.1 200 OK\r\nname\r\n\r\n', /UNREACHABLE/, true, /not valid HTTP/],
  ['has a status below 100', 'HTTP/1.1 099 X\r\n\r\n', /UNREACHABLE/, true, /not valid HTTP/],
  [
    'has two lengths',
    'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}',
    /UNREACHABLE/,
    true,
    /not (valid HTTP|as long)/,
  ],
  [
    'has a length that is none',
    'HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n{}',
    /UNREACHABLE/,
    true,
    /not (valid HTTP|as long)/,
  ],
  [
    'has a negative length',
    'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n{}',
    /UNREACHABLE/,
    true,
    /not (valid HTTP|as long)/,
  ],
  [
    'has 20 kB of headers',
    http(200, '{}', { much: 'x'.repeat(20_000) }),
    /UNREACHABLE/,
    false,
    /larger than 16 kB/,
  ],
  [
    'has 17 MB of body',
    http(200, Buffer.alloc(17 * 1024 * 1024, ' ')),
    /UNREACHABLE/,
    false,
    /larger than 16 MB/,
  ],
];

const bodies: Fault[] = [
  ['nothing', http(200), /ANSWER_UNEXPECTED/, true, /empty/],
  ['a page', typed('<html>Sign in</html>', 'text/html'), /ANSWER_UNEXPECTED/, true, /a page/],
  ['text', http(200, 'OK'), /ANSWER_UNEXPECTED/, true, /not JSON/],
  ['half of JSON', http(200, '{"results": ['), /ANSWER_UNEXPECTED/, true, /not JSON/],
  ['NaN', http(200, 'NaN'), /ANSWER_UNEXPECTED/, true, /not JSON/],
  ...['[]', '"text"', '5', 'null', 'true', '{}', '{"results": {}, "access_token": 5, "items": 5}'].map(
    (json): Fault => [json, http(200, json), /ANSWER_UNEXPECTED/, true, /not as documented|another shape/],
  ),
  [
    'JSON nested 5,000 deep',
    http(200, `${'[{"a":'.repeat(5_000)}1${'}]'.repeat(5_000)}`),
    /ANSWER_UNEXPECTED/,
    true,
    /not as documented|another shape|too deep/,
  ],
  [
    'JSON after a byte order mark',
    http(200, '\u{feff}"another shape"'),
    /ANSWER_UNEXPECTED/,
    true,
    /another shape/,
  ],
  [
    'ISO-8859-1 that does not say so',
    http(200, Buffer.from('{"a": "S\xe3o"}', 'latin1')),
    /ANSWER_UNEXPECTED/,
    true,
    /not UTF-8/,
  ],
  [
    'ISO-8859-1 that says so',
    typed(Buffer.from('"S\xe3o"', 'latin1'), 'application/json; charset=iso-8859-1'),
    /ANSWER_UNEXPECTED/,
    true,
    /another shape/,
  ],
  [
    'UTF-16',
    typed(Buffer.from('"another shape"', 'utf16le'), 'application/json; charset="utf-16le"'),
    /ANSWER_UNEXPECTED/,
    true,
    /another shape/,
  ],
  [
    'a charset that there is not',
    typed('"another shape"', 'application/json; charset=klingon'),
    /ANSWER_UNEXPECTED/,
    true,
    /another shape/,
  ],
  ['gzip', encoded(gzipSync(wrong), 'gzip'), /ANSWER_UNEXPECTED/, true, /another shape/],
  ['x-gzip', encoded(gzipSync(wrong), 'X-GZip'), /ANSWER_UNEXPECTED/, true, /another shape/],
  ['deflate', encoded(deflateSync(wrong), 'deflate'), /ANSWER_UNEXPECTED/, true, /another shape/],
  [
    'deflate without its wrapper',
    encoded(deflateRawSync(wrong), 'deflate'),
    /ANSWER_UNEXPECTED/,
    true,
    /another shape/,
  ],
  ['br', encoded(brotliCompressSync(wrong), 'br'), /ANSWER_UNEXPECTED/, true, /another shape/],
  ['zstd', encoded(zstdCompressSync(wrong), 'zstd'), /ANSWER_UNEXPECTED/, true, /another shape/],
  [
    'br in gzip',
    encoded(gzipSync(brotliCompressSync(wrong)), 'br, gzip'),
    /ANSWER_UNEXPECTED/,
    true,
    /another shape/,
  ],
  [
    'gzip that is none',
    encoded(wrong, 'gzip'),
    /ANSWER_UNEXPECTED/,
    true,
    /compressed, and is not, or is damaged/,
  ],
  [
    'gzip four times over',
    encoded(
      [1, 2, 3, 4].reduce<Buffer>((bytes) => gzipSync(bytes), Buffer.from(wrong)),
      'gzip, gzip, gzip, gzip',
    ),
    /ANSWER_UNEXPECTED/,
    true,
    /not asked for/,
  ],
  ['half of gzip', encoded(gzipSync(wrong).subarray(0, 15), 'gzip'), /ANSWER_UNEXPECTED/, true, /damaged/],
  ['deflate of one byte', encoded(Buffer.from('x'), 'deflate'), /ANSWER_UNEXPECTED/, true, /damaged/],
  ['br that is none', encoded(wrong, 'br'), /ANSWER_UNEXPECTED/, true, /damaged/],
  ['zstd that is none', encoded(wrong, 'zstd'), /ANSWER_UNEXPECTED/, true, /damaged/],
  [
    'a bomb',
    encoded(gzipSync(Buffer.alloc(17 * 1024 * 1024)), 'gzip'),
    /ANSWER_UNEXPECTED/,
    true,
    /larger than 16 MB/,
  ],
  ['compress', encoded(wrong, 'compress'), /ANSWER_UNEXPECTED/, true, /not asked for/],
  ['constructor', encoded(wrong, 'constructor'), /ANSWER_UNEXPECTED/, true, /not asked for/],
];

const waits = [
  '9'.repeat(400),
  '-5',
  'Fri, 31 Dec 9999 23:59:59 GMT',
  'Thu, 01 Jan 1970 00:00:00 GMT',
  'soon',
  '1e400',
  '',
];

const anyCode = /^[A-Z_]+$/;
const anyWords = /\w/;

const statuses: Fault[] = [
  ...[201, 202, 203, 206, 299].map(
    (status): Fault => [
      `${status}`,
      http(status, '"x"'),
      /ANSWER_UNEXPECTED/,
      true,
      /not as its API promises/,
    ],
  ),
  ...[204, 205, 207].map((status): Fault => [`${status}`, http(status), /ANSWER_UNEXPECTED/, true, anyWords]),
  ...[300, 301, 302, 303, 307, 308].map(
    (status): Fault => [
      `${status}`,
      http(status, '', { location: 'https://elsewhere.example/login' }),
      /UPSTREAM_REFUSED/,
      false,
      /redirect/,
    ],
  ),
  ['304', http(304), /UPSTREAM_REFUSED/, false, /refused the request with status 304/],
  ...[400, 402, 403, 405, 406, 407, 408, 410, 411, 413, 414, 415, 418, 421, 422, 426, 428, 431, 451, 499].map(
    (status): Fault => [`${status}`, http(status, '<p>No</p>'), anyCode, status === 403, anyWords],
  ),
  ...[500, 501, 505, 507, 511, 520, 599, 600, 777, 999].map(
    (status): Fault => [`${status}`, http(status, '<p>No</p>'), /UPSTREAM_ERROR/, true, anyWords],
  ),
  ...[502, 503, 504].map((status): Fault => [`${status}`, http(status), /UPSTREAM_ERROR/, true, anyWords]),
  ...waits.flatMap((wait): Fault[] =>
    [429, 503].map((status) => [
      `${status} and Retry-After: ${wait.slice(0, 40)}`,
      http(status, '', { 'retry-after': wait }),
      /RATE_LIMITED|UPSTREAM_ERROR/,
      true,
      anyWords,
    ]),
  ),
  ...['many', '-1', '0', '1e999', 'NaN', ''].map(
    (limit): Fault => [
      `500 and RateLimit-Limit: ${limit}`,
      http(500, '', { 'ratelimit-limit': limit, 'ratelimit-remaining': limit }),
      /UPSTREAM_ERROR/,
      true,
      anyWords,
    ],
  ),
];

/** Nothing that an upstream calls its error is taken for a defect of ours, or for anything else that we say. */
const named: Fault[] = [
  ...['__proto__', '__defineGetter__', 'toString', 'constructor'],
  ...['INTERNAL_ERROR', 'PLAN_STALE', 'DEADLINE_EXCEEDED', '<b>', 'A'.repeat(5_000), ''],
].flatMap((errorCode) =>
  [400, 500].map(
    (status): Fault => [
      `${status} with the code ${errorCode.slice(0, 20)}`,
      http(status, JSON.stringify({ errorCode, detail: 'x', error: { type: errorCode, message: 'x' } })),
      /^UPSTREAM_(BAD_REQUEST|ERROR)$/,
      status === 500,
      /x/,
    ],
  ),
);

const faults = [...named, ...closes, ...noHttp, ...bodies, ...statuses];

const account = { clientId: 'mdb_sa_id_0123456789abcdef01234567', clientSecret: 'mdb_sa_sk_not-a-secret' };
const key = { publicKey: 'abcdefgh', privateKey: '51517a7e-0000-4000-8000-000000000000' };
const user = { username: 'switchboard', password: 'not-a-real-password' };

/** Where an upstream can be asked: at the sign-in, or in earnest. */
const positions: [what: string, system: string, handler: Handler, secret: object, isSignIn: boolean][] = [
  ['Atlas, minting a token', 'atlas', checkAtlas, account, true],
  ['Atlas, with a token', 'atlas', checkAtlas, account, false],
  ['Atlas, with an API key', 'atlas', checkAtlas, key, false],
  ['Ops Manager, before the challenge', 'opsManager', checkOpsManager, key, true],
  ['SPS, logging in', 'sps', checkSps, user, true],
  ['SPS, in a session', 'sps', checkSps, user, false],
];

const signedIn = (head: string): Buffer | undefined => {
  if (/ \S*\/api\/oauth\/token /.test(head))
    return http(200, '{"access_token":"eyJ0","expires_in":3600,"token_type":"Bearer"}');
  if (/ \S*\/api\/authentication /.test(head))
    return http(200, '{}', { 'set-cookie': 'session_id=abc; path=/' });
  if (!/authorization:/i.test(head) && !/cookie:/i.test(head))
    return http(401, '', { 'www-authenticate': 'Digest realm="r", nonce="n", qop="auth"' });
  return undefined;
};

const sockets = new Set<Socket>();
/** What of compressed answers was asked for. */
const encodings = new Set<string | undefined>();
const server = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  socket.on('data', (chunk) => {
    const head = chunk.toString('latin1');
    if (/^\S+ \//.test(head)) encodings.add(/^accept-encoding: (.*)$/im.exec(head)?.[1]);
    const [, index, isSignIn] = /^\S+ \/(\d+)\/(\w+)\//.exec(head) ?? [];
    // The rest of a request's body.
    if (index === undefined) return;
    const good = isSignIn === 'true' ? undefined : signedIn(head);
    const answer = good ?? faults[Number(index)]?.[1] ?? '';
    if (typeof answer === 'function') answer(socket);
    else if (good) socket.write(good);
    else socket.end(typeof answer === 'string' ? Buffer.from(answer, 'latin1') : answer);
  });
});

before(async () => {
  systems = await startSystems();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const bound = server.address();
  assert.ok(typeof bound === 'object' && bound);
  address = `http://127.0.0.1:${bound.port}`;
});

after(async () => {
  for (const socket of sockets) socket.destroy();
  server.close();
  await systems.stop();
});

/** The codes stand in brackets at most; no other part of the text may look like one, or like a library's sentence. */
function assertWords(text: string): void {
  assert.doesNotMatch(text.replace(/\([A-Z\d_]+\)/g, ''), /\b(E[A-Z]{4,}|HPE_|UND_ERR|ERR_|[A-Z]+_[A-Z]+_)/);
  assert.doesNotMatch(text, /Invalid input|expected \w+, received|undefined|NaN|Infinity|\[object/);
}

async function failedStep(handler: Handler, system: string, secret: object) {
  const connection = systems.store(secret, system);
  const report = checkReport.parse(
    answered(await directOutcome(handler, { connection, input: {} }, { left: 28_000 })),
  );
  const problem = report.steps.find(({ status }) => status === 'failed')?.problem;
  assert.ok(problem, 'the check found nothing wrong');
  assert.notEqual(problem.code, 'INTERNAL_ERROR');
  assertWords(problem.detail);
  assertWords(problem.remedy);
  if (problem.retryAfter !== undefined) assert.ok(problem.retryAfter > 0 && problem.retryAfter <= 86_400);
  return problem;
}

describe('each fault has its name', { concurrency: true }, () => {
  for (const [where, system, handler, secret, isSignIn] of positions)
    describe(where, { concurrency: 8 }, () => {
      for (const [index, [what, , code, retryable, words]] of faults.entries())
        test(`an upstream that answers ${what}`, async () => {
          const baseUrl = `${address}/${index}/${isSignIn}`;
          const problem = await failedStep(handler, system, { ...secret, baseUrl });
          assert.match(problem.code, code);
          // Of SPS's answer to a login, its cookie counts alone.
          const told =
            system === 'sps' && isSignIn && code.source === 'ANSWER_UNEXPECTED' ? /cookie|promises/ : words;
          assert.match(problem.detail, told);
          if (code !== anyCode) assert.equal(problem.retryable, retryable, problem.detail);
        });
    });
});

test('no answer is asked for in a compressed form', () => {
  assert.deepEqual([...encodings], ['identity']);
});

test('each fault is told in Portuguese as well, and with its code', () => {
  const codes = [
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'HPE_INVALID_CONSTANT',
    'UND_ERR_SOCKET',
    'CERT_HAS_EXPIRED',
    'EMFILE',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'UND_ERR_DESTROYED',
    'WHATEVER',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
  ];
  for (const code of [...codes, undefined]) {
    const problem = faultProblem('sps', Object.assign(new Error('x'), { code }));
    const [en, pt] = [problem.in('en').detail, problem.in('pt-BR').detail];
    assertWords(en);
    assertWords(pt);
    assert.notEqual(en, pt);
    for (const text of [en, pt]) assert.equal(text.includes(`(${code})`), code !== undefined, text);
    assert.match(pt, /: (ele|ela|a|o|não|nada|as|baseUrl|este|por|os) /);
  }
});
