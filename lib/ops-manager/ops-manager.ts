import * as z from 'zod';
import type { Connection } from '../connections.ts';
import { AdminClient, type Dialect } from '../mongodb/client.ts';
import { headerText, secretValue } from '../secret-text.ts';
import { defineSystem } from '../system.ts';
import { baseUrl } from '../upstream/base-url.ts';
import { certificates } from '../upstream/certificates.ts';
import { digest } from '../upstream/digest.ts';
import { HttpClient } from '../upstream/http-client.ts';

const dialect: Dialect = {
  system: 'opsManager',
  basePath: '/api/public/v1.0',
  accept: 'application/json',
};

/** MongoDB Ops Manager, signed in with an API key (HTTP Digest is its only scheme). */
export const opsManager = defineSystem({
  name: 'opsManager',
  title: 'MongoDB Ops Manager',
  secret: z.strictObject({
    baseUrl: baseUrl.describe('Where Ops Manager answers, without /api.'),
    publicKey: headerText.describe("The API key's public half."),
    privateKey: secretValue.describe("The API key's private half."),
    ca: certificates
      .optional()
      .describe('The certificate, as PEM, of the authority that signed the one of Ops Manager.'),
  }),
  connect({ baseUrl, publicKey, privateKey, ca }): Connection<AdminClient> {
    const http = new HttpClient({
      system: 'opsManager',
      baseUrl,
      ca,
    });
    http.secrets.add(privateKey);
    const authenticator = digest('opsManager', publicKey, privateKey);
    return {
      use: (call, work) => work(new AdminClient(dialect, http, authenticator, 'API key', call)),
      close: () => http.close(),
    };
  },
});
