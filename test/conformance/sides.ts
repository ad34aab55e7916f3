import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { fanOutDefinition, fanOutEnvironment, fanOutMachine } from '../../infra/fan-out-definition.ts';
import { demo as atlasDemo, startAtlas } from '../../infra/local/simulators/atlas.ts';
import { account, localCredentials, region } from '../../infra/local/simulators/aws/credentials.ts';
import { startDynamoDb } from '../../infra/local/simulators/dynamodb.ts';
import { startEventBridge } from '../../infra/local/simulators/event-bridge.ts';
import { startLambdaStandIn } from '../../infra/local/simulators/lambda.ts';
import { startSchedulerStandIn } from '../../infra/local/simulators/scheduler.ts';
import { startSecretsManager } from '../../infra/local/simulators/secrets-manager.ts';
import { demo as spsDemo, startSps } from '../../infra/local/simulators/sps.ts';
import { localStateMachineArn, startStepFunctions } from '../../infra/local/simulators/step-functions.ts';
import { stateMachine } from '../../infra/local/state-machine.ts';
import { findOperations } from '../../infra/operations.ts';
import { tokenKeeperName } from '../../lib/atlas/token-keeper.ts';
import { AwsTransport } from '../../lib/aws-transport.ts';
import { secretIdOf } from '../../lib/connections.ts';
import { functionNameOf } from '../../lib/function-name.ts';
import { type Exchange, type Tap, tapped } from '../tap.ts';

// The two sides that have to come out alike: our stand-ins, and moto.

const services = ['SECRETS_MANAGER', 'SCHEDULER', 'SFN', 'EVENTBRIDGE', 'DYNAMODB', 'LAMBDA'] as const;
type Service = (typeof services)[number];

const group = 'switchboard-temporary';
const bus = 'switchboard';
const table = 'switchboard-audit';
const keys = ['auditId', 'outcome'];

export interface Side {
  name: string;
  /** What a function finds in its environment. */
  env: Record<string, string>;
  /** What it has asked AWS for. */
  exchanges(): Promise<Exchange[]>;
  /** What an SDK client needs to reach a service of it. */
  clientFor(service: Service): ReturnType<typeof configOf>;
  stop(): Promise<void>;
}

const configOf = (endpoint: string) => ({
  region,
  endpoint,
  credentials: localCredentials,
  maxAttempts: 1,
  requestHandler: new AwsTransport(),
});

/** What both sides have in common: their upstreams, their connections, and the environment of each function. */
async function sideOf(
  name: string,
  urls: Record<Service, string>,
  stopServices: () => Promise<void>,
): Promise<Side> {
  const taps = new Map<Service, Tap>();
  for (const service of services) taps.set(service, await tapped(urls[service]));
  const [sps, atlas] = await Promise.all([startSps(), startAtlas()]);
  const operations = (await findOperations()).map(({ operation }) => operation);

  const secrets = new SecretsManagerClient(configOf(urls.SECRETS_MANAGER));
  const { username, password } = spsDemo;
  const appliance = JSON.stringify({ baseUrl: sps.url, username, password });
  const { clientId, clientSecret } = atlasDemo;
  const project = JSON.stringify({ baseUrl: atlas.url, clientId, clientSecret });
  const make = (system: string, connection: string, value: object) =>
    secrets.send(new CreateSecretCommand({ Name: secretIdOf(system, connection), ...value }));
  await make('sps', 'dc1', { SecretString: appliance });
  await make('sps', 'empty', {});
  await make('sps', 'binary', { SecretBinary: Buffer.from(appliance) });
  await make('sps', 'deleted', { SecretString: appliance });
  await secrets.send(
    new DeleteSecretCommand({ SecretId: secretIdOf('sps', 'deleted'), RecoveryWindowInDays: 7 }),
  );
  await make('atlas', 'prod', { SecretString: project });
  await make('atlas', 'other', { SecretString: project });
  secrets.destroy();

  return {
    name,
    exchanges: async () => (await Promise.all([...taps.values()].map((tap) => tap.exchanges()))).flat(),
    env: {
      ...Object.fromEntries([...taps].map(([service, { url }]) => [`AWS_ENDPOINT_URL_${service}`, url])),
      ATLAS_TOKEN_FUNCTION: functionNameOf(tokenKeeperName),
      RESTORE_GROUP: group,
      RESTORE_ROLE_ARN: `arn:aws:iam::${account}:role/restore`,
      FUNCTION_ARN_PREFIX: `arn:aws:lambda:${region}:${account}:function:`,
      EVENT_BUS: bus,
      AUDIT_TABLE: table,
      ...fanOutEnvironment(localStateMachineArn, operations),
    },
    clientFor: (service) => configOf(urls[service]),
    stop: async () => {
      await Promise.all([...taps.values(), sps, atlas].map((one) => one.close()));
      await stopServices();
    },
  };
}

/** Our stand-ins. There is no function that they could run, and no execution ends: moto has it so. */
export async function startStandIns(): Promise<Side> {
  const [SECRETS_MANAGER, SCHEDULER, SFN, EVENTBRIDGE, DYNAMODB, LAMBDA] = await Promise.all([
    startSecretsManager(),
    startSchedulerStandIn(async () => {}, { groups: [group] }),
    startStepFunctions(stateMachine(fanOutDefinition), () => new Promise(() => {})),
    startEventBridge([bus]),
    startDynamoDb(table, keys),
    startLambdaStandIn(() => undefined),
  ]);
  const all = { SECRETS_MANAGER, SCHEDULER, SFN, EVENTBRIDGE, DYNAMODB, LAMBDA };
  const urls = {
    SECRETS_MANAGER: SECRETS_MANAGER.url,
    SCHEDULER: SCHEDULER.url,
    SFN: SFN.url,
    EVENTBRIDGE: EVENTBRIDGE.url,
    DYNAMODB: DYNAMODB.url,
    LAMBDA: LAMBDA.url,
  };
  return sideOf('stand-ins', urls, async () => {
    await Promise.all(Object.values(all).map((one) => one.close()));
  });
}

/** moto, with what the stack would have made. */
export async function startMoto(): Promise<Side> {
  const port = await freePort();
  const server = spawn('moto_server', ['-p', String(port)], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  try {
    await answering(url, server);
    const config = configOf(url);
    await new SchedulerClient(config).send(new CreateScheduleGroupCommand({ Name: group }));
    await new EventBridgeClient(config).send(new CreateEventBusCommand({ Name: bus }));
    await new SFNClient(config).send(
      new CreateStateMachineCommand({
        name: fanOutMachine,
        definition: JSON.stringify(fanOutDefinition),
        roleArn: `arn:aws:iam::${account}:role/fan-out`,
      }),
    );
    await new DynamoDBClient(config).send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: keys.map((AttributeName, index) => ({
          AttributeName,
          KeyType: index === 0 ? 'HASH' : 'RANGE',
        })),
      }),
    );
    return await sideOf('moto', allAt(url), () => ended(server));
  } catch (error) {
    await ended(server);
    throw error;
  }
}

const allAt = (url: string): Record<Service, string> => ({
  SECRETS_MANAGER: url,
  SCHEDULER: url,
  SFN: url,
  EVENTBRIDGE: url,
  DYNAMODB: url,
  LAMBDA: url,
});

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  server.kill('SIGKILL');
  await once(server, 'exit');
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`moto_server ended with status ${server.exitCode}.`);
    const isThere = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
