import { Pool } from 'undici';
import { gateway } from '../../infra/local/gateway.ts';
import { listen } from '../../infra/local/simulators/listen.ts';
import { demo } from '../../infra/local/simulators/slack.ts';
import { commandForm, signed } from '../../infra/local/slack-client.ts';
import { loadHandler } from './bundled.ts';
import { handler as emptyHandler } from './empty-handler.ts';
import { milliseconds, type Report } from './report.ts';
import { quantile, takeTurns, timed } from './turns.ts';

// Slack's request to the warm receiver, until it is acknowledged, against an empty handler behind the same gateway, and
// against one that only hands on what it gets: waiting for Lambda's promise is most of the time.

const routes = [
  { path: '/chat/slack/commands', handler: await loadHandler('infra/entries/chat-receiver.ts') },
  { path: '/handing', handler: await loadHandler('test/bench/handing-handler.ts') },
  { path: '/empty', handler: emptyHandler },
];
const listener = await listen(
  gateway(
    [],
    {},
    routes.map((route) => ({ ...route, method: 'POST', name: 'bench' })),
  ),
);
const pool = new Pool(listener.url, { connections: 1 });

const post = async (path: string) => {
  const form = commandForm('errors list', { id: 'U1', name: 'ana' }, 'https://hooks.slack.com/commands/1');
  const { headers, body } = signed(form, demo.secret.signingSecret);
  const answer = await pool.request({ method: 'POST', path, headers, body });
  await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`${path} answered ${answer.statusCode}.`);
};

const receiver = timed(() => post('/chat/slack/commands'));
const handing = timed(() => post('/handing'));
const empty = timed(() => post('/empty'));
await takeTurns(5_000, [receiver.run, handing.run, empty.run]);
await pool.close();
await listener.close();

const of = ({ times }: typeof receiver, share: number) => quantile(times.slice(1_500), share);
const row = (share: number, than: typeof receiver, what: string, bar: string) => ({
  name: `Slack's request acknowledged, p${share * 100}`,
  ours: milliseconds(of(receiver, share)),
  against: `${milliseconds(of(than, share))}: ${what} behind the same gateway`,
  ratio: of(receiver, share) / of(than, share),
  bar,
});
const report: Report = {
  rows: [0.5, 0.99].flatMap((share) => [
    row(share, empty, 'empty handler', share === 0.99 ? '≤ 2' : ''),
    row(share, handing, 'handler that only hands on', ''),
  ]),
};
process.send?.(report);
