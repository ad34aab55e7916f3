import { isDeepStrictEqual } from 'node:util';
import type { AuditRecord } from '../../lib/audit-trail/record.ts';
import { leavesOf } from '../../lib/chat/layout.ts';

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
  const { operation, connection, outcome, durationMs, actor, for: duration, code, detail } = last;
  const time = begunAt.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
  const how = durationMs === undefined ? outcomes[outcome] : `${outcomes[outcome]} (${durationMs} ms)`;
  // Of what failed, nobody here knows how much of it came about.
  const asked = outcome === 'failed' || outcome === 'intended' ? 'asked for: ' : '';
  return [
    [time, operation, connection, how].filter(Boolean).join('  '),
    `  by ${actor ?? 'somebody unnamed'}${duration === undefined ? '' : `, for ${duration}`}`,
    ...(code === undefined ? [] : [`  ${code}: ${detail}`]),
    ...differences(last).map((line) => `  ${asked}${line}`),
  ].join('\n');
}

function differences({ before, after }: AuditRecord): string[] {
  const [old, young] = [leavesOf(before), leavesOf(after)];
  return [...new Set([...old.keys(), ...young.keys()])].flatMap((path) => {
    const [from, to] = [old.get(path), young.get(path)];
    if (isDeepStrictEqual(from, to)) return [];
    return [`${path === '' ? '' : `${path}: `}${shown(from)} → ${shown(to)}`];
  });
}

const shown = (value: unknown): string => (value === undefined ? '(nothing)' : JSON.stringify(value));
