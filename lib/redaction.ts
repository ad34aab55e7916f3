const learnt = new Set<string>();
/** The same as they stand inside the strings of JSON. */
const learntInJson = new Set<string>();

/**
 * Remembers a value that must never be shown: passwords, keys, tokens, whole Authorization headers.
 * Its base64 and URL-encoded forms are remembered with it, since those are how it travels.
 */
export function keepSecret(value: string): void {
  if (value === '') return;
  for (const form of [value, Buffer.from(value).toString('base64'), encodeURIComponent(value)]) {
    learnt.add(form);
    learntInJson.add(JSON.stringify(form).slice(1, -1));
  }
}

/** The text with every remembered secret replaced. */
export function redact(text: string): string {
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
  const json = JSON.stringify(value, undefined, indent);
  // To look at every string takes several times as long, and hardly ever is there anything to replace.
  return mayHoldSecret(json) ? JSON.stringify(value, clean, indent) : json;
}

function mayHoldSecret(json: string): boolean {
  for (const secret of learntInJson) if (json.includes(secret)) return true;
  for (const name of secretNames) if (json.includes(`"${name}":`)) return true;
  return false;
}

function clean(key: string, part: unknown): unknown {
  if (typeof part !== 'string') return part;
  return secretNames.has(key) ? '[redacted]' : redact(part);
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
