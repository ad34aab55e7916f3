import { isDeepStrictEqual } from 'node:util';
import { redacted } from './foreign/clean-text.ts';
import { Secrets } from './foreign/secrets.ts';
import type { Json } from './json.ts';

// What is secret by the name of its field. It is left out where it leaves, whatever its value is.

const redactedOther = '[redacted, another]';

// SNMP's community string is a password in all but name, and too often a common word.
const secretNames = new Set(['community', 'plain', 'password', 'clientSecret', 'privateKey']);

// Without the quote before the name, of which JSON is full: looking for that takes twice as long.
const nameMarks = [...secretNames].map((name) => `${name}":`);

/** Whether what stands under a name is secret, whatever it is. */
export const isSecretName = (name: string): boolean => secretNames.has(name);

/** JSON of a value for whoever is not its caller: what stands under a name that only secrets have is replaced. */
export function jsonWithoutSecrets(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, undefined, indent);
  // To look at every member takes several times as long, and hardly ever is there anything to replace.
  return nameMarks.some((mark) => json?.includes(mark)) ? JSON.stringify(value, replace, indent) : json;
}

/** A value without what stands under a name that only secrets have. */
export const withoutSecrets = (value: unknown): Json | undefined =>
  value === undefined ? undefined : JSON.parse(jsonWithoutSecrets(value));

const replace = (name: string, part: unknown): unknown =>
  isSecret(name, part) && part !== redactedOther ? redacted : part;

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

/** What a value holds that is secret by its name, each with its path. */
function* secretMembers(value: unknown, path: string[] = []): Generator<{ path: string[]; part: unknown }> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, part] of Object.entries(value))
    if (isSecret(name, part)) yield { path: [...path, name], part };
    else yield* secretMembers(part, [...path, name]);
}

/** Where a value holds what is secret by its name: a dotted path for each. */
export const secretsIn = (value: unknown): string[] =>
  [...secretMembers(value)].map(({ path }) => path.join('.'));

/** The secrets that a call itself brings along. They are nobody else's. */
export class CallSecrets {
  /** Never to be seen again. */
  readonly passwords = new Secrets();
  /** Shown to the caller where all goes well, and not in what a refusal says. */
  readonly communities = new Secrets();

  /** Adds what a value holds that is secret by its name. */
  add(value: unknown): void {
    for (const { path, part } of secretMembers(value)) {
      if (typeof part !== 'string') continue;
      if (path.at(-1) !== 'community') this.passwords.add(part);
      else if (!defaultCommunities.has(part)) this.communities.add(part);
    }
  }
}

// Everybody knows these.
const defaultCommunities = new Set(['public', 'private']);
