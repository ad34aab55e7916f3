import { randomBytes } from 'node:crypto';
import type { Credentials } from '../../sigv4.ts';

/** Where every stand-in of an AWS service is, and whose its resources are. */
export const region = 'us-east-1';
export const account = '123456789012';

const random = (bytes: number): string => randomBytes(bytes).toString('hex');

/**
 * Whom the stand-ins of AWS answer: made when the process starts, so that nobody else on this machine can know them.
 * They are temporary ones, as a function in Lambda has them.
 */
export const localCredentials: Required<Credentials> = {
  accessKeyId: `ASIA${random(8).toUpperCase()}`,
  secretAccessKey: random(20),
  sessionToken: random(40),
};

/** What the environment holds of them. */
export const localAws = {
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
  AWS_SESSION_TOKEN: localCredentials.sessionToken,
};

/** Has the AWS SDK in this process sign with them. */
export function useLocalAws(): void {
  Object.assign(process.env, localAws);
  // Somebody's real session would be sent to the stand-ins otherwise, and refused there.
  delete process.env['AWS_PROFILE'];
}
