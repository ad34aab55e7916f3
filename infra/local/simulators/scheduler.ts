import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { type Answer, json, type Listener, listen, type Request } from './listen.ts';
import { AwsError, failure } from './secrets-manager/protocol.ts';

const schedule = z.looseObject({
  GroupName: z.string().default('default'),
  ScheduleExpression: z.string().regex(/^at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)$/),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  ActionAfterCompletion: z.enum(['NONE', 'DELETE']).default('NONE'),
  Target: z.looseObject({ Arn: z.string(), Input: z.string().default('{}') }),
});

type Schedule = z.output<typeof schedule> & { Name: string; fired: boolean };

export interface SchedulerStandIn extends Listener {
  schedules: ReadonlyMap<string, Schedule>;
  /** Refuses what changes schedules while set. */
  refuse: boolean;
  /** Lets time pass for the stand-in alone, and waits for what came due to have run. */
  advance(seconds: number): Promise<void>;
}

/**
 * A stand-in for EventBridge Scheduler, for one-time schedules in UTC, over its own protocol. `invoke` runs a
 * target's function; the schedules live in memory only.
 */
export async function startSchedulerStandIn(
  invoke: (functionArn: string, event: unknown) => Promise<unknown>,
  port = 0,
): Promise<SchedulerStandIn> {
  const schedules = new Map<string, Schedule>();
  let passed = 0;

  const fireDue = async (): Promise<void> => {
    const now = Date.now() + passed;
    const due = [...schedules.values()].filter(
      ({ fired, State, ScheduleExpression }) =>
        !fired && State === 'ENABLED' && timeOf(ScheduleExpression) <= now,
    );
    await Promise.all(
      due.map(async (one) => {
        one.fired = true;
        if (one.ActionAfterCompletion === 'DELETE') schedules.delete(one.Name);
        const input = one.Target.Input.replaceAll(
          '<aws.scheduler.scheduled-time>',
          `${one.ScheduleExpression.slice(3, -1)}Z`,
        ).replaceAll('<aws.scheduler.execution-id>', randomUUID());
        await invoke(one.Target.Arn, JSON.parse(input));
      }),
    );
  };

  const answer = async ({ method, url, body }: Request): Promise<Answer> => {
    const [, name] = /^\/schedules(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
    const present = name === undefined ? undefined : schedules.get(decodeURIComponent(name));
    if (method === 'GET' && url.pathname === '/schedules')
      return json(200, {
        Schedules: [...schedules.values()].map(({ Name, GroupName, State }) => ({ Name, GroupName, State })),
      });
    if (name === undefined) return failure(new AwsError('ValidationException', 'Not simulated.'));
    if (method === 'POST' && present) return failure(new AwsError('ConflictException', 'It exists.', 409));
    if (method !== 'POST' && !present)
      return failure(new AwsError('ResourceNotFoundException', 'There is no such schedule.', 404));
    if (method === 'GET') return json(200, { ...present, fired: undefined });
    if (standIn.refuse) return failure(new AwsError('AccessDeniedException', 'Not allowed.', 403));
    if (method === 'DELETE') {
      schedules.delete(name);
      return json(200, {});
    }
    const given = schedule.safeParse(JSON.parse(body));
    if (!given.success) return failure(new AwsError('ValidationException', given.error.message));
    schedules.set(name, { ...given.data, Name: name, fired: false });
    return json(200, {
      ScheduleArn: `arn:aws:scheduler:us-east-1:000000000000:schedule/${given.data.GroupName}/${name}`,
    });
  };

  const listener = await listen(answer, port);
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

const timeOf = (expression: string): number => Date.parse(`${expression.slice(3, -1)}Z`);
