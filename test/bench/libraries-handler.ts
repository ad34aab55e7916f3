import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import middy from '@middy/core';
import { Pool } from 'undici';
import * as z from 'zod';

/** The libraries of a handler and nothing of our own: only evaluated, never used. */
export const handler = async () => ({
  statusCode: 200,
  headers: {},
  body: `${[GetSecretValueCommand, SecretsManagerClient, middy, Pool, z.object({ text: z.string() })].length} loaded`,
});
