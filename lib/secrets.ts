import { isUtf8 } from 'node:buffer';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AwsTransport } from './aws-transport.ts';
import { Deadline } from './deadline.ts';

/** What Secrets Manager holds under a name. */
export interface StoredSecret {
  /** None where there is no value, or one whose bytes are no text. */
  text: string | undefined;
  /** Tells one value from the next; none where the secret was made and not filled yet. */
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
 * Reads a secret that a system's operations need; `undefined` where there is no such secret.
 * Throws a `Problem` where it may not be read or Secrets Manager gives no answer.
 */
export async function readSecret(system: string, secretId: string): Promise<StoredSecret | undefined> {
  using deadline = new Deadline(readMs);
  try {
    const {
      SecretString,
      SecretBinary,
      VersionId: versionId,
    } = await secretsManager().send(new GetSecretValueCommand({ SecretId: secretId }), {
      abortSignal: deadline.signal,
    });
    return { text: SecretString ?? textOf(SecretBinary), versionId };
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException')
      return isWithoutValue(error) ? { text: undefined, versionId: undefined } : undefined;
    const { secretProblem } = await import('./problems/secret.ts');
    throw secretProblem(system, secretId, error);
  }
}

/** What was stored with `--secret-binary` or `fileb://` is taken too. */
const textOf = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && isUtf8(bytes) ? Buffer.from(bytes).toString() : undefined;

/**
 * Whether Secrets Manager knows the secret and misses its value: the same error as for a secret that there is not, save
 * for its message, "…can't find the specified secret value for staging label: AWSCURRENT".
 */
const isWithoutValue = ({ message }: Error): boolean => message.includes('staging label');
