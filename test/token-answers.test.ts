import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { handler } from '../functions/atlas/check-connection.ts';
import { type AtlasSimulator, startAtlas } from '../infra/local/simulators/atlas.ts';
import { checkReport } from '../lib/check/check.ts';
import { answered, directOutcome, type Systems, serviceAccount, startSystems } from './harness.ts';

// What Atlas's token endpoint may answer besides a token as documented.

let systems: Systems;
let atlas: AtlasSimulator;

before(async () => {
  [systems, atlas] = await Promise.all([startSystems(), startAtlas()]);
});

after(async () => {
  await atlas.close();
  await systems.stop();
});

async function problemOf(body: Record<string, unknown>) {
  atlas.fail({ on: 'token', status: 200, body });
  const connection = systems.store(serviceAccount(atlas));
  const report = checkReport.parse(answered(await directOutcome(handler, { connection, input: {} })));
  return report.steps.find(({ status }) => status === 'failed')?.problem;
}

describe('a token that is not as documented is refused by what is wrong with it', () => {
  const token = 'eyJhbGciOiJub25lIn0';
  const answers: [what: string, body: Record<string, unknown>, words: RegExp][] = [
    ['without expires_in', { access_token: token }, /expires_in is/],
    ['with expires_in below 0', { access_token: token, expires_in: -5 }, /expires_in is not above 0/],
    ['with expires_in of 0', { access_token: token, expires_in: 0 }, /expires_in is not above 0/],
    ['with expires_in in words', { access_token: token, expires_in: 'soon' }, /expires_in must be a number/],
    ['with expires_in of null', { access_token: token, expires_in: null }, /expires_in must be a number/],
    ['with a line break in it', { access_token: 'eyJ\n0', expires_in: 60 }, /access_token is not text that/],
    [
      'with letters that no header has',
      { access_token: 'токен', expires_in: 60 },
      /access_token is not text/,
    ],
    ['that is empty', { access_token: '', expires_in: 60 }, /access_token is not text/],
    ['that is a number', { access_token: 5, expires_in: 60 }, /access_token must be text/],
    ['that is missing', { token_type: 'Bearer' }, /access_token is required/],
  ];
  for (const [what, body, words] of answers)
    test(what, async () => {
      const problem = await problemOf(body);
      assert.deepEqual([problem?.code, problem?.retryable], ['UPSTREAM_ANSWER_UNEXPECTED', true]);
      assert.match(problem?.detail ?? '', words);
      assert.doesNotMatch(problem?.detail ?? '', /eyJ|токен|Invalid|expected/);
    });
});

test('an age in text, or of centuries, is taken', async () => {
  for (const expires_in of ['3600', 1e300]) {
    // The token itself is none that the simulator knows, so it is refused only when it is used.
    const problem = await problemOf({ access_token: 'unknown', expires_in });
    assert.notEqual(problem?.code, 'UPSTREAM_ANSWER_UNEXPECTED', problem?.detail);
  }
});
