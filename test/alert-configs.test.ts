import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import * as z from 'zod';
import * as listInAtlas from '../functions/atlas/list-alert-configs.ts';
import * as toggleInAtlas from '../functions/atlas/toggle-alert-config.ts';
import * as listInOpsManager from '../functions/ops-manager/list-alert-configs.ts';
import * as toggleInOpsManager from '../functions/ops-manager/toggle-alert-config.ts';
import * as atlas from '../infra/local/simulators/atlas.ts';
import * as opsManager from '../infra/local/simulators/ops-manager.ts';
import { problemDetails } from '../lib/problems/problem-details.ts';
import {
  answered,
  askedOf,
  calls,
  failed,
  opsManagerKey,
  respond,
  type Systems,
  serviceAccount,
  startSystems,
  triggerNames,
  unitEvent,
} from './harness.ts';

let systems: Systems;
const connections = { atlas: '', opsManager: '' };

const sides = [
  {
    system: 'atlas',
    list: listInAtlas,
    toggle: toggleInAtlas,
    groupId: atlas.demo.groupId,
    kinds: atlas.alertKinds,
  },
  {
    system: 'opsManager',
    list: listInOpsManager,
    toggle: toggleInOpsManager,
    groupId: opsManager.demo.groupId,
    kinds: opsManager.alertKinds,
  },
] as const;

const page = z.strictObject({
  results: z.array(z.looseObject({ id: z.string(), eventTypeName: z.string(), enabled: z.boolean() })),
  totalCount: z.int().optional(),
});

const selected = z.array(
  z.strictObject({
    id: z.string(),
    eventTypeName: z.string().optional(),
    enabled: z.boolean().optional(),
    problem: problemDetails.strict().optional(),
  }),
);

const answer = z.strictObject({
  changed: z.boolean(),
  dryRun: z.boolean(),
  before: selected,
  after: selected,
  warnings: z.array(z.string()),
  digest: z.string(),
});

const nobody = 'f'.repeat(24);

before(async () => {
  systems = await startSystems();
  connections.atlas = systems.store(serviceAccount(systems.atlas));
  connections.opsManager = systems.store(opsManagerKey(systems.opsManager), 'opsManager');
});

afterEach(() => {
  systems.atlas.recover();
  systems.opsManager.recover();
  systems.atlas.organizations.splice(0, Number.POSITIVE_INFINITY, ...atlas.demoWorld());
  systems.opsManager.organizations.splice(0, Number.POSITIVE_INFINITY, ...opsManager.demoWorld());
});

after(() => systems.stop());

/** The names of all members, however deep. */
function namesIn(value: unknown): string[] {
  const names = new Set<string>();
  JSON.stringify(value, (name, part) => {
    if (name !== '' && !/^\d+$/.test(name)) names.add(name);
    return part;
  });
  return [...names].toSorted();
}

