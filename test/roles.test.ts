import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { findOperations } from '../infra/operations.ts';
import { chatRoutes } from '../infra/routes.ts';
import { functionNameOf } from '../lib/function-name.ts';
import type { Operation } from '../lib/operation.ts';
import { rightsIn } from './policies.ts';
import { templateOf } from './template.ts';

// Every right that any role has. Whoever needs another one writes it down here, and thinks while doing so.

const operations = (await findOperations()).map(({ operation }) => operation);

const schedules = [
  { name: 'nightly', operation: 'sps.getSystemAlerts', connection: 'dc1', expression: 'rate(1 day)' },
];
const vpc = { vpcId: 'vpc-0123456789abcdef0', subnetIds: ['subnet-0123456789abcdef0'] };

const template = await templateOf({ schedules });
const plain = rightsIn(template);
const audit = { table: true };
const withSettings = rightsIn(await templateOf({ schedules, vpc, kmsKey: 'new', audit }));

const namesOf = (some: Operation[]) => some.map(({ name }) => functionNameOf(name));
const connected = operations.filter(({ system }) => system.secret);
const restorable = operations.filter(({ restore }) => restore);

const trace = 'xray:PutTraceSegments xray:PutTelemetryRecords on *';
const ownLog = (name: string) => [`logs:CreateLogStream logs:PutLogEvents on log of ${name}`, trace];
const readSecrets = (secrets: string) =>
  `secretsmanager:GetSecretValue on secretsmanager:secret:switchboard/${secrets}`;
const invoke = (names: string[]) => `lambda:InvokeFunction on ${names.join(' ')}`;
const invokeByName = (names: string[]) => invoke(names.map((name) => `lambda:function:${name}`));

/** What an operation's function may besides what all may. */
const particular: Record<string, string[]> = {
  'changes.listTemporary': [
    'scheduler:GetSchedule on scheduler:schedule/switchboard-temporary/*',
    'scheduler:ListSchedules on *',
  ],
  'changes.restoreNow': [
    'scheduler:GetSchedule on scheduler:schedule/switchboard-temporary/*',
    invokeByName(namesOf(restorable)),
  ],
  'fanOut.start': ['states:StartExecution on FanOutMachine', 'secretsmanager:ListSecrets on *'],
  'fanOut.get': [
    'states:DescribeExecution on states:execution:switchboard-fan-out:* states:execution:switchboard-fan-out/connections:*',
    'states:ListMapRuns on states:execution:switchboard-fan-out:*',
    'states:ListExecutions on states:mapRun:switchboard-fan-out/connections:*',
  ],
};

const arrangeRestore = (name: string) => [
  `scheduler:CreateSchedule scheduler:UpdateSchedule scheduler:DeleteSchedule scheduler:GetSchedule on scheduler:schedule/switchboard-temporary/${name.replace('.', '-')}-*`,
  `iam:PassRole on TemporaryChanges${name.replace('.', '')}RestoreRole if {"StringEquals":{"iam:PassedToService":"scheduler.amazonaws.com"}}`,
];

// Tokens are shared, and client secrets read by what mints them alone.
const signIn = [
  `${readSecrets('atlas/*')} if {"StringEquals":{"aws:ResourceTag/switchboard-sign-in":"api-key"}}`,
  readSecrets('tokens/atlas/*'),
  invoke(['switchboard-atlas-token']),
];

const secretsOf = ({ name, secret, sharesTokens }: Operation['system']): string[] => {
  if (!secret) return [];
  return sharesTokens ? signIn : [readSecrets(`${name}/*`)];
};

const rightsOf = ({ name, system, restore }: Operation): string[] => [
  ...ownLog(functionNameOf(name)),
  ...secretsOf(system),
  invoke(['switchboard-publish-outcome']),
  ...(restore ? arrangeRestore(name) : []),
  ...(particular[name] ?? []),
];

