// Looks for secrets in whatever left Switchboard, as somebody would who has time: decodes it in every way that there is,
// again and again, and looks. It knows nothing of how texts are cleaned, and goes about it the other way round.

const entities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  sol: '/',
  plus: '+',
};

const letters: Record<string, string> = { n: '\n', r: '\r', t: '\t' };

const bytesOf = (text: string): Buffer =>
  Buffer.from(
    text
      .replace(/[^\0-\x7f]/gu, encodeURIComponent)
      .replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

const characterWise: ((text: string) => string)[] = [
  (text) => bytesOf(text).toString(),
  (text) => text.replaceAll('+', ' '),
  (text) =>
    text.replace(/\\(?:u([0-9a-f]{4})|(.))/gis, (_, hex, one) =>
      hex === undefined ? (letters[one] ?? one) : String.fromCharCode(Number.parseInt(hex, 16)),
    ),
  (text) =>
    text
      .replace(/&#(\d+);?/g, (_, decimal) => String.fromCodePoint(Math.min(Number(decimal), 0x10ffff)))
      .replace(/&#x([0-9a-f]+);?/gi, (_, hex) =>
        String.fromCodePoint(Math.min(Number.parseInt(hex, 16), 0x10ffff)),
      )
      .replace(/&(\w+);/g, (whole, name) => entities[name] ?? whole),
];

const decodedRuns = new Map<string, string[]>();

/** What a run of hexadecimal or base64 says, from each place at which it may begin. */
function decodingsOf(run: string): string[] {
  const known = decodedRuns.get(run);
  if (known) return known;
  const digits = run.replace(/0x|[^0-9a-f]/gi, '');
  const decoded = [
    ...[0, 1].map((from) => Buffer.from(digits.slice(from), 'hex').toString()),
    ...[0, 1, 2, 3].map((from) => Buffer.from(run.slice(from), 'base64').toString()),
  ];
  decodedRuns.set(run, decoded);
  return decoded;
}

const runsIn = (text: string): string[] =>
  [text, text.replace(/(?:\\[rn]|[\r\n])+/g, '')].flatMap((one) =>
    [/(?:(?:0x)?[0-9a-f]{2}[\s,:-]{0,2}){8,}/gi, /[\w+/=-]{10,}/g].flatMap(
      (pattern) => one.match(pattern) ?? [],
    ),
  );

const mostReadings = 60;

/** Everything that a text can be read as. */
export function readingsOf(text: string): Set<string> {
  const readings = new Set([text]);
  for (const one of readings)
    for (const decode of characterWise) if (readings.size < mostReadings) readings.add(decode(one));
  for (const run of new Set([...readings].flatMap(runsIn)))
    for (const decoded of decodingsOf(run)) {
      readings.add(decoded);
      for (const decode of characterWise) readings.add(decode(decoded));
      for (const inner of runsIn(decoded)) for (const again of decodingsOf(inner)) readings.add(again);
    }
  return readings;
}

/** The names of the secrets that are in a text in any form. */
export function foundIn(text: string, secrets: ReadonlyMap<string, string>): string[] {
  const readings = [...readingsOf(text)].join('\0');
  return [...secrets].filter(([, secret]) => readings.includes(secret)).map(([name]) => name);
}
