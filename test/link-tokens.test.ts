import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import * as z from 'zod';
import * as deleteLinkTokens from '../functions/atlas/delete-link-tokens.ts';
import * as deleteMigrationLink from '../functions/ops-manager/delete-migration-link.ts';
import * as getMigrationLinkStatus from '../functions/ops-manager/get-migration-link-status.ts';
import * as atlas from '../infra/local/simulators/atlas.ts';
import * as opsManager from '../infra/local/simulators/ops-manager.ts';
import { catalogueErrors } from '../lib/error-catalogue/catalogue.ts';
import {
  actor,
  answered,
  askedOf,
  calls,
  directOutcome,
  failed,
  opsManagerKey,
  respond,
  type Systems,
  serviceAccount,
  startSystems,
  triggerNames,
  unitEvent,
} from './harness.ts';

const { orgId } = atlas.demo;
const nobody = 'f'.repeat(24);

let systems: Systems;
const connections = { atlas: '', opsManager: '' };

// Both sides of a live migration have a link of their own, deleted in the same way.
const sides = [
  {
    system: 'atlas',
    unit: deleteLinkTokens,
    orgId,
    member: 'linkTokens',
    request: `DELETE /orgs/${orgId}/liveMigrations/linkTokens`,
    summary: "Delete the organization's live-migration link tokens",
    title: 'Atlas',
  },
  {
    system: 'opsManager',
    unit: deleteMigrationLink,
    orgId: opsManager.demo.orgId,
    member: 'migrationLink',
    request: `DELETE /orgs/${opsManager.demo.orgId}/liveExport/migrationLink`,
    summary: "Delete the organization's link to Atlas",
    title: 'Ops Manager',
  },
] as const;

const answer = z.strictObject({
  changed: z.boolean(),
  dryRun: z.boolean(),
  before: z.record(z.string(), z.string()),
  after: z.record(z.string(), z.string()),
  warnings: z.array(z.string()),
  digest: z.string(),
});

const auditLine = z.object({ level: z.string(), message: z.string(), auditId: z.string() }).loose();
const audited = () => systems.logLines.flatMap((line) => auditLine.safeParse(JSON.parse(line)).data ?? []);

before(async () => {
  systems = await startSystems();
  connections.atlas = systems.store(serviceAccount(systems.atlas));
  connections.opsManager = systems.store(opsManagerKey(systems.opsManager), 'opsManager');
});

afterEach(() => {
  for (const simulator of [systems.atlas, systems.opsManager]) {
    simulator.recover();
    simulator.settings.refuse = undefined;
  }
  systems.atlas.organizations.splice(0, Number.POSITIVE_INFINITY, ...atlas.demoWorld());
  systems.opsManager.organizations.splice(0, Number.POSITIVE_INFINITY, ...opsManager.demoWorld());
  systems.logLines.length = 0;
});

after(() => systems.stop());