for (const { system, list, toggle, groupId, kinds } of sides) {
  const path = `/groups/${groupId}/alertConfigs`;
  const readAll = `GET ${path}?includeCount=false&itemsPerPage=500&pageNum=1`;
  const patch = (id: string) => `PATCH ${path}/${id}`;
  const configs = () => systems[system].organizations[0]?.groups[0]?.alertConfigs ?? [];
  const ids = () => configs().map(({ id }) => id);
  const enabledIds = () => configs().flatMap(({ id, enabled }) => (enabled ? [id] : []));
  const haveConfigs = (count: number) => {
    const group = systems[system].organizations[0]?.groups[0];
    if (group) group.alertConfigs = atlas.alertConfigsOf(groupId, kinds, count);
  };

  /** What came of some work, and what the Admin API was asked for by it. */
  async function watched<T>(work: Promise<T>): Promise<[outcome: T, asked: string[]]> {
    const from = systems[system].requests.length;
    return [await work, askedOf(systems[system], from)];
  }

  for (const trigger of triggerNames) {
    describe(`${list.operation.name} over ${trigger}`, () => {
      const call = (input: Record<string, unknown> = {}) =>
        calls[trigger](list, { connection: connections[system], input: { groupId, ...input } });

      test('answers the alert configurations in one request', async () => {
        const [outcome, asked] = await watched(call());
        const { results, totalCount } = page.parse(answered(outcome));
        assert.equal(totalCount, 12);
        assert.deepEqual(
          results.map(({ id, eventTypeName, enabled }) => [id, eventTypeName, enabled]),
          configs().map(({ id, eventTypeName, enabled }) => [id, eventTypeName, enabled]),
        );
        assert.deepEqual(asked, [`GET ${path}?includeCount=true&itemsPerPage=100&pageNum=1`]);
      });

      test('answers declared fields only: no address, token or key of a notification', async () => {
        const email = { typeName: 'EMAIL', emailAddress: 'on-call@example.com' };
        configs()[0]?.notifications.push(email);
        const given = answered(await call({ all: true }));
        for (const secret of [/@example/, /c0de/, /f00d/]) {
          assert.match(JSON.stringify(configs()), secret);
          assert.doesNotMatch(JSON.stringify(given), secret);
        }
        assert.deepEqual(namesIn(given), [
          'channelName',
          'created',
          'delayMin',
          'emailEnabled',
          'enabled',
          'eventTypeName',
          'fieldName',
          'id',
          'intervalMin',
          'matchers',
          'metricName',
          'metricThreshold',
          'mode',
          'notifications',
          'operator',
          'results',
          'roles',
          'smsEnabled',
          'threshold',
          'totalCount',
          'typeName',
          'units',
          'updated',
          'value',
        ]);
      });

      test('cuts pages, and counts only where it is asked to', async () => {
        const third = page.parse(answered(await call({ itemsPerPage: 5, pageNum: 3 })));
        assert.deepEqual(
          third.results.map(({ id }) => id),
          ids().slice(10),
        );
        assert.equal(third.totalCount, 12);
        const uncounted = page.parse(answered(await call({ includeCount: false })));
        assert.equal(uncounted.totalCount, undefined);
        const second = page.parse(answered(await call({ pageNum: 2 })));
        assert.deepEqual(second, { results: [], totalCount: 12 });
      });

      for (const [count, requests] of [
        [0, 1],
        [499, 1],
        [501, 2],
      ] as const)
        test(`all=true answers ${count} in ${requests} request(s)`, async () => {
          haveConfigs(count);
          const [outcome, asked] = await watched(call({ all: true }));
          const { results, totalCount } = page.parse(answered(outcome));
          assert.deepEqual(
            results.map(({ id }) => id),
            ids(),
          );
          assert.equal(totalCount, count);
          assert.equal(asked.length, requests);
          assert.equal(asked[0], readAll);
        });

      test('refuses a page together with all, and a project id that is none', async () => {
        const both = failed(await call({ all: true, pageNum: 2 }));
        assert.deepEqual(both.errors, [{ field: 'pageNum', detail: 'cannot be combined with all=true' }]);
        const { errors } = failed(await call({ groupId: 'x' }));
        assert.deepEqual(
          errors?.map(({ field }) => field),
          ['groupId'],
        );
      });

      test('of a project that does not exist is a problem of its own', async () => {
        const problem = failed(await call({ groupId: nobody }));
        assert.deepEqual([problem.code, problem.status], ['GROUP_NOT_FOUND', 404]);
        assert.deepEqual(problem.parameters, [nobody]);
      });
    });

    describe(`${toggle.operation.name} over ${trigger}`, () => {
      const call = (input: Record<string, unknown>, remainingMs?: number) =>
        calls[trigger](toggle, {
          connection: connections[system],
          input: { groupId, ...input },
          ...(remainingMs !== undefined && { remainingMs }),
        });
      const changeOf = async (input: Record<string, unknown>) => answer.parse(answered(await call(input)));

      /** Runs work, after which nothing but `enabled` (and when it was set) of these may be different. */
      async function onlyEnabledChanges(changing: string[], work: () => Promise<unknown>): Promise<void> {
        const withoutChange = () =>
          structuredClone(configs()).map(({ enabled, updated, ...rest }) =>
            changing.includes(rest.id) ? rest : { enabled, updated, ...rest },
          );
        const untouched = withoutChange();
        await work();
        assert.deepEqual(withoutChange(), untouched);
      }

      test('sets those that are named, one PATCH each, and says what they were and are', async () => {
        const [first = '', second = ''] = enabledIds();
        await onlyEnabledChanges([first, second], async () => {
          const alertConfigIds = [second, first];
          const [outcome, asked] = await watched(call({ enabled: false, alertConfigIds }));
          const { changed, dryRun, before, after, warnings } = answer.parse(answered(outcome));
          assert.deepEqual([changed, dryRun, warnings], [true, false, []]);
          const named = (enabled: boolean) =>
            alertConfigIds.map((id) => {
              const eventTypeName = configs().find((config) => config.id === id)?.eventTypeName;
              return { id, eventTypeName, enabled };
            });
          assert.deepEqual(before, named(true));
          assert.deepEqual(after, named(false));
          assert.deepEqual(asked, [readAll, patch(second), patch(first)]);
        });
        assert.ok(!enabledIds().includes(first) && !enabledIds().includes(second));
        assert.equal(enabledIds().length, 8);
      });

      test('sends the state that is wanted, nothing else, and never a PUT', async () => {
        const from = systems[system].requests.length;
        await changeOf({ enabled: false, all: true });
        const sent = systems[system].requests.slice(from);
        const methods = new Set(sent.map(({ method }) => method));
        assert.deepEqual([...methods].toSorted(), ['GET', 'PATCH']);
        // The simulator refuses any other member; the length shows that there is none that it would let pass.
        for (const { method, headers } of sent)
          if (method === 'PATCH' && headers.authorization)
            assert.equal(headers['content-length'], String('{"enabled":false}'.length));
      });

      test('sets all, and leaves alone those that are so already', async () => {
        const changing = enabledIds();
        assert.equal(changing.length, 10);
        await onlyEnabledChanges(changing, async () => {
          const [outcome, asked] = await watched(call({ enabled: false, all: true }));
          const { changed, before, after } = answer.parse(answered(outcome));
          assert.equal(changed, true);
          assert.equal(before.length, 12);
          assert.ok(after.every(({ enabled, problem }) => enabled === false && !problem));
          assert.deepEqual(asked, [readAll, ...changing.map(patch)]);
        });
        assert.deepEqual(enabledIds(), []);
      });

      test('repeated, it changes nothing and sends no PATCH', async () => {
        await changeOf({ enabled: false, all: true });
        systems.logLines.length = 0;
        const [outcome, asked] = await watched(call({ enabled: false, all: true }));
        const { changed, before, after } = answer.parse(answered(outcome));
        assert.equal(changed, false);
        assert.deepEqual(before, after);
        assert.deepEqual(asked, [readAll]);
        assert.doesNotMatch(systems.logLines.join(''), /change intended/);
        assert.match(systems.logLines.join(''), /"change not needed".*"outcome":"unchanged"/);
        const back = await changeOf({ enabled: true, all: true });
        assert.equal(back.changed, true);
        assert.equal(enabledIds().length, 12);
      });

      test('sets all that watch for an event, and no other', async () => {
        const eventTypeName = 'HOST_DOWN';
        const watching = configs().filter((config) => config.eventTypeName === eventTypeName);
        assert.ok(watching.length > 1);
        const changing = watching.filter(({ enabled }) => enabled).map(({ id }) => id);
        await onlyEnabledChanges(changing, async () => {
          const [outcome, asked] = await watched(call({ enabled: false, all: true, eventTypeName }));
          const { after } = answer.parse(answered(outcome));
          assert.deepEqual(
            after,
            watching.map(({ id }) => ({ id, eventTypeName, enabled: false })),
          );
          assert.deepEqual(asked, [readAll, ...changing.map(patch)]);
        });
      });

      test('warns where nothing watches for the event', async () => {
        const { changed, after, warnings } = await changeOf({
          enabled: false,
          all: true,
          eventTypeName: 'HOST_DWON',
        });
        assert.deepEqual([changed, after], [false, []]);
        assert.deepEqual(warnings, ['No alert configuration of this project matches.']);
      });

      test('takes an id that is named twice once', async () => {
        const [id = ''] = enabledIds();
        const [outcome, asked] = await watched(call({ enabled: false, alertConfigIds: [id, id, id] }));
        assert.equal(answer.parse(answered(outcome)).after.length, 1);
        assert.deepEqual(asked, [readAll, patch(id)]);
      });

      test('answers an unknown id on its own, and sets the others', async () => {
        const [id = ''] = enabledIds();
        const [outcome, asked] = await watched(call({ enabled: false, alertConfigIds: [nobody, id] }));
        const { changed, before, after, warnings } = answer.parse(answered(outcome));
        assert.equal(changed, true);
        assert.match(warnings.join(), new RegExp(`^${nobody} is left out: `));
        assert.equal(before[0]?.problem?.code, 'NOT_FOUND');
        assert.partialDeepStrictEqual(after, [
          { id: nobody, problem: { code: 'NOT_FOUND', status: 404, system } },
          { id, enabled: false },
        ]);
        assert.equal(after[0]?.enabled, undefined);
        assert.ok(after[0]?.problem?.detail.includes(nobody));
        assert.equal(after[1]?.problem, undefined);
        assert.deepEqual(asked, [readAll, patch(id)]);
        assert.ok(!enabledIds().includes(id));
      });

      test('an unknown id alone changes nothing', async () => {
        const [outcome, asked] = await watched(call({ enabled: false, alertConfigIds: [nobody] }));
        const { changed, after } = answer.parse(answered(outcome));
        assert.equal(changed, false);
        assert.equal(after[0]?.problem?.code, 'NOT_FOUND');
        assert.deepEqual(asked, [readAll]);
      });

      const gone = (skip: number, times: number) => ({
        skip,
        times,
        status: 404,
        errorCode: 'ALERT_CONFIG_NOT_FOUND',
        detail: 'It went between the read and the write.',
      });

      test('one that cannot be set is answered on its own, with what it still is', async () => {
        const [first = '', second = '', third = ''] = enabledIds();
        systems[system].fail(gone(2, 1));
        const alertConfigIds = [first, second, third];
        const [outcome, asked] = await watched(call({ enabled: false, alertConfigIds }));
        const { changed, after } = answer.parse(answered(outcome));
        assert.equal(changed, true);
        assert.deepEqual(
          after.map(({ id, enabled, problem }) => [id, enabled, problem?.code]),
          [
            [first, false, undefined],
            [second, true, 'ALERT_CONFIG_NOT_FOUND'],
            [third, false, undefined],
          ],
        );
        assert.equal(after[1]?.problem?.upstream?.detail, 'It went between the read and the write.');
        assert.deepEqual(asked, [readAll, ...alertConfigIds.map(patch)]);
        assert.ok(enabledIds().includes(second));
        assert.ok(!enabledIds().includes(first) && !enabledIds().includes(third));
      });

      test('where none can be set, the call has failed', async () => {
        const alertConfigIds = enabledIds().slice(0, 3);
        systems[system].fail(gone(1, 3));
        systems.logLines.length = 0;
        const [outcome, asked] = await watched(call({ enabled: false, alertConfigIds }));
        const problem = failed(outcome);
        assert.deepEqual([problem.code, problem.status], ['ALERT_CONFIG_NOT_FOUND', 404]);
        assert.deepEqual(asked, [readAll, ...alertConfigIds.map(patch)]);
        assert.match(systems.logLines.join(''), /"change not made"/);
      });

      test('a PATCH whose answer was lost is sent again', async () => {
        const [id = ''] = enabledIds();
        systems[system].fail({ skip: 1, lost: true });
        const [outcome, asked] = await watched(call({ enabled: false, alertConfigIds: [id] }));
        assert.deepEqual(
          answer.parse(answered(outcome)).after.map(({ enabled }) => enabled),
          [false],
        );
        assert.deepEqual(asked, [readAll, patch(id), patch(id)]);
      });

      test('an answer that contradicts what was asked for is not taken for done', async () => {
        const [id = ''] = enabledIds();
        systems[system].fail({ skip: 1, body: { id, enabled: true } });
        const problem = failed(await call({ enabled: false, alertConfigIds: [id] }));
        assert.equal(problem.code, 'UPSTREAM_ANSWER_UNEXPECTED');
        assert.match(problem.detail, /enabled/);
      });

      test('a dry run answers the change and makes none', async () => {
        const untouched = structuredClone(configs());
        const [outcome, asked] = await watched(call({ enabled: false, all: true, dryRun: true }));
        const { changed, dryRun, before, after } = answer.parse(answered(outcome));
        assert.deepEqual([changed, dryRun], [true, true]);
        assert.equal(before.filter(({ enabled }) => enabled).length, 10);
        assert.ok(after.every(({ enabled }) => enabled === false));
        assert.deepEqual(asked, [readAll]);
        assert.deepEqual(configs(), untouched);
      });

      test("a dry run's digest is good until the state moves; then the answer shows the change anew", async () => {
        const wish = { enabled: false, all: true };
        const { digest } = await changeOf({ ...wish, dryRun: true });
        const [config] = configs();
        assert.ok(config?.enabled);
        config.enabled = false;
        const [outcome, asked] = await watched(call({ ...wish, digest }));
        const problem = failed(outcome);
        assert.deepEqual([problem.code, problem.status], ['PLAN_STALE', 409]);
        const preview = answer.parse(problem.preview);
        assert.equal(preview.dryRun, true);
        assert.equal(preview.before[0]?.enabled, false);
        assert.notEqual(preview.digest, digest);
        assert.deepEqual(asked, [readAll]);
        assert.equal(enabledIds().length, 9);
        assert.equal((await changeOf({ ...wish, digest: preview.digest })).changed, true);
        assert.deepEqual(enabledIds(), []);
      });

      test('writes its intent and its outcome, under one id', async () => {
        systems.logLines.length = 0;
        const { before, after } = await changeOf({ enabled: false, all: true, eventTypeName: 'HOST_DOWN' });
        const [intent, made, ...more] = systems.logLines
          .map((line) => JSON.parse(line))
          .filter(({ auditId }) => auditId);
        assert.deepEqual(more, []);
        const { name } = toggle.operation;
        assert.partialDeepStrictEqual(intent, {
          message: 'change intended',
          operation: name,
          effect: 'change',
          before,
          after,
        });
        assert.partialDeepStrictEqual(made, { message: 'change made', auditId: intent.auditId });
      });

      const one = ['0123456789abcdef01234567'];
      const wrong: [what: string, input: Record<string, unknown>, field: string, detail: RegExp][] = [
        ['neither ids nor all', { enabled: true }, 'alertConfigIds', /or say all=true, and not both/],
        ['all=false alone', { enabled: true, all: false }, 'alertConfigIds', /or say all=true/],
        ['both', { enabled: true, all: true, alertConfigIds: one }, 'alertConfigIds', /not both/],
        [
          'an event without all',
          { enabled: true, alertConfigIds: one, eventTypeName: 'HOST_DOWN' },
          'eventTypeName',
          /only goes with all=true/,
        ],
        ['an empty event', { enabled: true, all: true, eventTypeName: '' }, 'eventTypeName', /not be empty/],
        ['no ids', { enabled: true, alertConfigIds: [] }, 'alertConfigIds', /at least one/],
        [
          'too many ids',
          { enabled: true, alertConfigIds: Array(501).fill(one[0]) },
          'alertConfigIds',
          /at most 500/,
        ],
        ['a wrong id', { enabled: true, alertConfigIds: [...one, 'x'] }, 'alertConfigIds.1', /24 lower-case/],
        ['one id as text', { enabled: true, alertConfigIds: one[0] }, 'alertConfigIds', /list of ids/],
        ['no state', { all: true }, 'enabled', /is required/],
        ['a state that is text', { enabled: 'false', all: true }, 'enabled', /true or false/],
        ['an unknown argument', { enabled: true, all: true, colour: 1 }, 'colour', /is not known here/],
      ];
      for (const [what, input, field, detail] of wrong)
        test(`refuses ${what} by name and asks nobody`, async () => {
          const [outcome, asked] = await watched(call(input));
          const { code, status, errors } = failed(outcome);
          assert.deepEqual([code, status], ['INVALID_INPUT', 400]);
          assert.deepEqual(
            errors?.map((error) => error.field),
            [field],
          );
          assert.match(errors?.[0]?.detail ?? '', detail);
          assert.deepEqual(asked, []);
        });
    });
  }

  describe(`${toggle.operation.name} as an HTTP API event`, () => {
    const event = () => unitEvent(toggle, { connection: connections[system], input: { groupId } });

    const refused: [
      what: string,
      change: { body?: string; query?: string },
      field: string,
      detail: RegExp,
    ][] = [
      ['no body', {}, 'enabled', /is required/],
      ['a body that is not JSON', { body: '{"enabled":' }, 'body', /is not JSON/],
      ['a body that is a list', { body: '[]' }, 'body', /JSON object/],
      ['a body that is null', { body: 'null' }, 'body', /JSON object/],
      [
        'an unknown member',
        { body: '{"enabled":true,"all":true,"colour":"blue"}' },
        'colour',
        /does not belong in the body; it takes enabled, alertConfigIds, all, eventTypeName/,
      ],
      [
        'an argument of the path in the body',
        { body: `{"enabled":true,"all":true,"groupId":"${nobody}"}` },
        'groupId',
        /does not belong in the body/,
      ],
      [
        'an argument of the query in the body',
        { body: '{"enabled":true,"all":true,"dryRun":true}' },
        'dryRun',
        /does not belong in the body/,
      ],
      [
        'an argument of the body in the query',
        { body: '{"enabled":true}', query: 'all=true' },
        'all',
        /belongs in the body only/,
      ],
    ];
    for (const [what, { body, query = '' }, field, detail] of refused)
      test(`is refused with ${what}`, async () => {
        const from = systems[system].requests.length;
        const { body: _body, ...bare } = event();
        const response = await respond(toggle.handler, {
          ...bare,
          ...(query !== '' && { queryStringParameters: Object.fromEntries(new URLSearchParams(query)) }),
          ...(body !== undefined && { body }),
        });
        assert.equal(response.statusCode, 400);
        const { code, errors } = JSON.parse(response.body);
        assert.equal(code, 'INVALID_INPUT');
        assert.equal(errors[0].field, field);
        assert.match(errors[0].detail, detail);
        assert.deepEqual(askedOf(systems[system], from), []);
      });

    test('takes a body in base64, as an HTTP API may hand it over', async () => {
      const body = Buffer.from('{"enabled":false,"all":true}').toString('base64');
      const { statusCode } = await respond(toggle.handler, { ...event(), body, isBase64Encoded: true });
      assert.equal(statusCode, 200);
      assert.deepEqual(enabledIds(), []);
    });
  });
}

test('when the time runs out, what was set is answered, and what was not', async () => {
  const { groupId } = atlas.demo;
  const time = { left: 1_500 };
  const timeIsUp = () => {
    time.left = 0;
  };
  systems.atlas.fail({ skip: 2, silent: true, reached: timeIsUp });
  const call = {
    connection: connections.atlas,
    input: { groupId, enabled: false, all: true },
    remainingMs: time,
  };
  const { after } = answer.parse(answered(await calls.http(toggleInAtlas, call)));
  assert.equal(after[0]?.enabled, false);
  const codes = after.slice(1).map(({ enabled, problem }) => (enabled ? problem?.code : 'off before'));
  assert.deepEqual(new Set(codes), new Set(['DEADLINE_EXCEEDED', 'off before']));
});
