import * as z from 'zod';
import type { Connection } from '../connections.ts';
import { orMissing } from '../field-errors.ts';
import { keepSecret } from '../redaction.ts';
import { defineSystem } from '../system.ts';
import { Turns } from '../turns.ts';
import { baseUrl } from '../upstream/base-url.ts';
import { HttpClient } from '../upstream/http-client.ts';
import { SpsClient } from './client.ts';
import { queuedTooLong } from './problems.ts';
import { Session } from './session.ts';
import type { Knowledge } from './transaction.ts';

const text = z.string({ error: orMissing('must be text') }).min(1, 'must not be empty');

/** One Identity Safeguard for Privileged Sessions, signed in as a user of its own or of a directory. */
export const sps = defineSystem({
  name: 'sps',
  title: 'One Identity Safeguard for Privileged Sessions',
  secret: z.strictObject({
    baseUrl: baseUrl.describe('Where the SPS answers, without /api.'),
    username: text.describe('A user with the "REST server" privilege.'),
    password: text.describe("The user's password."),
    ca: text.optional().describe('The certificate, as PEM, of the authority that signed the one of the SPS.'),
  }),
  connect({ baseUrl, username, password, ca }, connectionName): Connection<SpsClient> {
    keepSecret(password);
    const http = new HttpClient({ system: 'sps', baseUrl, ca });
    const session = new Session(http, { username, password }, connectionName);
    const knowledge: Knowledge = { destinations: new Map(), leftOpen: false };
    // A session has one transaction, and a read in it shows what is not committed yet: one call at a time.
    const turns = new Turns();
    return {
      async use(call, work) {
        let begun = false;
        try {
          return await turns.take(() => {
            begun = true;
            return work(new SpsClient(session, knowledge, call));
          }, call.deadline);
        } catch (error) {
          throw begun ? error : queuedTooLong();
        }
      },
      close: () => http.close(),
    };
  },
});
