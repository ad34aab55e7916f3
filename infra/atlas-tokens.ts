import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { signInSecretIdOf } from '../lib/atlas/sign-in.ts';
import { tokenKeeperName } from '../lib/atlas/token-keeper.ts';
import { secretIdOf } from '../lib/connections.ts';
import { functionNameOf } from '../lib/function-name.ts';
import { tokenMintMs } from '../lib/time-outs.ts';
import { Encryption } from './access/encryption.ts';
import { letKeepSecrets, letReadSecrets } from './access/secrets.ts';
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
    letReadSecrets(role, secretIdOf('atlas', '*'));
    letKeepSecrets(role, signInSecretIdOf('*'));
    const { key } = Encryption.of(this);
    if (key) this.#keeper.fn.addEnvironment('SECRETS_KMS_KEY', key.keyArn);
  }

  /** Has an operation sign in with shared tokens. */
  serve({ fn, role }: OperationFunction): void {
    fn.addEnvironment('ATLAS_TOKEN_FUNCTION', functionNameOf(tokenKeeperName));
    letReadSecrets(role, signInSecretIdOf('*'));
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [this.#keeper.fn.functionArn],
      }),
    );
  }
}
