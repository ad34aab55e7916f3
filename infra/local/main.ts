import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { answeringFirst } from '../../lib/after-answer.ts';
import { keepToken, tokenKeeperName } from '../../lib/atlas/token-keeper.ts';
import { receiver } from '../../lib/chat/receiver.ts';
import { receiverName, slack, workerName } from '../../lib/chat/slack.ts';
import { worker } from '../../lib/chat/worker.ts';
import { secretIdOf } from '../../lib/connections.ts';
import { functionNameOf } from '../../lib/function-name.ts';
import type { Operation } from '../../lib/operation.ts';
import manifest from '../../package.json' with { type: 'json' };
import { fanOutDefinition, fanOutEnvironment } from '../fan-out-definition.ts';
import type { Examples } from '../openapi.ts';
import { bodyExample, findOperations, pathParameters, systemsOf } from '../operations.ts';
import { chatRoutes } from '../routes.ts';
import { keepAuditRecords } from './audit-file.ts';
import { ConnectionsFileError, readConnectionsFile, type StoredConnection } from './connections-file.ts';
import { demoExamples, startDemo } from './demo.ts';
import { chatEventOfEnd } from './fan-out-ended.ts';
import { gateway } from './gateway.ts';
import { localContext } from './local-context.ts';
import { type Signer, signedFor } from './sigv4.ts';
import { account, localAws, region, useLocalAws } from './simulators/aws/credentials.ts';
import { type RunFunction, startLambdaStandIn } from './simulators/lambda.ts';
import { type Listener, listen } from './simulators/listen.ts';
import { startSchedulerStandIn } from './simulators/scheduler.ts';
import { startSecretsManager } from './simulators/secrets-manager.ts';
import type { DirectMessage } from './simulators/slack.ts';
import {
  type ExecutionStatusChange,
  localStateMachineArn,
  startStepFunctions,
} from './simulators/step-functions.ts';
import { asText } from './slack-message.ts';
import { stateMachine } from './state-machine.ts';

const usage = `Usage: npm start -- [--port <port>] [--connections <file>] [--sigv4]

  --port <port>         where to listen on 127.0.0.1 (4747; 0 is any free port)
  --connections <file>  serve these connections to real systems instead of simulated ones
  --sigv4               ask callers to sign as API Gateway does, with the credentials that are printed
`;

/** A reason not to start that people can act on; anything else is a defect and shows its stack. */
class StartError extends Error {}

const listeners: Listener[] = [];
const localFunctions = `arn:aws:lambda:${region}:${account}:function:`;
const restoreGroup = 'switchboard-temporary';

