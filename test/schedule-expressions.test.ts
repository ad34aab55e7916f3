import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { operation } from '../functions/errors/list.ts';
import { readSchedules, SchedulesError } from '../infra/schedule-context.ts';

/** What is wrong with a schedule in which this stands; `undefined` where it is taken. */
function wrongWith(members: object): string | undefined {
  try {
    readSchedules(
      [{ name: 'nightly', operation: 'errors.list', expression: 'rate(1 day)', ...members }],
      [operation],
    );
    return undefined;
  } catch (error) {
    assert.ok(error instanceof SchedulesError, String(error));
    return error.message;
  }
}

const problemOf = (expression: string) => wrongWith({ expression });

describe('an expression is taken', () => {
  for (const expression of [
    // aws_cron_expression_validator 18
    'cron(0 18 ? * Mon-Fri *)',
    'cron(0 18 LW * ? *)',
    'cron(0 18 ? * mOn *)',
    'cron(0 18 ? jan,FEB,Mar sun *)',
    'cron(0 18 lw * ? *)',
    'cron(0 18 15w * ? *)',
    'cron(0 18 ? * satL *)',
    'cron(0 18 ? * fri#2 *)',
    // AWS's own examples
    'cron(15 10 ? * 6L 2022-2023)',
    'cron(0 9 ? * 2#1 *)',
    'cron(0/15 10-16 ? * MON-FRI *)',
    'cron(0 18 ? * MON-FRI *)',
    'cron(0,30 8 1 * ? *)',
    // lists, steps, zeros in front, and ranges that pass the end
    'cron(0,5 07/12 ? * 1,5,7 2020-2021,2028-2199)',
    'cron(10 10 31 04,09,12 ? *)',
    'cron(*/10 * * * ? *)',
    'cron(0 1-7/2,11-23/2,10 * * ? *)',
    'cron(30 0 1 JAN-APR,JUL-OCT/2,DEC ? *)',
    'cron(0 22-2 * * ? *)',
    'cron(50-10 * * * ? *)',
    'cron(0 3 25-5 * ? *)',
    'cron(0 3 ? NOV-FEB FRI-MON *)',
    'cron(0 18 L * ? *)',
    'cron(0 18 ? * L *)',
    'cron(0 18 31W * ? *)',
    'cron(0 0 1 1 ? 2030/5)',
    'rate(1 minute)',
    'rate(1 hour)',
    'rate(1 day)',
    'rate(5 minutes)',
    'rate(30 days)',
    'at(2028-02-29T23:59:59)',
  ])
    test(expression, () => assert.equal(problemOf(expression), undefined));
});

describe('an expression is refused, with the reason', () => {
  const refused: [expression: string, why: RegExp][] = [
    ['cron(0 18 * * MON *)', /takes "\?" for the day of month or for the day of week: for one of them/],
    ['cron(0 18 1 * MON *)', /for one of them, and not for both/],
    ['cron(0 18 ? * ? *)', /for one of them, and not for both/],
    ['cron(? 18 * * ? *)', /has a minutes that is not allowed: it takes 0 to 59/],
    ['cron(0 L ? * MON *)', /has a hours that is not allowed/],
    ['cron(0 18 * ? MON *)', /has a month that is not allowed: it takes 1 to 12 or JAN to DEC/],
    ['cron(0 18 ? * MON-6 *)', /the range MON-6 goes from a number to a name or back/],
    ['cron(0 18 1 2-MAR ? *)', /the range 2-MAR goes from a number to a name/],
    ['cron(0 18 ? * MON/2 *)', /day of week that is not allowed: it takes no steps/],
    ['cron(0/0 18 * * ? *)', /a step is a whole number from 1 to 59/],
    ['cron(0/60 18 * * ? *)', /a step is a whole number from 1 to 59/],
    ['cron(0 18/24 * * ? *)', /a step is a whole number from 1 to 23/],
    ['cron(0/ 18 * * ? *)', /a step is a whole number/],
    ['cron(0/1/2 18 * * ? *)', /has a minutes/],
    ['cron(0 18 ? * 3#1,6#3 *)', /"3#1" stands alone/],
    ['cron(0 18 L,15 * ? *)', /"L" stands alone/],
    ['cron(0 18 15W,LW * ? *)', /stands alone/],
    ['cron(*,5 18 * * ? *)', /"\*" stands alone/],
    ['cron(0 18 3L * ? *)', /has a day of month/],
    ['cron(0 18 W * ? *)', /has a day of month/],
    ['cron(0 18 32W * ? *)', /has a day of month/],
    ['cron(0 18 0 * ? *)', /has a day of month/],
    ['cron(0 18 ? * 0 *)', /has a day of week.* 1 to 7 or SUN to SAT/],
    ['cron(0 18 ? * 8 *)', /has a day of week/],
    ['cron(0 18 ? * MONDAY *)', /has a day of week/],
    ['cron(0 18 ? * MON#0 *)', /has a day of week/],
    ['cron(0 18 ? * MON#6 *)', /has a day of week/],
    ['cron(0 18 ? 0 MON *)', /has a month/],
    ['cron(0 18 1 13 ? *)', /has a month/],
    ['cron(0 18 1 JANUARY ? *)', /has a month/],
    ['cron(0 18 * * ? 2200)', /has a year/],
    ['cron(0 18 * * ? 2030-2026)', /the range 2030-2026 runs backwards/],
    ['cron(0 18 * * ?)', /takes 6 fields with one space between/],
    ['cron(0 18 * * ? * *)', /takes 6 fields/],
    ['cron(0  18 * * ? *)', /takes 6 fields with one space between/],
    ['cron(-1 18 * * ? *)', /has a minutes/],
    ['cron(1, 18 * * ? *)', /has a minutes/],
    ['cron(0x1 18 * * ? *)', /has a minutes/],
    ['cron(1e1 18 * * ? *)', /has a minutes/],
    ['cron(٣ 18 * * ? *)', /has a minutes/],
    ['cron(0 0 * * ? *', /must be rate/],
    ['CRON(0 18 * * ? *)', /in small letters/],
    [' rate(1 day)', /must be rate/],
    ['rate(1 day)\n', /must be rate/],
    ['rate(1 minutes)', /takes 1 with the singular: rate\(1 minute\)/],
    ['rate(5 hour)', /the plural above 1: rate\(5 hours\)/],
    ['rate(0 minutes)', /a whole number from 1/],
    ['rate(-1 minutes)', /a whole number from 1/],
    ['rate(01 minutes)', /a whole number from 1/],
    ['rate(1  minute)', /a whole number from 1/],
    ['rate(30 seconds)', /a whole number from 1/],
    ['rate()', /must be rate/],
    ['at(2027-02-29T00:00:00)', /takes a date and time/],
    ['at(2027-02-28T24:00:00)', /takes a date and time/],
    ['at(2027-02-28 00:00:00)', /takes a date and time/],
    ['at(2027-02-28T00:00:00+01:00)', /takes a date and time/],
    ['at(2027-02-28T00:00)', /takes a date and time/],
    [`cron(${'0,'.repeat(200)}0 18 * * ? *)`, /at most 256 characters/],
  ];
  for (const [expression, why] of refused)
    test(expression.slice(0, 60), () =>
      assert.match(problemOf(expression) ?? 'taken', new RegExp(`nightly: expression .*${why.source}`)),
    );
});

describe('a time zone', () => {
  const isTaken = (timezone: string) => wrongWith({ timezone }) === undefined;
  for (const zone of [
    'Europe/Berlin',
    'Asia/Kolkata',
    'Asia/Calcutta',
    'America/Argentina/Buenos_Aires',
    'America/Port-au-Prince',
    'Etc/GMT+5',
    'UTC',
    'Etc/UTC',
    'Japan',
  ])
    test(`${zone} is taken`, () => assert.ok(isTaken(zone)));
  // EventBridge knows the names as they are written, none of Java's or Windows's own, and no offsets.
  for (const zone of [
    'europe/berlin',
    'EUROPE/BERLIN',
    'Europe/berlin',
    'Europe/Atlantis',
    'PST',
    'IST',
    'GMT+2',
    '+02:00',
    'W. Europe Standard Time',
    'SystemV/PST8PDT',
    '',
    'constructor',
  ])
    test(`${zone} is not`, () => assert.ok(!isTaken(zone)));
});

test('a flexible window has from 1 to 1440 whole minutes', () => {
  for (const minutes of [1, 15, 1440]) assert.equal(wrongWith({ flexibleWindowMinutes: minutes }), undefined);
  for (const minutes of [0, -1, 1.5, 1441, '15', null])
    assert.match(wrongWith({ flexibleWindowMinutes: minutes }) ?? '', /flexibleWindowMinutes must be /);
});

// The grammar once more, as what makes expressions.

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const oneOf = (...words: string[]) => fc.constantFrom(...words);

/** Upper and lower case as they come. */
const inAnyCase = (made: fc.Arbitrary<string>) =>
  fc
    .tuple(made, fc.infiniteStream(fc.boolean()))
    .map(([text, coins]) =>
      [...text]
        .map((letter) => (coins.next().value === true ? letter.toLowerCase() : letter.toUpperCase()))
        .join(''),
    );

interface Range {
  from: number;
  to: number;
  words?: string[];
  wraps?: boolean;
  steps?: boolean;
}

