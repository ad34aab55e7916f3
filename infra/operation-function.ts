import { ArnFormat, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { secretIdOf } from '../lib/connections.ts';
import { functionNameOf } from '../lib/function-name.ts';
import type { Operation } from '../lib/operation.ts';
import { functionTimeoutMs } from './limits.ts';

interface OperationFunctionProps {
  operation: Operation;
  /** The folder with the bundled handler. */
  codeDir: string;
}

/** One operation as a Lambda function, with a log of its own and a role that can read its system's secrets. */
export class OperationFunction extends Construct {
  readonly fn: LambdaFunction;

  constructor(scope: Construct, id: string, { operation, codeDir }: OperationFunctionProps) {
    super(scope, id);
    const { name, summary, system } = operation;

    const logGroup = new LogGroup(this, 'Log', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Runs ${name}`,
    });
    logGroup.grantWrite(role);
    if (system.secret) allowSecrets(role, secretIdOf(system.name, '*'));
    this.fn = new LambdaFunction(this, 'Function', {
      // Whoever invokes operations directly, knows them by their names.
      functionName: functionNameOf(name),
      description: `${name}: ${summary}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(codeDir),
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      // Memory buys CPU, and a cold start is CPU.
      memorySize: 512,
      timeout: Duration.millis(functionTimeoutMs),
    });
  }
}

/** Lets a role read the secrets of these names, and records why they are not listed one by one. */
function allowSecrets(role: Role, secrets: string): void {
  role.addToPolicy(
    new PolicyStatement({
      effect: Effect.ALLOW,
      actions: ['secretsmanager:GetSecretValue'],
      resources: [
        Stack.of(role).formatArn({
          service: 'secretsmanager',
          resource: 'secret',
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          resourceName: secrets,
        }),
      ],
    }),
  );
  Validations.of(role).acknowledge({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${secrets}]`,
    reason: `A connection is added by storing a secret, without a deployment, so the role covers all of ${secrets}; never another system's.`,
  });
}
