import { mock } from 'node:test';
import * as z from 'zod';
import { localContext } from '../infra/local/local-context.ts';
import { startLambdaStandIn } from '../infra/local/simulators/lambda.ts';
import { type SchedulerStandIn, startSchedulerStandIn } from '../infra/local/simulators/scheduler.ts';
import { findOperations } from '../infra/operations.ts';
import { functionNameOf } from '../lib/function-name.ts';

// What changes for a while need besides the systems: Lambda and EventBridge Scheduler on loopback, wired to the
// operations as the local gateway wires them, and a clock that a test moves.

/** One event that the Scheduler stand-in has delivered, and what came of it. */
export interface Delivery {
  functionName: string;
  event: unknown;
  answer?: unknown;
  error?: string;
}

export interface Scheduling {
  scheduler: SchedulerStandIn;
  /** Everything that was delivered, oldest first. */
  deliveries: Delivery[];
  /** Lets time pass for everybody, and waits for what came due to be done. */
  pass(seconds: number): Promise<void>;
  /** Delivers an event once more. */
  deliver(functionName: string, event: unknown): Promise<Delivery>;
  stop(): Promise<void>;
}

const arnPrefix = 'arn:aws:lambda:us-east-1:123456789012:function:';

/** What a function needs to know so that its changes can be put back. */
export const restoreEnvironment = {
  RESTORE_GROUP: 'switchboard-temporary',
  RESTORE_ROLE_ARN: 'arn:aws:iam::123456789012:role/restore',
  FUNCTION_ARN_PREFIX: arnPrefix,
};

/** Starts the stand-ins, points the AWS SDK at them and stops the clock. */
export async function startScheduling(): Promise<Scheduling> {
  const operations = await findOperations();
  const handlers = new Map(
    operations.map(({ operation: { name }, handler }) => [
      functionNameOf(name),
      (event: unknown) => handler(event, localContext(name)),
    ]),
  );
  const deliveries: Delivery[] = [];
  const deliver = async (functionName: string, event: unknown): Promise<Delivery> => {
    const delivery: Delivery = { functionName, event };
    deliveries.push(delivery);
    try {
      delivery.answer = await handlers.get(functionName)?.(event);
    } catch (error) {
      delivery.error = String(error);
    }
    return delivery;
  };
  const [scheduler, lambda] = await Promise.all([
    startSchedulerStandIn((arn, event) => deliver(arn.replace(arnPrefix, ''), event), {
      groups: [restoreEnvironment.RESTORE_GROUP],
    }),
    startLambdaStandIn((name, event) => handlers.get(name)?.(event)),
  ]);
  Object.assign(process.env, {
    ...restoreEnvironment,
    AWS_ENDPOINT_URL_SCHEDULER: scheduler.url,
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
  });
  mock.timers.enable({ apis: ['Date'], now: Date.now() });
  return {
    scheduler,
    deliveries,
    deliver,
    async pass(seconds) {
      mock.timers.tick(seconds * 1_000);
      await scheduler.advance(0);
    },
    async stop() {
      mock.timers.reset();
      await Promise.all([scheduler.close(), lambda.close()]);
    },
  };
}

/** What a schedule has its function told, as far as it is looked at here. */
export const ledgerIn = (input: string) =>
  z
    .looseObject({
      ledger: z.looseObject({
        entries: z.record(
          z.string(),
          z.looseObject({ original: z.unknown(), set: z.unknown(), until: z.string() }),
        ),
      }),
    })
    .parse(JSON.parse(input)).ledger.entries;
