import * as z from 'zod';
import { type Breakage, broken, FaultQueue, type FaultTiming } from './faults.ts';
import { type Answer, type Listener, listen, type Request, type Response } from './listen.ts';
import { AwsError, failure, signedRegion, success } from './secrets-manager/protocol.ts';
import { SecretStore } from './secrets-manager/store.ts';

/** Goes wrong for the next request, or the next `times` requests, for one secret or for any. */
export type SecretsManagerFault = FaultTiming & { secretId?: string } & (
    | Breakage
    | { code: keyof typeof errors }
  );

export interface SecretsManagerOptions {
  /** Any free one unless given. */
  port?: number;
  /** Only callers that sign with this access key are answered. */
  accessKeyId: string;
  /** Secret strings by name; `undefined` is a secret that was created without a value. */
  secrets?: Record<string, string | undefined>;
}

export interface SecretsManager extends Listener {
  /** What was asked for, oldest first: the operation and, where there was one, the secret's id as given. */
  calls: { operation: string; secretId: string | undefined }[];
  /** Creates a secret, or rotates it: a new version becomes the current one. */
  put(name: string, value: string | undefined): void;
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
 * the AWS CLI reach it through an endpoint address. The secrets live in memory only.
 */
export async function startSecretsManager({
  port,
  accessKeyId,
  secrets = {},
}: SecretsManagerOptions): Promise<SecretsManager> {
  const store = new SecretStore();
  for (const [name, value] of Object.entries(secrets)) store.put(name, value);
  const calls: SecretsManager['calls'] = [];
  const faults = new FaultQueue<SecretsManagerFault>();

  const operate = (request: Request, operation: string, input: unknown): Response => {
    try {
      const region = signedRegion(request, accessKeyId);
      const run = Object.hasOwn(store.operations, operation) ? store.operations[operation] : undefined;
      if (!run) throw new AwsError('UnknownOperationException', 'This operation is not simulated.');
      return success(run(input, region));
    } catch (error) {
      if (error instanceof AwsError) return failure(error);
      throw error;
    }
  };

  const answer = async (request: Request): Promise<Answer> => {
    const operation = String(request.headers['x-amz-target']).replace(/^secretsmanager\./, '');
    const input = parseJson(request.body);
    const id = someSecretId.safeParse(input).data;
    if (calls.push({ operation, secretId: id }) > callsKept) calls.shift();

    const fault = faults.take(({ secretId = id }) => secretId === id);
    const answerTruly = async () => operate(request, operation, input);
    if (!fault) return answerTruly();
    return 'code' in fault ? failure(errors[fault.code]) : broken(fault, answerTruly);
  };

  const listener = await listen(answer, port);
  return {
    ...listener,
    calls,
    put: (name, value) => store.put(name, value),
    fail: (fault) => faults.add(fault),
    recover: () => faults.clear(),
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
