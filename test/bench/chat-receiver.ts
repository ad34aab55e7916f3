import { Pool } from 'undici';
import { gateway } from '../../infra/local/gateway.ts';
import { listen } from '../../infra/local/simulators/listen.ts';
import { demo } from '../../infra/local/simulators/slack.ts';
import { commandForm, signed } from '../../infra/local/slack-client.ts';
import { loadHandler } from './bundled.ts';
import { handler as emptyHandler } from './empty-handler.ts';
import { milliseconds, type Report } from './report.ts';
import { quantile, takeTurns, timed } from './turns.ts';

// Slack's request to the warm receiver, until it is acknowledged, against an empty handler behind the same gateway.

const routes = [
  { path: '/chat/slack/commands', handler: await loadHandler('infra/entries/chat-receiver.ts') },
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
const empty = timed(() => post('/empty'));
await takeTurns(5_000, [receiver.run, empty.run]);
await pool.close();
await listener.close();

const [receiverTimes, emptyTimes] = [receiver, empty].map(({ times }) => times.slice(1_500));
const row = (share: number, bar: string) => {
  const ours = quantile(receiverTimes ?? [], share);
  const theirs = quantile(emptyTimes ?? [], share);
  return {
    name: `Slack's request acknowledged, p${share * 100}`,
    ours: milliseconds(ours),
    against: `${milliseconds(theirs)}: empty handler behind the same gateway`,
    ratio: ours / theirs,
    bar,
  };
};
const report: Report = { rows: [row(0.5, ''), row(0.99, '≤ 2')] };
process.send?.(report);
