import * as z from 'zod';
import { headerText, secretText, secretValue, userName } from '../secret-text.ts';
import { baseUrl } from '../upstream/base-url.ts';
import { certificates } from '../upstream/certificates.ts';

const address = baseUrl.default('https://cloud.mongodb.com').describe('Where Atlas answers.');

const ca = certificates
  .optional()
  .describe('Certificates, as PEM, of an authority that stands between: of a proxy that looks into TLS.');

/** A connection that signs in as a service account (OAuth 2). */
export const serviceAccount = z.strictObject({
  baseUrl: address,
  clientId: userName.describe("The service account's client id."),
  clientSecret: secretValue.describe("The service account's secret."),
  orgId: secretText
    .optional()
    .describe("The service account's organization, which AWS's own rotation stores; nothing needs it here."),
  ca,
});

/** A connection that signs in with an API key (HTTP Digest). */
export const apiKey = z.strictObject({
  baseUrl: address,
  publicKey: headerText.describe("The API key's public half."),
  privateKey: secretValue.describe("The API key's private half."),
  ca,
});

/** The secret of a connection to Atlas. */
export const credentials = z.union([serviceAccount, apiKey]);
