import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { AuditRecord } from '../../lib/audit-trail/record.ts';

/** A change as its records tell of it: the last of them says how it ended, if it did. */
export interface AuditedChange {
  begunAt: string;
  /** What was intended; nothing where the change was not needed. */
  intended: AuditRecord | undefined;
  last: AuditRecord;
}

/** The changes that records are about, the oldest first. */
export function changesIn(records: AuditRecord[]): AuditedChange[] {
  const byId = Map.groupBy(records, ({ auditId }) => auditId);
  return [...byId.values()].flatMap(([first, ...others]) =>
    first
      ? {
          begunAt: first.timestamp,
          intended: first.outcome === 'intended' ? first : undefined,
          last: others.at(-1) ?? first,
        }
      : [],
  );
}

const outcomes = {
  intended: 'UNFINISHED: no outcome was written',
  made: 'made',
  partial: 'MADE IN PART',
  unknown: 'OUTCOME UNKNOWN: it may have been made',
  failed: 'failed',
  unchanged: 'was so already',
  repeat: 'was so already, perhaps by a delivery before',
} as const satisfies Record<AuditRecord['outcome'], string>;

/** A change for people: when, what, over which connection, how it ended and how long it took; who; before → after. */
export function changeAsText({ begunAt, intended, last }: AuditedChange): string {
  const { operation, connection, outcome, durationMs, for: duration, putsBack, code, detail } = last;
  const time = begunAt.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
  const how = durationMs === undefined ? outcomes[outcome] : `${outcomes[outcome]} (${durationMs} ms)`;
  return [
    [time, operation, connection, how].filter(Boolean).join('  '),
    `  by ${whom(last)}${duration === undefined ? '' : `, for ${duration}`}`,
    ...(putsBack?.changes ?? []).map((change) => `  puts back ${endOf(change)}`),
    ...(code === undefined ? [] : [`  ${code}: ${detail}`]),
    ...failures(last.after).map((line) => `  ${line}`),
    ...(last.after !== undefined && outcome !== 'intended'
      ? differences(last.before, last.after).map((line) => `  ${line}`)
      : differences(intended?.before, intended?.after).map((line) => `  asked for: ${line}`)),
  ].join('\n');
}

const whom = ({ actor, actorProven }: AuditRecord): string => {
  if (actor === undefined) return 'somebody unnamed';
  return actorProven === false ? `${actor} (claimed)` : actor;
};

type Ended = NonNullable<AuditRecord['putsBack']>['changes'][number];

const endOf = ({ auditId, by, switches }: Ended): string =>
  `${switches.join(', ')} after the change of ${by ?? 'somebody unnamed'}${auditId === undefined ? '' : ` (${auditId})`}`;

const withProblem = z.looseObject({
  id: z.string(),
  problem: z.looseObject({ code: z.string(), detail: z.string() }),
});

/** The parts that a change could not reach, and why. */
function failures(after: unknown): string[] {
  const parts = Array.isArray(after) ? after : [];
  return parts
    .map((part) => withProblem.safeParse(part).data)
    .flatMap((part) => (part ? [`${part.id}: ${part.problem.code}: ${part.problem.detail}`] : []));
}

function differences(before: unknown, after: unknown, path: string[] = []): string[] {
  if (isDeepStrictEqual(before, after) || withProblem.safeParse(after).success) return [];
  const [old, young] = [partsOf(before), partsOf(after)];
  if (old && young)
    return [...new Set([...old.keys(), ...young.keys()])].flatMap((name) =>
      differences(old.get(name), young.get(name), [...path, name]),
    );
  return [`${path.length > 0 ? `${path.join('.')}: ` : ''}${shown(before)} → ${shown(after)}`];
}

/** The parts of a value by their names; those of a list by their ids, where each has one. */
function partsOf(value: unknown): Map<string, unknown> | undefined {
  const identified = z.array(withId).min(1).safeParse(value).data;
  if (identified) {
    const byId = new Map(identified.map((part) => [part.id, part]));
    return byId.size === identified.length ? byId : undefined;
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
    ? new Map(Object.entries(value))
    : undefined;
}

const withId = z.looseObject({ id: z.string() });

const shown = (value: unknown): string => (value === undefined ? '(nothing)' : JSON.stringify(value));
