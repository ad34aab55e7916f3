import { Pool } from 'undici';
import { gateway } from '../../infra/local/gateway.ts';
import { extensionsApi } from '../../infra/local/simulators/extensions.ts';
import { listen } from '../../infra/local/simulators/listen.ts';
import { demo } from '../../infra/local/simulators/slack.ts';
import { commandForm, signed } from '../../infra/local/slack-client.ts';
import { loadHandler } from './bundled.ts';
import { handler as emptyHandler } from './empty-handler.ts';
import { milliseconds, type Report } from './report.ts';
import { quantile, takeTurns, timed } from './turns.ts';

// Slack's request to the warm receiver, until it is acknowledged, against an empty handler behind the same gateway, and
// against one that hands on what it gets before it answers: waiting for Lambda's promise would be most of the time.

// As in Lambda, the receiver is told of each invocation twice, as a function and as an extension, and is given the next
// only when it has handed over what the last one brought.
const extensions = extensionsApi();
const runtimeApi = await listen(async (request) => extensions.answer(request) ?? { status: 404 });
process.env['AWS_LAMBDA_RUNTIME_API'] = new URL(runtimeApi.url).host;
const receive = await loadHandler('infra/entries/chat-receiver.ts');
const inEnvironment: typeof receive = (event, context) => {
  extensions.invoke('bench', Date.now() + 15_000);
  return receive(event, context);
};

const routes = [
  { path: '/chat/slack/commands', handler: inEnvironment },
  { path: '/handing', handler: await loadHandler('test/bench/handing-handler.ts') },
  { path: '/empty', handler: emptyHandler },
];
const listener = await listen(
  gateway(
    [],
    {},
    routes.map((route) => ({ ...route, method: 'POST', name: 'bench', isPublic: true as const })),
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
const receiveAndHandOver = async () => {
  await receiver.run();
  await extensions.idle();
};
await takeTurns(5_000, [receiveAndHandOver, handing.run, empty.run]);
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
    row(share, handing, 'handler that hands on first', ''),
  ]),
};
// The extension waits for an event that never comes.
process.send?.(report, undefined, {}, () => process.exit());
