import { Validations } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { secretIdOf } from '../lib/connections.ts';
import { functionNameOf } from '../lib/function-name.ts';
import type { Operation } from '../lib/operation.ts';
import { letReadSecrets } from './access/read-secrets.ts';
import { BundledFunction } from './bundled-function.ts';

interface OperationFunctionProps {
  operation: Operation;
  /** The folder with the bundled handler. */
  codeDir: string;
}

/** One operation as a Lambda function, with a role that can read its system's secrets. */
export class OperationFunction extends BundledFunction {
  readonly operation: Operation;

  constructor(scope: Construct, id: string, { operation, codeDir }: OperationFunctionProps) {
    const { name, summary, system } = operation;
    super(scope, id, {
      // Whoever invokes operations directly, knows them by their names.
      functionName: functionNameOf(name),
      description: `${name}: ${summary}`,
      codeDir,
    });
    this.operation = operation;
    if (system.secret) allowSecrets(this.role, secretIdOf(system.name, '*'));
  }
}

/** Lets a role read the secrets of these names, and records why they are not listed one by one. */
function allowSecrets(role: Role, secrets: string): void {
  letReadSecrets(role, secrets);
  Validations.of(role).acknowledge({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${secrets}]`,
    reason: `A connection is added by storing a secret, without a deployment, so the role covers all of ${secrets}; never another system's.`,
  });
}
