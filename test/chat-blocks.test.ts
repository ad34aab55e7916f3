import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operation } from '../functions/sps/toggle-system-alerts.ts';
import { asText, slackMessage } from '../infra/local/slack-message.ts';
import { type Block, context, message, mrkdwn, section, table } from '../lib/chat/blocks.ts';
import { asChange, doneCard, problemCard } from '../lib/chat/cards.ts';
import { differences, laidOut } from '../lib/chat/layout.ts';
import { deadlineExceeded } from '../lib/problems/call.ts';

const textsOf = (blocks: Block[]) =>
  blocks.flatMap((block) => {
    if (block.type === 'section') return block.text.text;
    return block.type === 'context' ? block.elements.map(({ text }) => text) : [];
  });

const shown = (blocks: Block[]) => asText(slackMessage.parse(message(blocks)));

test('what means something to Slack is shown as it is, in text and in tables', () => {
  const value = '<!channel> & <https://example.net|here> ```';
  for (const blocks of [[section(mrkdwn`*${value}*`)], table(['a'], [[value]]), laidOut({ a: value })]) {
    for (const text of textsOf(blocks)) assert.doesNotMatch(text, /<|>|&(?!amp;|lt;|gt;)/);
    assert.match(shown(blocks), /<!channel> & <https:\/\/example\.net\|here>/);
  }
  assert.equal(textsOf(table(['a'], [[value]]))[0]?.match(/```/g)?.length, 2);
});

test('a time is shown in UTC, and says so, whatever its own zone', () => {
  for (const [given, expected] of [
    ['2026-11-28T01:00:00+02:00', '2026-11-27 23:00Z'],
    ['2026-11-27T23:00:31.5Z', '2026-11-27 23:00Z'],
    ['2026-11-27T23:00', '2026-11-27T23:00'],
    ['2026-99-99T23:00:00Z', '2026-99-99T23:00:00Z'],
  ])
    assert.equal(shown(laidOut({ given })).split('\n').at(-1), `given: ${expected}`);
});

test('a change of which a part failed is not called done, and says of each part once why', () => {
  const problem = { detail: 'It is not there.' };
  const refused = { detail: 'Atlas refuses it.' };
  const waiting = {
    operation: operation.name,
    input: {},
    digest: '',
    by: { id: 'U1', name: 'ana' },
    id: '1',
  };
  const card = (changed: boolean) =>
    shown(
      doneCard(
        operation,
        waiting,
        asChange({
          changed,
          before: [
            { id: 'a', enabled: true },
            { id: 'b', problem },
            { id: 'c', enabled: true },
          ],
          after: [
            { id: 'a', enabled: !changed },
            { id: 'b', problem },
            { id: 'c', enabled: true, problem: refused },
          ],
          warnings: ['b is left out: It is not there.'],
          digest: '',
        }),
      ),
    );
  assert.match(card(true), /:warning: Done in part\./);
  assert.match(card(false), /:warning: Nothing was changed\./);
  assert.equal(card(true).match(/It is not there/g)?.length, 1);
  assert.match(card(true), /c could not be set: Atlas refuses it\./);
});

test('a long table is cut, and says how much is left', () => {
  const results = Array.from({ length: 500 }, (_, index) => ({ name: `<${index}>`, on: true }));
  const texts = textsOf(laidOut({ results, totalCount: 612 }));
  for (const text of texts) assert.ok(text.length <= 3_000, String(text.length));
  const rows = (texts[0]?.split('\n').length ?? 0) - 3;
  assert.ok(rows > 50);
  assert.deepEqual(texts.slice(1), [`… and ${500 - rows} more.`, '500 of 612']);
});

test('a text that is too long is cut, and no escape in two', () => {
  for (const text of textsOf([
    section(mrkdwn`${'&'.repeat(5_000)}`),
    context(mrkdwn`a${'<'.repeat(5_000)}`),
  ])) {
    assert.ok(text.length <= 3_000);
    assert.match(text, /^a?(&amp;|&lt;)+…$/);
  }
});

test('a message has no more than fifty blocks, and keeps its buttons', () => {
  const actions: Block = { type: 'actions', elements: [] };
  const { blocks } = message([...Array.from({ length: 80 }, () => context('x')), actions]);
  assert.equal(blocks.length, 50);
  assert.equal(blocks.at(-1), actions);
  assert.deepEqual(textsOf(blocks).at(-1), '… and 32 parts more.');
});

test('a difference names what differs alone, entries by what they are', () => {
  const before = [
    { id: '1', eventTypeName: 'HOST_DOWN', enabled: true },
    { id: '2', eventTypeName: 'NO_PRIMARY', enabled: false },
  ];
  const after = before.map((one) => ({ ...one, enabled: false }));
  assert.match(shown(differences(before, after)), /HOST_DOWN 1\.enabled +on +→ +off$/);
  assert.doesNotMatch(shown(differences(before, after)), /NO_PRIMARY/);
});

test('a list is shown with what could not be read of it', () => {
  const text = shown(
    laidOut({ results: [{ id: 'a1' }, {}], totalCount: 2, warnings: ['1 entry: id could not be read.'] }),
  );
  assert.match(text, /a1[\s\S]*2 of 2[\s\S]*:warning: 1 entry: id could not be read\.$/);
});

test('what is secret by its name is not shown', () => {
  const output = { version_2c: { community: 'hunter2', enabled: true }, plain: 'hunter2' };
  assert.doesNotMatch(shown(laidOut(output)), /hunter2/);
  assert.doesNotMatch(shown(differences(output, { ...output, plain: 'hunter3' })), /hunter/);
});

test('shows stars inside backticks as stars, and takes those around bold text away', () => {
  const text = 'connections: *; several as `dc1,dc2`, or `*` for all; *bold* and `*code*`';
  const message = slackMessage.parse({ response_type: 'ephemeral', text });
  assert.equal(
    asText(message),
    '(only you see this)\nconnections: *; several as `dc1,dc2`, or `*` for all; bold and `*code*`',
  );
});

test('what to know besides a problem is shown with it', () => {
  const problem = deadlineExceeded('sps');
  problem.warn('Its lock may stay.');
  const text = shown(problemCard(operation, { connection: 'demo', input: {} }, problem.details));
  assert.match(text, /What to do: .*\n.*Its lock may stay\./);
});
