import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { account, region } from '../../infra/local/simulators/aws/credentials.ts';
import { localStateMachineArn } from '../../infra/local/simulators/step-functions.ts';
import type { Side } from './sides.ts';

/** One call of the AWS SDK, at the edge of what a service takes. */
export interface Call {
  what: string;
  call: (clients: Clients) => Promise<unknown>;
  /** `taken`, or the name of AWS's error. */
  answers: string;
  /** Where moto answers otherwise, and why that is a limit of moto's. */
  moto?: { answers: string; because: string };
}

export type Clients = ReturnType<typeof clientsOf>;

export const clientsOf = ({ clientFor }: Side) => ({
  secrets: new SecretsManagerClient(clientFor('SECRETS_MANAGER')),
  scheduler: new SchedulerClient(clientFor('SCHEDULER')),
  stepFunctions: new SFNClient(clientFor('SFN')),
  eventBridge: new EventBridgeClient(clientFor('EVENTBRIDGE')),
  dynamo: new DynamoDBClient(clientFor('DYNAMODB')),
  lambda: new LambdaClient(clientFor('LAMBDA')),
});

const unchecked = 'moto does not hold this against the service model';
const token = 'a-token-of-thirty-two-characters-or-more';
const long = (length: number) => 'x'.repeat(length);

const GroupName = 'switchboard-temporary';
const schedule = (given: Partial<CreateScheduleCommandInput> = {}): CreateScheduleCommandInput => ({
  GroupName,
  Name: 'one',
  ScheduleExpression: 'at(2099-01-01T00:00:00)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: {
    Arn: `arn:aws:lambda:${region}:${account}:function:one`,
    RoleArn: `arn:aws:iam::${account}:role/restore`,
    Input: '{}',
  },
  ...given,
});
const target = (given: object) => ({ Target: { Arn: '', RoleArn: '', ...schedule().Target, ...given } });
const create =
  (given: Partial<CreateScheduleCommandInput>) =>
  ({ scheduler }: Clients) =>
    scheduler.send(new CreateScheduleCommand(schedule(given)));

const executionArn = `${localStateMachineArn.replace(':stateMachine:', ':execution:')}:none`;