for (const { system, unit, orgId, member, request, summary, title } of sides)
  for (const trigger of triggerNames) {
    const connection = () => connections[system];
    const call = (input: Record<string, unknown> = {}) =>
      calls[trigger](unit, { connection: connection(), input: { orgId, ...input } });
    const confirmed = (input: Record<string, unknown> = {}) => call({ confirm: orgId, ...input });
    const link = () => systems[system].organizations[0]?.link;

    /** What came of a call, and what the Admin API was asked for by it. */
    async function watched<T>(work: Promise<T>): Promise<[outcome: T, asked: string[]]> {
      const from = systems[system].requests.length;
      return [await work, askedOf(systems[system], from)];
    }

    describe(`${unit.operation.name} over ${trigger}`, () => {
      const unconfirmed: [what: string, input: Record<string, unknown>][] = [
        ['nothing', {}],
        ['another organization', { confirm: nobody }],
        ['an empty text', { confirm: '' }],
        ['the id in upper case', { confirm: orgId.toUpperCase() }],
        ['a mere yes', { confirm: 'true' }],
      ];
      for (const [what, input] of unconfirmed)
        test(`confirmed with ${what}, says what it would delete and how to confirm, and asks nobody`, async () => {
          const [outcome, asked] = await watched(call(input));
          const problem = failed(outcome);
          assert.equal(problem.code, 'CONFIRMATION_REQUIRED');
          assert.equal(problem.status, 428);
          assert.equal(problem.retryable, false);
          assert.ok(problem.detail.includes(`${summary} (orgId ${orgId})`), problem.detail);
          assert.ok(problem.remedy.includes(`confirm=${orgId}`), problem.remedy);
          assert.partialDeepStrictEqual(problem.preview, {
            dryRun: true,
            before: { [member]: 'unknown' },
            after: { [member]: 'none' },
          });
          assert.deepEqual(asked, []);
          assert.ok(link());
          assert.deepEqual(audited(), []);
        });

      test('a dry run wants no confirmation, and deletes nothing', async () => {
        const [outcome, asked] = await watched(call({ dryRun: true }));
        const { digest, ...rest } = answer.parse(answered(outcome));
        assert.deepEqual(rest, {
          changed: true,
          dryRun: true,
          before: { [member]: 'unknown' },
          after: { [member]: 'none' },
          warnings: rest.warnings,
        });
        assert.match(rest.warnings.join(), /does not tell beforehand whether there /);
        assert.match(digest, /^[\da-f]{64}$/);
        assert.deepEqual(asked, []);
        assert.ok(link());
        assert.deepEqual(audited(), []);
      });

      test('deletes with one request, between an intent and an outcome', async () => {
        const [outcome, asked] = await watched(confirmed());
        const { digest, ...rest } = answer.parse(answered(outcome));
        assert.deepEqual(rest, {
          changed: true,
          dryRun: false,
          before: { [member]: 'unknown' },
          after: { [member]: 'none' },
          warnings: [],
        });
        assert.deepEqual(asked, [request]);
        assert.equal(link(), undefined);

        const [intent, made, ...more] = audited();
        assert.deepEqual(more, []);
        assert.partialDeepStrictEqual(intent, {
          message: 'change intended',
          operation: unit.operation.name,
          effect: 'destroy',
          connection: connection(),
          before: { [member]: 'unknown' },
          after: { [member]: 'none' },
          ...(trigger === 'http' && { actor }),
        });
        assert.partialDeepStrictEqual(made, { message: 'change made', outcome: 'made' });
        assert.equal(made?.auditId, intent?.auditId);
        assert.equal(made?.['requestId'], intent?.['requestId']);
      });

      test("goes ahead with a dry run's digest, and with no other", async () => {
        const stale = failed(await confirmed({ digest: '0'.repeat(64) }));
        assert.deepEqual([stale.code, stale.status], ['PLAN_STALE', 409]);
        assert.ok(link());
        const { digest } = answer.parse(answered(await call({ dryRun: true })));
        answered(await confirmed({ digest }));
        assert.equal(link(), undefined);
      });

      test('says plainly that there is no link', async () => {
        Object.assign(systems[system].organizations[0] ?? {}, { link: undefined });
        const [outcome, asked] = await watched(confirmed());
        const problem = failed(outcome);
        assert.deepEqual([problem.code, problem.status], ['LINK_NOT_FOUND', 404]);
        assert.equal(problem.type, '/errors/LINK_NOT_FOUND');
        assert.equal(problem.system, system);
        assert.ok(problem.detail.includes(orgId));
        assert.deepEqual(problem.upstream, {
          status: 404,
          errorCode: 'UNEXPECTED_ERROR',
          detail: 'Could not find the requested external organization link.',
        });
        assert.deepEqual(asked, [request]);
        const [intent, ended] = audited();
        assert.partialDeepStrictEqual(ended, {
          level: 'WARN',
          message: 'change not made',
          auditId: intent?.auditId,
          outcome: 'failed',
          code: 'LINK_NOT_FOUND',
        });
      });

      test('takes a 404 after a lost answer for done, and says so', async () => {
        systems[system].fail({ lost: true });
        const [outcome, asked] = await watched(confirmed());
        const { changed, after, warnings } = answer.parse(answered(outcome));
        assert.equal(changed, true);
        assert.deepEqual(after, { [member]: 'none' });
        assert.equal(warnings.length, 1);
        assert.match(warnings[0] ?? '', /answer to the first attempt was lost/);
        assert.deepEqual(asked, [request, request]);
        assert.equal(link(), undefined);
        assert.partialDeepStrictEqual(audited().at(-1), { outcome: 'made' });
      });

      test('tries again after a connection that broke before anything was done', async () => {
        systems[system].fail({ reset: true });
        const [outcome, asked] = await watched(confirmed());
        assert.deepEqual(answer.parse(answered(outcome)).warnings, []);
        assert.deepEqual(asked, [request, request]);
        assert.equal(link(), undefined);
      });

      for (const isRepeated of [false, true])
        test(`an unknown organization is not a missing link, ${isRepeated ? 'nor' : 'without'} a lost answer before`, async () => {
          if (isRepeated) systems[system].fail({ reset: true });
          systems[system].fail({
            status: 404,
            errorCode: 'ORG_NOT_FOUND',
            detail: `No organization with ID ${orgId} exists.`,
            parameters: [orgId],
          });
          const [outcome, asked] = await watched(confirmed());
          const problem = failed(outcome);
          assert.deepEqual([problem.code, problem.status], ['ORG_NOT_FOUND', 404]);
          assert.equal(asked.length, isRepeated ? 2 : 1);
          assert.ok(link());
        });

      test('a missing role is explained and asked about once', async () => {
        systems[system].settings.refuse = 'USER_UNAUTHORIZED';
        const [outcome, asked] = await watched(confirmed());
        const problem = failed(outcome);
        const known = catalogueErrors.find(({ code }) => code === 'USER_UNAUTHORIZED');
        assert.deepEqual([problem.code, problem.status], ['USER_UNAUTHORIZED', 502]);
        const remedy = known?.en.remedy.replaceAll('Ops Manager', title) ?? '';
        assert.ok(remedy !== '' && problem.remedy.startsWith(remedy), problem.remedy);
        assert.match(problem.remedy, /Organization Owner/);
        assert.ok(problem.remedy.includes(connection()));
        assert.equal(problem.upstream?.status, system === 'atlas' ? 403 : 401);
        assert.deepEqual(asked, [request]);
        assert.ok(link());
      });

      const wrong: [field: string, value: unknown, detail: RegExp][] = [
        ['orgId', orgId.toUpperCase(), /24 lower-case hexadecimal/],
        ['dryRun', 'yes', /true or false/],
        ['digest', 'abc', /64 lower-case hexadecimal/],
        ['confirmed', orgId, /is not known here \(did you mean confirm\?\)/],
      ];
      for (const [field, value, detail] of wrong)
        test(`refuses ${field}=${value} by name and asks nobody`, async () => {
          const [outcome, asked] = await watched(confirmed({ [field]: value }));
          const { code, errors } = failed(outcome);
          assert.equal(code, 'INVALID_INPUT');
          assert.deepEqual(
            errors?.map((error) => error.field),
            [field],
          );
          assert.match(errors?.[0]?.detail ?? '', detail);
          assert.deepEqual(asked, []);
        });
    });
  }

