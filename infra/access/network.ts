import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import { CfnSecurityGroup, CfnVPCEndpoint } from 'aws-cdk-lib/aws-ec2';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { functionNameOf } from '../../lib/function-name.ts';
import type { OperationFunction } from '../operation-function.ts';
import type { Vpc } from './vpc-context.ts';

/**
 * Private subnets of a VPC that there is already, for the functions whose systems are reached from there, and
 * endpoints for what these functions ask of AWS. Nothing is looked up: the stack is synthesized without an account.
 */
export class Network extends Construct {
  readonly #vpc: Vpc;
  readonly #securityGroupIds: string[];

  constructor(scope: Construct, id: string, vpc: Vpc) {
    super(scope, id);
    this.#vpc = vpc;
    this.#securityGroupIds = vpc.securityGroupIds ?? [this.#functionsGroup()];
    if (vpc.endpoints.length > 0) this.#addEndpoints();
  }

  /** Has the function of an operation run there, if its system is one of those. */
  place({ operation, fn, role }: OperationFunction): void {
    if (!this.#vpc.systems.includes(operation.system.name)) return;
    const resource = fn.node.defaultChild;
    if (!(resource instanceof CfnFunction)) throw new Error(`${operation.name} has no function`);
    resource.vpcConfig = { subnetIds: this.#vpc.subnetIds, securityGroupIds: this.#securityGroupIds };

    role.addToPolicy(new PolicyStatement({ actions: forInterfaces, resources: ['*'] }));
    // The role is Lambda's too, which sets the interfaces up. Code in the function may not.
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
    role.addToPolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        actions: forInterfaces,
        resources: ['*'],
        conditions: { ArnEquals: { 'lambda:SourceFunctionArn': this.#arnOf(operation.name) } },
      }),
    );
    Validations.of(role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason:
        'Lambda sets network interfaces up with this role, and wants these actions for all of them; code in the function is denied them.',
    });
  }

  /** Lets functions out to the systems, on whatever port those answer, and nobody in. */
  #functionsGroup(): string {
    const group = new CfnSecurityGroup(this, 'Functions', {
      groupDescription: 'Switchboard: functions that reach systems from here',
      vpcId: this.#vpc.vpcId,
      securityGroupEgress: [
        {
          ipProtocol: 'tcp',
          fromPort: 1,
          toPort: 65_535,
          cidrIp: '0.0.0.0/0',
          description: 'Systems, and AWS',
        },
      ],
    });
    return group.attrGroupId;
  }

  #addEndpoints(): void {
    const { vpcId, subnetIds, endpoints } = this.#vpc;
    const group = new CfnSecurityGroup(this, 'Endpoints', {
      groupDescription: 'Switchboard: endpoints of AWS services',
      vpcId,
      securityGroupIngress: this.#securityGroupIds.map((sourceSecurityGroupId) => ({
        ipProtocol: 'tcp',
        fromPort: 443,
        toPort: 443,
        sourceSecurityGroupId,
        description: 'Functions of Switchboard',
      })),
      // Endpoints answer; they ask nothing. An empty list would be taken for "everywhere".
      securityGroupEgress: [{ ipProtocol: 'icmp', fromPort: 252, toPort: 86, cidrIp: '255.255.255.255/32' }],
    });
    // No policy of their own: whatever else is in the VPC comes this way as well. Roles say what functions may.
    for (const service of endpoints)
      new CfnVPCEndpoint(this, service, {
        vpcId,
        vpcEndpointType: 'Interface',
        serviceName: `com.amazonaws.${Stack.of(this).region}.${service}`,
        subnetIds,
        securityGroupIds: [group.attrGroupId],
        privateDnsEnabled: true,
      });
  }

  #arnOf(operation: string): string {
    return Stack.of(this).formatArn({
      service: 'lambda',
      resource: 'function',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      resourceName: functionNameOf(operation),
    });
  }
}

const forInterfaces = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];
