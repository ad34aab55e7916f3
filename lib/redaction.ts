import { isDeepStrictEqual } from 'node:util';

const redacted = '[redacted]';
const redactedOther = '[redacted, another]';

const kept = new Set<string>();
/** In each form in which they travel. */
const forms = new Set<string>();
// In a text, half a pair of surrogates can meet the other half, and JSON then writes neither as it stands in a secret.
let hasHalfPairs = false;

/** What is looked for, made of the forms when it is wanted. */
interface Sought {
  pattern: RegExp;
  /** The forms as they stand inside the strings of JSON. */
  inJson: string[];
}

let sought: Sought | undefined;

/**
 * Remembers a value that must never be shown: passwords, keys, tokens, whole Authorization headers.
 * Its base64 and URL-encoded forms are remembered with it, since those are how it travels.
 */
export function keepSecret(value: string): void {
  if (value === '' || kept.has(value)) return;
  kept.add(value);
  const wellFormed = value.toWellFormed();
  for (const form of [
    value,
    wellFormed,
    Buffer.from(value).toString('base64'),
    encodeURIComponent(wellFormed),
  ])
    forms.add(form);
  hasHalfPairs ||= value !== wellFormed;
  sought = undefined;
}

function seek(): Sought {
  // Longest first: of two secrets where one begins with the other, nothing of the longer one is to be left.
  const longestFirst = [...forms].toSorted((one, other) => other.length - one.length);
  return {
    pattern: new RegExp(longestFirst.map((form) => RegExp.escape(form)).join('|') || '(?!)', 'g'),
    inJson: longestFirst.map((form) => JSON.stringify(form).slice(1, -1)),
  };
}

/** The text with every remembered secret replaced. */
export function redact(text: string): string {
  sought ??= seek();
  return text.replace(sought.pattern, redacted);
}

// What is secret wherever it stands: SNMP's community string is one in all but name, and too often a common word.
const secretNames = new Set(['community', 'plain', 'password', 'clientSecret', 'privateKey']);

// Without the quote before the name, of which JSON is full: looking for that takes twice as long.
const nameMarks = [...secretNames].map((name) => `${name}":`);

/** Whether what stands under a name is secret, whatever it is. */
export const isSecretName = (name: string): boolean => secretNames.has(name);

/**
 * JSON of a value for a log or an error: remembered secrets are replaced inside its strings, so that it stays valid
 * JSON, and so is whatever stands under a name that only secrets have. The names themselves are no secrets.
 */
export function redactedJson(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, undefined, indent);
  // To look at every string takes several times as long, and hardly ever is there anything to replace.
  return mayHoldSecret(json ?? '') ? JSON.stringify(value, clean, indent) : json;
}

function mayHoldSecret(json: string): boolean {
  if (hasHalfPairs) return true;
  sought ??= seek();
  for (const secret of sought.inJson) if (json.includes(secret)) return true;
  for (const mark of nameMarks) if (json.includes(mark)) return true;
  return false;
}

// What Switchboard itself says under these names holds no secret, and a record must stay one that can be read where a
// community is a word such as "made".
const ownNames = new Set([
  ...['timestamp', 'level', 'operation', 'system', 'effect', 'trigger', 'connection', 'requestId'],
  ...['auditId', 'outcome', 'code', 'type', 'instance'],
]);

function clean(name: string, part: unknown): unknown {
  if (isSecret(name, part)) return part === redactedOther ? part : redacted;
  return typeof part === 'string' && !ownNames.has(name) ? redact(part) : part;
}

/** What an object holds under such a name has names of its own. */
const isSecret = (name: string, part: unknown): boolean =>
  isSecretName(name) &&
  part !== null &&
  part !== undefined &&
  (typeof part !== 'object' || Array.isArray(part));

/**
 * The later of two states as JSON has it, for a record of both: what is secret by its name only shows whether it is
 * another one than in its place before.
 */
export function secretsCompared(before: unknown, after: unknown, name = ''): unknown {
  if (isSecret(name, after)) return isDeepStrictEqual(after, before) ? redacted : redactedOther;
  if (typeof after !== 'object' || after === null) return after;
  const old = new Map(typeof before === 'object' && before !== null ? Object.entries(before) : []);
  if (Array.isArray(after)) return after.map((part, index) => secretsCompared(old.get(String(index)), part));
  return Object.fromEntries(
    Object.entries(after).map(([member, part]) => [member, secretsCompared(old.get(member), part, member)]),
  );
}

/** Where a value holds what is secret by its name: a dotted path for each. */
export function secretsIn(value: unknown, path: string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    isSecret(name, part) ? [[...path, name].join('.')] : secretsIn(part, [...path, name]),
  );
}