for (const { system, unit, orgId, member } of sides)
  test(`${unit.operation.name} is content with a missing link where the same event may have been delivered before`, async () => {
    Object.assign(systems[system].organizations[0] ?? {}, { link: undefined });
    const input = { orgId, confirm: orgId };
    const event = { connection: connections[system], input, idempotencyKey: 'event-1' };
    const outcome = await directOutcome(unit.handler, event);
    const { after, warnings } = answer.parse(answered(outcome));
    assert.deepEqual(after, { [member]: 'none' });
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /earlier delivery/);
    assert.partialDeepStrictEqual(audited().at(-1), { outcome: 'repeat', idempotencyKey: 'event-1' });
  });

describe('atlas.deleteLinkTokens', () => {
  for (const trigger of triggerNames)
    test(`names the projects whose migrations are active, over ${trigger}`, async () => {
      const migratingGroupIds = ['60c4fd418ebe251047c50554', '60c4fd418ebe251047c50555'];
      const link = { linkToken: 'simulated-link-token', migratingGroupIds };
      Object.assign(systems.atlas.organizations[0] ?? {}, { link });
      const from = systems.atlas.requests.length;
      const input = { orgId, confirm: orgId };
      const problem = failed(
        await calls[trigger](deleteLinkTokens, { connection: connections.atlas, input }),
      );
      assert.equal(problem.code, 'CANNOT_DELETE_ORG_ACTIVE_LIVE_MIGRATION_ATLAS_ORG_LINK');
      assert.equal(problem.status, 409);
      assert.equal(problem.retryable, false);
      assert.ok(problem.detail.includes(`projects: ${migratingGroupIds.join(', ')}`), problem.detail);
      assert.equal(systems.atlas.organizations[0]?.link, link);
      assert.equal(askedOf(systems.atlas, from).length, 1);
    });

  test('asks for confirmation in Portuguese, too', async () => {
    const headers = { 'accept-language': 'pt-BR' };
    const call = { connection: connections.atlas, input: { orgId }, headers };
    const response = await respond(deleteLinkTokens.handler, unitEvent(deleteLinkTokens, call));
    assert.equal(response.statusCode, 428);
    assert.equal(response.headers['content-language'], 'pt-BR');
    const { detail, remedy } = JSON.parse(response.body);
    assert.match(detail, /^Isto não pode ser desfeito/);
    assert.ok(remedy.includes(`confirm=${orgId}`));
  });

  test('takes no body', async () => {
    const event = unitEvent(deleteLinkTokens, {
      connection: connections.atlas,
      input: { orgId, confirm: orgId },
    });
    const { statusCode, body } = await respond(deleteLinkTokens.handler, { ...event, body: '{}' });
    assert.equal(statusCode, 400);
    assert.equal(JSON.parse(body).errors[0].field, 'body');
    assert.ok(systems.atlas.organizations[0]?.link);
  });
});

