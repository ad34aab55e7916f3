import { parseArgs } from 'node:util';
import * as z from 'zod';
import { type CheckReport, checkReport } from '../../lib/check/check.ts';
import { Deadline } from '../../lib/deadline.ts';
import { functionNameOf } from '../../lib/function-name.ts';
import { fromJson } from '../../lib/json.ts';
import { invoke } from '../../lib/lambda.ts';
import { problemOf } from '../../lib/problems/call.ts';
import { problemDetails } from '../../lib/problems/problem-details.ts';
import { givenAddress, noAddress, noAnswer, otherAnswer } from './given-address.ts';

const usage = `Usage: npm run doctor -- --connection <system>/<name> [--url <url> | --deployed]

Says whether a connection works and, if not, what is wrong and what to do.

  --connection atlas/prod   the connection: atlas, opsManager or sps, and its name
  --url <url>               where npm start listens (http://127.0.0.1:4747)
  --deployed                checks it where it is deployed: asks the function, with your AWS credentials and region
`;

/** What can be wrong with the command line, or with what it asks, for people. */
class DoctorError extends Error {}

const toSignIn =
  'Give it a region and credentials, as the AWS CLI takes them: AWS_REGION, and AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.';

/** A check may take as long as any call. */
const waitMs = 30_000;

const titles: Record<CheckReport['steps'][number]['step'], string> = {
  secret: 'The secret is there, and holds a connection',
  reach: 'The system answers, over a connection that is to be trusted',
  signIn: 'It takes the credentials',
  look: 'They may look at something',
};

const marks = { ok: '✓', failed: '✗', notReached: '·' };

try {
  await examine();
} catch (error) {
  if (!(error instanceof DoctorError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

async function examine(): Promise<void> {
  const { system, connection, url, deployed, help } = readOptions();
  if (help) {
    process.stdout.write(usage);
    return;
  }
  const report = deployed ? await askFunction(system, connection) : await askGateway(url, system, connection);
  process.stdout.write(`${system}/${connection}\n${report.steps.map(shownStep).join('\n')}\n`);
  if (!report.works) process.exitCode = 1;
}

function shownStep({ step, status, found, problem }: CheckReport['steps'][number]): string {
  return [
    `  ${marks[status]} ${titles[step]}${status === 'notReached' ? ' (not looked at)' : ''}`,
    ...(found === undefined ? [] : [`    ${found}`]),
    ...(problem
      ? [
          `    ${problem.title} (${problem.code}). ${problem.detail}`,
          ...(problem.upstream?.detail === undefined
            ? []
            : [`    The system itself says: ${problem.upstream.detail}`]),
          `    What to do: ${problem.remedy}`,
        ]
      : []),
  ].join('\n');
}

async function askGateway(url: string, system: string, connection: string): Promise<CheckReport> {
  const response = await fetch(`${url}/${system}/${encodeURIComponent(connection)}/check`, {
    signal: AbortSignal.timeout(waitMs),
  }).catch(() => {
    throw new DoctorError(noAnswer(url));
  });
  const body = fromJson(await response.text().catch(() => ''));
  const report = response.status === 200 ? checkReport.safeParse(body).data : undefined;
  if (report) return report;
  const problem = problemDetails.safeParse(body).data;
  throw new DoctorError(problem ? explained(problem) : otherAnswer(url));
}

async function askFunction(system: string, connection: string): Promise<CheckReport> {
  const functionName = functionNameOf(`${system}.checkConnection`);
  using deadline = new Deadline(waitMs);
  const report = checkReport.safeParse(await asked(functionName, connection, deadline)).data;
  if (report) return report;
  throw new DoctorError(
    `${functionName} answered something else than a check does: is it of another version?`,
  );
}

async function asked(functionName: string, connection: string, deadline: Deadline): Promise<unknown> {
  try {
    return await invoke(functionName, { connection, actor: 'doctor' }, deadline);
  } catch (error) {
    const { details, cause } = problemOf(error);
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    // What the SDK misses here, a region or credentials, never got to AWS, whose status and rights it is not about.
    const isFromAws = cause === undefined || (cause instanceof Error && '$metadata' in cause);
    throw new DoctorError(
      `${functionName} could not be asked${why}\n${isFromAws ? explained(details) : toSignIn}`,
    );
  }
}

function explained({ detail, remedy }: { detail: string; remedy: string }): string {
  return `${detail} ${remedy}`;
}

function readOptions() {
  const { connection, url, ...options } = parsed();
  if (options.help) return { ...options, system: '', connection, url };
  const [, system, name] = /^([A-Za-z-]+)\/([^/]+)$/.exec(connection) ?? [];
  if (system === undefined || name === undefined)
    throw new DoctorError(`Say which connection: --connection atlas/prod\n\n${usage}`);
  const known = z.enum(['atlas', 'opsManager', 'sps']).safeParse(system.replace(/-m/, 'M')).data;
  if (!known) throw new DoctorError(`There is no system “${system}”; there are atlas, opsManager and sps.`);
  const address = givenAddress(url);
  if (address === undefined) throw new DoctorError(noAddress(url));
  return { ...options, system: known, connection: name, url: address };
}

function parsed() {
  try {
    return parseArgs({
      options: {
        connection: { type: 'string', default: '' },
        url: { type: 'string', default: 'http://127.0.0.1:4747' },
        deployed: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    if (error instanceof TypeError) throw new DoctorError(`${error.message}\n\n${usage}`);
    throw error;
  }
}
