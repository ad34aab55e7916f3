import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { bundleSize } from './bundle-size.ts';
import { coldStart } from './cold-start.ts';
import { markdown, type Report, report } from './report.ts';
import { startSimulators } from './simulators.ts';

const simulators = await startSimulators();

/**
 * Runs a benchmark that calls handlers in its own process: what it does not share with the simulators is measured,
 * and the log lines of the handlers go nowhere.
 */
async function apart(file: string, upstream: string): Promise<Report> {
  const child = fork(join(import.meta.dirname, file), [upstream], {
    env: { ...process.env, ...simulators.env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  let sent: unknown;
  child.once('message', (message) => {
    sent = message;
  });
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`${file} failed.`);
  return report.parse(sent);
}

try {
  const reports = [
    await coldStart(simulators),
    await apart('warm-overhead.ts', simulators.near),
    await apart('warm-change.ts', simulators.sps),
    await apart('whole-list.ts', simulators.far),
    await apart('chat-receiver.ts', simulators.near),
    await bundleSize(),
  ];
  console.log(markdown(reports));
} finally {
  await simulators.stop();
}
