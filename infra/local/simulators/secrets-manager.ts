import * as z from 'zod';
import { AwsError } from './aws/error.ts';
import { bodyOf, failure, listenAsAws, success, targetOf } from './aws/service.ts';
import { type Breakage, broken, FaultQueue, type FaultTiming } from './faults.ts';
import type { Answer, Listener, Request } from './listen.ts';
import { SecretStore, type SecretValue } from './secrets-manager/store.ts';

/** Goes wrong for the next request, or the next `times` requests, for one secret or for any. */
export type SecretsManagerFault = FaultTiming & { secretId?: string } & (
    | Breakage
    | { code: keyof typeof errors }
  );

export interface SecretsManagerOptions {
  /** Any free one unless given. */
  port?: number;
  /** Secrets by name; `undefined` is one that was created without a value. */
  secrets?: Record<string, SecretValue | undefined>;
}

export interface SecretsManager extends Listener {
  /** What was asked for, oldest first: the operation and, where there was one, the secret's id as given. */
  calls: { operation: string; secretId: string | undefined }[];
  /** Creates a secret, or rotates it: a new version becomes the current one. */
  put(name: string, value: SecretValue | undefined): void;
  /** Marks a secret for deletion: it can be restored for 30 days, and be neither read nor written. */
  delete(name: string): void;
  fail(fault: SecretsManagerFault): void;
  /** Forgets the faults that are still to come. */
  recover(): void;
}

const errors = {
  AccessDeniedException: new AwsError('AccessDeniedException', 'The caller may not read this secret.'),
  ThrottlingException: new AwsError('ThrottlingException', 'Rate exceeded'),
  InternalServiceError: new AwsError('InternalServiceError', 'An error occurred on the server side.', 500),
};

const callsKept = 10_000;
const someSecretId = z
  .union([z.object({ SecretId: z.string() }), z.object({ Name: z.string() })])
  .transform((input) => ('Name' in input ? input.Name : input.SecretId));

/**
 * A stand-in for the few operations of AWS Secrets Manager in use, over its own protocol (JSON 1.1): the AWS SDK and
 * the AWS CLI reach it through an endpoint address, with the credentials of this process. The secrets live in memory
 * only.
 */
export async function startSecretsManager({
  port,
  secrets = {},
}: SecretsManagerOptions = {}): Promise<SecretsManager> {
  const store = new SecretStore();
  for (const [name, value] of Object.entries(secrets)) store.put(name, value);
  const calls: SecretsManager['calls'] = [];
  const faults = new FaultQueue<SecretsManagerFault>();

  const answer = async (request: Request): Promise<Answer> => {
    const operation = targetOf('secretsmanager', request);
    const input = bodyOf(request);
    const id = someSecretId.safeParse(input).data;
    if (calls.push({ operation, secretId: id }) > callsKept) calls.shift();

    const fault = faults.take(({ secretId = id }) => secretId === id);
    const answerTruly = async () => {
      const run = Object.hasOwn(store.operations, operation) ? store.operations[operation] : undefined;
      if (!run) throw new AwsError('UnknownOperationException', 'This operation is not simulated.');
      return success('secretsmanager', run(input));
    };
    if (!fault) return answerTruly();
    return 'code' in fault ? failure('secretsmanager', errors[fault.code]) : broken(fault, answerTruly);
  };

  const listener = await listenAsAws('secretsmanager', answer, port);
  return {
    ...listener,
    calls,
    put: (name, value) => store.put(name, value),
    delete: (name) => void store.operations['DeleteSecret']?.({ SecretId: name }),
    fail: (fault) => faults.add(fault),
    recover: () => faults.clear(),
  };
}
