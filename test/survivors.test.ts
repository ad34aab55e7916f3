import assert from 'node:assert/strict';
import { test } from 'node:test';
import { everySetting } from '../infra/costs/table.ts';
import { findOperations } from '../infra/operations.ts';
import { functionNameOf } from '../lib/function-name.ts';
import { templateOf } from './template.ts';

// What a deployment over an older version must find again. CloudFormation knows a resource by its logical id: under
// another one it is another resource, and what the old one held or was named by is gone. So a line here only ever changes
// together with a plan for what is out there.

const template = await templateOf(everySetting);
const resources = template.toJSON()['Resources'];

/** By logical id: the type, the name it has whatever happens, and what becomes of it when it is taken out of the stack. */
const survivors = {
  // A schedule that is to put something back has the names of these in it.
  TemporaryChangesGroup4A69949B: ['AWS::Scheduler::ScheduleGroup', 'switchboard-temporary', 'Retain'],
  TemporaryChangesRestoreRole86A21DD2: ['AWS::IAM::Role', undefined, undefined],
  // Filled by people, and read for as long as operations run.
  Connectionsatlasprod9279F5B6: ['AWS::SecretsManager::Secret', 'switchboard/atlas/prod', 'Retain'],
  ConnectionsopsManagerprod257E0B07: ['AWS::SecretsManager::Secret', 'switchboard/opsManager/prod', 'Retain'],
  Connectionsspsdc1D6F182C2: ['AWS::SecretsManager::Secret', 'switchboard/sps/dc1', 'Retain'],
  // Without it, none of what it has encrypted can be read again.
  EncryptionKey3A692D6E: ['AWS::KMS::Key', undefined, 'Retain'],
  AuditTrailTable78952A2D: ['AWS::DynamoDB::Table', undefined, 'Retain'],
  // What people asked for and did not get.
  ChatLostB1061FAB: ['AWS::SQS::Queue', undefined, 'Retain'],
  // Others have its address, or rules on it.
  ApiF70053CD: ['AWS::ApiGatewayV2::Api', 'Api', undefined],
  OutcomesBus61358731: ['AWS::Events::EventBus', 'switchboard', undefined],
  FanOutMachine1936C504: ['AWS::StepFunctions::StateMachine', 'switchboard-fan-out', 'Delete'],
};

test('a deployment finds again what holds something, under the logical id that it has', () => {
  const found = Object.fromEntries(
    Object.keys(survivors).map((id) => {
      const { Type, Properties, DeletionPolicy } = resources[id] ?? {};
      return [id, [Type, Properties?.Name ?? Properties?.StateMachineName, DeletionPolicy]];
    }),
  );
  assert.deepEqual(found, survivors);
});

test('what is retained is retained too where it is replaced', () => {
  for (const [id, [, , policy]] of Object.entries(survivors))
    if (policy === 'Retain') assert.equal(resources[id].UpdateReplacePolicy, 'Retain', id);
});

test('schedules that are pending invoke functions by names that do not change', async () => {
  const operations = (await findOperations()).map(({ operation }) => operation);
  for (const { name } of operations.filter(({ restore }) => restore))
    template.hasResourceProperties('AWS::Lambda::Function', { FunctionName: functionNameOf(name) });
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { RESTORE_GROUP: 'switchboard-temporary' } },
  });
});

test('logs outlive the stack, where their names let them', () => {
  const logs = Object.entries(template.findResources('AWS::Logs::LogGroup'));
  const temporary = logs.filter(([, { DeletionPolicy }]) => DeletionPolicy !== 'Retain');
  // The one of Step Functions: its name is fixed and would be in the way of the next stack.
  assert.deepEqual(
    temporary.map(([, { Properties }]) => Properties.LogGroupName),
    ['/aws/vendedlogs/states/switchboard-fan-out'],
  );
});
