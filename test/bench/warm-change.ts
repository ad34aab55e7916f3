import { bareChangeClient } from './bare-change-client.ts';
import { alertEvent, loadOperation, toggleSystemAlerts } from './bundled.ts';
import { milliseconds, type Report } from './report.ts';
import { quantile, takeTurns, timed } from './turns.ts';

// A warm change, event in and response out, against the same five requests on one connection. Each changes something.

const toggle = await loadOperation(toggleSystemAlerts);
const bare = await bareChangeClient(process.argv[2] ?? '');

let email = false;
const flipped = () => {
  email = !email;
  return email;
};
const handler = timed(() => toggle(alertEvent(flipped())));
const script = timed(() => bare.switchEmail('xcbSwapFull', flipped()));
await toggle(alertEvent(email));
for (const answer of [await toggle(alertEvent(flipped())), await toggle(alertEvent(flipped()))])
  if (!answer.includes('"changed":true')) throw new Error(`Nothing was changed: ${answer}`);
await takeTurns(1_500, [handler.run, script.run]);
await bare.close();

const [handlerTimes, scriptTimes] = [handler, script].map(({ times }) => times.slice(500));
const row = (share: number, bar: string) => {
  const ours = quantile(handlerTimes ?? [], share);
  const theirs = quantile(scriptTimes ?? [], share);
  return {
    name: `warm change, p${share * 100}`,
    ours: milliseconds(ours),
    against: `${milliseconds(theirs)}: the same five requests, bare undici`,
    ratio: ours / theirs,
    bar,
  };
};
const report: Report = { rows: [row(0.5, '≤ 1.25'), row(0.99, '')] };
process.send?.(report);
