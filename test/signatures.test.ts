import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { fanOutDefinition, fanOutEnvironment } from '../infra/fan-out-definition.ts';
import { startDemo } from '../infra/local/demo.ts';
import { localContext } from '../infra/local/local-context.ts';
import { useLocalAws } from '../infra/local/simulators/aws/credentials.ts';
import { startDynamoDb } from '../infra/local/simulators/dynamodb.ts';
import { startEventBridge } from '../infra/local/simulators/event-bridge.ts';
import { startLambdaStandIn } from '../infra/local/simulators/lambda.ts';
import type { Listener } from '../infra/local/simulators/listen.ts';
import { startSchedulerStandIn } from '../infra/local/simulators/scheduler.ts';
import { startSecretsManager } from '../infra/local/simulators/secrets-manager.ts';
import { demo as slackDemo } from '../infra/local/simulators/slack.ts';
import { localStateMachineArn, startStepFunctions } from '../infra/local/simulators/step-functions.ts';
import { commandForm, signed } from '../infra/local/slack-client.ts';
import { startSlackPosts } from '../infra/local/slack-posts.ts';
import { stateMachine } from '../infra/local/state-machine.ts';
import { findOperations } from '../infra/operations.ts';
import { keepToken, tokenKeeperName } from '../lib/atlas/token-keeper.ts';
import { receiver } from '../lib/chat/receiver.ts';
import { workerName } from '../lib/chat/slack.ts';
import { worker } from '../lib/chat/worker.ts';
import { secretIdOf } from '../lib/connections.ts';
import { fanOutId } from '../lib/fan-out/planned.ts';
import { functionNameOf } from '../lib/function-name.ts';
import { signatureProblems } from './botocore.ts';
import { chatEventOf, idOf, takeLog } from './chat-harness.ts';
import { exampleInput } from './example-input.ts';
import { lambdaContext } from './harness.ts';
import { botocore, toolMissing } from './python-tools.ts';
import { summaryOf, type Tap, tapped } from './tap.ts';
import { restoreEnvironment } from './temporary-harness.ts';

// Every request to AWS that any operation or function makes, taken off the wire. The signer and the stand-ins' check are
// of one library; botocore is another one.

const botocoreMissing = await toolMissing(botocore);

test('CI has botocore', () => {
  if (process.env['CI']) assert.equal(botocoreMissing, undefined);
});

