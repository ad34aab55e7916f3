import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import * as z from 'zod';
import { handler as toggle } from '../functions/atlas/toggle-alert-config.ts';
import { handler } from '../infra/entries/publish-outcome.ts';
import { problemKinds } from '../lib/problems/kinds.ts';
import { problemDetails } from '../lib/problems/problem-details.ts';
import { lambdaContext, type Systems, startSystems } from './harness.ts';

const eventBridge = mockClient(EventBridgeClient);

let systems: Systems;

before(async () => {
  systems = await startSystems();
  process.env['EVENT_BUS'] = 'switchboard';
});

after(() => systems.stop());

beforeEach(() => {
  eventBridge.reset();
  eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: 'one' }] });
  systems.logLines.length = 0;
});

const event = {
  connection: 'dc1',
  input: { alerts: { xcbDiskFull: { email: false } } },
  actor: 'schedule:maintenance-quiet',
  idempotencyKey: 'd32c5kddcf5bb8c3',
};

interface Ending {
  condition?: string;
  functionName?: string;
  requestPayload?: unknown;
  responsePayload?: unknown;
}

/** What Lambda tells a destination, in the shape that its documentation shows. */
const record = ({
  condition = 'Success',
  functionName = 'switchboard-sps-toggleSystemAlerts',
  requestPayload = event,
  responsePayload,
}: Ending) => ({
  version: '1.0',
  timestamp: '2026-11-14T18:16:05.568Z',
  requestContext: {
    requestId: 'e4b46cbf-b738-4af0-8880-a18cdf61200e',
    functionArn: `arn:aws:lambda:us-east-2:123456789012:function:${functionName}:$LATEST`,
    condition,
    approximateInvokeCount: condition === 'Success' ? 1 : 3,
  },
  requestPayload,
  responseContext: {
    statusCode: 200,
    executedVersion: '$LATEST',
    ...(condition === 'RetriesExhausted' && { functionError: 'Unhandled' }),
  },
  ...(responsePayload !== undefined && { responsePayload }),
});

const entry = z.strictObject({
  EventBusName: z.literal('switchboard'),
  Source: z.literal('switchboard'),
  DetailType: z.string(),
  Detail: z.string().transform((json): unknown => JSON.parse(json)),
});

/** The one event that was put on the bus. */
function published() {
  const [call, ...others] = eventBridge.commandCalls(PutEventsCommand);
  assert.ok(call);
  assert.equal(others.length, 0);
  const [first, ...more] = call.args[0].input.Entries ?? [];
  assert.equal(more.length, 0);
  const { DetailType, Detail } = entry.parse(first);
  return {
    type: DetailType,
    detail: z.record(z.string(), z.unknown()).parse(Detail),
    json: first?.Detail ?? '',
  };
}

const about = {
  operation: 'sps.toggleSystemAlerts',
  connection: 'dc1',
  actor: 'schedule:maintenance-quiet',
  idempotencyKey: 'd32c5kddcf5bb8c3',
  requestId: 'e4b46cbf-b738-4af0-8880-a18cdf61200e',
};

