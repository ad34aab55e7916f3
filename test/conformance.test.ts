import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { bundle } from '../infra/bundle.ts';
import { type Lambda, lambdaRuntimeMissing, startLambda } from '../infra/local/lambda-runtime.ts';
import { signatureProblems } from './botocore.ts';
import { answerOf, calls, clientsOf } from './conformance/calls.ts';
import { type Side, startMoto, startStandIns } from './conformance/sides.ts';
import { steps } from './conformance/steps.ts';
import { moto, toolMissing } from './python-tools.ts';
import { summaryOf } from './tap.ts';

// The functions as they are deployed, over the same table of calls: once with our stand-ins of AWS, and once with moto,
// which nobody here wrote.

const motoMissing = await toolMissing(moto);

test('CI has moto', () => {
  if (process.env['CI']) assert.equal(motoMissing, undefined);
});

describe('our stand-ins and moto', { skip: motoMissing ?? lambdaRuntimeMissing ?? false }, () => {
  let folder: string;
  let sides: Side[] = [];
  const running = new Map<string, Lambda>();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'switchboard-'));
    const entries = [...new Set(steps.map(({ entry }) => entry))];
    for (const entry of entries)
      await bundle(join(import.meta.dirname, '..', entry), join(folder, entry.replaceAll(/\W/g, '-')));
    sides = [await startStandIns(), await startMoto()];
  });

  after(async () => {
    await Promise.all([...running.values()].map((lambda) => lambda.stop()));
    await Promise.all(sides.map((side) => side.stop()));
    await rm(folder, { recursive: true });
  });

  /** Invokes a function of a side, and answers what came of it and what it asked AWS for. */
  async function invoke({ name, env, exchanges }: Side, entry: string, event: unknown) {
    const key = `${name} ${entry}`;
    const bundleDir = join(folder, entry.replaceAll(/\W/g, '-'));
    const lambda = running.get(key) ?? (await startLambda({ bundleDir, env }));
    running.set(key, lambda);
    const before = await exchanges();
    const outcome = await lambda.invoke(event);
    const asked = (await exchanges()).filter((one) => !before.includes(one));
    return { outcome: alike(outcome), asks: asked.map(summaryOf).toSorted() };
  }

  for (const { what, entry, event, asks, moto } of steps)
    test(`agree on ${what}`, async () => {
      const [ours, theirs] = await Promise.all(sides.map((side) => invoke(side, entry, event)));
      assert.deepEqual(theirs?.asks, moto?.asks.toSorted() ?? ours?.asks, moto?.because);
      assert.deepEqual(ours?.asks, asks.toSorted());
      if (!moto) assert.deepEqual(theirs?.outcome, ours?.outcome);
    });

  test('agree on what AWS takes and refuses', async (context) => {
    const [ours, theirs] = sides.map(clientsOf);
    assert.ok(ours && theirs);
    for (const { what, call, answers, moto } of calls)
      await context.test(what, async () => {
        assert.equal(await answerOf(call(ours)), answers);
        assert.equal(await answerOf(call(theirs)), moto?.answers ?? answers, moto?.because);
      });
  });

  test('have been asked with signatures that botocore confirms', async (context) => {
    const requests = (await Promise.all(sides.map((side) => side.exchanges()))).flat();
    const problems = await signatureProblems(requests.map(({ request }) => request));
    context.diagnostic(`${problems.length} signatures confirmed`);
    assert.ok(problems.length > 80, `${problems.length} requests`);
    assert.deepEqual(problems.filter(Boolean), []);
  });
});

/** What may differ between two runs of the same, taken out. */
function alike(outcome: unknown): unknown {
  const text = JSON.stringify(outcome)
    .replaceAll(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/\b\d{13}\b/g, '<time>')
    .replaceAll(/\b[\da-f]{64}\b/g, '<digest of times>')
    .replaceAll(/127\.0\.0\.1:\d+/g, '<host>')
    .replaceAll(/eyJ[\w.-]+/g, '<token>');
  return JSON.parse(text.replaceAll(/:<time>/g, ':"<time>"'));
}