describe('botocore', { skip: botocoreMissing ?? false }, () => {
  const listeners: Pick<Listener, 'close'>[] = [];
  const taps: Tap[] = [];
  const log = takeLog();
  let requests: Buffer[] = [];
  let asked: string[] = [];

  const open = async (starting: Promise<Listener>) => {
    const listener = await starting;
    listeners.push(listener);
    return listener.url;
  };
  const tap = async (name: string, starting: Promise<Listener>) => {
    const one = await tapped(await open(starting));
    taps.push(one);
    process.env[`AWS_ENDPOINT_URL_${name}`] = one.url;
  };

  before(async () => {
    const found = await findOperations();
    const operations = found.map(({ operation }) => operation);
    const connections = await startDemo(open, () => {});
    const secrets = connections.map(({ system, connection, value }) => [
      secretIdOf(system, connection),
      value,
    ]);
    const handlers = new Map<string, (event: unknown) => Promise<unknown>>(
      [
        ...found.map(({ operation: { name }, handler }) => ({ name, handler })),
        { name: tokenKeeperName, handler: keepToken },
        { name: workerName, handler: worker(operations) },
      ].map(({ name, handler }) => [
        functionNameOf(name),
        (event: unknown) => handler(event, localContext(name)),
      ]),
    );
    const run = (name: string, event: unknown) => handlers.get(name)?.(event);
    const groups = [restoreEnvironment.RESTORE_GROUP];
    const lambda = await startLambdaStandIn(run, { retryMs: 1 });
    const stepFunctions = await startStepFunctions(stateMachine(fanOutDefinition), run);
    await tap('SECRETS_MANAGER', startSecretsManager({ secrets: Object.fromEntries(secrets) }));
    await tap(
      'SCHEDULER',
      startSchedulerStandIn(async () => {}, { groups }),
    );
    await tap('EVENTBRIDGE', startEventBridge(['switchboard']));
    await tap('DYNAMODB', startDynamoDb('switchboard-audit', ['auditId', 'outcome']));
    await tap('LAMBDA', Promise.resolve(lambda));
    await tap('SFN', Promise.resolve(stepFunctions));
    useLocalAws();
    Object.assign(process.env, restoreEnvironment, fanOutEnvironment(localStateMachineArn, operations), {
      ATLAS_TOKEN_FUNCTION: functionNameOf(tokenKeeperName),
      EVENT_BUS: 'switchboard',
      AUDIT_TABLE: 'switchboard-audit',
    });

    for (const { operation, handler } of found) {
      const { input, system } = operation;
      // What has to be refused is refused after AWS was asked.
      const call = (more: object = {}) =>
        handler(
          {
            ...(system.secret && { connection: 'demo' }),
            actor: 'ação',
            input: { ...exampleInput(operation), ...more },
          },
          lambdaContext(),
        ).catch(() => {});
      if ('for' in input.shape) for (const time of ['PT1H', 'PT2H']) await call({ for: time });
      else await call();
    }
    const fanOut = { operation: 'sps.getSystemAlerts', connections: '*' };
    await run(functionNameOf('fanOut.start'), { input: fanOut, idempotencyKey: 'one' });
    await stepFunctions.settled();
    const id = fanOutId(fanOut.operation, { idempotencyKey: 'one', requestId: '' });
    await run(functionNameOf('fanOut.get'), { input: { operation: fanOut.operation, id } });
    const schedules = found.filter(({ operation }) => operation.system.name === 'changes');
    for (const { operation, handler } of schedules) {
      const listed: unknown = await schedules[0]?.handler({ input: {} }, lambdaContext());
      const [id] = /[\w-]+-[\da-f]{16}/.exec(JSON.stringify(listed)) ?? [];
      const input = 'id' in operation.input.shape ? { id } : {};
      await handler({ input }, lambdaContext());
    }
    const posts = await startSlackPosts();
    listeners.push(posts);
    const form = commandForm('help', idOf('U1'), posts.responseUrl);
    const { afterwards } = await receiver()(
      chatEventOf(signed(form, slackDemo.secret.signingSecret)),
      lambdaContext(),
    );
    await afterwards?.();
    await lambda.settled();
    const [{ publishOutcome }, { forwardAudit }] = await Promise.all([
      import('../lib/outcomes/publish-outcome.ts'),
      import('../lib/audit-trail/forward.ts'),
    ]);
    await publishOutcome({
      requestContext: {
        requestId: 'one',
        functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:switchboard-sps-getSystemAlerts:$LATEST',
        condition: 'Success',
      },
      responsePayload: {},
    });
    const logEvents = log.lines.map((message) => ({ message }));
    const data = gzipSync(JSON.stringify({ logEvents })).toString('base64');
    await forwardAudit({ awslogs: { data } });

    const exchanges = (await Promise.all(taps.map((one) => one.exchanges()))).flat();
    requests = exchanges.map(({ request }) => request);
    asked = exchanges.map(summaryOf);
  });

  after(async () => {
    log.giveBack();
    await Promise.all([...taps, ...listeners].map((one) => one.close()));
  });

  test('confirms the signature of every request of every operation and function', async (context) => {
    const problems = await signatureProblems(requests);
    assert.deepEqual(problems.filter(Boolean), []);
    assert.equal(problems.length, requests.length);
    context.diagnostic(`${problems.length} signatures confirmed`);
  });

  test('was shown each kind of request that the program makes', async () => {
    const names = new Set(asked.map((summary) => nameOf(summary)));
    const missing = [...(await commandsInUse())].filter((name) => !names.has(name));
    assert.deepEqual(missing, []);
  });

  test('confirms none that was changed on the way', async () => {
    const changes: [what: string, change: (text: string) => string][] = [
      ['query', (text) => text.replace('groupName=', 'groupNam%65s=')],
      ['path', (text) => text.replace('/schedules/', '/schedules/x')],
      ['method', (text) => text.replace(/^GET /, 'PUT ')],
      ['header', (text) => text.replace(/x-amz-date: ?\d{4}/i, 'x-amz-date: 2001')],
    ];
    const get = requests.find((request) => /^GET \/schedules\/.*groupName=/.test(request.toString()));
    assert.ok(get);
    const changed = changes.map(([, change]) => Buffer.from(change(get.toString())));
    const problems = await signatureProblems(changed);
    assert.deepEqual(
      changes.filter((_change, index) => problems[index] === null).map(([what]) => what),
      [],
    );
  });
});

/** The name of the operation that was asked for. */
function nameOf(summary: string): string {
  const rest: Record<string, RegExp> = {
    CreateSchedule: /^POST \/schedules\//,
    UpdateSchedule: /^PUT \/schedules\//,
    DeleteSchedule: /^DELETE \/schedules\//,
    GetSchedule: /^GET \/schedules\//,
    ListSchedules: /^GET \/schedules /,
    Invoke: /^POST \/2015-03-31\/functions\//,
  };
  const [name] = Object.entries(rest).find(([, pattern]) => pattern.test(summary)) ?? [];
  return name ?? summary.split(' ')[0] ?? '';
}

/** The operations of AWS that the code in `lib/` names. */
async function commandsInUse(): Promise<Set<string>> {
  const lib = join(import.meta.dirname, '..', 'lib');
  const files = (await readdir(lib, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const texts = await Promise.all(files.map((name) => readFile(join(lib, name), 'utf8')));
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/new (\w+)Command\(/g)].map(([, name = '']) => name)),
  );
}
