import { parentPort, workerData } from 'node:worker_threads';
import { useLocalAws } from '../../infra/local/simulators/aws/credentials.ts';
import { startSecretsManager } from '../../infra/local/simulators/secrets-manager.ts';
import { batches } from '../random-batches.ts';
import { tryBatch } from './batch.ts';

const { seeds, sequences, shrink } = batches.parse(workerData);

const secretsManager = await startSecretsManager();
process.env['AWS_ENDPOINT_URL_SECRETS_MANAGER'] = secretsManager.url;
useLocalAws();

// Of the handlers' log, tens of thousands of lines, only what a failure is about is shown. One of the lines excuses an
// open transaction.
const saidToStayOpen = new Set<string>();
const latest: string[] = [];
const linesKept = 20_000;
process.stdout.write = (line) => {
  const [, requestId] = /may stay open.*"requestId":"([^"]+)"/.exec(String(line)) ?? [];
  if (requestId) saidToStayOpen.add(requestId);
  if (latest.push(String(line)) > linesKept) latest.splice(0, linesKept / 2);
  return true;
};
const logOf = (requestIds: string[]) =>
  latest.filter((line) => requestIds.some((requestId) => line.includes(requestId))).join('');

const failures: { seed: number; message: string }[] = [];
// All at the same time: most of a troubled sequence is waiting.
const tryOne = async (seed: number) => {
  try {
    await tryBatch({ seed, sequences, shrink }, { secretsManager, saidToStayOpen, logOf });
  } catch (error) {
    failures.push({ seed, message: error instanceof Error ? error.message : String(error) });
  }
};
await Promise.all(seeds.map(tryOne));
parentPort?.postMessage(failures);
await secretsManager.close();
