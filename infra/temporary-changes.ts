import { ArnFormat, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { type IRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { functionNameOf } from '../lib/function-name.ts';
import type { Operation } from '../lib/operation.ts';
import { placeIds } from '../lib/temporary/place.ts';

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
    const group = new ScheduleGroup(this, 'Group', {
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
    const roleFor = (id: string, description: string, operations: Operation[]) => {
      const role = new Role(this, id, {
        assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
          conditions: {
            StringEquals: { 'aws:SourceAccount': stack.account, 'aws:SourceArn': group.scheduleGroupArn },
          },
        }),
        description,
      });
      role.addToPolicy(
        new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: operations.map(arnOf) }),
      );
      return role;
    };
    // What a version with one role for all has left pending names it. No function can pass it on.
    roleFor('RestoreRole', 'Puts back changes that an earlier version made for a while', restorable);

    for (const { operation, fn } of functions) {
      const isAboutChanges = operation.system.name === 'changes';
      if (!operation.restore && !isAboutChanges) continue;
      fn.addEnvironment('RESTORE_GROUP', groupName);
      if (isAboutChanges) {
        if (operation.effect === 'read') this.#letList(fn);
        else this.#letRestore(fn, restorable.map(arnOf));
        continue;
      }
      // A function can arrange nothing but its own putting back.
      const { name } = operation;
      const role = roleFor(`${name}.RestoreRole`, `Puts back what ${name} has made for a while`, [operation]);
      fn.addEnvironment('RESTORE_ROLE_ARN', role.roleArn);
      fn.addEnvironment('FUNCTION_ARN_PREFIX', arnOf(operation).replace(functionNameOf(name), ''));
      this.#letArrange(fn, operation, role);
    }
  }

  #letArrange(fn: LambdaFunction, { name }: Operation, role: IRole): void {
    this.#allow(
      fn,
      [
        'scheduler:CreateSchedule',
        'scheduler:UpdateSchedule',
        'scheduler:DeleteSchedule',
        'scheduler:GetSchedule',
      ],
      placeIds(name),
    );
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      }),
    );
  }

  #letRestore(fn: LambdaFunction, functionArns: string[]): void {
    this.#allow(fn, ['scheduler:GetSchedule'], '*');
    fn.addToRolePolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: functionArns }));
  }

  #letList(fn: LambdaFunction): void {
    this.#allow(fn, ['scheduler:GetSchedule'], '*');
    // ListSchedules knows no resources.
    fn.addToRolePolicy(new PolicyStatement({ actions: ['scheduler:ListSchedules'], resources: ['*'] }));
    if (fn.role)
      Validations.of(fn.role).acknowledge({
        id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
        reason: 'scheduler:ListSchedules cannot be limited to a group; what it lists are names.',
      });
  }

  /** Lets a function do something with the schedules of the group whose names match. */
  #allow(fn: LambdaFunction, actions: string[], names: string): void {
    const resourceName = `${groupName}/${names}`;
    const schedules = Stack.of(this).formatArn({ service: 'scheduler', resource: 'schedule', resourceName });
    fn.addToRolePolicy(new PolicyStatement({ actions, resources: [schedules] }));
    if (fn.role)
      Validations.of(fn.role).acknowledge({
        id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/${resourceName}]`,
        reason: 'Schedules are named after what they put back, as it comes up; all are in this one group.',
      });
  }
}
