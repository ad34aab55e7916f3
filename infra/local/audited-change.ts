import { isDeepStrictEqual } from 'node:util';
import type { AuditRecord } from '../../lib/audit-trail/record.ts';

/** A change as its records tell of it: the last of them says how it ended, if it did. */
export interface AuditedChange {
  begunAt: string;
  last: AuditRecord;
}

/** The changes that records are about, the oldest first. */
export function changesIn(records: AuditRecord[]): AuditedChange[] {
  const byId = Map.groupBy(records, ({ auditId }) => auditId);
  return [...byId.values()].flatMap(([first, ...others]) =>
    first ? { begunAt: first.timestamp, last: others.at(-1) ?? first } : [],
  );
}

const outcomes = {
  intended: 'UNFINISHED: no outcome was written',
  made: 'made',
  failed: 'failed',
  unchanged: 'was so already',
  repeat: 'was done before',
} as const satisfies Record<AuditRecord['outcome'], string>;

/** A change for people: when, what, over which connection, how it ended and how long it took; who; before → after. */
export function changeAsText({ begunAt, last }: AuditedChange): string {
  const { operation, connection, outcome, durationMs, actor, code, detail, before, after } = last;
  const time = begunAt.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
  const how = durationMs === undefined ? outcomes[outcome] : `${outcomes[outcome]} (${durationMs} ms)`;
  return [
    [time, operation, connection, how].filter(Boolean).join('  '),
    `  by ${actor ?? 'somebody unnamed'}`,
    ...(code === undefined ? [] : [`  ${code}: ${detail}`]),
    ...differences(before, after).map((line) => `  ${line}`),
  ].join('\n');
}

function differences(before: unknown, after: unknown, path: string[] = []): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isMap(before) && isMap(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => differences(before[name], after[name], [...path, name]));
  }
  return [`${path.length > 0 ? `${path.join('.')}: ` : ''}${shown(before)} → ${shown(after)}`];
}

const shown = (value: unknown): string => (value === undefined ? '(nothing)' : JSON.stringify(value));

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