const others: Record<string, string[]> = {
  'switchboard-atlas-token': [
    ...ownLog('switchboard-atlas-token'),
    readSecrets('atlas/*'),
    'secretsmanager:GetSecretValue secretsmanager:PutSecretValue secretsmanager:CreateSecret on secretsmanager:secret:switchboard/tokens/atlas/*',
  ],
  'switchboard-publish-outcome': [
    ...ownLog('switchboard-publish-outcome'),
    'events:PutEvents on OutcomesBus',
    'sqs:SendMessage on OutcomesUnpublishedQueue',
  ],
  'switchboard-forward-audit': [
    ...ownLog('switchboard-forward-audit'),
    'events:PutEvents on OutcomesBus',
    'sqs:SendMessage on AuditTrailNotForwardedQueue',
  ],
  'switchboard-chat-receiver': [
    ...ownLog('switchboard-chat-receiver'),
    readSecrets('chat/slack-??????'),
    invoke(['switchboard-chat-worker']),
  ],
  'switchboard-chat-worker': [
    ...ownLog('switchboard-chat-worker'),
    readSecrets('chat/slack-??????'),
    invoke(namesOf(operations)),
    'sqs:SendMessage on ChatLost',
  ],
  'Puts back changes that an earlier version made for a while': [invokeByName(namesOf(restorable))],
  ...Object.fromEntries(
    restorable.map(({ name }) => [
      `Puts back what ${name} has made for a while`,
      [invokeByName([functionNameOf(name)])],
    ]),
  ),
  'Starts sps.getSystemAlerts for schedule nightly': [
    invoke(['switchboard-sps-getSystemAlerts']),
    'sqs:SendMessage on SchedulesnightlyDeadLettersQueue',
  ],
  'Runs operations over many connections': [
    'xray:PutTraceSegments xray:PutTelemetryRecords xray:GetSamplingRules xray:GetSamplingTargets on *',
    'logs:CreateLogDelivery logs:GetLogDelivery logs:UpdateLogDelivery logs:DeleteLogDelivery logs:ListLogDeliveries logs:PutResourcePolicy logs:DescribeResourcePolicies logs:DescribeLogGroups on *',
    invoke(namesOf(connected)),
    'states:StartExecution on states:stateMachine:switchboard-fan-out',
    'states:DescribeExecution states:StopExecution on states:execution:switchboard-fan-out/connections:*',
  ],
};

test('each role may do what is written here, and nothing else', () => {
  const expected = {
    ...Object.fromEntries(
      operations.map((operation) => [functionNameOf(operation.name), rightsOf(operation)]),
    ),
    ...others,
  };
  assert.deepEqual(sorted(plain), sorted(expected));
});

const sorted = (rights: Record<string, string[]>) =>
  Object.fromEntries(Object.entries(rights).map(([owner, lines]) => [owner, lines.toSorted()]));

test('functions are open to the API, each to its own routes, one to the logs of changes, and two to a rule', () => {
  const permission = z.object({
    FunctionName: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
    Principal: z.string(),
    SourceArn: z.union([
      z
        .object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) })
        .transform((it) => it['Fn::Join'][1].at(-1)),
      z
        .object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) })
        .transform((it) => it['Fn::GetAtt'][0]),
    ]),
  });
  const logs = new Map(
    Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) => [
      Properties.LoggingConfig.LogGroup.Ref,
      `log of ${Properties.FunctionName}`,
    ]),
  );
  const opened = Object.values(template.findResources('AWS::Lambda::Permission')).map(({ Properties }) => {
    const { FunctionName, Principal, SourceArn } = permission.parse(Properties);
    const fn = template.findResources('AWS::Lambda::Function')[FunctionName['Fn::GetAtt'][0]]?.['Properties'];
    return `${fn.FunctionName} ${Principal} ${logs.get(SourceArn) ?? SourceArn}`;
  });
  const rule = (start: string) =>
    Object.keys(template.findResources('AWS::Events::Rule')).find((name) => name.startsWith(start));
  const rules = [
    `switchboard-publish-outcome events.amazonaws.com ${rule('OutcomesExecutionEnded')}`,
    `switchboard-chat-worker events.amazonaws.com ${rule('ChatFanOutEnded')}`,
  ];
  const paths = [
    ...operations.map(({ name, http }) => [functionNameOf(name), http.path] as const),
    ...chatRoutes.map((path) => ['switchboard-chat-receiver', path] as const),
  ];
  const changing = operations
    .filter(({ effect }) => effect !== 'read')
    .map(({ name }) => `switchboard-forward-audit logs.amazonaws.com log of ${functionNameOf(name)}`);
  assert.deepEqual(
    opened.toSorted(),
    [
      ...paths.map(([name, path]) => `${name} apigateway.amazonaws.com /*/*${path}`),
      ...changing,
      ...rules,
    ].toSorted(),
  );
});

