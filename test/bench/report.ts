import * as z from 'zod';

const row = z.object({
  /** What is compared. */
  name: z.string(),
  ours: z.string(),
  /** What ours is held against; empty where the bar stands alone. */
  against: z.string(),
  ratio: z.number().optional(),
  bar: z.string(),
});

/** What a benchmark found: a row for each bar, and Markdown on where it comes from. */
export const report = z.object({ rows: z.array(row), notes: z.string().optional() });

export type Report = z.infer<typeof report>;

/** The reports as Markdown: one table, and the notes beneath. */
export function markdown(reports: Report[]): string {
  const rows = reports.flatMap(({ rows }) => rows);
  const notes = reports.flatMap(({ notes }) => notes ?? []);
  const cells = rows.map(({ name, ours, against, ratio, bar }) => [
    name,
    ours,
    against,
    ratio?.toFixed(2) ?? '',
    bar,
  ]);
  return [table(['', 'Switchboard', 'against', 'ratio', 'bar'], cells), ...notes].join('\n\n');
}

export const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

export const milliseconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} ms`;
