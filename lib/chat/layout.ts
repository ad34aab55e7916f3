import { isSecretName, withoutSecrets } from '../secret-fields.ts';
import { type Block, context, escaped, lines, mrkdwn, table } from './blocks.ts';

// Outputs of operations, laid out for people.

type Members = Record<string, unknown>;

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A time with its zone: without one, nobody could tell when it is. */
const zoned = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

/** Of whatever zone a time was given, it is shown in UTC, and says so. */
const minuteOf = (time: Date): string => `${time.toISOString().slice(0, 16).replace('T', ' ')}Z`;

/** A value on one line. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return '–';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'object') return JSON.stringify(value);
  const text = String(value);
  return zoned.test(text) && !Number.isNaN(Date.parse(text)) ? minuteOf(new Date(text)) : text;
}

/** What an operation that looks has answered. */
export function laidOut(output: unknown): Block[] {
  const answer = withoutSecrets(output);
  if (!isMembers(answer)) return lines([escaped(shown(answer))]);
  const { warnings, ...value } = answer;
  return [...shape(value), ...warned(warnings)];
}

/** What the caller should know besides, a line each. */
export const warned = (warnings: unknown): Block[] =>
  lines(Array.isArray(warnings) ? warnings.map((warning) => mrkdwn`:warning: ${shown(warning)}`) : []);

function shape(value: Members): Block[] {
  const { results } = value;
  if (Array.isArray(results)) return entries(results.filter(isMembers), value['totalCount']);
  const rows = Object.entries(value);
  if (rows.length > 1 && rows.every(([, row]) => isMembers(row) && Object.values(row).every(isScalar)))
    return entries(rows.map(([name, row]) => ({ name, ...(isMembers(row) ? row : {}) })));
  return lines([...leavesOf(value)].map(([path, leaf]) => mrkdwn`*${path}*: ${shown(leaf)}`));
}

function entries(rows: Members[], total: unknown = rows.length): Block[] {
  // What no entry has, and what is more than a word, would only widen the table.
  const columns = [...new Set(rows.flatMap(Object.keys))].filter((name) =>
    rows.some((row) => isScalar(row[name]) && row[name] !== null && row[name] !== undefined),
  );
  const count = `${rows.length} of ${shown(total)}`;
  if (rows.length === 0) return [context(count)];
  return [
    ...table(
      columns,
      rows.map((row) => columns.map((name) => shown(row[name]))),
    ),
    context(count),
  ];
}

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null;

/** The single values in a value by their paths. A list is one, unless it is of entries with names of their own. */
export function leavesOf(value: unknown, path = ''): Map<string, unknown> {
  const below = (name: string) => (path === '' ? name : `${path}.${name}`);
  if (Array.isArray(value) && value.length > 0 && value.every(isMembers))
    return new Map(value.flatMap((part, index) => [...leavesOf(part, below(nameOf(part, index)))]));
  if (!isMembers(value)) return new Map([[path, value]]);
  return new Map(Object.entries(value).flatMap(([name, part]) => [...leavesOf(part, below(name))]));
}

function nameOf(part: Members, index: number): string {
  const names = [part['eventTypeName'], part['name'], part['id']].filter((name) => typeof name === 'string');
  return names.length > 0 ? names.join(' ') : String(index + 1);
}

/** What differs between two states, a line each: before → after. */
export function differences(before: unknown, after: unknown): Block[] {
  const old = leavesOf(withoutSecrets(before));
  const young = leavesOf(withoutSecrets(after));
  const rows = [...new Set([...old.keys(), ...young.keys()])].flatMap((path) => {
    const [from, to] = [shown(old.get(path)), shown(young.get(path))];
    const isProblem = path.split('.').includes('problem');
    return from === to || isProblem ? [] : [[path, from, '→', to]];
  });
  if (rows.length > 0) return table(['', 'before', '', 'after'], rows);
  return [context('The difference is in what chat does not show.')];
}

/** What could not be set among the parts of a state that are each answered on their own; a line each. */
export const failures = (state: unknown): string[] =>
  (Array.isArray(state) ? state.filter(isMembers) : []).flatMap((part, index) =>
    isMembers(part['problem'])
      ? mrkdwn`:warning: *${nameOf(part, index)}* could not be set: ${shown(part['problem']['detail'])}`
      : [],
  );

/** The upstream's own list of what changes, without its values: the table of differences has them. */
export function listed(changes: unknown[]): Block[] {
  const paths = changes.filter(isMembers).map(({ type, path }) => mrkdwn`• ${shown(type)} ${shown(path)}`);
  return paths.length > 0 ? lines(['As the system lists it:', ...paths]) : [];
}

/** An input as it would be written in a command, less what is secret. */
export const inputShown = (input: Members): string =>
  [...leavesOf(withoutSecrets(input))]
    .filter(([path]) => !path.split('.').some(isSecretName))
    .map(([path, value]) => `${path}=${Array.isArray(value) ? value.join(',') : shown(value)}`)
    .join(' ');
