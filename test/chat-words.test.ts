import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { findOperations } from '../infra/operations.ts';
import { commandsOf } from '../lib/chat/commands.ts';
import { durationOf } from '../lib/chat/duration.ts';
import { understand } from '../lib/chat/grammar.ts';
import { help } from '../lib/chat/help.ts';
import { Misunderstood } from '../lib/chat/misunderstood.ts';
import { wordsOf } from '../lib/chat/words.ts';
import { millisecondsOf } from '../lib/temporary/duration.ts';

const commands = commandsOf((await findOperations()).map(({ operation }) => operation));

const meaning = (text: string) => {
  const { command, connection, connections, input } = understand(text, commands);
  return { operation: command.operation.name, connection, connections, input };
};

const plainly = 'sps toggle-system-alerts dc1 xcbDiskFull.snmp=off for 2h';

describe('a command means the same', () => {
  const same: [how: string, text: string][] = [
    // hermes-agent 16269
    ['with a zero-width space in front', `\u200b${plainly}`],
    ['with a byte order mark in front', `\ufeff${plainly}`],
    ['with zero-width joiners in its words', plainly.replaceAll('s', 's\u200d')],
    ['with soft hyphens in its words', plainly.replaceAll('t', '\u00adt')],
    ['between bidirectional marks', `\u202a\u2066\u200e${plainly}\u2069\u202c\u200f`],
    ['with a variation selector at its end', `${plainly}\ufe0f`],
    ['with control characters in it', `\u0000${plainly.replace('dc1', 'd\u001bc1')}\u007f`],
    ['with no-break spaces', plainly.replaceAll(' ', '\u00a0')],
    ['with wide, narrow and ideographic spaces', plainly.replaceAll(' ', '\u2003\u202f\u3000')],
    ['with line breaks and tabs', plainly.replaceAll(' ', '\r\n\t\u0085\u2028')],
    ['with en dashes', plainly.replaceAll('-', '–')],
    ['with em dashes', plainly.replaceAll('-', '—')],
    ['with minus signs', plainly.replaceAll('-', '−')],
    ['with hyphens that do not break', plainly.replaceAll('-', '\u2011')],
    [
      'in full-width letters',
      plainly.replace(/[!-~]/g, (letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0)),
    ],
    ['in capitals, but for the names of others', 'SPS TOGGLE-SYSTEM-ALERTS dc1 xcbDiskFull.SNMP=OFF FOR 2H'],
    ['in words written together', 'Sps toggleSystemAlerts dc1 xcbDiskFull.snmp=off for 2h'],
    ['with quotation marks that a keyboard makes', plainly.replace('off', '“off”').replace('“off”', 'off')],
    ['with options as command lines have them', plainly.replace('for 2h', '--for 2h')],
    ['with one long dash for two short ones', plainly.replace('for 2h', '—for=2h')],
  ];
  for (const [how, text] of same) test(how, () => assert.deepEqual(meaning(text), meaning(plainly)));
});

