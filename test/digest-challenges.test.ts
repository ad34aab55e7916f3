import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type AuthChallenge, challengesIn, parametersIn } from '../lib/upstream/challenges.ts';
import { cookieHeader, withCookies } from '../lib/upstream/cookies.ts';
import { parseChallenge } from '../lib/upstream/digest.ts';

// Challenges are made by the grammar of RFC 9110 (sections 5.6 and 11.6.1) and read again.

const tokenCharacters = [..."!#$%&'*+-.^_`|~09azAZ"];
const token = fc.string({ unit: fc.constantFrom(...tokenCharacters), minLength: 1, maxLength: 8 });
const space = fc.constantFrom('', ' ', '\t', '  ');

/** Any text as a quoted string: what must be escaped is, and so is at times what need not be. */
const quotedText = fc.string({ unit: fc.constantFrom(...'aZ0 ,;="\\é\tDigest Basic'), maxLength: 12 });
const quoted = fc.tuple(quotedText, fc.infiniteStream(fc.boolean())).map(([text, escapes]) => ({
  written: `"${[...text].map((one) => (/["\\]/.test(one) || escapes.next().value ? `\\${one}` : one)).join('')}"`,
  value: text,
}));
const plain = token.map((text) => ({ written: text, value: text }));

const parameter = fc
  .tuple(token, fc.oneof(quoted, plain), space, space)
  .map(([name, { written, value }, before, after]) => ({
    written: `${name}${before}=${after}${written}`,
    name: name.toLowerCase(),
    value,
  }));

const separator = fc.tuple(space, space).map(([before, after]) => `${before},${after}`);

const withParameters = fc
  .tuple(token, fc.array(fc.tuple(parameter, separator), { minLength: 1, maxLength: 5 }))
  .map(([scheme, parts]) => {
    const parameters = new Map<string, string>();
    for (const [{ name, value }] of parts) if (!parameters.has(name)) parameters.set(name, value);
    const written = parts.map(([one, comma], index) => (index === 0 ? '' : comma) + one.written).join('');
    return { written: `${scheme} ${written}`, read: { scheme: scheme.toLowerCase(), parameters } };
  });
const withToken68 = fc
  .tuple(token, fc.constantFrom('', ' YII=', ' abc==', ' a-b._~+/c'))
  .map(([scheme, rest]) => ({
    written: scheme + rest,
    read: { scheme: scheme.toLowerCase(), parameters: new Map<string, string>() },
  }));
const challenge = fc.oneof({ weight: 3, arbitrary: withParameters }, withToken68);

const line = fc.array(fc.tuple(challenge, separator), { minLength: 1, maxLength: 4 }).map((parts) => ({
  written: parts.map(([one, comma], index) => (index === 0 ? '' : comma) + one.written).join(''),
  read: parts.map(([one]): AuthChallenge => one.read),
}));

test('reads whatever the grammar makes, in one header or in several', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 3 }), (lines) => {
      assert.deepEqual(
        challengesIn(lines.map(({ written }) => written)),
        lines.flatMap(({ read }) => read),
      );
    }),
    { numRuns: 2_000 },
  );
});

test('comes to an end over any text at all', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), quotedText), (text) => {
      challengesIn(text);
      challengesIn([`Digest ${text}`, text]);
      parametersIn(text);
      withCookies([], text, '/');
    }),
    { numRuns: 2_000 },
  );
  challengesIn(`Digest ${'a='.repeat(50_000)}`);
  challengesIn(`Digest "${'\\'.repeat(50_000)}`);
  // In no time, or in minutes.
  challengesIn(`Digest ${'"\\'.repeat(500_000)}`);
});

