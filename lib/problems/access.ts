import { namingClaims } from '../actor.ts';
import { Problem, type ProblemKind } from './problem.ts';

// The problems of a caller who is known, and may not.

export const scopeMissingKind: ProblemKind = {
  code: 'SCOPE_MISSING',
  status: 403,
  retry: 'afterAccessChange',
  en: {
    title: 'Scope missing',
    message: 'The token does not let its holder do this through {operation}. Nothing was done.',
    remedy: 'Ask the issuer for a token with one of these scopes: {scopes}.',
  },
  'pt-BR': {
    title: 'Escopo ausente',
    message: 'O token não deixa quem o traz fazer isto por meio de {operation}. Nada foi feito.',
    remedy: 'Peça ao emissor um token com um destes escopos: {scopes}.',
  },
};

/** The caller's token was good for the route, but not for the operation that is meant; it needs one of the scopes. */
export const scopeMissing = (operation: string, scopes: string[]): Problem =>
  new Problem(scopeMissingKind, { operation, scopes: scopes.join(', ') });

export const tokenUnnamedKind: ProblemKind = {
  code: 'TOKEN_UNNAMED',
  status: 403,
  retry: 'afterAccessChange',
  en: {
    title: 'Token names nobody',
    message: 'The token does not say whom it stands for, so the audit could not. Nothing was done.',
    remedy: 'Have the issuer put one of these claims into its access tokens: {claims}.',
  },
  'pt-BR': {
    title: 'Token não identifica ninguém',
    message: 'O token não diz quem ele representa, e a auditoria também não poderia. Nada foi feito.',
    remedy: 'Configure o emissor para incluir um destes claims nos tokens de acesso: {claims}.',
  },
};

/** The caller's token has no claim that says whose it is. */
export const tokenUnnamed = (): Problem => new Problem(tokenUnnamedKind, { claims: namingClaims.join(', ') });
