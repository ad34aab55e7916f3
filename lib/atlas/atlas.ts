import * as z from 'zod';
import type { Connection } from '../connections.ts';
import { AdminClient, type Dialect } from '../mongodb/client.ts';
import { keepSecret } from '../redaction.ts';
import { secretText } from '../secret-text.ts';
import { defineSystem } from '../system.ts';
import { baseUrl } from '../upstream/base-url.ts';
import { clientCredentials } from '../upstream/client-credentials.ts';
import { digest } from '../upstream/digest.ts';
import { HttpClient } from '../upstream/http-client.ts';
import { atlasKinds } from './problems.ts';
import { mintToken } from './token.ts';

const address = baseUrl.default('https://cloud.mongodb.com').describe('Where Atlas answers.');

const serviceAccount = z.strictObject({
  baseUrl: address,
  clientId: secretText.describe("The service account's client id."),
  clientSecret: secretText.describe("The service account's secret."),
});

const apiKey = z.strictObject({
  baseUrl: address,
  publicKey: secretText.describe("The API key's public half."),
  privateKey: secretText.describe("The API key's private half."),
});

const dialect: Dialect = {
  system: 'atlas',
  basePath: '/api/atlas/v2',
  // Resources that have not changed since an earlier date answer this one too.
  accept: 'application/vnd.atlas.2024-08-05+json',
  special: atlasKinds,
};

/** MongoDB Atlas, signed in as a service account (OAuth 2) or with an API key (HTTP Digest). */
export const atlas = defineSystem({
  name: 'atlas',
  title: 'MongoDB Atlas',
  secret: z.union([serviceAccount, apiKey]),
  connect(secret, connectionName): Connection<AdminClient> {
    const http = new HttpClient({ system: 'atlas', baseUrl: secret.baseUrl });
    const isServiceAccount = 'clientId' in secret;
    keepSecret(isServiceAccount ? secret.clientSecret : secret.privateKey);
    const principal = isServiceAccount ? 'service account' : 'API key';
    const authenticator = isServiceAccount
      ? clientCredentials((deadline) =>
          mintToken(http, secret, { system: 'atlas', connectionName, principal }, deadline),
        )
      : digest(secret.publicKey, secret.privateKey);
    return {
      use: (call, work) => work(new AdminClient(dialect, http, authenticator, principal, call)),
      close: () => http.close(),
    };
  },
});
