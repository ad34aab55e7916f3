// The expressions of EventBridge Scheduler, which reads them as Quartz does: upper and lower case are the same.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html

interface CronField {
  name: string;
  from: number;
  to: number;
  /** A number as it is written: with a zero in front or not. */
  digits: RegExp;
  /** Names that stand for numbers. */
  words?: string[];
  /** What is allowed besides, and then stands alone. */
  alone?: RegExp;
  /** Whether ranges may pass the end and begin anew, as in 22-2. */
  wraps: boolean;
  hasSteps: boolean;
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const day = `([1-7]|${days.join('|')})`;

const usual = { digits: /^\d{1,2}$/, wraps: true, hasSteps: true };

const cronFields: CronField[] = [
  { ...usual, name: 'minutes', from: 0, to: 59 },
  { ...usual, name: 'hours', from: 0, to: 23 },
  {
    ...usual,
    name: 'day of month',
    from: 1,
    to: 31,
    alone: /^(\?|L|LW|(0?[1-9]|[12]\d|3[01])W)$/,
  },
  { ...usual, name: 'month', from: 1, to: 12, words: months },
  {
    ...usual,
    name: 'day of week',
    from: 1,
    to: 7,
    digits: /^\d$/,
    words: days,
    alone: new RegExp(`^(\\?|L|${day}L|${day}#[1-5])$`),
    hasSteps: false,
  },
  { ...usual, name: 'year', from: 1970, to: 2199, digits: /^\d{4}$/, wraps: false },
];

const mostCharacters = 256;

/** What is wrong with a schedule's expression, or `undefined`. */
export function expressionProblem(expression: string): string | undefined {
  if (expression.length > mostCharacters) return `must have at most ${mostCharacters} characters`;
  const [, kind, inside = ''] = /^(rate|cron|at)\((.+)\)$/.exec(expression) ?? [];
  switch (kind) {
    case 'rate':
      return rateProblem(inside);
    case 'at':
      return isDateTime(inside)
        ? undefined
        : 'at(…) takes a date and time with no zone: at(2026-12-31T23:00:00)';
    case 'cron':
      return cronProblem(inside);
    default:
      return 'must be rate(…), cron(…) or at(…), in small letters and with nothing around it';
  }
}

function rateProblem(inside: string): string | undefined {
  const [, value, unit, plural] = /^([1-9]\d{0,5}) (minute|hour|day)(s?)$/.exec(inside) ?? [];
  if (value === undefined)
    return 'rate(…) takes a whole number from 1 and minutes, hours or days: rate(12 hours)';
  if ((value === '1') === (plural === '')) return undefined;
  return value === '1'
    ? `rate(…) takes 1 with the singular: rate(1 ${unit})`
    : `rate(…) takes the plural above 1: rate(${value} ${unit}s)`;
}

function isDateTime(text: string): boolean {
  const at = new Date(`${text}Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString() === `${text}.000Z`;
}

function cronProblem(inside: string): string | undefined {
  const texts = inside.toUpperCase().split(' ');
  if (texts.length !== cronFields.length)
    return `cron(…) takes ${cronFields.length} fields with one space between them: ${cronFields.map(({ name }) => name).join(', ')}`;
  for (const [index, field] of cronFields.entries()) {
    const problem = fieldProblem(field, texts[index] ?? '');
    if (problem !== undefined) return `cron(…) has a ${field.name} that is not allowed: ${problem}`;
  }
  const [, , dayOfMonth, , dayOfWeek] = texts;
  return (dayOfMonth === '?') === (dayOfWeek === '?')
    ? 'cron(…) takes "?" for the day of month or for the day of week: for one of them, and not for both'
    : undefined;
}

function fieldProblem(field: CronField, text: string): string | undefined {
  if (text === '*' || field.alone?.test(text)) return undefined;
  for (const part of text.split(',')) {
    const problem = partProblem(field, part);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** What is wrong with an entry of a list: a value, a range, or either of them (or all) with a step. */
function partProblem(field: CronField, part: string): string | undefined {
  const { from, to, words = [], digits, alone, wraps, hasSteps } = field;
  if (part === '*' || alone?.test(part)) return `"${part}" stands alone, and not in a list`;
  const [range = '', step, ...moreSteps] = part.split('/');
  const ends = range === '*' && step !== undefined ? [] : range.split('-');
  const isValue = (end: string) =>
    words.includes(end) || (digits.test(end) && Number(end) >= from && Number(end) <= to);
  if (moreSteps.length > 0 || ends.length > 2 || !ends.every(isValue)) {
    const names = words.length > 0 ? ` or ${words[0]} to ${words.at(-1)}` : '';
    return `it takes ${from} to ${to}${names}, "*", ranges${hasSteps ? ', lists and steps' : ' and lists'}`;
  }
  if (step !== undefined && !hasSteps) return 'it takes no steps';
  const mostStep = Math.min(to, to - from + 1);
  if (step !== undefined && !(/^\d{1,4}$/.test(step) && Number(step) >= 1 && Number(step) <= mostStep))
    return `a step is a whole number from 1 to ${mostStep}`;
  const [first = '', last = first] = ends;
  if (words.includes(first) !== words.includes(last))
    return `the range ${range} goes from a number to a name or back: write both alike`;
  return !wraps && Number(first) > Number(last) ? `the range ${range} runs backwards` : undefined;
}