describe('a value', () => {
  const valueIn = (written: string) => wordsOf(`x=${written}`)[0]?.value;

  for (const [open, close] of ['""', '“”', '„“', '„”', '«»', '»«', '‘’', '‚‘', '‹›', '＂＂', "''"].map(
    (pair) => [pair[0] ?? '', pair[1] ?? ''],
  ))
    test(`may stand in ${open}${close}`, () =>
      assert.equal(valueIn(`${open}Rack 4, room 2${close}`), 'Rack 4, room 2'));

  test('in quotation marks stays as it stands, but for what is unseen at its edges', () => {
    for (const kept of [
      'Bob’s rack — ①, ½, ﬁ',
      'e\u0301',
      'می\u200cخواهم',
      'two  spaces',
      'ａ＝ｂ',
      '5f…',
      '👩‍👧',
    ])
      assert.equal(valueIn(`"\u200b${kept}\ufeff"`), kept);
  });

  test('and its quotation marks may have unseen characters around them', () => {
    assert.deepEqual(wordsOf('x=\u200b"a b"\u200b y'), [
      { name: 'x', value: 'a b', quoted: true },
      { value: 'y', quoted: false },
    ]);
  });

  test('with an apostrophe in it begins no quotation', () => {
    assert.deepEqual(
      wordsOf('x=O’Brien dc\u200b1 y=D’Arcy').map(({ value }) => value),
      ['O’Brien', 'dc1', 'D’Arcy'],
    );
  });

  test('without them is spelled plainly', () => {
    assert.equal(valueIn('e\u0301'), 'é');
    assert.equal(valueIn('ﬁ－２'), 'fi-2');
    assert.equal(valueIn('dc\u200b1'), 'dc1');
  });

  test('is what Slack made a link of', () => {
    assert.equal(valueIn('<mailto:ops@example.com|ops@example.com>'), 'ops@example.com');
    assert.equal(valueIn('<http://sps.example.com|sps.example.com>'), 'sps.example.com');
    assert.equal(valueIn('<https://sps.example.com/x>'), 'https://sps.example.com/x');
    assert.equal(valueIn('"mail <mailto:a@b.example|a@b.example> first"'), 'mail a@b.example first');
    assert.equal(valueIn('a&amp;b&lt;c&gt;&amp;lt;'), 'a&b<c>&lt;');
  });
});

describe('an unknown name', () => {
  const why = (text: string) => {
    try {
      understand(text, commands);
    } catch (error) {
      assert.ok(error instanceof Misunderstood);
      return error.message;
    }
    return assert.fail('It was understood.');
  };

  test('that looks like a known one is told apart by what is in it, and the known one is not suggested', () => {
    // Cyrillic and Greek.
    for (const [word, code] of [
      ['ѕрѕ', 'U\\+0455, U\\+0440'],
      ['spѕ', 'U\\+0455'],
      ['аtlas', 'U\\+0430'],
    ]) {
      assert.match(why(`${word} list-access-list prod`), new RegExp(`\\(it has ${code} in it`));
      assert.doesNotMatch(why(`${word} list-access-list prod`), /did you mean/);
    }
    assert.match(why('atlas list-αccess-list prod'), /U\+03B1/);
    assert.doesNotMatch(why('sps get-system-alerts dc1 рretty=on'), /did you mean “pretty”/);
  });

  test('is never followed by one that shows the same', () => {
    const unseen = fc.constantFrom(
      '\u200b',
      '\u00ad',
      '\u2060',
      '\ufeff',
      '\u2800',
      '\u{e0061}',
      '\u3164',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(unseen, { minLength: 1, maxLength: 4 }), fc.nat({ max: 3 }), (odd, at) => {
        const word = `"${'sps'.slice(0, at)}${odd.join('')}${'sps'.slice(at)}"`;
        try {
          understand(`${word} get-system-alerts dc1`, commands);
        } catch (error) {
          assert.ok(error instanceof Misunderstood);
          assert.doesNotMatch(error.message, /did you mean “sps”/);
        }
      }),
    );
  });
});

const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        ...[
          'sps',
          'toggle-system-alerts',
          'dc1',
          'help',
          'for',
          '2h',
          'a.snmp',
          '=',
          'off',
          '"',
          '“',
          "'",
          ' ',
          '*',
          ',',
        ],
        ...[
          '\u200b',
          '—',
          '<mailto:',
          '|',
          '>',
          '&lt;',
          '__proto__',
          'constructor',
          'org',
          '.',
          'alerts',
          'ids',
          '\ud800',
        ],
        ...[
          'atlas',
          'disable-alert-config',
          'settings.version_2c.community',
          'toString',
          '--',
          'fanOut',
          'errors',
          'get',
        ],
      ),
      { maxLength: 14 },
    )
    .map((parts) => parts.join('')),
);

test('no text does anything but be understood, or be answered', () => {
  const grants = [{ read: ['*/*'], change: ['*/*'], destroy: ['*/*'] }];
  fc.assert(
    fc.property(anything, (text) => {
      for (const attempt of [text, `sps toggle-system-alerts dc1 ${text}`, `atlas list-access-list ${text}`])
        try {
          understand(attempt, commands);
        } catch (error) {
          assert.ok(error instanceof Misunderstood, `${JSON.stringify(attempt)}: ${String(error)}`);
        }
      try {
        help(text.split(' '), commands, grants);
      } catch (error) {
        assert.ok(error instanceof Misunderstood, String(error));
      }
    }),
    { numRuns: 3_000 },
  );
});

