import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

const id = 'Encryption';

/**
 * The KMS key of one's own for what the stack keeps: `Encryption.of(scope).key` is undefined where AWS's own keys are
 * to do; what else the stack keeps can take it as well. Roles get just what they need of it, and only through the service that holds what is encrypted.
 */
export class Encryption extends Construct {
  readonly key: IKey | undefined;
  /** What a log group is given for it. */
  readonly logs: { encryptionKey?: IKey };
  /** What a queue is given for it. */
  readonly queues: { encryptionMasterKey?: IKey };

  /** `kmsKey` is `new`, or the ARN of a key that there is; its policy is for its owner to extend. */
  constructor(stack: Stack, kmsKey: string | undefined) {
    super(stack, id);
    this.key = this.#keyOf(kmsKey);
    this.logs = this.key ? { encryptionKey: this.key } : {};
    this.queues = this.key ? { encryptionMasterKey: this.key } : {};
  }

  /** The one of the stack that a construct is in. */
  static of(scope: Construct): Encryption {
    const encryption = Stack.of(scope).node.tryFindChild(id);
    if (!(encryption instanceof Encryption)) throw new Error('The stack makes its Encryption first.');
    return encryption;
  }

  /** Lets a role decrypt the secrets of an ARN, which may have wildcards. */
  letDecryptSecrets(role: Role, secretArn: string): void {
    this.#let(role, ['kms:Decrypt'], 'secretsmanager', {
      StringLike: { 'kms:EncryptionContext:SecretARN': secretArn },
    });
  }

  /** Lets a role write the secrets of an ARN. Before it makes one, Secrets Manager tries the key under no ARN yet. */
  letWriteSecrets(role: Role, secretArn: string): void {
    this.#let(role, ['kms:GenerateDataKey', 'kms:Decrypt'], 'secretsmanager', {
      StringLike: { 'kms:EncryptionContext:SecretARN': [secretArn, 'RequestToValidateKeyAccess'] },
    });
  }

  /** Lets a role send to encrypted queues. SQS decrypts a data key that it has already, to use it again. */
  letSend(role: Role): void {
    this.#let(role, ['kms:GenerateDataKey', 'kms:Decrypt'], 'sqs');
  }

  /** Lets a role use tables that are encrypted: DynamoDB decrypts a table's own key in its name. */
  letUseTables(role: Role): void {
    this.#let(role, ['kms:Decrypt'], 'dynamodb');
  }

  #let(role: Role, actions: string[], service: string, conditions: Record<string, object> = {}): void {
    if (!this.key) return;
    const { region } = Stack.of(this);
    role.addToPolicy(
      new PolicyStatement({
        actions,
        resources: [this.key.keyArn],
        conditions: {
          StringEquals: { 'kms:ViaService': `${service}.${region}.amazonaws.com` },
          ...conditions,
        },
      }),
    );
  }

  #keyOf(kmsKey: string | undefined): IKey | undefined {
    if (kmsKey === undefined) return undefined;
    return kmsKey === 'new' ? this.#newKey() : Key.fromKeyArn(this, 'Key', kmsKey);
  }

  #newKey(): Key {
    const stack = Stack.of(this);
    const key = new Key(this, 'Key', {
      description: 'What Switchboard keeps: secrets, logs, and queues.',
      enableKeyRotation: true,
      // Without it, nothing that was encrypted can be read again.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
        resources: ['*'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': stack.formatArn({
              service: 'logs',
              resource: 'log-group',
              arnFormat: ArnFormat.COLON_RESOURCE_NAME,
              resourceName: '*',
            }),
          },
        },
      }),
    );
    // A rule's dead letters go into a queue in the name of EventBridge.
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
      }),
    );
    return key;
  }
}
