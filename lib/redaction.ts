const learnt = new Set<string>();
let shortest = Number.POSITIVE_INFINITY;

/**
 * Remembers a value that must never be shown: passwords, keys, tokens, whole Authorization headers.
 * Its base64 and URL-encoded forms are remembered with it, since those are how it travels.
 */
export function keepSecret(value: string): void {
  if (value === '') return;
  learnt.add(value);
  learnt.add(Buffer.from(value).toString('base64'));
  learnt.add(encodeURIComponent(value));
  shortest = Math.min(shortest, value.length);
}

/** The text with every remembered secret replaced. */
export function redact(text: string): string {
  // Most of what is logged is a word.
  if (text.length < shortest) return text;
  let clean = text;
  for (const secret of learnt) clean = clean.replaceAll(secret, '[redacted]');
  return clean;
}

// What is secret wherever it stands: SNMP's community string is one in all but name, and too often a common word.
const secretNames = new Set(['community', 'plain', 'password', 'clientSecret', 'privateKey']);

/** Whether what stands under a name is secret, whatever it is. */
export const isSecretName = (name: string): boolean => secretNames.has(name);

/**
 * JSON of a value for a log or an error: remembered secrets are replaced inside its strings, so that it stays valid
 * JSON, and so is whatever stands under a name that only secrets have.
 */
export function redactedJson(value: unknown, indent?: number): string {
  const clean = (key: string, part: unknown) => {
    if (typeof part !== 'string') return part;
    return secretNames.has(key) ? '[redacted]' : redact(part);
  };
  return JSON.stringify(value, clean, indent);
}

/** Where a value holds what is secret by its name: a dotted path for each. */
export function secretsIn(value: unknown, path: string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    typeof part === 'string' && secretNames.has(name)
      ? [[...path, name].join('.')]
      : secretsIn(part, [...path, name]),
  );
}
