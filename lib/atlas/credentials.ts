import * as z from 'zod';
import { secretText } from '../secret-text.ts';
import { baseUrl } from '../upstream/base-url.ts';

const address = baseUrl.default('https://cloud.mongodb.com').describe('Where Atlas answers.');

/** A connection that signs in as a service account (OAuth 2). */
export const serviceAccount = z.strictObject({
  baseUrl: address,
  clientId: secretText.describe("The service account's client id."),
  clientSecret: secretText.describe("The service account's secret."),
});

/** A connection that signs in with an API key (HTTP Digest). */
export const apiKey = z.strictObject({
  baseUrl: address,
  publicKey: secretText.describe("The API key's public half."),
  privateKey: secretText.describe("The API key's private half."),
});

/** The secret of a connection to Atlas. */
export const credentials = z.union([serviceAccount, apiKey]);
