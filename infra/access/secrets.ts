import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import { type Conditions, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Encryption } from './encryption.ts';

/** Lets a role read the secrets of a name, which may have wildcards, and decrypt them. */
export function letReadSecrets(role: Role, secretName: string, conditions?: Conditions): void {
  allow(role, ['secretsmanager:GetSecretValue'], secretName, conditions);
  Encryption.of(role).letDecryptSecrets(role, arnOf(role, secretName));
}

/** Lets a role make secrets of a name, which may have wildcards, and read and write their values. */
export function letKeepSecrets(role: Role, secretName: string): void {
  const actions = [
    'secretsmanager:GetSecretValue',
    'secretsmanager:PutSecretValue',
    'secretsmanager:CreateSecret',
  ];
  allow(role, actions, secretName);
  Encryption.of(role).letWriteSecrets(role, arnOf(role, secretName));
}

function allow(role: Role, actions: string[], secretName: string, conditions?: Conditions): void {
  role.addToPolicy(
    new PolicyStatement({
      actions,
      resources: [arnOf(role, secretName)],
      ...(conditions && { conditions }),
    }),
  );
  if (!secretName.endsWith('*')) return;
  Validations.of(role).acknowledge({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${secretName}]`,
    reason: `A connection is added by storing a secret, without a deployment, so the role covers all of ${secretName}; never another system's.`,
  });
}

const arnOf = (role: Role, secretName: string): string =>
  Stack.of(role).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    resourceName: secretName,
  });
