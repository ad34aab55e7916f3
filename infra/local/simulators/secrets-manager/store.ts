import { createHash, randomUUID } from 'node:crypto';
import type * as z from 'zod';
import { checkedInput } from '../aws/constraints.ts';
import { account, region } from '../aws/credentials.ts';
import { AwsError } from '../aws/error.ts';
import { pageOf } from '../aws/page.ts';
import { givenValue, type Input, inputs, type SecretValue } from './inputs.ts';

export type { SecretValue } from './inputs.ts';

interface Version {
  id: string;
  value: SecretValue;
  /** Seconds since 1970. */
  createdAt: number;
}

interface Secret {
  name: string;
  createdAt: number;
  description?: string | undefined;
  /** When it will be gone for good, in milliseconds since 1970. */
  deletedAt?: number | undefined;
  current?: Version;
  previous?: Version;
}

const dayMs = 24 * 60 * 60_000;

/** The secrets, and the operations on them with AWS's own inputs and outputs. */
export class SecretStore {
  readonly #secrets = new Map<string, Secret>();

  readonly operations: Record<string, (input: unknown) => object> = {
    GetSecretValue: (input) => this.#get(inputOf('GetSecretValue', inputs.GetSecretValue, input)),
    CreateSecret: (input) => this.#create(inputOf('CreateSecret', inputs.CreateSecret, input)),
    PutSecretValue: (input) => this.#put(inputOf('PutSecretValue', inputs.PutSecretValue, input)),
    ListSecrets: (input) => this.#list(inputOf('ListSecrets', inputs.ListSecrets, input)),
    DeleteSecret: (input) => this.#delete(inputOf('DeleteSecret', inputs.DeleteSecret, input)),
    RestoreSecret: (input) => this.#restore(inputOf('RestoreSecret', inputs.RestoreSecret, input)),
  };

  /** Creates a secret, with no value where it is `undefined`, or makes a new version its current one. */
  put(name: string, value: SecretValue | undefined, versionId: string = randomUUID()): Secret {
    const createdAt = Date.now() / 1_000;
    const secret = this.#secrets.get(name) ?? { name, createdAt };
    this.#secrets.set(name, secret);
    if (value === undefined) return secret;
    if (secret.current) secret.previous = secret.current;
    secret.current = { id: versionId, value, createdAt };
    return secret;
  }