describe('an outcome is put on the bus', () => {
  test('with the result of what succeeded', async () => {
    const result = { changed: true, warnings: [] };
    await handler(record({ responsePayload: result }));
    const { type, detail } = published();
    assert.equal(type, 'Operation Succeeded');
    assert.deepEqual(detail, { ...about, attempts: 1, result });
  });

  test('with the problem that an operation really threw', async () => {
    const thrown: unknown = await toggle({ connection: 'nowhere', input: {} }, lambdaContext()).catch(
      (error: unknown) => error,
    );
    assert.ok(thrown instanceof Error);
    const { name: errorType, message: errorMessage } = thrown;
    await handler(
      record({
        condition: 'RetriesExhausted',
        functionName: 'switchboard-atlas-toggleAlertConfig',
        responsePayload: { errorType, errorMessage, trace: [] },
      }),
    );
    const { type, detail } = published();
    assert.equal(type, 'Operation Failed');
    const { problem, ...rest } = detail;
    assert.deepEqual(rest, { ...about, operation: 'atlas.toggleAlertConfig', attempts: 3 });
    const { code, errors } = problemDetails.parse(problem);
    assert.equal(code, 'INVALID_INPUT');
    assert.ok(errors?.some(({ field }) => field === 'groupId'));
  });

  const requestId = 'e4b46cbf-b738-4af0-8880-a18cdf61200e';
  const said = (what: string) => `RequestId: ${requestId} ${what}`;
  const ended: [how: string, responsePayload: unknown, kind: string, code: string, says?: RegExp][] = [
    [
      'its time-out',
      { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 28.00 seconds' },
      'FUNCTION_TIMED_OUT',
      'Sandbox.Timedout',
      /ended sps\.toggleSystemAlerts because its time was over: Task timed out after 28\.00 seconds\./,
    ],
    [
      'its time-out, as Lambda tells it with no type',
      { errorMessage: `2026-11-14T18:16:05.568Z ${requestId} Task timed out after 28.03 seconds` },
      'FUNCTION_TIMED_OUT',
      'FUNCTION_TIMED_OUT',
      /28\.03 seconds/,
    ],
    [
      'being killed',
      {
        errorType: 'Runtime.ExitError',
        errorMessage: said('Error: Runtime exited with error: signal: killed'),
      },
      'FUNCTION_OUT_OF_MEMORY',
      'Runtime.ExitError',
      /more memory than it has: Runtime exited with error: signal: killed/,
    ],
    [
      'too little memory, by that name',
      { errorType: 'Runtime.OutOfMemory', errorMessage: said('Error: Runtime.OutOfMemory') },
      'FUNCTION_OUT_OF_MEMORY',
      'Runtime.OutOfMemory',
    ],
    [
      "a crash, as in AWS's published sample",
      { errorMessage: said('Process exited before completing request') },
      'FUNCTION_CRASHED',
      'FUNCTION_CRASHED',
      /Process exited before completing request/,
    ],
    [
      'an exit',
      {
        errorType: 'Runtime.ExitError',
        errorMessage: said('Error: Runtime exited with error: exit status 129'),
      },
      'FUNCTION_CRASHED',
      'Runtime.ExitError',
      /exit status 129/,
    ],
    [
      'a fault before it began',
      {
        errorType: 'Runtime.ImportModuleError',
        errorMessage: "Error: Cannot find module 'index'",
        trace: [],
      },
      'FUNCTION_NOT_STARTED',
      'Runtime.ImportModuleError',
    ],
    [
      'an answer that is too large',
      {
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
      },
      'FUNCTION_ANSWER_TOO_LARGE',
      'Function.ResponseSizeTooLarge',
    ],
    [
      'an error that is no problem of ours',
      { errorType: 'TypeError', errorMessage: 'undefined is not hunter2', trace: ['TypeError'] },
      'FUNCTION_CRASHED',
      'FUNCTION_CRASHED',
    ],
    ['text', 'Task timed out after 3.00 seconds', 'FUNCTION_TIMED_OUT', 'FUNCTION_TIMED_OUT'],
    [
      'JSON in text',
      JSON.stringify({ errorType: 'Runtime.ExitError' }),
      'FUNCTION_CRASHED',
      'Runtime.ExitError',
    ],
    ['null', null, 'FUNCTION_CRASHED', 'FUNCTION_CRASHED'],
    ['nothing', undefined, 'FUNCTION_CRASHED', 'FUNCTION_CRASHED'],
    ['a list', [1], 'FUNCTION_CRASHED', 'FUNCTION_CRASHED'],
    ['a number for a message', { errorMessage: 5, errorType: null }, 'FUNCTION_CRASHED', 'FUNCTION_CRASHED'],
    ['JSON that is no problem', { errorMessage: '"x"' }, 'FUNCTION_CRASHED', 'FUNCTION_CRASHED'],
  ];
  for (const [how, responsePayload, kind, code, says = /./] of ended)
    test(`where the function was ended by ${how}`, async () => {
      await handler(record({ condition: 'RetriesExhausted', responsePayload }));
      const { type, detail, json } = published();
      assert.equal(type, 'Operation Failed');
      const { problem, ...rest } = detail;
      assert.deepEqual(rest, { ...about, attempts: 3 });
      const told = problemDetails.parse(problem);
      assert.deepEqual([told.type, told.code], [`/errors/${kind}`, code]);
      assert.match(told.detail, says);
      assert.ok(problemKinds.some((one) => one.code === kind));
      assert.doesNotMatch(json, /hunter2|Cannot find module/);
    });

  test('where the operation was never run, because it waited too long', async () => {
    await handler(record({ condition: 'EventAgeExceeded' }));
    const { type, detail } = published();
    assert.equal(type, 'Operation Failed');
    assert.partialDeepStrictEqual(detail['problem'], {
      type: '/errors/FUNCTION_NEVER_RUN',
      code: 'EventAgeExceeded',
      retryable: true,
    });
  });

  test('where the record leaves out, or distorts, all that can be done without', async () => {
    const whole = record({ condition: 'RetriesExhausted' });
    const { functionArn, condition } = whole.requestContext;
    await handler({
      version: '2.7',
      requestContext: { functionArn, condition, approximateInvokeCount: 'many' },
    });
    const { type, detail } = published();
    assert.equal(type, 'Operation Failed');
    assert.partialDeepStrictEqual(detail, { operation: 'sps.toggleSystemAlerts', requestId: 'unknown' });
  });

  test('where the event was no invocation at all', async () => {
    await handler(record({ condition: 'RetriesExhausted', requestPayload: 'hello', responsePayload: null }));
    const { operation, connection, actor } = published().detail;
    assert.deepEqual([operation, connection, actor], ['sps.toggleSystemAlerts', undefined, undefined]);
  });
});

test('neither the event nor the log has a secret', async () => {
  await handler(
    record({
      requestPayload: { ...event, input: { password: { plain: 'given-3141-plain' } } },
      responsePayload: {
        after: { community: 'shown-1618-once', users: [{ password: 'kept-5772-too' }] },
      },
    }),
  );
  const { json, detail } = published();
  for (const secret of ['given-3141-plain', 'shown-1618-once', 'kept-5772-too'])
    assert.ok(!(json + systems.logLines.join('')).includes(secret), secret);
  assert.partialDeepStrictEqual(detail, {
    result: { after: { community: '[redacted]', users: [{ password: '[redacted]' }] } },
  });
});

describe('a result that is too large for an event', () => {
  // Two bytes a letter, so that letters and bytes are told apart.
  const results = Array.from({ length: 3_000 }, (_, index) => ({
    cidrBlock: `10.0.0.${index}`,
    comment: 'ü'.repeat(60),
  }));

  test('is cut, with a note, and the rest of the event stays', async () => {
    await handler(record({ responsePayload: { results } }));
    const { detail, json } = published();
    assert.ok(Buffer.byteLength(json) < 256 * 1024 - 1024);
    const { result, note, ...rest } = detail;
    assert.deepEqual(rest, { ...about, attempts: 1 });
    assert.match(String(result), /^\{"results":\[\{"cidrBlock":"10\.0\.0\.0"/);
    const bytes = Buffer.byteLength(JSON.stringify({ results }));
    assert.match(String(note), new RegExp(`^Cut: of ${bytes} bytes`));
  });

  test('is not cut where it just fits', async () => {
    await handler(record({ responsePayload: { results: results.slice(0, 1_000) } }));
    assert.deepEqual(published().detail['result'], { results: results.slice(0, 1_000) });
  });
});

test('it fails where the bus refuses the event, so that Lambda tries again', async () => {
  eventBridge.on(PutEventsCommand).resolves({
    FailedEntryCount: 1,
    Entries: [{ ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' }],
  });
  await assert.rejects(handler(record({ responsePayload: {} })), /ThrottlingException/);
  assert.deepEqual(systems.logLines, []);
});

test("the log has what the alarm of a schedule's failures looks for", async () => {
  await handler(record({ condition: 'EventAgeExceeded' }));
  const [line = ''] = systems.logLines;
  assert.partialDeepStrictEqual(JSON.parse(line), {
    outcome: 'Operation Failed',
    actor: 'schedule:maintenance-quiet',
  });
});

test('what is no record at all is refused in words, so that it is kept where failures are', async () => {
  for (const ended of [
    undefined,
    null,
    'x',
    [],
    {},
    { requestContext: null },
    { source: 'aws.states', detail: 1 },
  ])
    await assert.rejects(handler(ended), {
      message: 'This is neither the record of an invocation nor the end of an execution.',
    });
});

test('a fan-out whose input cannot be read is told of all the same', async () => {
  for (const input of ['{', 'null', '[]', null, undefined]) {
    eventBridge.resetHistory();
    await handler({ source: 'aws.states', detail: { name: 'f-1', status: 'ABORTED', input } });
    assert.partialDeepStrictEqual(published().detail, { operation: 'fanOut.start', fanOut: 'f-1' });
  }
});
