import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { handler as getSnmpAgent } from '../../functions/sps/get-snmp-agent.ts';
import { handler as getSnmpTrap } from '../../functions/sps/get-snmp-trap.ts';
import { handler as getSystemAlerts } from '../../functions/sps/get-system-alerts.ts';
import { handler as getTrafficAlerts } from '../../functions/sps/get-traffic-alerts.ts';
import { handler as toggleSystemAlerts } from '../../functions/sps/toggle-system-alerts.ts';
import { handler as toggleTrafficAlerts } from '../../functions/sps/toggle-traffic-alerts.ts';
import { handler as updateSnmpAgent } from '../../functions/sps/update-snmp-agent.ts';
import { handler as updateSnmpTrap } from '../../functions/sps/update-snmp-trap.ts';
import type { SpsSimulator } from '../../infra/local/simulators/sps.ts';
import { type Change, inputOf } from './change.ts';
import { type Ask, ampleMs } from './sequence.ts';

const handlers = {
  getSnmpAgent,
  getSnmpTrap,
  getSystemAlerts,
  getTrafficAlerts,
  toggleSystemAlerts,
  toggleTrafficAlerts,
  updateSnmpAgent,
  updateSnmpTrap,
};

const changeAnswer = z.looseObject({ changed: z.boolean(), before: z.unknown(), after: z.unknown() });
const failure = z.looseObject({ code: z.string(), status: z.int(), detail: z.string() });

/** One call and what came of it. */
export interface Call {
  ask: Ask;
  requestId: string;
  operation: keyof typeof handlers;
  /** What it is to commit; absent where it is to commit nothing. */
  change?: Change;
  /** The appliance's revisions when it was made and when it was answered. */
  from: number;
  to: number;
  answer?: unknown;
  changeAnswer?: z.infer<typeof changeAnswer>;
  failure?: z.infer<typeof failure>;
}

export async function call(ask: Ask, connection: string, sps: SpsSimulator): Promise<Call> {
  const { what, remainingMs } = ask;
  const asked =
    'change' in what
      ? what.change
      : 'dryRun' in what
        ? what.dryRun
        : 'stale' in what
          ? what.stale
          : undefined;
  const operation = 'read' in what ? what.read : (asked?.operation ?? 'getSnmpTrap');
  const input = {
    ...(asked && inputOf(asked)),
    ...('dryRun' in what && { dryRun: true }),
    ...('stale' in what && { digest: '0'.repeat(64) }),
  };
  const requestId = randomUUID();
  const from = sps.revision;
  const made = { ask, requestId, operation, ...('change' in what && { change: what.change }), from };
  try {
    const answer = await handlers[operation]({ connection, input }, contextOf(requestId, remainingMs));
    return {
      ...made,
      to: sps.revision,
      answer,
      ...(asked && { changeAnswer: changeAnswer.parse(answer) }),
    };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { ...made, to: sps.revision, failure: failure.parse(JSON.parse(text)) };
  }
}

/** Where there is ample time none of it passes, so that a slow machine is not what calls run into. */
const contextOf = (awsRequestId: string, remainingMs: number, startedAt = performance.now()): Context => ({
  awsRequestId,
  functionName: 'random',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:local:000000000000:function:random',
  memoryLimitInMB: '512',
  logGroupName: '/switchboard/random',
  logStreamName: 'local',
  callbackWaitsForEmptyEventLoop: false,
  getRemainingTimeInMillis: () =>
    remainingMs === ampleMs ? remainingMs : startedAt + remainingMs - performance.now(),
  done: () => {},
  fail: () => {},
  succeed: () => {},
});