const answerable: [what: string, header: string | string[], read: Record<string, unknown>][] = [
  [
    'a realm with the word Digest in it',
    'Digest realm="HTTP Digest Auth (dc1)", nonce="n1", qop="auth"',
    { realm: 'HTTP Digest Auth (dc1)', nonce: 'n1', qop: 'auth' },
  ],
  [
    'a realm that looks like a challenge',
    'Digest realm="Digest realm=\\"x\\", nonce=\\"bad\\"", nonce="n1"',
    { realm: 'Digest realm="x", nonce="bad"', nonce: 'n1' },
  ],
  [
    'values without quotation marks',
    'Digest realm=dc1,nonce=a/b==,qop=auth',
    { realm: 'dc1', nonce: 'a/b==', qop: 'auth' },
  ],
  [
    'names and scheme in any case',
    'DIGEST Realm="r", NONCE="n", Algorithm=md5',
    { nonce: 'n', algorithm: 'md5' },
  ],
  [
    'Negotiate and Basic before it',
    'Negotiate, Basic realm="a, b", charset="UTF-8", Digest realm="r", nonce="n"',
    { realm: 'r', nonce: 'n' },
  ],
  ['Negotiate with a token before it', 'Negotiate YIIJhw==, Digest realm="r", nonce="n"', { realm: 'r' }],
  [
    'a header of its own, after others',
    ['Negotiate', 'Basic realm="Digest"', 'Digest realm="r", nonce="n"'],
    { realm: 'r' },
  ],
  [
    'another scheme after it',
    'Digest realm="r", nonce="n", Basic realm="b", nonce="m"',
    { realm: 'r', nonce: 'n' },
  ],
  [
    'an algorithm that is unknown before one that is known',
    'Digest realm="r", nonce="1", algorithm=SHA-1024, Digest realm="r", nonce="2", algorithm=SHA-256',
    { nonce: '2', algorithm: 'SHA-256' },
  ],
  ['qop without quotation marks, in capitals', 'Digest realm="r", nonce="n", qop=AUTH', { qop: 'auth' }],
  ['an empty qop', 'Digest realm="r", nonce="n", qop=""', { qop: undefined }],
  ['userhash and charset', 'Digest realm="r", nonce="n", charset=UTF-8, userhash=true', { userhash: true }],
  ['no comma between parameters', 'Digest realm="r" nonce="n"', { realm: 'r', nonce: 'n' }],
];
for (const [what, header, read] of answerable)
  test(`a challenge is read with ${what}`, () => {
    const challenge = parseChallenge(header);
    assert.ok(challenge);
    assert.partialDeepStrictEqual(challenge, read);
  });

test('a cookie goes back by its name and value alone, to the paths that it is for, until it is over', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const set = (headers: string[], before = withCookies([], [], '/')) =>
    withCookies(before, headers, '/api/public/v1.0/orgs?pretty=true', now);
  const sent = (headers: string[], path = '/api/public/v1.0/orgs') => cookieHeader(set(headers), path);
  assert.equal(sent(['lb=node-3; Path=/; HttpOnly; Secure; SameSite=Lax']), 'lb=node-3');
  assert.equal(
    sent(['AWSALB=a/b+c==; Expires=Thu, 08 Jan 2026 00:00:00 GMT; Path=/', 'x="y"']),
    'AWSALB=a/b+c==; x="y"',
  );
  assert.equal(sent(['lb=1; Path=/api']), 'lb=1');
  assert.equal(sent(['lb=1; Path=/ap']), undefined);
  assert.equal(sent(['lb=1; Path=/other']), undefined);
  assert.equal(sent(['lb=1'], '/api/public/v1.0/groups'), 'lb=1');
  assert.equal(sent(['lb=1'], '/api'), undefined);
  assert.equal(sent(['lb=1; Max-Age=0']), undefined);
  assert.equal(sent(['lb=1; Expires=Wed, 31 Dec 2025 00:00:00 GMT']), undefined);
  assert.equal(sent(['no name', '=1', 'a b=1', 'ok=1']), 'ok=1');
  assert.deepEqual(set(['lb=; Max-Age=-1'], set(['lb=1'])), []);
  assert.equal(set(Array.from({ length: 100 }, (_, index) => `c${index}=1`)).length, 20);
});
