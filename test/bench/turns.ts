/**
 * Runs the ways of doing one thing in turn, round after round, so that whatever else the machine does meets all of
 * them alike. Every other round goes backwards: none always runs in the wake of the same other.
 */
export async function takeTurns(rounds: number, ways: (() => Promise<void>)[]): Promise<void> {
  for (let round = 0; round < rounds; round++)
    for (const way of round % 2 === 0 ? ways : ways.toReversed()) await way();
}

/** The value below which a share of all values lies: 0.5 for the median. */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: number[]): number => quantile(values, 0.5);

/** A way that remembers how long each run took, in milliseconds. */
export function timed(work: () => Promise<unknown>): { run(): Promise<void>; times: number[] } {
  const times: number[] = [];
  return {
    times,
    run: async () => {
      const startedAt = performance.now();
      await work();
      times.push(performance.now() - startedAt);
    },
  };
}
