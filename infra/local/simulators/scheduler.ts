import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { checkedInput } from './aws/constraints.ts';
import { account, region } from './aws/credentials.ts';
import { AwsError, notSimulated } from './aws/error.ts';
import { pageOf } from './aws/page.ts';
import { bodyOf, listenAsAws, success } from './aws/service.ts';
import type { Answer, Listener, Request } from './listen.ts';

const groupName = z.string().default('default');
const named = z.strictObject({ Name: z.string(), GroupName: groupName });

// The model says what each may be. Of what AWS has besides, nothing is simulated.
const inputs = {
  written: named.extend({
    ScheduleExpression: z.string(),
    FlexibleTimeWindow: z.strictObject({ Mode: z.literal('OFF') }),
    Description: z.string().optional(),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    ActionAfterCompletion: z.enum(['NONE', 'DELETE']).default('NONE'),
    ClientToken: z.string().optional(),
    Target: z.strictObject({
      Arn: z.string(),
      RoleArn: z.string(),
      Input: z.string().default('{}'),
      RetryPolicy: z
        .strictObject({
          MaximumRetryAttempts: z.number().default(185),
          MaximumEventAgeInSeconds: z.number().default(86_400),
        })
        .optional(),
    }),
  }),
  got: named,
  deleted: named.extend({ ClientToken: z.string().optional() }),
  listed: z.strictObject({
    GroupName: z.string().optional(),
    NamePrefix: z.string().default(''),
    State: z.string().optional(),
    MaxResults: z.number().default(100),
    NextToken: z.string().optional(),
  }),
};

interface Schedule extends z.output<typeof inputs.written> {
  /** Seconds since 1970. */
  CreationDate: number;
  LastModificationDate: number;
  /** When it is due, in milliseconds since 1970, and whether it has been. */
  at: number;
  fired: boolean;
}

export interface SchedulerStandIn extends Listener {
  /** By group and name, with a slash between. */
  schedules: ReadonlyMap<string, Schedule>;
  /** Refuses what changes schedules while set. */
  refuse: boolean;
  /** Lets time pass for the stand-in alone, and waits for what came due to have run. */
  advance(seconds: number): Promise<void>;
}

export interface SchedulerOptions {
  port?: number;
  /** The groups that there are beside `default`. */
  groups?: string[];
}

/** The largest input of a target: https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html */
const inputLimit = 256 * 1024;

/**
 * A stand-in for EventBridge Scheduler, for one-time schedules in UTC, over its own protocol. `invoke` runs a
 * target's function; the schedules live in memory only.
 */
