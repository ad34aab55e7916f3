import { ArnFormat, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { type IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { functionNameOf } from '../lib/function-name.ts';
import type { Operation } from '../lib/operation.ts';

interface TemporaryChangesProps {
  functions: { operation: Operation; fn: LambdaFunction }[];
}

const groupName = 'switchboard-temporary';

/**
 * What changes for a while need: a group for the schedules that put them back, a role for EventBridge Scheduler to
 * do so, and leave for the functions to arrange it.
 */
export class TemporaryChanges extends Construct {
  constructor(scope: Construct, id: string, { functions }: TemporaryChangesProps) {
    super(scope, id);
    const stack = Stack.of(this);
    // What is pending outlives the stack: it is still to be put back.
    new ScheduleGroup(this, 'Group', {
      scheduleGroupName: groupName,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // By name, since the functions need to know the role and the role the functions.
    const arnOf = ({ name }: Operation) =>
      stack.formatArn({
        service: 'lambda',
        resource: 'function',
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        resourceName: functionNameOf(name),
      });
    const restorable = functions.map(({ operation }) => operation).filter(({ restore }) => restore);
    const role = new Role(this, 'RestoreRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
      description: 'Puts back changes that were made for a while',
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: restorable.map(arnOf) }),
    );

    const schedules = stack.formatArn({
      service: 'scheduler',
      resource: 'schedule',
      resourceName: `${groupName}/*`,
    });
    for (const { operation, fn } of functions) {
      const isAboutChanges = operation.system.name === 'changes';
      if (!operation.restore && !isAboutChanges) continue;
      fn.addEnvironment('RESTORE_GROUP', groupName);
      fn.addEnvironment('RESTORE_ROLE_ARN', role.roleArn);
      fn.addEnvironment('FUNCTION_ARN_PREFIX', arnOf(operation).replace(functionNameOf(operation.name), ''));
      if (isAboutChanges) this.#letLook(fn, schedules, restorable.map(arnOf));
      else this.#letArrange(fn, schedules, role);
    }
  }

  #letArrange(fn: LambdaFunction, schedules: string, role: IRole): void {
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: [
          'scheduler:CreateSchedule',
          'scheduler:UpdateSchedule',
          'scheduler:DeleteSchedule',
          'scheduler:GetSchedule',
        ],
        resources: [schedules],
      }),
    );
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      }),
    );
    acknowledge(fn);
  }

  #letLook(fn: LambdaFunction, schedules: string, functionArns: string[]): void {
    fn.addToRolePolicy(new PolicyStatement({ actions: ['scheduler:GetSchedule'], resources: [schedules] }));
    // ListSchedules knows no resources.
    fn.addToRolePolicy(new PolicyStatement({ actions: ['scheduler:ListSchedules'], resources: ['*'] }));
    fn.addToRolePolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: functionArns }));
    acknowledge(fn);
    if (fn.role)
      Validations.of(fn.role).acknowledge({
        id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
        reason: 'scheduler:ListSchedules cannot be limited to a group; what it lists are names.',
      });
  }
}

function acknowledge({ role }: LambdaFunction): void {
  if (!role) return;
  Validations.of(role).acknowledge({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/${groupName}/*]`,
    reason: 'Schedules are named after what they put back, as it comes up; all are in this one group.',
  });
}
