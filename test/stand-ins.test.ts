import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateScheduleCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { localCredentials, region } from '../infra/local/simulators/aws/credentials.ts';
import { startLambdaStandIn } from '../infra/local/simulators/lambda.ts';
import { answerOf, type Call, calls, clientsOf } from './conformance/calls.ts';
import { type Side, startStandIns } from './conformance/sides.ts';

// What the stand-ins of AWS take and refuse; test/conformance.test.ts has moto asked the same.

let side: Side;

before(async () => {
  side = await startStandIns();
});

after(() => side.stop());

test('the stand-ins of AWS take and refuse what AWS does', async (context) => {
  const clients = clientsOf(side);
  for (const { what, call, answers } of calls)
    await context.test(what, async () => assert.equal(await answerOf(call(clients)), answers));
});

describe('each stand-in refuses', () => {
  const asking: [service: string, call: Call['call']][] = [
    'secret',
    'schedule',
    'execution',
    'event',
    'item',
    'function',
  ].map((word) => {
    const found = calls.find(({ what }) => what.includes(word));
    assert.ok(found, word);
    return [word, found.call];
  });
  const strangers: [who: string, credentials: object, name: string][] = [
    ['another access key', { accessKeyId: 'ASIAOTHER' }, 'UnrecognizedClientException'],
    ['another session', { sessionToken: 'other' }, 'UnrecognizedClientException'],
    ['another secret', { secretAccessKey: 'other' }, 'InvalidSignatureException'],
  ];
  for (const [who, credentials, name] of strangers)
    test(who, async () => {
      const clients = clientsOf({
        ...side,
        clientFor: (service) => ({
          ...side.clientFor(service),
          credentials: { ...localCredentials, ...credentials },
        }),
      });
      for (const [what, call] of asking) assert.equal(await answerOf(call(clients)), name, what);
    });

  test('a signature for another region', async () => {
    const clients = clientsOf({
      ...side,
      clientFor: (service) => ({ ...side.clientFor(service), region: 'eu-west-1' }),
    });
    for (const [what, call] of asking)
      assert.equal(await answerOf(call(clients)), 'InvalidSignatureException', what);
  });

  test('who does not sign, as a web page would not', async () => {
    for (const [name, url] of Object.entries(side.env).filter(([name]) => name.startsWith('AWS_ENDPOINT'))) {
      const response = await fetch(url, { method: 'POST', body: '{}' });
      assert.equal(response.headers.get('x-amzn-errortype'), 'MissingAuthenticationTokenException', name);
    }
  });
});

test('Scheduler lists by group, by how names begin, and page by page', async () => {
  const scheduler = new SchedulerClient(side.clientFor('SCHEDULER'));
  const create = (GroupName: string, Name: string) =>
    scheduler.send(
      new CreateScheduleCommand({
        GroupName,
        Name,
        ScheduleExpression: 'at(2099-01-01T00:00:00)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: `arn:aws:lambda:${region}:123456789012:function:one`,
          RoleArn: 'arn:aws:iam::123456789012:role/restore',
        },
      }),
    );
  for (const name of ['b-2', 'a', 'b-1', 'b-3']) await create('switchboard-temporary', name);
  await create('default', 'b-4');
  const GroupName = 'switchboard-temporary';
  const pages: (string | undefined)[][] = [];
  let NextToken: string | undefined;
  do {
    const list = new ListSchedulesCommand({ GroupName, NamePrefix: 'b-', MaxResults: 2, NextToken });
    const page = await scheduler.send(list);
    pages.push((page.Schedules ?? []).map(({ Name }) => Name));
    ({ NextToken } = page);
  } while (NextToken);
  assert.deepEqual(pages, [['b-1', 'b-2'], ['b-3']]);
});

test('Lambda takes 6 MB, 1 MB for later, functions by name or ARN, and JSON', async (context) => {
  const ran: string[] = [];
  const standIn = await startLambdaStandIn(async (name) => void ran.push(name));
  context.after(() => standIn.close());
  const lambda = new LambdaClient({ ...side.clientFor('LAMBDA'), endpoint: standIn.url });
  const invoke = (FunctionName: string, Payload: string, InvocationType?: 'Event') =>
    answerOf(lambda.send(new InvokeCommand({ FunctionName, Payload, InvocationType })));
  const payload = (bytes: number) => JSON.stringify('x'.repeat(bytes - 2));
  const megabyte = 1024 * 1024;
  const arn = `arn:aws:lambda:${region}:123456789012:function:one`;
  assert.deepEqual(
    [
      await invoke('one', payload(6 * megabyte)),
      await invoke('one', payload(6 * megabyte + 1)),
      await invoke(arn, payload(megabyte), 'Event'),
      await invoke(arn, payload(megabyte + 1), 'Event'),
      await invoke('one', '{'),
      await invoke('not a name', '{}'),
    ],
    [
      'taken',
      'RequestTooLargeException',
      'taken',
      'RequestTooLargeException',
      'InvalidRequestContentException',
      'ValidationException',
    ],
  );
  await standIn.settled();
  assert.deepEqual(ran, ['one', 'one']);
});
