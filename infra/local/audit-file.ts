import { appendFileSync, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type AuditRecord, recordIn } from '../../lib/audit-trail/record.ts';

/** Where audit records are kept on a laptop, below the folder that `npm start` was started in. */
const auditFile = join('.switchboard', 'audit.jsonl');

/**
 * Has the audit records among the log lines of this process kept in a file from here on, as a subscription of the log
 * does in AWS.
 */
export function keepAuditRecords(): void {
  const { stdout } = process;
  const write = stdout.write.bind(stdout);
  stdout.write = (chunk: string | Uint8Array, ...rest: [never?, never?]): boolean => {
    // At once, so that an intent is there when the process is killed the moment after.
    if (typeof chunk === 'string' && chunk.includes('"auditId"') && recordIn(chunk)) {
      mkdirSync(dirname(auditFile), { recursive: true });
      appendFileSync(auditFile, chunk);
    }
    return write(chunk, ...rest);
  };
}

/** The records that were kept, the oldest first; `undefined` where none ever were. */
export async function auditRecords(): Promise<AuditRecord[] | undefined> {
  const text = await readFile(auditFile, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text?.split('\n').flatMap((line) => recordIn(line) ?? []);
}