function field({ from, to, words, wraps = true, steps = true }: Range) {
  const number = fc.integer({ min: from, max: to });
  const numbers = fc
    .tuple(number, number)
    .map(([one, other]) => (wraps ? [one, other] : [one, other].toSorted((a, b) => a - b)).join('-'));
  const named = words
    ? [oneOf(...words), fc.tuple(oneOf(...words), oneOf(...words)).map((ends) => ends.join('-'))]
    : [];
  const part = fc.oneof(number.map(String), numbers, ...named);
  const step = fc.integer({ min: 1, max: Math.min(to, to - from + 1) });
  const stepped = fc.tuple(fc.oneof(part, fc.constant('*')), step).map((both) => both.join('/'));
  const list = fc.array(steps ? fc.oneof(part, stepped) : part, { minLength: 1, maxLength: 4 });
  return fc.oneof(
    fc.constant('*'),
    list.map((parts) => parts.join(',')),
  );
}

const dayOfMonth = fc.oneof(
  field({ from: 1, to: 31 }),
  oneOf('L', 'LW'),
  fc.integer({ min: 1, max: 31 }).map((day) => `${day}W`),
);
const someDay = fc.oneof(oneOf(...days), fc.integer({ min: 1, max: 7 }).map(String));
const dayOfWeek = fc.oneof(
  field({ from: 1, to: 7, words: days, steps: false }),
  fc.constant('L'),
  someDay.map((day) => `${day}L`),
  fc.tuple(someDay, fc.integer({ min: 1, max: 5 })).map((both) => both.join('#')),
);
const bothDays = fc.oneof(fc.tuple(dayOfMonth, fc.constant('?')), fc.tuple(fc.constant('?'), dayOfWeek));

const cron = inAnyCase(
  fc
    .tuple(
      field({ from: 0, to: 59 }),
      field({ from: 0, to: 23 }),
      bothDays,
      field({ from: 1, to: 12, words: months }),
      field({ from: 1970, to: 2199, wraps: false }),
    )
    .map(([minutes, hours, [ofMonth, ofWeek], month, year]) =>
      [minutes, hours, ofMonth, month, ofWeek, year].join(' '),
    ),
);

// And as what reads them, written another way: by what each field may be, as one pattern.

const isCron = (() => {
  const pattern = (value: string, steps: string, ...alone: string[]) => {
    const part = `(${value}(-${value})?${steps}|${steps === '' ? value : `\\*/0*[1-9]\\d{0,2}`})`;
    return `(\\*|${part}(,${part})*${alone.map((one) => `|${one}`).join('')})`;
  };
  const words = (list: string[]) => list.join('|');
  const day = `[1-7]|${words(days)}`;
  const step = '(/0*[1-9]\\d*)?';
  const whole = new RegExp(
    `^${[
      pattern('[0-5]?\\d', step),
      pattern('([01]?\\d|2[0-3])', step),
      pattern('(0?[1-9]|[12]\\d|3[01])', step, '\\?', 'L', 'LW', '(0?[1-9]|[12]\\d|3[01])W'),
      pattern(`(0?[1-9]|1[0-2]|${words(months)})`, step),
      pattern(`(${day})`, '', '\\?', 'L', `(${day})L`, `(${day})#[1-5]`),
      pattern('(19[7-9]\\d|2[01]\\d\\d)', step),
    ].join(' ')}$`,
  );
  return (text: string) => {
    const [, , ofMonth, , ofWeek] = text.split(' ');
    return whole.test(text.toUpperCase()) && (ofMonth === '?') !== (ofWeek === '?');
  };
})();

const runs = { numRuns: 2_000 };

test('whatever the grammar makes is taken', () => {
  fc.assert(
    fc.property(
      cron.filter((made) => made.length < 240),
      (made) => {
        assert.ok(isCron(made), `not even by the test: ${made}`);
        assert.equal(problemOf(`cron(${made})`), undefined);
      },
    ),
    runs,
  );
});

test('what it made and somebody distorted is refused, or follows the grammar all the same', () => {
  const distorted = fc
    .tuple(
      cron,
      fc.nat(),
      fc.oneof(oneOf('?', '*', '/', '-', ',', 'L', 'W', '#', ' ', '0', '9', 'MON', '-1', '60'), fc.string()),
      fc.nat({ max: 3 }),
    )
    .map(([made, at, inserted, left]) => {
      const place = at % (made.length + 1);
      return made.slice(0, place) + inserted + made.slice(place + left);
    });
  fc.assert(
    fc.property(distorted, (made) => {
      if (problemOf(`cron(${made})`) === undefined) assert.ok(isCron(made), made);
    }),
    runs,
  );
});

test('no text of any characters does anything but be taken or refused', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.string()),
      oneOf('rate(', 'cron(', 'at(', ''),
      (text, kind) => assert.notEqual(problemOf(`${kind}${text}`), ''),
    ),
    runs,
  );
});
