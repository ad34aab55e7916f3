import type { Json } from './json.ts';
import { jsonWithoutSecrets } from './secret-fields.ts';

/**
 * Writes one structured log line, less what is secret by its name. Straight to stdout: the runtime's patched console
 * would wrap the line a second time.
 */
export function log(
  level: 'INFO' | 'WARN' | 'ERROR',
  message: string,
  fields: { readonly [name: string]: Json | undefined },
): void {
  process.stdout.write(
    `${jsonWithoutSecrets({ timestamp: new Date().toISOString(), level, message, ...fields })}\n`,
  );
}