/** In this order: what one leaves behind, the next ones meet. */
export const calls: Call[] = [
  {
    what: 'a secret whose name has a space',
    call: ({ secrets }) => secrets.send(new CreateSecretCommand({ Name: 'a b', SecretString: 'x' })),
    answers: 'ValidationException',
    moto: { answers: 'taken', because: unchecked },
  },
  {
    what: 'a secret whose name is too long',
    call: ({ secrets }) => secrets.send(new CreateSecretCommand({ Name: long(513), SecretString: 'x' })),
    answers: 'ValidationException',
    moto: { answers: 'taken', because: unchecked },
  },
  {
    what: 'a secret value of 64 kB',
    call: ({ secrets }) =>
      secrets.send(
        new CreateSecretCommand({ Name: 'big', SecretString: long(65_536), ClientRequestToken: token }),
      ),
    answers: 'taken',
  },
  {
    what: 'the same request once more',
    call: ({ secrets }) =>
      secrets.send(
        new CreateSecretCommand({ Name: 'big', SecretString: long(65_536), ClientRequestToken: token }),
      ),
    answers: 'taken',
  },
  {
    what: 'a secret that exists',
    call: ({ secrets }) => secrets.send(new CreateSecretCommand({ Name: 'big', SecretString: 'x' })),
    answers: 'ResourceExistsException',
  },
  {
    what: 'a secret value of more than 64 kB',
    call: ({ secrets }) =>
      secrets.send(new PutSecretValueCommand({ SecretId: 'big', SecretString: long(65_537) })),
    answers: 'ValidationException',
    moto: { answers: 'taken', because: unchecked },
  },
  {
    what: 'a new value for a secret that there is not',
    call: ({ secrets }) => secrets.send(new PutSecretValueCommand({ SecretId: 'none', SecretString: 'x' })),
    answers: 'ResourceNotFoundException',
  },
  {
    what: 'a new value that is none',
    call: ({ secrets }) => secrets.send(new PutSecretValueCommand({ SecretId: 'big' })),
    answers: 'InvalidRequestException',
  },
  {
    what: 'a version that there is not',
    call: ({ secrets }) => secrets.send(new GetSecretValueCommand({ SecretId: 'big', VersionId: long(32) })),
    answers: 'ResourceNotFoundException',
  },
  {
    what: 'a page of secrets that is too large',
    call: ({ secrets }) => secrets.send(new ListSecretsCommand({ MaxResults: 101 })),
    answers: 'ValidationException',
    moto: { answers: 'taken', because: unchecked },
  },
  {
    what: 'a deletion in three days',
    call: ({ secrets }) =>
      secrets.send(new DeleteSecretCommand({ SecretId: 'big', RecoveryWindowInDays: 3 })),
    answers: 'InvalidParameterException',
  },
  {
    what: 'a deletion at once and in seven days',
    call: ({ secrets }) =>
      secrets.send(
        new DeleteSecretCommand({
          SecretId: 'big',
          RecoveryWindowInDays: 7,
          ForceDeleteWithoutRecovery: true,
        }),
      ),
    answers: 'InvalidParameterException',
  },
  {
    what: 'a deletion in seven days',
    call: ({ secrets }) =>
      secrets.send(new DeleteSecretCommand({ SecretId: 'big', RecoveryWindowInDays: 7 })),
    answers: 'taken',
  },
  {
    what: 'a new value for what is marked for deletion',
    call: ({ secrets }) => secrets.send(new PutSecretValueCommand({ SecretId: 'big', SecretString: 'x' })),
    answers: 'InvalidRequestException',
    moto: { answers: 'taken', because: 'moto asks for the mark only where a secret is read' },
  },
  {
    what: 'a secret of the name of one that is marked for deletion',
    call: ({ secrets }) => secrets.send(new CreateSecretCommand({ Name: 'big', SecretString: 'x' })),
    answers: 'InvalidRequestException',
    moto: {
      answers: 'ResourceExistsException',
      because: 'moto asks for the mark only where a secret is read',
    },
  },
  {
    what: 'restoring it',
    call: ({ secrets }) => secrets.send(new RestoreSecretCommand({ SecretId: 'big' })),
    answers: 'taken',
  },
  {
    what: 'reading it then',
    call: ({ secrets }) => secrets.send(new GetSecretValueCommand({ SecretId: 'big' })),
    answers: 'taken',
  },

  { what: 'a schedule', call: create({}), answers: 'taken' },
  { what: 'a schedule that exists', call: create({}), answers: 'ConflictException' },
  {
    what: 'a schedule in a group that there is not',
    call: create({ GroupName: 'none' }),
    answers: 'ResourceNotFoundException',
    moto: { answers: 'SyntaxError', because: 'moto fails at it, with a page in HTML' },
  },
  {
    what: 'a schedule whose name has a space',
    call: create({ Name: 'a b' }),
    answers: 'ValidationException',
    moto: { answers: 'taken', because: unchecked },
  },
  {
    what: 'a schedule whose name is too long',
    call: create({ Name: long(65) }),
    answers: 'ValidationException',
    moto: { answers: 'taken', because: unchecked },
  },
  {
    what: 'a schedule for a time that has passed',
    call: create({ Name: 'two', ScheduleExpression: 'at(2020-01-01T00:00:00)' }),
    answers: 'ValidationException',
    moto: { answers: 'taken', because: 'moto does not read schedule expressions' },
  },
  {
    what: 'a schedule for no time',
    call: create({ Name: 'three', ScheduleExpression: 'at(2099-13-01T00:00:00)' }),
    answers: 'ValidationException',
    moto: { answers: 'taken', because: 'moto does not read schedule expressions' },
  },
  {
    what: 'a schedule with a role that is none',
    call: create({ Name: 'four', ...target({ RoleArn: 'restore' }) }),
    answers: 'ValidationException',
    moto: { answers: 'taken', because: unchecked },
  },
  {
    what: 'a schedule whose target is no ARN',
    call: create({ Name: 'five', ...target({ Arn: 'one' }) }),
    answers: 'ValidationException',
    moto: { answers: 'taken', because: unchecked },
  },
  {
    what: 'a schedule whose input is too large',
    call: create({ Name: 'six', ...target({ Input: JSON.stringify(long(256 * 1024)) }) }),
    answers: 'ValidationException',
    moto: { answers: 'taken', because: unchecked },
  },
  {
    what: 'another time for a schedule',
    call: ({ scheduler }) =>
      scheduler.send(new UpdateScheduleCommand(schedule({ ScheduleExpression: 'at(2099-02-01T00:00:00)' }))),
    answers: 'taken',
  },
  {
    what: 'another time for a schedule that there is not',
    call: ({ scheduler }) => scheduler.send(new UpdateScheduleCommand(schedule({ Name: 'none' }))),
    answers: 'ResourceNotFoundException',
  },
  {
    what: 'a schedule without its group',
    call: ({ scheduler }) => scheduler.send(new GetScheduleCommand({ Name: 'one' })),
    answers: 'ResourceNotFoundException',
  },
  {
    what: 'the schedules of a group that there is not',
    call: ({ scheduler }) => scheduler.send(new ListSchedulesCommand({ GroupName: 'none' })),
    answers: 'ResourceNotFoundException',
    moto: { answers: 'taken', because: 'moto only filters by the name of the group' },
  },
  {
    what: 'deleting a schedule',
    call: ({ scheduler }) => scheduler.send(new DeleteScheduleCommand({ GroupName, Name: 'one' })),
    answers: 'taken',
  },
  {
    what: 'deleting it once more',
    call: ({ scheduler }) => scheduler.send(new DeleteScheduleCommand({ GroupName, Name: 'one' })),
    answers: 'ResourceNotFoundException',
  },

  {
    what: 'an execution whose name has a slash',
    call: ({ stepFunctions }) =>
      stepFunctions.send(
        new StartExecutionCommand({ stateMachineArn: localStateMachineArn, name: 'a/b', input: '{}' }),
      ),
    answers: 'InvalidName',
  },
  {
    what: 'an execution whose input is not JSON',
    call: ({ stepFunctions }) =>
      stepFunctions.send(
        new StartExecutionCommand({ stateMachineArn: localStateMachineArn, name: 'a', input: '{' }),
      ),
    answers: 'InvalidExecutionInput',
  },
  {
    what: 'an execution whose input is too large',
    call: ({ stepFunctions }) =>
      stepFunctions.send(
        new StartExecutionCommand({
          stateMachineArn: localStateMachineArn,
          name: 'b',
          input: JSON.stringify(long(262_143)),
        }),
      ),
    answers: 'ValidationException',
    moto: { answers: 'taken', because: unchecked },
  },
  {
    what: 'an execution of no state machine',
    call: ({ stepFunctions }) =>
      stepFunctions.send(
        new StartExecutionCommand({ stateMachineArn: `${localStateMachineArn}-none`, input: '{}' }),
      ),
    answers: 'StateMachineDoesNotExist',
  },
  {
    what: 'an execution that there is not',
    call: ({ stepFunctions }) => stepFunctions.send(new DescribeExecutionCommand({ executionArn })),
    answers: 'ExecutionDoesNotExist',
  },
  {
    what: 'the map runs of an execution that there is not',
    call: ({ stepFunctions }) => stepFunctions.send(new ListMapRunsCommand({ executionArn })),
    answers: 'ExecutionDoesNotExist',
    moto: { answers: 'taken', because: 'moto knows no map runs' },
  },
  {
    what: 'an ARN that is none',
    call: ({ stepFunctions }) => stepFunctions.send(new DescribeExecutionCommand({ executionArn: 'one' })),
    answers: 'InvalidArn',
  },
  {
    what: 'the executions of a map run that there is not',
    call: ({ stepFunctions }) =>
      stepFunctions.send(
        new ListExecutionsCommand({
          mapRunArn: `${localStateMachineArn.replace(':stateMachine:', ':mapRun:')}/connections:none`,
        }),
      ),
    answers: 'ResourceNotFound',
    moto: { answers: 'SyntaxError', because: 'moto fails at it, with a page in HTML: it knows no map runs' },
  },

  {
    what: 'more than ten events',
    call: ({ eventBridge }) =>
      eventBridge.send(
        new PutEventsCommand({
          Entries: Array.from({ length: 11 }, () => ({ Source: 'a', DetailType: 'b', Detail: '{}' })),
        }),
      ),
    answers: 'ValidationException',
  },
  {
    what: 'events of which some are not to be taken',
    call: async ({ eventBridge }) => {
      const { Entries = [], FailedEntryCount } = await eventBridge.send(
        new PutEventsCommand({
          Entries: [
            { Source: 'a', DetailType: 'b', Detail: '{}' },
            { DetailType: 'b', Detail: '{}' },
            { Source: 'a', Detail: '{}' },
            { Source: 'a', DetailType: 'b' },
            { Source: 'a', DetailType: 'b', Detail: '{' },
          ],
        }),
      );
      const codes = Entries.map(({ ErrorCode, EventId }) => ErrorCode ?? (EventId && 'taken'));
      throw Object.assign(new Error(), { name: [FailedEntryCount, ...codes].join(' ') });
    },
    answers: '4 taken InvalidArgument InvalidArgument InvalidArgument MalformedDetail',
  },

  {
    what: 'an item for a table that there is not',
    call: ({ dynamo }) =>
      dynamo.send(new PutItemCommand({ TableName: 'none', Item: { auditId: { S: 'a' } } })),
    answers: 'ResourceNotFoundException',
  },
  {
    what: 'an item without a part of its key',
    call: ({ dynamo }) =>
      dynamo.send(new PutItemCommand({ TableName: 'switchboard-audit', Item: { auditId: { S: 'a' } } })),
    answers: 'ValidationException',
  },
  {
    what: 'an item whose key is empty',
    call: ({ dynamo }) =>
      dynamo.send(
        new PutItemCommand({
          TableName: 'switchboard-audit',
          Item: { auditId: { S: '' }, outcome: { S: 'made' } },
        }),
      ),
    answers: 'ValidationException',
  },
  {
    what: 'an item that is too large',
    call: ({ dynamo }) =>
      dynamo.send(
        new PutItemCommand({
          TableName: 'switchboard-audit',
          Item: { auditId: { S: 'a' }, outcome: { S: 'made' }, before: { S: long(400 * 1024) } },
        }),
      ),
    answers: 'ValidationException',
  },

  {
    what: 'a function that there is not',
    call: ({ lambda }) => lambda.send(new InvokeCommand({ FunctionName: 'none', Payload: '{}' })),
    answers: 'ResourceNotFoundException',
  },
  {
    what: 'a function that there is not, to be run later',
    call: ({ lambda }) =>
      lambda.send(new InvokeCommand({ FunctionName: 'none', InvocationType: 'Event', Payload: '{}' })),
    answers: 'ResourceNotFoundException',
  },
];

/** What comes of a call, in a word. */
export const answerOf = (calling: Promise<unknown>): Promise<string> =>
  calling.then(
    () => 'taken',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );
