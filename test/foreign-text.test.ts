import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { ForeignText } from '../lib/foreign/foreign-text.ts';
import { Secrets } from '../lib/foreign/secrets.ts';
import { log } from '../lib/log.ts';
import { Problem } from '../lib/problems/problem.ts';
import { notFoundKind } from '../lib/problems/upstream.ts';
import { encodings } from './encodings.ts';

const secretsOf = (...values: string[]): Secrets => {
  const secrets = new Secrets();
  secrets.add(...values);
  return secrets;
};

const cleaned = (text: string, ...secrets: string[]): string =>
  new ForeignText(text, secretsOf(...secrets)).clean();

const escaped = (text: string): string =>
  text.replace(/./gs, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const demoSecret = 'K/7 "é+%41\\n&😀=z~';

const bytesOf = (text: string, write: (hex: string) => string): string =>
  [...Buffer.from(text)].map((byte) => write(byte.toString(16).padStart(2, '0'))).join('');
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const bare: Record<string, string> = { '&': '&amp', '<': '&lt', '>': '&gt', '"': '&quot' };

/** What HTTP does not say, and programs write all the same. */
const rareEncodings: Record<string, (text: string) => string> = {
  'escape() of JavaScript': (text) =>
    text.replace(/[^A-Z]/gi, (unit) => `%u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'escaped bytes': (text) => bytesOf(text, (hex) => `\\x${hex}`),
  'entities without semicolons': (text) => text.replace(/[&<>"]/g, (one) => bare[one] ?? ''),
  'decimal entities, partly in percent encoding': (text) =>
    Array.from(text, (one) => `&#${one.codePointAt(0)};`.replace(/\d;$/, (end) => encodeURIComponent(end)))
      .join('')
      .replace(/(\d)%3B/g, (_, digit) => `%3${digit}%3B`),
  'hexadecimal in pairs of bytes': (text) => Buffer.from(text).toString('hex').replace(/.{4}/g, '$& '),
  'hexadecimal in lines and columns': (text) =>
    (bytesOf(text, (hex) => `${hex} `).match(/.{1,24}/g) ?? []).join('\n'),
  'hexadecimal in lines': (text) => Buffer.from(text).toString('hex').replace(/.{20}/g, '$&\n'),
  'hexadecimal of UTF-16': (text) => utf16(text).toString('hex'),
  'hexadecimal of UTF-16, the other way round': (text) => utf16(text).swap16().toString('hex'),
  'base64 of UTF-16': (text) => utf16(text).toString('base64'),
  'base64 of hexadecimal': (text) => Buffer.from(bytesOf(text, (hex) => hex)).toString('base64'),
  'UTF-16 taken for UTF-8': (text) => Array.from(text).join('\0'),
  'UTF-8 taken for Latin-1': (text) => Buffer.from(text).toString('latin1'),
  'base64 as PHP escapes it': (text) => Buffer.from(`?${text}`).toString('base64').replaceAll('/', '\\/'),
};

describe('a secret is found in foreign text', () => {
  for (const [name, encode] of Object.entries(rareEncodings))
    test(`in ${name}`, () => {
      for (const secret of [demoSecret, 'Winter2025??>', '&<"Tr0ub4dor'])
        assert.match(
          cleaned(`before ${encode(secret)} after`, secret),
          /^before \S{0,14}\[redacted\]\s?\S{0,13} after$/,
        );
      const json = JSON.stringify({ code: 'X', detail: encode(demoSecret) });
      assert.match(JSON.stringify(new ForeignText(json, secretsOf(demoSecret)).json()), /\[redacted\]/);
    });

  for (const [name, encode] of Object.entries(encodings))
    test(`in ${name}`, () => {
      const encoded = encode(demoSecret);
      const text = cleaned(`before ${encoded} after`, demoSecret);
      assert.match(text, /^before \S{0,14}\[redacted\]\S{0,13} after$/);
      const json = JSON.stringify({ code: 'X', list: [{ [`a ${encoded}`]: `b ${encoded}` }] });
      const value = JSON.stringify(new ForeignText(json, secretsOf(demoSecret)).json());
      assert.match(
        value,
        /^\{"code":"X","list":\[\{"a .{0,14}\[redacted\].{0,14}":"b .{0,14}\[redacted\].{0,14}"\}\]\}$/,
      );
    });

  test('as long as it is one of the latest of its kind, or stays', () => {
    const secrets = secretsOf('the-password');
    const tokens = Array.from({ length: 9 }, (_, index) => `token-number-${index}`);
    for (const token of tokens) secrets.addPassing(token);
    const said = new ForeignText(['the-password', ...tokens].join(' '), secrets).clean();
    assert.equal(said, `[redacted] token-number-0 ${Array(8).fill('[redacted]').join(' ')}`);
  });

  test('in the shortest run that tells it, wherever that stands, in a short text and a long one', () => {
    for (const secret of ['Winter25', 'Winter025', 'Winter2025']) {
      const hex = Buffer.from(secret).toString('hex');
      // What stands before and after is cut off, and with it the characters that it decides in part.
      const inside = ['', 'x', 'xy'].map((ahead) =>
        Buffer.from(`${ahead}${secret}`)
          .toString('base64')
          .slice(Math.ceil((ahead.length * 8) / 6), Math.floor(((ahead.length + secret.length) * 8) / 6)),
      );
      for (const run of [hex, hex.toUpperCase(), `${hex.slice(0, 8)}\n${hex.slice(8)}`, ...inside])
        for (let at = 0; at < 20; at++)
          for (const rest of ['', 'ü'.repeat(5_000)]) {
            const text = cleaned(`${'ü'.repeat(at)}(${run}|${run})${rest}`, secret);
            assert.match(text, /^ü*.?\[redacted\].?(\[redacted\].?)?(ü|$)/, run);
          }
    }
  });

  test('and of base64, what it decides in part goes with it, and its neighbours stay', () => {
    const secret = 'Winter2025';
    const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
    assert.equal(cleaned(`(${base64})`, secret), '([redacted])');
    const inside = Buffer.from(`x${secret}zzz`).toString('base64');
    assert.equal(cleaned(inside, secret), `${inside[0]}[redacted]${inside.slice(15)}`);
  });

  test('however long a text is that holds little else', () => {
    const token = randomBytes(1_200).toString('base64url');
    const text = cleaned(`${token} `.repeat(100), token);
    assert.match(text, /^(\[redacted\] ){20,}\S{0,10}…$/);
  });

  test('whatever characters it has, and whichever of them are encoded', () => {
    const character = fc.constantFrom(...'aB3"\\/\n\t\u0001é€😀 %+&;#x', '\ud83d');
    const perCharacter = fc.constantFrom<(character: string) => string>(
      (one) => one,
      (one) => (one.isWellFormed() ? encodeURIComponent(one) : one),
      escaped,
      (one) => `&#${one.codePointAt(0)};`,
    );
    fc.assert(
      fc.property(
        fc.array(character, { minLength: 6, maxLength: 12 }),
        fc.array(perCharacter, { minLength: 12, maxLength: 12 }),
        (characters, ways) => {
          const secret = characters.join('');
          const written = characters.map((one, index) => ways[index]?.(one)).join('');
          assert.match(cleaned(`<${written}>`, secret), /\[redacted\]/, written);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('where it is a number', () => {
    assert.deepEqual(new ForeignText('{"pin":12345678,"size":1234}', secretsOf('12345678')).json(), {
      pin: '[redacted]',
      size: 1234,
    });
  });

  test('of two secrets where one begins with the other, nothing of either is left', () => {
    assert.equal(
      cleaned('with Winter2025!xyz and Winter2025', 'Winter2025', 'Winter2025!xyz'),
      'with [redacted] and [redacted]',
    );
  });

  test('with half a pair of surrogates, also where it meets the other half', () => {
    for (const text of ['half\ud83d', 'half\ud83d\ude00', JSON.stringify('half\ud83d'), 'half\ufffd'])
      assert.ok(!cleaned(text, 'half\ud83d').includes('half'), text);
  });
});

test('what holds no secret stays as it is, and only short enough to be shown', () => {
  const text = 'a %41 &amp; \\u0041 = 10:20:30:40:50';
  assert.equal(cleaned(text, 'Winter2025'), text);
  assert.equal(cleaned('y'.repeat(5_000), 'Winter2025').length, 2_001);
});

test('a text that is made to take long takes no longer than others', () => {
  for (const part of ['\\', '%', '%25', '&amp;', '&#0', '&', '%e2%82', 'a:', '\\u', '%5C', 'QUFB', '0x'])
    cleaned(part.repeat(100_000 / part.length), '\\\\\\\\%25%25&amp;', 'aaaaaaaa');
});

test('foreign text says nothing by itself', () => {
  const text = new ForeignText('hunter2-hunter2', new Secrets());
  const said = [
    String(text),
    `${text}`,
    JSON.stringify({ text }),
    inspect(text),
    inspect({ text }, { showHidden: true }),
  ];
  for (const one of said) assert.match(one, /foreign text/);
  assert.ok(!said.join('').includes('hunter2'));
  assert.deepEqual(Object.getOwnPropertyNames(text), []);
});

test('foreign text does not compile into what people see', () => {
  const text = new ForeignText('{}', new Secrets());
  const raw: string = 'raw';
  const upstream = { status: 404 };
  void [
    // @ts-expect-error: it is no text.
    () => log('INFO', text, {}),
    // @ts-expect-error: nor does it fit a field of a log line,
    () => log('INFO', 'message', { text }),
    // @ts-expect-error: at any depth.
    () => log('INFO', 'message', { list: [{ text }] }),
    // @ts-expect-error: A problem is not filled with it,
    () => new Problem(notFoundKind, { said: text }),
    // @ts-expect-error: and tells of an upstream what was cleaned alone.
    () => new Problem(notFoundKind, {}, { upstream: { ...upstream, detail: text } }),
    // @ts-expect-error: Any text is not enough for that:
    () => new Problem(notFoundKind, {}, { upstream: { ...upstream, detail: raw } }),
    // @ts-expect-error: nor for its code,
    () => new Problem(notFoundKind, {}, { upstream: { ...upstream, errorCode: raw } }),
    // @ts-expect-error: nor for its parameters.
    () => new Problem(notFoundKind, {}, { parameters: [raw] }),
    () => new Problem(notFoundKind, {}, { upstream: { ...upstream, detail: text.clean() } }),
  ];
});
