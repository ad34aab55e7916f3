import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { Encryption } from './access/encryption.ts';
import { functionTimeoutMs } from './limits.ts';

interface BundledFunctionProps {
  functionName: string;
  description: string;
  /** The folder with the bundled handler. */
  codeDir: string;
  /** What an operation has, unless given. */
  timeout?: Duration;
  /** How often it may run at once; as often as the account allows, unless given. */
  concurrency?: number;
}

/** A bundled handler as a Lambda function, with a log of its own and a role that can write it and nothing else. */
export class BundledFunction extends Construct {
  readonly fn: LambdaFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;

  constructor(
    scope: Construct,
    id: string,
    {
      functionName,
      description,
      codeDir,
      timeout = Duration.millis(functionTimeoutMs),
      concurrency,
    }: BundledFunctionProps,
  ) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Log', {
      ...Encryption.of(this).logs,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Runs ${id}`,
    });
    this.logGroup.grantWrite(this.role);
    this.fn = new LambdaFunction(this, 'Function', {
      functionName,
      description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(codeDir),
      role: this.role,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      // Memory buys CPU, and a cold start is CPU.
      memorySize: 512,
      timeout,
      ...(concurrency !== undefined && mayReserve(this) && { reservedConcurrentExecutions: concurrency }),
    });
    Validations.of(this.role).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'Sending traces to X-Ray knows no narrower resource, and lets the role read none.',
    });
  }
}

/** Lambda lets nothing be reserved in an account whose quota is small: the context can say so. */
const mayReserve = ({ node }: Construct): boolean =>
  String(node.tryGetContext('reservedConcurrency')) !== 'false';
