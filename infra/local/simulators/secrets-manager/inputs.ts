import * as z from 'zod';
import { AwsError } from '../aws/error.ts';

// What each operation is given. AWS's model says what it may be; here is what of it is simulated.

export const inputs = {
  GetSecretValue: z.strictObject({
    SecretId: z.string(),
    VersionId: z.string().optional(),
    VersionStage: z.string().optional(),
  }),
  CreateSecret: z.strictObject({
    Name: z.string(),
    SecretString: z.string().optional(),
    SecretBinary: z.string().optional(),
    ClientRequestToken: z.string().optional(),
    Description: z.string().optional(),
    KmsKeyId: z.string().optional(),
  }),
  PutSecretValue: z.strictObject({
    SecretId: z.string(),
    SecretString: z.string().optional(),
    SecretBinary: z.string().optional(),
    ClientRequestToken: z.string().optional(),
    // Labels of one's own are not kept, so they are refused.
    VersionStages: z.tuple([z.literal('AWSCURRENT')]).optional(),
  }),
  ListSecrets: z.strictObject({
    MaxResults: z.number().default(100),
    // The one filter in use: by how a name begins.
    Filters: z
      .tuple([z.strictObject({ Key: z.literal('name'), Values: z.tuple([z.string().regex(/^[^!]/)]) })])
      .optional(),
    NextToken: z.string().optional(),
    IncludePlannedDeletion: z.boolean().default(false),
  }),
  DeleteSecret: z.strictObject({
    SecretId: z.string(),
    RecoveryWindowInDays: z.number().optional(),
    ForceDeleteWithoutRecovery: z.boolean().optional(),
  }),
  RestoreSecret: z.strictObject({ SecretId: z.string() }),
};

export type Input<Name extends keyof typeof inputs> = z.output<(typeof inputs)[Name]>;

/** A secret's value: text or bytes. */
export type SecretValue = string | Uint8Array;

/** The one value that is given; undefined where there is none. */
export function givenValue({
  SecretString,
  SecretBinary,
}: {
  SecretString?: string | undefined;
  SecretBinary?: string | undefined;
}): SecretValue | undefined {
  if (SecretString !== undefined && SecretBinary !== undefined)
    throw new AwsError(
      'InvalidParameterException',
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  const value =
    SecretString ?? (SecretBinary === undefined ? undefined : Buffer.from(SecretBinary, 'base64'));
  // The model counts characters; the quota of Secrets Manager is in bytes.
  if (value !== undefined && Buffer.byteLength(value) > 65_536)
    throw new AwsError('ValidationException', 'The secret value is longer than 65536 bytes.');
  return value;
}
