import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { Operation } from '../../lib/operation.ts';
import { scopesFor } from '../../lib/scopes.ts';
import type { Jwt } from './auth-context.ts';

/** Who is let in: callers that sign with IAM credentials, or those with a token of an issuer. */
export const authorizerOf = (jwt: Jwt | undefined): HttpIamAuthorizer | HttpJwtAuthorizer =>
  jwt ? new HttpJwtAuthorizer('Jwt', jwt.issuer, { jwtAudience: jwt.audience }) : new HttpIamAuthorizer();

/** The scopes of which a token needs one for an operation's route. IAM has policies instead. */
export const scopesOf = (jwt: Jwt | undefined, { effect, system, http }: Operation): string[] =>
  jwt && !http.isPublic ? scopesFor(effect, system.name) : [];