export async function startSchedulerStandIn(
  invoke: (functionArn: string, event: unknown) => Promise<unknown>,
  { port, groups = [] }: SchedulerOptions = {},
): Promise<SchedulerStandIn> {
  const schedules = new Map<string, Schedule>();
  const known = new Set(['default', ...groups]);
  let passed = 0;
  const now = () => Date.now() + passed;

  const fireDue = async (): Promise<void> => {
    const due = [...schedules].filter(
      ([, { fired, State, at }]) => !fired && State === 'ENABLED' && at <= now(),
    );
    await Promise.all(
      due.map(async ([key, one]) => {
        one.fired = true;
        if (one.ActionAfterCompletion === 'DELETE') schedules.delete(key);
        const input = one.Target.Input.replaceAll(
          '<aws.scheduler.scheduled-time>',
          `${one.ScheduleExpression.slice(3, -1)}Z`,
        ).replaceAll('<aws.scheduler.execution-id>', randomUUID());
        await invoke(one.Target.Arn, JSON.parse(input));
      }),
    );
  };

  const keyOf = ({ GroupName, Name }: z.output<typeof named>): string => {
    if (!known.has(GroupName)) throw notFound(`Schedule group ${GroupName}`);
    return `${GroupName}/${Name}`;
  };
  const find = (of: z.output<typeof named>): [key: string, Schedule] => {
    const key = keyOf(of);
    const schedule = schedules.get(key);
    if (!schedule) throw notFound(`Schedule ${of.Name}`);
    return [key, schedule];
  };
  const write = (given: z.output<typeof inputs.written>, before?: Schedule): object => {
    const at = timeOf(given.ScheduleExpression);
    // AWS wants a time to come, so that a schedule is not lost unseen.
    if (at <= now()) throw new AwsError('ValidationException', 'The schedule expression is in the past.');
    checkTarget(given.Target);
    const time = now() / 1_000;
    const CreationDate = before?.CreationDate ?? time;
    schedules.set(keyOf(given), { ...given, CreationDate, LastModificationDate: time, at, fired: false });
    return { ScheduleArn: arnOf(given) };
  };

  const operations: Record<string, (input: object) => object> = {
    POST: (input) => {
      const given = checkedInput('scheduler', 'CreateSchedule', inputs.written, input);
      const before = schedules.get(keyOf(given));
      // A request that is sent once more has the token of the first.
      if (before && before.ClientToken === given.ClientToken) return { ScheduleArn: arnOf(given) };
      if (before) throw new AwsError('ConflictException', `Schedule ${given.Name} already exists.`, 409);
      return write(given);
    },
    PUT: (input) => {
      const given = checkedInput('scheduler', 'UpdateSchedule', inputs.written, input);
      return write(given, find(given)[1]);
    },
    GET: (input) => {
      const [, schedule] = find(checkedInput('scheduler', 'GetSchedule', inputs.got, input));
      const { at: _at, fired: _fired, ClientToken: _token, ...told } = schedule;
      return { Arn: arnOf(schedule), ...told };
    },
    DELETE: (input) => {
      schedules.delete(find(checkedInput('scheduler', 'DeleteSchedule', inputs.deleted, input))[0]);
      return {};
    },
  };

  const list = (input: object): object => {
    const { GroupName, NamePrefix, State, MaxResults, NextToken } = checkedInput(
      'scheduler',
      'ListSchedules',
      inputs.listed,
      input,
    );
    if (GroupName !== undefined && !known.has(GroupName)) throw notFound(`Schedule group ${GroupName}`);
    const found = [...schedules.values()]
      .filter(
        (one) =>
          one.GroupName === (GroupName ?? one.GroupName) &&
          one.State === (State ?? one.State) &&
          one.Name.startsWith(NamePrefix),
      )
      .toSorted((one, other) => (one.Name < other.Name ? -1 : 1));
    const [page, next] = pageOf(found, MaxResults, NextToken);
    return {
      Schedules: page.map((one) => {
        const { Name, GroupName, State, CreationDate, LastModificationDate, Target } = one;
        return {
          ...{ Arn: arnOf(one), Name, GroupName, State, CreationDate, LastModificationDate },
          Target: { Arn: Target.Arn },
        };
      }),
      NextToken: next,
    };
  };

  const answer = async (request: Request): Promise<Answer> => {
    const { method, url } = request;
    const query = (name: string) => url.searchParams.get(name) ?? undefined;
    if (method === 'GET' && url.pathname === '/schedules')
      return success(
        'scheduler',
        list({
          GroupName: query('ScheduleGroup'),
          NamePrefix: query('NamePrefix'),
          State: query('State'),
          MaxResults: url.searchParams.has('MaxResults') ? Number(query('MaxResults')) : undefined,
          NextToken: query('NextToken'),
        }),
      );
    const [, name] = /^\/schedules\/([^/]+)$/.exec(url.pathname) ?? [];
    const operate = Object.hasOwn(operations, method) ? operations[method] : undefined;
    if (name === undefined || !operate) throw notSimulated(`${method} ${url.pathname}`);
    if (standIn.refuse && method !== 'GET') throw new AwsError('AccessDeniedException', 'Not allowed.', 403);
    const given = ['POST', 'PUT'].includes(method)
      ? z.looseObject({}).parse(bodyOf(request))
      : {
          ...(method === 'DELETE' && { ClientToken: query('clientToken') }),
          GroupName: query('groupName'),
        };
    return success('scheduler', operate({ ...given, Name: decodeURIComponent(name) }));
  };

  const listener = await listenAsAws('scheduler', answer, port);
  const timer = setInterval(() => void fireDue(), 1_000).unref();
  const standIn: SchedulerStandIn = {
    ...listener,
    schedules,
    refuse: false,
    advance: async (seconds) => {
      passed += seconds * 1_000;
      await fireDue();
    },
    close: async () => {
      clearInterval(timer);
      await listener.close();
    },
  };
  return standIn;
}

const notFound = (what: string): AwsError =>
  new AwsError('ResourceNotFoundException', `${what} does not exist.`, 404);

const arnOf = ({ GroupName, Name }: z.output<typeof named>): string =>
  `arn:aws:scheduler:${region}:${account}:schedule/${GroupName}/${Name}`;

function timeOf(expression: string): number {
  if (/^(rate|cron)\(.+\)$/.test(expression)) throw notSimulated('A schedule that recurs');
  const [, text] = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression) ?? [];
  const time = Date.parse(`${text}Z`);
  if (!Number.isNaN(time)) return time;
  throw new AwsError('ValidationException', `Invalid Schedule Expression ${expression}.`);
}

function checkTarget({ Arn, Input }: z.output<typeof inputs.written>['Target']): void {
  if (!/^arn:aws[a-z-]*:[\w-]+:[\w-]*:(\d{12})?:.+$/.test(Arn))
    throw new AwsError('ValidationException', 'Provided Arn is not in correct format.');
  if (!/^arn:aws[a-z-]*:lambda:/.test(Arn)) throw notSimulated(`The target ${Arn}`);
  if (Buffer.byteLength(Input) > inputLimit)
    throw new AwsError('ValidationException', `The input of the target is longer than ${inputLimit} bytes.`);
  try {
    JSON.parse(Input);
  } catch {
    throw new AwsError('ValidationException', 'Input should be a well-formed JSON text for this target.');
  }
}
