import * as z from 'zod';
import { orMissing } from '../../lib/field-errors.ts';
import { contextValue } from './context-value.ts';

const text = (what: string) => z.string({ error: orMissing(`must be ${what}`) });

const issuer = text('the https address of the issuer').refine(
  isIssuer,
  'must be the https address of the issuer, as tokens have it in iss: without credentials, query, or /.well-known',
);

function isIssuer(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, username, search, hash, pathname } = new URL(address);
  return protocol === 'https:' && `${username}${search}${hash}` === '' && !pathname.includes('/.well-known/');
}

const audience = text('a name, or a list of names').min(1, 'must not be empty');

const auth = z.strictObject(
  {
    jwt: z.strictObject(
      {
        issuer,
        // What tokens must have in aud, or in client_id where they have no aud.
        audience: z.union([
          audience.transform((one) => [one]),
          z.array(audience).min(1, 'must not be empty'),
        ]),
      },
      { error: orMissing('must be an object with issuer and audience') },
    ),
  },
  { error: 'must be an object with jwt' },
);

/** Whose tokens are taken instead of IAM signatures. */
export type Jwt = z.output<typeof auth>['jwt'];

/** The context value `auth`; without it, callers sign with IAM credentials. */
export const readAuth = (context: unknown): Jwt | undefined =>
  context === undefined ? undefined : contextValue('auth', auth, context, ['jwt']).jwt;
