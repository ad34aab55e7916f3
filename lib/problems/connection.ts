import type { Words } from '../language.ts';
import { listed, shownFields } from './call.ts';
import { Problem, type ProblemKind } from './problem.ts';
import type { ProblemDetails } from './problem-details.ts';

// The problems of a connection: its secret, and Secrets Manager.

export const connectionNotFoundKind: ProblemKind = {
  code: 'CONNECTION_NOT_FOUND',
  status: 404,
  retry: 'afterRequestChange',
  en: {
    title: 'Unknown connection',
    message: '{system} has no connection named {connection}: secret {secretId} does not exist.',
    remedy: "Check the connection's name, or store its credentials in secret {secretId}.",
  },
  'pt-BR': {
    title: 'Conexão desconhecida',
    message: '{system} não tem conexão com o nome {connection}: o segredo {secretId} não existe.',
    remedy: 'Confira o nome da conexão, ou guarde as credenciais dela no segredo {secretId}.',
  },
};

/** There is no secret for this connection. */
export const connectionNotFound = (system: string, connection: string, secretId: string): Problem =>
  new Problem(connectionNotFoundKind, { connection, secretId }, { system });

export const connectionEmptyKind: ProblemKind = {
  code: 'CONNECTION_EMPTY',
  status: 500,
  retry: 'afterSystemChange',
  en: {
    title: 'Connection still empty',
    message: 'Connection {connection} to {system} is there, but its secret {secretId} has no value yet.',
    remedy:
      'Put the credentials into secret {secretId}, in the shape that its description and the README give (aws secretsmanager put-secret-value). They are used at once.',
  },
  'pt-BR': {
    title: 'Conexão ainda vazia',
    message: 'A conexão {connection} com {system} existe, mas o segredo {secretId} dela ainda não tem valor.',
    remedy:
      'Ponha as credenciais no segredo {secretId}, no formato que a descrição dele e o README dão (aws secretsmanager put-secret-value). Elas valem na hora.',
  },
};

/** The secret of this connection was made and not filled yet. */
export const connectionEmpty = (system: string, connection: string, secretId: string): Problem =>
  new Problem(connectionEmptyKind, { connection, secretId }, { system });

export const connectionAccessDeniedKind: ProblemKind = {
  code: 'CONNECTION_ACCESS_DENIED',
  status: 500,
  retry: 'afterAccessChange',
  en: {
    title: 'Connection not readable',
    message: 'Secrets Manager does not let this function read secret {secretId}.',
    remedy:
      "Allow the function's role secretsmanager:GetSecretValue on {secretId}, and kms:Decrypt on its key if it has a key of its own.",
  },
  'pt-BR': {
    title: 'Conexão sem acesso',
    message: 'O Secrets Manager não deixa esta função ler o segredo {secretId}.',
    remedy:
      'Dê ao papel da função secretsmanager:GetSecretValue sobre {secretId}, e kms:Decrypt sobre a chave dele, se ele tiver uma chave própria.',
  },
};

/** Switchboard's own role may not read the connection's secret. */
export const connectionAccessDenied = (system: string, secretId: string, cause: unknown): Problem =>
  new Problem(connectionAccessDeniedKind, { secretId }, { system }, { cause });

export const connectionMalformedKind: ProblemKind = {
  code: 'CONNECTION_MALFORMED',
  status: 500,
  retry: 'afterSystemChange',
  en: {
    title: 'Connection malformed',
    message: 'Secret {secretId} does not hold a valid connection to {system} ({errors}).',
    remedy:
      'Store the connection again in secret {secretId}, in the shape that the README gives for {system}.',
  },
  'pt-BR': {
    title: 'Conexão malformada',
    message: 'O segredo {secretId} não contém uma conexão válida para {system} ({errors}).',
    remedy: 'Guarde a conexão de novo no segredo {secretId}, no formato que o README dá para {system}.',
  },
};

/** The secret is there, but does not have the shape of a connection. Names fields, never values. */
export function connectionMalformed(
  system: string,
  secretId: string,
  errors: NonNullable<ProblemDetails['errors']>,
): Problem {
  // Who misplaced a quotation mark has a value where a name should be.
  const shown = shownFields(errors);
  return new Problem(connectionMalformedKind, { secretId, errors: listed(shown) }, { system, errors: shown });
}

export const secretsManagerUnavailableKind: ProblemKind = {
  code: 'SECRETS_MANAGER_UNAVAILABLE',
  status: 503,
  retry: 'afterWaiting',
  retryAfter: 5,
  en: {
    title: 'Secrets Manager unavailable',
    message: 'Secrets Manager gave no usable answer for secret {secretId} ({why}).',
    remedy:
      'Try again in a few seconds. If it stays, look at the AWS status page and at the Secrets Manager quotas.',
  },
  'pt-BR': {
    title: 'Secrets Manager indisponível',
    message: 'O Secrets Manager não deu resposta utilizável para o segredo {secretId} ({why}).',
    remedy:
      'Tente de novo em alguns segundos. Se continuar, veja a página de status da AWS e as cotas do Secrets Manager.',
  },
};

/** Secrets Manager could not be asked just now. */
export const secretsManagerUnavailable = (
  system: string,
  secretId: string,
  cause: unknown,
  why: Words,
): Problem => new Problem(secretsManagerUnavailableKind, { secretId, why }, { system }, { cause });
