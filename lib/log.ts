import { redactedJson } from './redaction.ts';

/**
 * Writes one structured log line, secrets replaced. Straight to stdout: the runtime's patched console would
 * wrap the line a second time.
 */
export function log(
  level: 'INFO' | 'WARN' | 'ERROR',
  message: string,
  fields: Record<string, unknown>,
): void {
  process.stdout.write(
    `${redactedJson({ timestamp: new Date().toISOString(), level, message, ...fields })}\n`,
  );
}