test('what is printed of words is read as the same words', () => {
  const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_.*]{0,12}$/);
  const bare = fc.stringMatching(/^[a-zA-Z0-9_.,*/]([a-zA-Z0-9_.,*/:-]{0,12}[a-zA-Z0-9])?$/);
  // Quotation marks of both kinds in one value cannot be written; what Slack escapes comes escaped.
  const quoted = fc
    .string({ unit: 'grapheme', maxLength: 30 })
    .filter(
      (text) =>
        !/["“”„‟«»＂〝〞〟&<>]/.test(text) &&
        !/^[\p{C}\p{Default_Ignorable_Code_Point}]|[\p{C}\p{Default_Ignorable_Code_Point}]$/u.test(text),
    );
  const plain = { noNullPrototype: true } as const;
  const word = fc.oneof(
    fc.record({ name, value: bare, quoted: fc.constant(false) }, plain),
    fc.record({ value: bare, quoted: fc.constant(false) }, plain),
    fc.record({ name, value: quoted, quoted: fc.constant(true) }, plain),
    fc.record({ value: quoted, quoted: fc.constant(true) }, plain),
  );
  const printed = (made: { name?: string; value: string; quoted: boolean }) =>
    `${made.name === undefined ? '' : `${made.name}=`}${made.quoted ? `"${made.value}"` : made.value}`;
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), (words) => {
      assert.deepEqual(wordsOf(words.map(printed).join(' ')), words);
    }),
    { numRuns: 2_000 },
  );
});

test('what is printed of a request is read as the same request', () => {
  const alert = fc.stringMatching(/^[a-z][A-Za-z0-9]{1,12}$/).filter((one) => !(one in Object.prototype));
  const states = fc.dictionary(
    fc.oneof(alert, fc.constant('*')),
    fc.record(
      { email: fc.boolean(), snmp: fc.boolean() },
      { requiredKeys: ['email'], noNullPrototype: true },
    ),
    { minKeys: 1, maxKeys: 5, noNullPrototype: true },
  );
  const connections = fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,8}$/), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(states, connections, fc.integer({ min: 1, max: 48 }), (alerts, over, hours) => {
      // What would be an argument of the operation is one.
      fc.pre(
        Object.keys(alerts).every(
          (name) => !['alerts', 'for', 'dryrun', 'event'].includes(name.toLowerCase()),
        ),
      );
      const parts = Object.entries(alerts).flatMap(([name, channels]) =>
        Object.entries(channels).map(([channel, on]) => `${name}.${channel}=${on ? 'on' : 'off'}`),
      );
      const text = `sps toggle-system-alerts ${over.join(',')} ${parts.join(' ')} for ${hours}h`;
      const { connection, connections, input } = meaning(text);
      assert.deepEqual(connections ?? [connection], over);
      assert.deepEqual(input, { alerts, for: `PT${hours}H` });
    }),
    { numRuns: 1_000 },
  );
});

test('durations of chat come to the same time in ISO 8601, and others are refused in words', () => {
  const amount = fc.option(fc.integer({ min: 0, max: 9_999 }), { nil: undefined });
  fc.assert(
    fc.property(amount, amount, amount, (days, hours, minutes) => {
      fc.pre([days, hours, minutes].some((one) => one !== undefined));
      const text = [
        [days, 'd'],
        [hours, 'h'],
        [minutes, 'm'],
      ].map(([number, unit]) => (number === undefined ? '' : `${number}${unit}`));
      const expected = (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000;
      assert.equal(millisecondsOf(durationOf(text.join(''))), expected);
    }),
  );
  fc.assert(
    fc.property(anything, (text) => {
      try {
        assert.match(durationOf(text), /^P[\dDTHMSW]+$/);
      } catch (error) {
        assert.ok(error instanceof Misunderstood, String(error));
      }
    }),
    { numRuns: 2_000 },
  );
});
