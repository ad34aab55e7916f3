import type { Conditions } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { secretIdOf } from '../lib/connections.ts';
import { functionNameOf } from '../lib/function-name.ts';
import type { Operation } from '../lib/operation.ts';
import { letReadSecrets } from './access/secrets.ts';
import { BundledFunction } from './bundled-function.ts';
import { functionConcurrency } from './limits.ts';

interface OperationFunctionProps {
  operation: Operation;
  /** The folder with the bundled handler. */
  codeDir: string;
}

// A client secret is for the function that mints tokens alone, so an API key is marked as what it is.
const onlyApiKeys: Conditions = { StringEquals: { 'aws:ResourceTag/switchboard-sign-in': 'api-key' } };

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
      ...(system.secret && { concurrency: functionConcurrency }),
    });
    this.operation = operation;
    if (system.secret)
      letReadSecrets(this.role, secretIdOf(system.name, '*'), system.sharesTokens ? onlyApiKeys : undefined);
  }
}
