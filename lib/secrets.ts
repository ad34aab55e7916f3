import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AwsTransport } from './aws-transport.ts';
import { Deadline } from './deadline.ts';
import { connectionAccessDenied, secretsManagerUnavailable } from './problems/connection.ts';

/** What Secrets Manager holds under a name. */
export interface StoredSecret {
  text: string | undefined;
  /** Tells one value from the next. */
  versionId: string | undefined;
}

const readMs = 10_000;

let client: SecretsManagerClient | undefined;

/** The one client of this process. */
export function secretsManager(): SecretsManagerClient {
  client ??= new SecretsManagerClient({ requestHandler: new AwsTransport() });
  return client;
}

/**
 * Reads a secret that a system's operations need; `undefined` where there is no such secret or it holds no value.
 * Throws a `Problem` where it may not be read or Secrets Manager gives no answer.
 */
export async function readSecret(system: string, secretId: string): Promise<StoredSecret | undefined> {
  using deadline = new Deadline(readMs);
  try {
    const { SecretString: text, VersionId: versionId } = await secretsManager().send(
      new GetSecretValueCommand({ SecretId: secretId }),
      { abortSignal: deadline.signal },
    );
    return { text, versionId };
  } catch (error) {
    switch (error instanceof Error ? error.name : '') {
      case 'ResourceNotFoundException':
        return undefined;
      case 'AccessDeniedException':
      case 'DecryptionFailure':
        throw connectionAccessDenied(system, secretId, error);
      default:
        throw secretsManagerUnavailable(system, secretId, error);
    }
  }
}
