// The expressions of EventBridge Scheduler.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html

interface CronField {
  name: string;
  from: number;
  to: number;
  /** Names that stand for numbers, from `from` on. */
  words?: string[];
  /** What is allowed besides numbers, ranges and steps. */
  special?: RegExp;
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const cronFields: CronField[] = [
  { name: 'minutes', from: 0, to: 59 },
  { name: 'hours', from: 0, to: 23 },
  { name: 'day of month', from: 1, to: 31, special: /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/ },
  { name: 'month', from: 1, to: 12, words: months },
  {
    name: 'day of week',
    from: 1,
    to: 7,
    words: days,
    special: new RegExp(`^(\\?|L|[1-7]L|([1-7]|${days.join('|')})#[1-5])$`),
  },
  { name: 'year', from: 1970, to: 2199 },
];

/** What is wrong with a schedule's expression, or `undefined`. */
export function expressionProblem(expression: string): string | undefined {
  const [, kind, inside = ''] = /^(rate|cron|at)\((.+)\)$/.exec(expression) ?? [];
  switch (kind) {
    case 'rate':
      return /^[1-9]\d{0,5} (minute|hour|day)s?$/.test(inside)
        ? undefined
        : 'rate(…) takes a whole number from 1 and minutes, hours or days: rate(12 hours)';
    case 'at':
      return isDateTime(inside)
        ? undefined
        : 'at(…) takes a date and time with no zone: at(2026-12-31T23:00:00)';
    case 'cron':
      return cronProblem(inside);
    default:
      return 'must be rate(…), cron(…) or at(…)';
  }
}

function isDateTime(text: string): boolean {
  const at = new Date(`${text}Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString() === `${text}.000Z`;
}

function cronProblem(inside: string): string | undefined {
  const fields = inside.split(' ');
  if (fields.length !== cronFields.length)
    return `cron(…) takes ${cronFields.length} fields: ${cronFields.map(({ name }) => name).join(', ')}`;
  const wrong = cronFields.find((field, index) => !isCronField(field, fields[index] ?? ''));
  if (wrong)
    return `cron(…) has a ${wrong.name} that is not allowed: it takes ${wrong.from} to ${wrong.to}, "*", ranges, lists and steps`;
  const [, , dayOfMonth, , dayOfWeek] = fields;
  return (dayOfMonth === '?') === (dayOfWeek === '?')
    ? 'cron(…) takes "?" for the day of month or for the day of week, and not for both'
    : undefined;
}

function isCronField({ from, to, words = [], special }: CronField, text: string): boolean {
  const isValue = (value: string) =>
    words.includes(value) || (/^\d+$/.test(value) && Number(value) >= from && Number(value) <= to);
  return text.split(',').every((part) => {
    if (special?.test(part)) return true;
    const [, range = '', step] = /^([^/]+)(?:\/([1-9]\d*))?$/.exec(part) ?? [];
    const [start = '', end, ...more] = range.split('-');
    if (more.length > 0 || (step !== undefined && Number(step) > to)) return false;
    const isRising = words.length > 0 || Number(start) <= Number(end ?? start);
    return range === '*' || (isValue(start) && (end === undefined || (isValue(end) && isRising)));
  });
}