test('into queues, others than our roles put nothing but the dead letters of those rules', () => {
  const statement = z.object({ Effect: z.string(), Action: z.unknown(), Principal: z.unknown() });
  const allowed = Object.values(template.findResources('AWS::SQS::QueuePolicy')).flatMap(({ Properties }) =>
    z
      .array(statement)
      .parse(Properties.PolicyDocument.Statement)
      .filter(({ Effect }) => Effect === 'Allow')
      .map(({ Action, Principal }) => ({ Action, Principal })),
  );
  const ofRules = { Action: 'sqs:SendMessage', Principal: { Service: 'events.amazonaws.com' } };
  assert.deepEqual(allowed, [ofRules, ofRules]);
});

/** What a role may with the settings that it may not without. */
const added = (owner: string) => withSettings[owner]?.filter((line) => !plain[owner]?.includes(line));

const forSecrets = (arns: string) =>
  `on EncryptionKey if {"StringEquals":{"kms:ViaService":"secretsmanager.AWS::Region.amazonaws.com"},"StringLike":{"kms:EncryptionContext:SecretARN":${arns}}}`;
const decrypt = (secrets: string) =>
  `kms:Decrypt ${forSecrets(`"secretsmanager:secret:switchboard/${secrets}"`)}`;
const write = (secrets: string) =>
  `kms:GenerateDataKey kms:Decrypt ${forSecrets(`["secretsmanager:secret:switchboard/${secrets}","RequestToValidateKeyAccess"]`)}`;
const send =
  'kms:GenerateDataKey kms:Decrypt on EncryptionKey if {"StringEquals":{"kms:ViaService":"sqs.AWS::Region.amazonaws.com"}}';
const interfaces =
  'ec2:CreateNetworkInterface ec2:DescribeNetworkInterfaces ec2:DescribeSubnets ec2:DeleteNetworkInterface ec2:AssignPrivateIpAddresses ec2:UnassignPrivateIpAddresses on *';

test("with a key of one's own, who reads secrets may decrypt those, and who sends to a queue may encrypt for it", () => {
  assert.deepEqual(added('switchboard-atlas-listAccessList'), [
    decrypt('atlas/*'),
    decrypt('tokens/atlas/*'),
  ]);
  assert.deepEqual(added('switchboard-atlas-token'), [decrypt('atlas/*'), write('tokens/atlas/*')]);
  assert.deepEqual(added('switchboard-chat-receiver'), [decrypt('chat/slack-??????')]);
  assert.deepEqual(added('switchboard-chat-worker'), [decrypt('chat/slack-??????'), send]);
  for (const owner of ['switchboard-publish-outcome', 'Starts sps.getSystemAlerts for schedule nightly'])
    assert.deepEqual(added(owner), [send], owner);
  assert.deepEqual(added('switchboard-forward-audit'), [
    'dynamodb:PutItem on dynamodb:table/switchboard-audit',
    'kms:Decrypt on EncryptionKey if {"StringEquals":{"kms:ViaService":"dynamodb.AWS::Region.amazonaws.com"}}',
    send,
  ]);
  for (const owner of [
    'switchboard-errors-list',
    'switchboard-fanOut-start',
    'Runs operations over many connections',
  ])
    assert.deepEqual(added(owner), [], owner);
});

test('with a VPC, Lambda may set interfaces up for the functions in it, and their code may not', () => {
  for (const { name, system } of connected.filter(({ system }) => system.name !== 'atlas')) {
    const owner = functionNameOf(name);
    const own = `{"ArnEquals":{"lambda:SourceFunctionArn":"lambda:function:${owner}"}}`;
    assert.deepEqual(added(owner), [
      decrypt(`${system.name}/*`),
      interfaces,
      `never ${interfaces} if ${own}`,
    ]);
  }
});

test('no more is allowed where no setting asks for it', () => {
  assert.deepEqual(Object.keys(withSettings).toSorted(), Object.keys(plain).toSorted());
  const lines = Object.values(withSettings).flat();
  // Everything of EC2 and KMS that there is has been looked at above.
  const kinds = new Set(
    lines.filter((line) => /^(never )?(ec2|kms):/.test(line)).map((line) => line.split(' on ')[0]),
  );
  assert.deepEqual([...kinds].toSorted(), [
    interfaces.replace(' on *', ''),
    'kms:Decrypt',
    'kms:GenerateDataKey kms:Decrypt',
    `never ${interfaces.replace(' on *', '')}`,
  ]);
});
