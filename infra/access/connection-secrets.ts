import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { secretIdOf } from '../../lib/connections.ts';
import type { DeclaredConnection } from './connections-context.ts';
import { Encryption } from './encryption.ts';
import { secretDescription } from './secret-description.ts';

/**
 * An empty secret for each connection that `cdk.json` names. The template knows no value, so a deployment never
 * overwrites one, and what was filled outlives the stack.
 */
export class ConnectionSecrets extends Construct {
  constructor(scope: Construct, id: string, connections: DeclaredConnection[]) {
    super(scope, id);
    const { key } = Encryption.of(this);
    for (const { system, connection } of connections) {
      const name = secretIdOf(system.name, connection);
      // CDK's own Secret would make up a value.
      const secret = new CfnSecret(this, `${system.name}.${connection}`, {
        name,
        description: secretDescription(system),
        ...(key && { kmsKeyId: key.keyArn }),
      });
      secret.applyRemovalPolicy(RemovalPolicy.RETAIN);
      Validations.of(secret).acknowledge({
        id: 'AwsSolutions::AwsSolutions-SMG4',
        reason: `${name} holds credentials that ${system.title} gives out; who rotates them there, stores the new ones here, and they are used within minutes.`,
      });
    }
  }
}