for (const trigger of triggerNames)
  describe(`opsManager.getMigrationLinkStatus over ${trigger}`, () => {
    const call = (input: Record<string, unknown> = {}) =>
      calls[trigger](getMigrationLinkStatus, {
        connection: connections.opsManager,
        input: { orgId: opsManager.demo.orgId, ...input },
      });

    test('tells whether the link is in sync, and nothing else', async () => {
      const from = systems.opsManager.requests.length;
      assert.deepEqual(answered(await call()), { status: 'SYNCED' });
      const path = `/orgs/${opsManager.demo.orgId}/liveExport/migrationLink/status`;
      assert.deepEqual(askedOf(systems.opsManager, from), [`GET ${path}`]);
      const body = { status: 'NOT_SYNCED', linkToken: 'not to be shown', links: [] };
      systems.opsManager.fail({ body });
      assert.deepEqual(answered(await call()), { status: 'NOT_SYNCED' });
    });

    test('writes no audit line', async () => {
      answered(await call());
      assert.deepEqual(audited(), []);
    });

    test('of an organization that does not exist is a problem of its own', async () => {
      const problem = failed(await call({ orgId: nobody }));
      assert.deepEqual([problem.code, problem.status], ['ORG_NOT_FOUND', 404]);
      assert.ok(problem.detail.includes(nobody));
    });

    test('of something else than an answer of Ops Manager is a problem', async () => {
      systems.opsManager.fail({ body: { state: 'SYNCED' } });
      const problem = failed(await call());
      assert.equal(problem.code, 'UPSTREAM_ANSWER_UNEXPECTED');
      assert.match(problem.detail, /status/);
    });
  });
