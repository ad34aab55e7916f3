import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { useLocalAws } from '../../infra/local/simulators/aws/credentials.ts';
import { startSecretsManager } from '../../infra/local/simulators/secrets-manager.ts';
import { tryBatch } from './batch.ts';

const { seeds, sequences, shrink } = z
  .object({ seeds: z.array(z.int()), sequences: z.int(), shrink: z.boolean() })
  .parse(workerData);

const secretsManager = await startSecretsManager();
process.env['AWS_ENDPOINT_URL_SECRETS_MANAGER'] = secretsManager.url;
useLocalAws();

// The handlers' log lines, tens of thousands, are kept from the output; one of them excuses an open transaction.
const saidToStayOpen = new Set<string>();
process.stdout.write = (line) => {
  const [, requestId] = /may stay open.*"requestId":"([^"]+)"/.exec(String(line)) ?? [];
  if (requestId) saidToStayOpen.add(requestId);
  return true;
};

const failures: { seed: number; message: string }[] = [];
// All at the same time: most of a troubled sequence is waiting.
const tryOne = async (seed: number) => {
  try {
    await tryBatch({ seed, sequences, shrink }, { secretsManager, saidToStayOpen });
  } catch (error) {
    failures.push({ seed, message: error instanceof Error ? error.message : String(error) });
  }
};
await Promise.all(seeds.map(tryOne));
parentPort?.postMessage(failures);
await secretsManager.close();
