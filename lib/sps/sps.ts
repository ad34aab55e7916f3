import * as z from 'zod';
import type { Connection } from '../connections.ts';
import { password, secretText, userName } from '../secret-text.ts';
import { defineSystem } from '../system.ts';
import { Turns } from '../turns.ts';
import { baseUrl } from '../upstream/base-url.ts';
import { certificates } from '../upstream/certificates.ts';
import { HttpClient } from '../upstream/http-client.ts';
import { SpsClient } from './client.ts';
import type { Knowledge } from './lock.ts';
import { queuedTooLong } from './problems.ts';
import { Session } from './session.ts';

/** One Identity Safeguard for Privileged Sessions, signed in as a user of its own or of a directory. */
export const sps = defineSystem({
  name: 'sps',
  title: 'One Identity Safeguard for Privileged Sessions',
  secret: z.strictObject({
    baseUrl: baseUrl.describe('Where the SPS answers, without /api.'),
    username: userName.describe('A user with the "REST server" privilege.'),
    password: password.describe("The user's password."),
    loginMethod: secretText
      .optional()
      .describe('The login method that knows the user, where that is not the default one of the SPS.'),
    ca: certificates
      .optional()
      .describe('The certificate, as PEM, of the authority that signed the one of the SPS.'),
  }),
  connect({ baseUrl, username, password, loginMethod, ca }, connectionName): Connection<SpsClient> {
    const http = new HttpClient({
      system: 'sps',
      baseUrl,
      ca,
    });
    http.secrets.add(password);
    const session = new Session(http, { username, password, loginMethod }, connectionName);
    const knowledge: Knowledge = { destinations: new Map() };
    // A session has one transaction, and a read in it shows what is not committed yet: one call at a time.
    const turns = new Turns();
    return {
      use: (call, work) =>
        turns.take(() => work(new SpsClient(session, knowledge, call)), call.deadline, queuedTooLong),
      close: () => http.close(),
    };
  },
});
