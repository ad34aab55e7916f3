import * as z from 'zod';
import { digestOf } from '../digest.ts';
import { fanOutGet, fanOutStart } from '../fan-out/input.ts';
import { fanOutId } from '../fan-out/planned.ts';
import { fanOutNotFoundKind } from '../fan-out/problems.ts';
import { type FanOutReport, fanOutReport } from '../fan-out/report.ts';
import type { Operation } from '../operation.ts';
import type { ProblemDetails } from '../problems/problem-details.ts';
import { asChange, type ChangeOutput } from './cards.ts';
import type { Outcome, Run } from './run.ts';

// One operation over several connections, as chat goes about it: looks first at what it would do over each.

/** How many connections are looked at together. */
const together = 5;

const begun = z.object({ connections: z.array(z.string()), id: z.string().optional() });

export type Begun = z.output<typeof begun>;

interface Asked {
  operation: Operation;
  connections: '*' | string[];
  input: Record<string, unknown>;
}

/** Begins the fan-out, or with `dryRun` only tells the connections. */
export async function beginOverMany(
  run: Run,
  { operation, ...asked }: Asked & { digests?: Record<string, string>; dryRun?: boolean },
): Promise<{ begun: Begun } | { problem: ProblemDetails }> {
  const outcome = await run(fanOutStart, undefined, { operation: operation.name, ...asked });
  return 'problem' in outcome ? outcome : { begun: begun.parse(outcome.output) };
}

/** The fan-out that an earlier delivery of the same event has begun, if it has; or why that cannot be told. */
export async function begunBefore(
  run: Run,
  { name }: Operation,
  connections: string[],
  idempotencyKey: string,
): Promise<{ begun: Begun } | { problem: ProblemDetails } | undefined> {
  const id = fanOutId(name, { idempotencyKey, requestId: '' });
  const outcome = await run(fanOutGet, undefined, { operation: name, id });
  if (!('problem' in outcome)) return { begun: { id, connections } };
  return outcome.problem.code === fanOutNotFoundKind.code ? undefined : outcome;
}

/** What an operation would do over each connection, as one change. */
export interface PreviewOfMany {
  output: ChangeOutput;
  /** By connection. */
  digests: Record<string, string>;
  /** By connection, where it could not be told. */
  problems: Record<string, ProblemDetails>;
}

/** Makes a dry run over each connection. */
export async function previewOverMany(
  run: Run,
  { name }: Operation,
  connections: string[],
  input: Record<string, unknown>,
): Promise<PreviewOfMany> {
  const outcomes = new Map<string, Outcome>();
  const waiting = connections.values();
  const work = async (): Promise<void> => {
    for (const connection of waiting)
      outcomes.set(connection, await run(name, connection, { ...input, dryRun: true }));
  };
  await Promise.all(Array.from({ length: together }, work));

  const previews: [string, ChangeOutput][] = [];
  const problems: [string, ProblemDetails][] = [];
  for (const connection of connections) {
    const outcome = outcomes.get(connection);
    if (!outcome) continue;
    if ('problem' in outcome) problems.push([connection, outcome.problem]);
    else previews.push([connection, asChange(outcome.output)]);
  }
  const by = <T>(part: (preview: ChangeOutput) => T): Record<string, T> =>
    Object.fromEntries(previews.map(([connection, preview]) => [connection, part(preview)]));
  const digests = by(({ digest }) => digest);
  return {
    output: {
      changed: previews.some(([, { changed }]) => changed),
      before: by(({ before }) => before),
      after: by(({ after }) => after),
      changes: [],
      pending: previews.flatMap(([connection, { pending }]) =>
        pending.map((one) => ({ ...one, switch: `${connection}: ${one.switch}` })),
      ),
      warnings: previews.flatMap(([connection, { warnings }]) =>
        warnings.map((warning) => `${connection}: ${warning}`),
      ),
      digest: digestOf(digests),
    },
    digests,
    problems: Object.fromEntries(problems),
  };
}

/** How a fan-out went. */
export async function reportOfMany(
  run: Run,
  asked: { operation: string; id: string },
): Promise<{ report: FanOutReport } | { problem: ProblemDetails }> {
  const outcome = await run(fanOutGet, undefined, asked);
  return 'problem' in outcome ? outcome : { report: fanOutReport.parse(outcome.output) };
}
