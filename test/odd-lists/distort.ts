import fc from 'fast-check';

/** Where something stands in a JSON value. */
type Path = (string | number)[];

const oddities: unknown[] = [
  ...[
    null,
    '',
    'x',
    'yesterday',
    '2026-02-31T25:00:00Z',
    '2026-01-01',
    '999.9.9.9',
    '10.0.0.0/99',
    '::1',
    '\u0000',
  ],
  ...[
    0,
    -1,
    1.5,
    1e300,
    -1e300,
    true,
    false,
    [],
    {},
    [null],
    [[]],
    { a: 1 },
    [{ a: null }],
    'x'.repeat(5_000),
  ],
  ...['2026-01-01T12:00:00+02:00', '2026-01-01T12:00:00.123+0200', '__proto__', 'NEW_EVENT_OF_NEXT_YEAR'],
];

export interface Distortion {
  /** Which of all places, counted round. */
  at: number;
  /** What comes there; absent where the member goes. */
  to?: unknown;
}

export const distortions = fc.array(
  fc.record(
    { at: fc.nat(), to: fc.oneof(fc.constantFrom(...oddities), fc.jsonValue({ maxDepth: 2 })) },
    { requiredKeys: ['at'] },
  ),
  { minLength: 1, maxLength: 8 },
);

/** A page with things in it that no document has. What is done to which entry is answered, too. */
export function distorted<Page extends { results: unknown[] }>(
  page: Page,
  changes: Distortion[],
): { page: Page; touched: Set<number> } {
  const changed = structuredClone(page);
  const touched = new Set<number>();
  for (const { at, ...given } of changes) {
    const change = structuredClone(given);
    const places = placesIn(changed).filter(([first, ...rest]) => first !== 'results' || rest.length > 0);
    const place = places[at % places.length];
    if (!place) continue;
    const name = place.at(-1) ?? '';
    const parent = place.slice(0, -1).reduce<unknown>(memberOf, changed);
    if (place[0] === 'results' && typeof place[1] === 'number') touched.add(place[1]);
    // Entries themselves stay as many as they are.
    if (Array.isArray(parent)) parent[Number(name)] = 'to' in change ? change.to : null;
    else if (isMembers(parent))
      if ('to' in change) Object.assign(parent, { [name]: change.to });
      else delete parent[name];
  }
  return { page: changed, touched };
}

const isMembers = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const memberOf = (value: unknown, name: string | number): unknown => {
  if (Array.isArray(value)) return value[Number(name)];
  return isMembers(value) ? value[name] : undefined;
};

function placesIn(value: unknown, path: Path = []): Path[] {
  const members: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(isMembers(value) ? value : {});
  return members.flatMap(([name, member]) => [[...path, name], ...placesIn(member, [...path, name])]);
}
