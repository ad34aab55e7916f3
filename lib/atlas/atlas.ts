import * as z from 'zod';
import { type Connection, Connections } from '../connections.ts';
import { AdminClient, type Dialect } from '../mongodb/client.ts';
import { deadlineExceeded } from '../problems/call.ts';
import { defineSystem, type System } from '../system.ts';
import { clientCredentials } from '../upstream/client-credentials.ts';
import { digest } from '../upstream/digest.ts';
import { type Authenticator, HttpClient } from '../upstream/http-client.ts';
import { apiKey, credentials } from './credentials.ts';
import { atlasKinds } from './problems.ts';
import { sharedToken } from './sign-in.ts';
import { mintToken } from './token.ts';
import { currentToken, readShared, tokenFunction } from './token-source.ts';

const dialect: Dialect = {
  system: 'atlas',
  basePath: '/api/atlas/v2',
  // Resources that have not changed since an earlier date answer this one too.
  accept: 'application/vnd.atlas.2024-08-05+json',
  special: atlasKinds,
};

const alone = defineSystem({
  name: 'atlas',
  title: 'MongoDB Atlas',
  secret: credentials,
  connect(secret, connectionName): Connection<AdminClient> {
    if (!('clientId' in secret)) return overApiKey(secret);
    const http = httpOf(secret);
    const caller = { system: 'atlas', connectionName, principal: 'service account' } as const;
    return over(
      http,
      clientCredentials(http.secrets, (deadline) => mintToken(http, secret, caller, deadline), outOfTime),
      'service account',
    );
  },
});

const outOfTime = () => deadlineExceeded('atlas');

const whatIsShared = z.union([sharedToken, apiKey]);

const sharing = new Connections<AdminClient>(
  'atlas',
  (value, connectionName) => {
    const secret = whatIsShared.parse(value);
    if (!('value' in secret)) return overApiKey(secret);
    const http = httpOf(secret);
    return over(
      http,
      clientCredentials(
        http.secrets,
        (deadline, refused) => currentToken(connectionName, deadline, refused),
        outOfTime,
        secret,
      ),
      'service account',
    );
  },
  readShared,
);

const httpOf = ({ baseUrl, ca }: { baseUrl: string; ca?: string | undefined }): HttpClient =>
  new HttpClient({ system: 'atlas', baseUrl, ca });

function overApiKey(secret: z.output<typeof apiKey>): Connection<AdminClient> {
  const { publicKey, privateKey } = secret;
  const http = httpOf(secret);
  http.secrets.add(privateKey);
  return over(http, digest('atlas', publicKey, privateKey), 'API key');
}

const over = (
  http: HttpClient,
  authenticator: Authenticator,
  principal: 'service account' | 'API key',
): Connection<AdminClient> => ({
  use: (call, work) => work(new AdminClient(dialect, http, authenticator, principal, call)),
  close: () => http.close(),
});

/** MongoDB Atlas, signed in as a service account (OAuth 2) or with an API key (HTTP Digest). */
export const atlas: System<'atlas', AdminClient> = {
  ...alone,
  sharesTokens: true,
  use: (call, work) => (tokenFunction() === undefined ? alone : sharing).use(call, work),
};