  /** Those that are there still, the ones marked for deletion included. */
  #all(): Secret[] {
    for (const { name, deletedAt } of this.#secrets.values())
      if (deletedAt !== undefined && deletedAt <= Date.now()) this.#secrets.delete(name);
    return [...this.#secrets.values()];
  }

  #find(id: string): Secret {
    const secret = this.#all().find(({ name }) => {
      const arn = arnOf(name);
      return [name, arn, arn.slice(0, -7)].includes(id);
    });
    if (secret) return secret;
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }

  #findUsable(id: string): Secret {
    const secret = this.#find(id);
    if (secret.deletedAt === undefined) return secret;
    throw new AwsError(
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  }

  #get({ SecretId, VersionId, VersionStage }: Input<'GetSecretValue'>): object {
    const secret = this.#findUsable(SecretId);
    const versions = staged(secret);
    const label = VersionStage ?? (VersionId === undefined ? 'AWSCURRENT' : undefined);
    const found = versions.find(([stage, { id }]) => stage === (label ?? stage) && id === (VersionId ?? id));
    if (!found && VersionStage !== undefined && versions.some(([, { id }]) => id === VersionId))
      throw new AwsError(
        'InvalidRequestException',
        'You provided a VersionStage that is not associated to the provided VersionId.',
      );
    if (!found)
      throw new AwsError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for ${VersionId ? `VersionId: ${VersionId}` : `staging label: ${label}`}`,
      );
    const [stage, { id, value, createdAt }] = found;
    return {
      ...named(secret),
      VersionId: id,
      ...(typeof value === 'string'
        ? { SecretString: value }
        : { SecretBinary: Buffer.from(value).toString('base64') }),
      VersionStages: [stage],
      CreatedDate: createdAt,
    };
  }

  #put({ SecretId, ClientRequestToken, ...given }: Input<'PutSecretValue'>): object {
    const value = givenValue(given);
    const secret = this.#findUsable(SecretId);
    if (value === undefined)
      throw new AwsError('InvalidRequestException', 'You must provide either SecretString or SecretBinary.');
    const same = staged(secret).find(([, { id }]) => id === ClientRequestToken);
    if (same && !isSame(same[1].value, value))
      throw new AwsError('ResourceExistsException', 'This version exists and has another value.');
    if (!same) this.put(secret.name, value, ClientRequestToken);
    const [stage, { id }] = same ?? ['AWSCURRENT', secret.current ?? { id: undefined }];
    return { ...named(secret), VersionId: id, VersionStages: [stage] };
  }

  #create({ Name, ClientRequestToken, Description, ...given }: Input<'CreateSecret'>): object {
    if (!/^[\w/+=.@!-]+$/.test(Name))
      throw new AwsError(
        'ValidationException',
        'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
      );
    const value = givenValue(given);
    const before = this.#all().find(({ name }) => name === Name);
    if (before?.deletedAt !== undefined)
      throw new AwsError(
        'InvalidRequestException',
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
      );
    const isRepeated =
      before?.current !== undefined &&
      value !== undefined &&
      before.current.id === ClientRequestToken &&
      isSame(before.current.value, value);
    if (before && !isRepeated)
      throw new AwsError(
        'ResourceExistsException',
        `The operation failed because the secret ${Name} already exists.`,
      );
    const secret = before ?? this.put(Name, value, ClientRequestToken);
    secret.description = Description;
    return { ...named(secret), VersionId: secret.current?.id };
  }

  #list({ MaxResults, Filters, NextToken, IncludePlannedDeletion }: Input<'ListSecrets'>): object {
    const prefix = Filters?.[0].Values[0] ?? '';
    const found = this.#all().filter(
      ({ name, deletedAt }) => name.startsWith(prefix) && (IncludePlannedDeletion || deletedAt === undefined),
    );
    const [page, next] = pageOf(found, MaxResults, NextToken, 'InvalidNextTokenException');
    return {
      SecretList: page.map((secret) => ({
        ...named(secret),
        Description: secret.description,
        CreatedDate: secret.createdAt,
        LastChangedDate: secret.current?.createdAt ?? secret.createdAt,
        ...(secret.deletedAt !== undefined && { DeletedDate: secret.deletedAt / 1_000 }),
        SecretVersionsToStages: Object.fromEntries(staged(secret).map(([stage, { id }]) => [id, [stage]])),
      })),
      NextToken: next,
    };
  }

  #delete({ SecretId, RecoveryWindowInDays, ForceDeleteWithoutRecovery }: Input<'DeleteSecret'>): object {
    const days = RecoveryWindowInDays ?? 30;
    if (ForceDeleteWithoutRecovery && RecoveryWindowInDays !== undefined)
      throw new AwsError(
        'InvalidParameterException',
        "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
      );
    if (days < 7 || days > 30)
      throw new AwsError(
        'InvalidParameterException',
        'RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
      );
    const secret = ForceDeleteWithoutRecovery ? this.#find(SecretId) : this.#findUsable(SecretId);
    const deletedAt = Date.now() + (ForceDeleteWithoutRecovery ? 0 : days * dayMs);
    secret.deletedAt = deletedAt;
    return { ...named(secret), DeletionDate: deletedAt / 1_000 };
  }

  #restore({ SecretId }: Input<'RestoreSecret'>): object {
    const secret = this.#find(SecretId);
    secret.deletedAt = undefined;
    return named(secret);
  }
}

const inputOf = <Schema extends z.ZodType>(operation: string, taken: Schema, input: unknown) =>
  checkedInput('secretsmanager', operation, taken, input);

function staged({ current, previous }: Secret): [stage: string, Version][] {
  const versions: [string, Version][] = [];
  if (current) versions.push(['AWSCURRENT', current]);
  if (previous) versions.push(['AWSPREVIOUS', previous]);
  return versions;
}

const isSame = (one: SecretValue, other: SecretValue): boolean =>
  typeof one === typeof other && Buffer.from(one).equals(Buffer.from(other));

const named = ({ name }: Secret) => ({ ARN: arnOf(name), Name: name });

// AWS ends each ARN in six characters of its own; here they follow from the name, so that they stay the same.
function arnOf(name: string): string {
  const suffix = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `arn:aws:secretsmanager:${region}:${account}:secret:${name}-${suffix}`;
}
