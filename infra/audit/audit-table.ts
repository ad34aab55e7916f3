import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { Encryption } from '../access/encryption.ts';

const tableName = 'switchboard-audit';

// What changes or removes an item, by whichever API. A transaction needs the rights of its parts.
const rewriting = [
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PartiQLDelete',
];

/**
 * A table of audit records to which one role adds, and nobody else: its own policy refuses everybody to change or remove
 * an item. Who may take that policy away, or the deletion protection, can do so first. It outlives the stack.
 */
export class AuditTable extends Construct {
  readonly tableName = tableName;

  constructor(scope: Construct, id: string, writer: Role) {
    super(scope, id);
    const encryption = Encryption.of(this);
    const tableArn = Stack.of(this).formatArn({
      service: 'dynamodb',
      resource: 'table',
      resourceName: tableName,
    });
    const never = (actions: string[], conditions: Record<string, unknown> = {}) =>
      new PolicyStatement({
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions,
        resources: [tableArn],
        conditions,
      });
    const table = new Table(this, 'Table', {
      tableName,
      partitionKey: { name: 'auditId', type: AttributeType.STRING },
      sortKey: { name: 'outcome', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...(encryption.key && {
        encryption: TableEncryption.CUSTOMER_MANAGED,
        encryptionKey: encryption.key,
      }),
      resourcePolicy: new PolicyDocument({
        statements: [
          never(rewriting),
          never(['dynamodb:PutItem'], { ArnNotEquals: { 'aws:PrincipalArn': writer.roleArn } }),
        ],
      }),
    });
    for (const name of ['target', 'actor'])
      table.addGlobalSecondaryIndex({
        indexName: `by-${name}`,
        partitionKey: { name, type: AttributeType.STRING },
        sortKey: { name: 'timestamp', type: AttributeType.STRING },
        projectionType: ProjectionType.ALL,
      });
    // By hand: CDK's own grants would let the role delete as well.
    writer.addToPolicy(new PolicyStatement({ actions: ['dynamodb:PutItem'], resources: [tableArn] }));
    encryption.letUseTables(writer);
    new CfnOutput(this, 'Name', { value: table.tableName, description: 'The table of audit records.' });
  }
}
