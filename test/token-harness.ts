import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { bundle } from '../infra/bundle.ts';
import { localContext } from '../infra/local/local-context.ts';
import { type LambdaStandIn, startLambdaStandIn } from '../infra/local/simulators/lambda.ts';
import { signInSecretIdOf } from '../lib/atlas/sign-in.ts';
import { keepToken, tokenKeeperName } from '../lib/atlas/token-keeper.ts';
import { secretIdOf } from '../lib/connections.ts';
import { functionNameOf } from '../lib/function-name.ts';
import { type Handler, type Systems, startSystems } from './harness.ts';

// What tests of shared tokens need: the function that mints them behind a stand-in for Lambda, which runs it once at a
// time, and processes that know nothing of each other.

const keeper = functionNameOf(tokenKeeperName);

export interface TokenSystems extends Systems {
  lambda: LambdaStandIn;
  /** The folder with the bundle of atlas.listAccessList. */
  bundleDir: string;
  /** The handler in a module graph of its own, as a process that has just started has it. */
  freshHandler(): Promise<Handler>;
  /** How often the function that mints has run. */
  keeperRuns(): number;
  /** What Secrets Manager was asked for about a connection since the start: its own secret, or that of its token. */
  asked(connection: string): { own: string[]; token: string[] };
}

const withHandler = z.object({ handler: z.custom<Handler>() });

export async function startTokenSystems(): Promise<TokenSystems> {
  const systems = await startSystems();
  let keeperRuns = 0;
  const lambda = await startLambdaStandIn(
    (name, event) => {
      if (name !== keeper) return undefined;
      keeperRuns++;
      return keepToken(event, localContext(tokenKeeperName));
    },
    { concurrency: { [keeper]: 1 } },
  );
  Object.assign(process.env, { AWS_ENDPOINT_URL_LAMBDA: lambda.url, ATLAS_TOKEN_FUNCTION: keeper });
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-'));
  const bundleDir = join(folder, 'bundle');
  await bundle(join(import.meta.dirname, '..', 'functions', 'atlas', 'list-access-list.ts'), bundleDir);
  let copies = 0;

  const askedFor = (secretId: string) =>
    systems.secretsManager.calls
      .filter((call) => call.secretId === secretId)
      .map(({ operation }) => operation);

  return {
    ...systems,
    lambda,
    bundleDir,
    async freshHandler() {
      const copy = join(folder, `copy-${++copies}`);
      await cp(bundleDir, copy, { recursive: true });
      const module: unknown = await import(join(copy, 'index.mjs'));
      return withHandler.parse({ ...(typeof module === 'object' && module) }).handler;
    },
    keeperRuns: () => keeperRuns,
    asked: (connection) => ({
      own: askedFor(secretIdOf('atlas', connection)),
      token: askedFor(signInSecretIdOf(connection)),
    }),
    async stop() {
      await Promise.all([systems.stop(), lambda.close()]);
      await rm(folder, { recursive: true });
    },
  };
}
