import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Encryption } from './encryption.ts';

/** Lets a role read the secrets of a name, which may have wildcards, and decrypt them. */
export function letReadSecrets(role: Role, secretName: string): void {
  const arn = Stack.of(role).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    resourceName: secretName,
  });
  role.addToPolicy(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [arn] }));
  Encryption.of(role).letDecryptSecrets(role, arn);
}
