import * as z from 'zod';
import type { Deadline } from '../deadline.ts';
import type { Caller } from '../mongodb/problems.ts';
import { renewalOf, type Token } from '../upstream/client-credentials.ts';
import type { HttpClient } from '../upstream/http-client.ts';
import { parseCredentials } from '../upstream/json.ts';
import { mintProblem } from './problems.ts';

/** As long as any token of Atlas's may be thought to live: one that says more is renewed by then. */
const longestSeconds = 24 * 60 * 60;

const tokenAnswer = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/, 'is not text that an HTTP header can carry'),
  // Some write the number as text.
  expires_in: z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^\d{1,9}$/)
          .transform(Number),
      ],
      { error: 'is not a number' },
    )
    .refine((seconds) => seconds > 0, 'is not above 0')
    .transform((seconds) => Math.min(seconds, longestSeconds)),
});

/**
 * Mints an access token. The id and the secret go into the Basic header as they are: form-encoding them first, as
 * RFC 6749 section 2.3.1 has it, turns the underscores of Atlas's ids into something that Atlas refuses.
 */
export async function mintToken(
  http: HttpClient,
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
  caller: Caller,
  deadline: Deadline,
): Promise<Token> {
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  http.secrets.add(clientSecret, basic);
  const askedAt = Date.now();
  const response = await http.send(
    {
      method: 'POST',
      path: '/api/oauth/token',
      headers: {
        authorization: `Basic ${basic}`,
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
    },
    deadline,
  );
  if (response.status !== 200) throw await mintProblem({ ...response, during: 'signIn' }, caller);
  const { access_token: value, expires_in: expiresIn } = parseCredentials('atlas', response, tokenAnswer);
  http.secrets.addPassing(value);
  return { value, renewAt: renewalOf(askedAt, expiresIn) };
}
