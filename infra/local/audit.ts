import { parseArgs } from 'node:util';
import { auditRecords } from './audit-file.ts';
import { type AuditedChange, changeAsText, changesIn } from './audited-change.ts';

const usage = `Usage: npm run audit -- [--since <time>] [--connection <name>] [--operation <name>] [--actor <text>] [--unfinished]

  --since 2h                       changes of the last two hours; 30m and 7d are understood as well, and 2026-11-25T14:00
  --connection demo                only over this connection
  --operation sps.updateSnmpTrap   only by this operation; sps stands for all of a system
  --actor ada                      only by who has this in the name
  --unfinished                     only intents without an outcome

Shows the changes that npm start has made from this folder, the latest last.
`;

const minutes: Record<string, number> = { m: 1, h: 60, d: 24 * 60 };

/** What can be wrong with the command line, for people. */
class AuditError extends Error {}

try {
  await audit();
} catch (error) {
  if (!(error instanceof AuditError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function audit(): Promise<void> {
  const { help, ...options } = readOptions();
  if (help) {
    process.stdout.write(usage);
    return;
  }
  const isAskedFor = filter(options);
  const records = await auditRecords().catch((error: Error) => {
    throw new AuditError(`The records in this folder cannot be read: ${error.message}`);
  });
  if (!records)
    throw new AuditError('No change has been made from this folder: npm start keeps the records.');
  const changes = changesIn(records).filter(isAskedFor);
  process.stdout.write(
    changes.length === 0 ? 'No such change.\n' : `${changes.map(changeAsText).join('\n\n')}\n`,
  );
}

type Options = ReturnType<typeof readOptions>;

function filter({ since, connection, operation, actor = '', unfinished }: Omit<Options, 'help'>) {
  return ({ begunAt, last }: AuditedChange): boolean =>
    Date.parse(begunAt) >= since &&
    (connection === undefined || last.connection === connection) &&
    (operation === undefined || last.operation === operation || last.operation.startsWith(`${operation}.`)) &&
    (last.actor ?? '').includes(actor) &&
    (!unfinished || last.outcome === 'intended');
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        since: { type: 'string' },
        connection: { type: 'string' },
        operation: { type: 'string' },
        actor: { type: 'string' },
        unfinished: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return { ...values, since: values.since === undefined ? 0 : timeOf(values.since) };
  } catch (error) {
    if (error instanceof TypeError) throw new AuditError(`${error.message}\n\n${usage}`);
    throw error;
  }
}

/** Milliseconds since 1970 of a time, or of how long ago it was. */
function timeOf(text: string): number {
  const [, amount, unit = ''] = /^(\d+)([mhd])$/.exec(text) ?? [];
  const time =
    amount === undefined ? Date.parse(text) : Date.now() - Number(amount) * (minutes[unit] ?? 0) * 60_000;
  if (Number.isNaN(time))
    throw new AuditError(`--since must be like 30m, 2h, 7d or 2026-11-25T14:00, not ${text}.`);
  return time;
}
