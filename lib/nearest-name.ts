/**
 * The known name that takes the fewest edits (Levenshtein) to get to, upper and lower case being the same; undefined
 * where most of it would have to be edited.
 */
export function nearestName(name: string, known: string[]): string | undefined {
  const most = Math.max(2, name.length / 2);
  // A name is at least as many edits away as it is longer or shorter; nobody waits for what is megabytes long.
  const near = known.filter((other) => Math.abs(other.length - name.length) <= most && name.length <= 100);
  const distances = near.map((other) => ({
    other,
    distance: edits(name.toLowerCase(), other.toLowerCase()),
  }));
  const [nearest] = distances.toSorted((a, b) => a.distance - b.distance);
  return nearest && nearest.distance <= most ? nearest.other : undefined;
}

function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [above, letter] of [...from].entries()) {
    const next = [above + 1];
    for (const [left, other] of [...to].entries()) {
      const replaced = (row[left] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[left + 1] ?? 0) + 1, (next[left] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