try {
  await start();
} catch (error) {
  await stop();
  if (!(error instanceof StartError || error instanceof ConnectionsFileError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function start(): Promise<void> {
  const options = readOptions();
  if (options.help) {
    process.stdout.write(usage);
    return;
  }
  const operations = await findOperations();
  const systems = systemsOf(operations);
  const real = options.connections
    ? await readConnectionsFile(options.connections, [...systems, slack])
    : undefined;
  const examples: Examples = real ? {} : demoExamples;

  const receive = await answeringFirst(receiver());
  const hasChat = !real || real.some(({ system }) => system === slack.name);
  const chat = (hasChat ? chatRoutes : []).map((path) => ({
    method: 'POST',
    path,
    name: receiverName,
    handler: receive,
    isPublic: true as const,
  }));
  const signer = options.sigv4 ? newSigner() : undefined;
  const connections = real ?? (await startDemo(open, show));
  const secrets = connections.map(({ system, connection, value }) => [secretIdOf(system, connection), value]);
  const secretsManager = await open(startSecretsManager({ secrets: Object.fromEntries(secrets) }));
  const functions = [
    ...operations.map(({ operation: { name }, handler }) => ({ name, handler })),
    { name: tokenKeeperName, handler: keepToken },
    { name: workerName, handler: worker(operations.map(({ operation }) => operation)) },
  ];
  const handlers = new Map(
    functions.map(({ name, handler }) => [
      functionNameOf(name),
      (event: unknown): Promise<unknown> => handler(event, localContext(name)),
    ]),
  );
  const run: RunFunction = (name, event) => handlers.get(name)?.(event);
  const lambda = await open(
    startLambdaStandIn(run, { concurrency: { [functionNameOf(tokenKeeperName)]: 1 } }),
  );
  const scheduler = await open(
    startSchedulerStandIn(
      async (arn, event) => run(arn.replace(localFunctions, ''), event)?.catch(() => {}),
      { groups: [restoreGroup] },
    ),
  );
  const tellEnd = (event: ExecutionStatusChange) =>
    void run(functionNameOf(workerName), chatEventOfEnd(event))?.catch(() => {});
  const stepFunctions = await open(
    startStepFunctions(stateMachine(fanOutDefinition), run, { onEnd: tellEnd }),
  );
  const environment = {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager,
    AWS_ENDPOINT_URL_LAMBDA: lambda,
    AWS_ENDPOINT_URL_SCHEDULER: scheduler,
    ATLAS_TOKEN_FUNCTION: functionNameOf(tokenKeeperName),
    AWS_ENDPOINT_URL_SFN: stepFunctions,
    // Schedules live in memory here: what is set for a while on a real system would never be put back after Ctrl-C.
    ...(real ? {} : { RESTORE_GROUP: restoreGroup }),
    RESTORE_ROLE_ARN: `arn:aws:iam::${account}:role/local`,
    FUNCTION_ARN_PREFIX: localFunctions,
  };
  const fanOut = fanOutEnvironment(
    localStateMachineArn,
    operations.map(({ operation }) => operation),
  );
  Object.assign(process.env, environment, fanOut);
  useLocalAws();

  keepAuditRecords();
  // The last to listen: a call that came before would ask AWS itself, with whatever credentials there are.
  const url = await open(listen(gateway(operations, examples, chat, signer), options.port), options.port);
  process.once('SIGINT', stop).once('SIGTERM', stop);
  process.stdout.write(
    [
      `Switchboard ${manifest.version} on ${url}, ${real ? `with the connections of ${options.connections}` : 'with simulated systems behind it'}.`,
      '',
      ...operations.flatMap(({ operation }) => introduce(operation, url, connections, examples, signer)),
      `API reference: ${url}/`,
      ...(real ? [] : ['Chat, without Slack:', `  npm run chat -- --url ${url} '/ops help'`]),
      ...(real ? [] : ['Secrets Manager, for the AWS CLI:', `  ${cliCall(secretsManager, secrets[0]?.[0])}`]),
      'What was changed: npm run audit -- --since 2h',
      'Ctrl-C stops it.',
      '',
    ].join('\n'),
  );
}

function readOptions(): {
  port: number;
  connections: string | undefined;
  sigv4: boolean;
  help: boolean;
} {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '4747' },
        connections: { type: 'string' },
        sigv4: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const port = Number(values.port);
    if (!/^\d+$/.test(values.port) || port > 65_535)
      throw new StartError(`--port must be a number from 0 to 65535, not ${values.port}.`);
    return { port, connections: values.connections, sigv4: values.sigv4, help: values.help };
  } catch (error) {
    if (error instanceof TypeError) throw new StartError(`${error.message}\n\n${usage}`);
    throw error;
  }
}

/** Keeps a listener for `stop` and answers its address. `port` is the one that was asked for. */
async function open(starting: Promise<Listener>, port?: number): Promise<string> {
  try {
    const listener = await starting;
    listeners.push(listener);
    return listener.url;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (error.code === 'EADDRINUSE')
      throw new StartError(`Port ${port} is in use. Choose another: npm start -- --port <port>`);
    if (error.code === 'EACCES')
      throw new StartError(`Port ${port} may not be used by this account. Choose one above 1023.`);
    throw error;
  }
}

async function stop(): Promise<void> {
  await Promise.all(listeners.splice(0).map((listener) => listener.close()));
}

/** Shows what somebody in the simulated Slack gets. */
function show({ channel, text, blocks }: DirectMessage): void {
  const shown = asText({ response_type: 'ephemeral', text, blocks });
  process.stdout.write(`Slack, to @${channel}:\n${shown}\n\n`);
}

/** An operation, and how to call it over each connection to its system. */
function introduce(
  operation: Operation,
  url: string,
  connections: StoredConnection[],
  examples: Examples,
  signer: Signer | undefined,
): string[] {
  const { name, summary, system, http, input } = operation;
  const call = (values: Record<string, string>) => {
    const path = pathParameters(http.path).reduce(
      (filled, field) => filled.replace(`{${field}}`, values[field] ?? `<${field}>`),
      http.path,
    );
    const method = http.method === 'GET' ? '' : `-X ${http.method} `;
    const body = http.body && ` --json '${JSON.stringify(bodyExample(operation))}'`;
    // What changes something is not to be pasted without a thought.
    const dryRun = 'dryRun' in input.shape ? 'dryRun=true&' : '';
    const signed = signer && !http.isPublic ? signing(signer) : '';
    // In alphabetical order: what is signed has it so, and not every curl sorts.
    return `  curl ${signed}${method}'${url}${path}?${dryRun}pretty=true'${body ?? ''}`;
  };
  const values = examples[system.name] ?? {};
  const calls = connections
    .filter((stored) => stored.system === system.name)
    .map(({ connection }) => call({ ...values, connection }));
  if (!system.secret) calls.push(call(values));
  return [
    `${name}: ${summary}`,
    ...(calls.length > 0 ? calls : [`  (no connection to ${system.title})`]),
    '',
  ];
}

function newSigner(): Signer {
  return {
    accessKeyId: `LOCAL${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(20).toString('hex'),
    arn: 'arn:aws:iam::000000000000:user/local',
  };
}

function signing({ accessKeyId, secretAccessKey }: Signer): string {
  const { region, service } = signedFor;
  return `--aws-sigv4 aws:amz:${region}:${service} --user ${accessKeyId}:${secretAccessKey} `;
}

function cliCall(url: string, secretId: string | undefined): string {
  const environment = Object.entries(localAws).map(([name, value]) => `${name}=${value}`);
  return `${environment.join(' ')} aws secretsmanager get-secret-value --region ${region} --endpoint-url ${url} --secret-id ${secretId}`;
}
