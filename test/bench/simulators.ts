import { accessListOf, demo, demoWorld, startAtlas } from '../../infra/local/simulators/atlas.ts';
import { localAws } from '../../infra/local/simulators/aws/credentials.ts';
import { startLambdaStandIn } from '../../infra/local/simulators/lambda.ts';
import { startSecretsManager } from '../../infra/local/simulators/secrets-manager.ts';
import { demo as slack } from '../../infra/local/simulators/slack.ts';
import * as sps from '../../infra/local/simulators/sps.ts';
import { slackConnection } from '../../lib/chat/slack.ts';
import { secretIdOf } from '../../lib/connections.ts';

/**
 * Starts simulators that never stand in the way: 200 entries in the access list, and no limit within reach. `near`
 * answers at once, `far` after 50 ms; `sps`, an appliance with the demo's
 * configuration; they are connections too. `env` is where a handler finds them.
 */
export async function startSimulators() {
  const { clientId, clientSecret } = demo;
  const organizations = demoWorld(accessListOf(200));
  const limits = {
    mintsPerMinute: 1e6,
    liveTokens: 1e6,
    rateLimit: { capacity: 1e9, refill: 1e9, refillSeconds: 60 },
  };
  const near = await startAtlas({ organizations, ...limits });
  const far = await startAtlas({ organizations, ...limits, latencyMs: 50 });
  const appliance = await sps.startSps();
  const { username, password } = sps.demo;
  const secretsManager = await startSecretsManager({
    secrets: {
      [secretIdOf('atlas', 'near')]: JSON.stringify({ baseUrl: near.url, clientId, clientSecret }),
      [secretIdOf('atlas', 'far')]: JSON.stringify({ baseUrl: far.url, clientId, clientSecret }),
      [secretIdOf('sps', 'near')]: JSON.stringify({ baseUrl: appliance.url, username, password }),
      [secretIdOf('chat', slackConnection)]: JSON.stringify(slack.secret),
    },
  });
  // Whatever is invoked, it does nothing.
  const lambda = await startLambdaStandIn(async () => undefined);
  return {
    near: near.url,
    far: far.url,
    sps: appliance.url,
    env: {
      // The log lines have metrics in Lambda alone.
      AWS_LAMBDA_FUNCTION_NAME: 'bench',
      ...localAws,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
      AWS_ENDPOINT_URL_LAMBDA: lambda.url,
    },
    stop: async () => {
      await Promise.all([near, far, appliance, secretsManager, lambda].map((listener) => listener.close()));
    },
  };
}

export type Simulators = Awaited<ReturnType<typeof startSimulators>>;
