import { ArnFormat, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { signInSecretIdOf } from '../lib/atlas/sign-in.ts';
import { tokenKeeperName } from '../lib/atlas/token-keeper.ts';
import { secretIdOf } from '../lib/connections.ts';
import { functionNameOf } from '../lib/function-name.ts';
import { tokenMintMs } from '../lib/time-outs.ts';
import { BundledFunction } from './bundled-function.ts';
import type { OperationFunction } from './operation-function.ts';

interface AtlasTokensProps {
  /** The folder with the bundled keeper. */
  codeDir: string;
}

/**
 * The function that mints Atlas's access tokens for all operations, one at a time. It alone can read client secrets;
 * what it mints it keeps in secrets of its own, which the operations read.
 */
export class AtlasTokens extends Construct {
  readonly #keeper: BundledFunction;

  constructor(scope: Construct, id: string, { codeDir }: AtlasTokensProps) {
    super(scope, id);
    this.#keeper = new BundledFunction(this, 'Keeper', {
      functionName: functionNameOf(tokenKeeperName),
      description: `${tokenKeeperName}: Mints access tokens for the operations on Atlas to share`,
      codeDir,
      timeout: Duration.millis(tokenMintMs),
      concurrency: 1,
    });
    const { role } = this.#keeper;
    allow(role, ['secretsmanager:GetSecretValue'], arnOf(this, secretIdOf('atlas', '*')));
    allow(
      role,
      ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue', 'secretsmanager:CreateSecret'],
      arnOf(this, signInSecretIdOf('*')),
    );
    for (const secrets of [secretIdOf('atlas', '*'), signInSecretIdOf('*')]) acknowledge(role, secrets);
  }

  /** Has an operation sign in with shared tokens. */
  serve({ fn, role }: OperationFunction): void {
    fn.addEnvironment('ATLAS_TOKEN_FUNCTION', functionNameOf(tokenKeeperName));
    allow(role, ['secretsmanager:GetSecretValue'], arnOf(this, signInSecretIdOf('*')));
    allow(role, ['lambda:InvokeFunction'], this.#keeper.fn.functionArn);
    acknowledge(role, signInSecretIdOf('*'));
  }
}

const arnOf = (scope: Construct, secrets: string): string =>
  Stack.of(scope).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    resourceName: secrets,
  });

const allow = (role: Role, actions: string[], resource: string): boolean =>
  role.addToPolicy(new PolicyStatement({ effect: Effect.ALLOW, actions, resources: [resource] }));

const acknowledge = (role: Role, secrets: string): void =>
  Validations.of(role).acknowledge({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${secrets}]`,
    reason: `A connection is added by storing a secret, without a deployment, so the role covers all of ${secrets}; never another system's.`,
  });
