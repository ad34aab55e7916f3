const learnt = new Set<string>();

/**
 * Remembers a value that must never be shown: passwords, keys, tokens, whole Authorization headers.
 * Its base64 and URL-encoded forms are remembered with it, since those are how it travels.
 */
export function keepSecret(value: string): void {
  if (value === '') return;
  learnt.add(value);
  learnt.add(Buffer.from(value).toString('base64'));
  learnt.add(encodeURIComponent(value));
}

/** The text with every remembered secret replaced. */
export function redact(text: string): string {
  let clean = text;
  for (const secret of learnt) clean = clean.replaceAll(secret, '[redacted]');
  return clean;
}

/** JSON of a value for a log or an error: secrets are replaced inside its strings, so it stays valid JSON. */
export function redactedJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_key, part) => (typeof part === 'string' ? redact(part) : part), indent);
}
