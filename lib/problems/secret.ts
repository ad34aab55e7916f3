import type { Words } from '../language.ts';
import { unreached } from './aws-cause.ts';
import { connectionAccessDenied, secretsManagerUnavailable } from './connection.ts';
import { Problem, type ProblemKind } from './problem.ts';

// Why Secrets Manager does not give a secret. Loaded when it does not.

export const connectionDeletedKind: ProblemKind = {
  code: 'CONNECTION_DELETED',
  status: 404,
  retry: 'afterSystemChange',
  en: {
    title: 'Connection deleted',
    message:
      'Secret {secretId} is scheduled for deletion, so nothing can be done over this connection to {system}.',
    remedy:
      'If the connection is still wanted, restore its secret: aws secretsmanager restore-secret --secret-id {secretId}. It is used at once.',
  },
  'pt-BR': {
    title: 'Conexão excluída',
    message:
      'O segredo {secretId} está marcado para exclusão, então nada pode ser feito por esta conexão com {system}.',
    remedy:
      'Se a conexão ainda for necessária, restaure o segredo: aws secretsmanager restore-secret --secret-id {secretId}. Ele vale na hora.',
  },
};

export const secretKeyUnusableKind: ProblemKind = {
  code: 'SECRET_KEY_UNUSABLE',
  status: 500,
  retry: 'afterSystemChange',
  en: {
    title: 'Key of the secret not usable',
    message: 'The KMS key that secret {secretId} is encrypted with cannot be used ({code}).',
    remedy:
      'Look at the key in KMS: it is disabled, scheduled for deletion, or not the one that the secret was encrypted with. Enable it, or store the connection again under another key.',
  },
  'pt-BR': {
    title: 'Chave do segredo inutilizável',
    message: 'A chave do KMS que cifra o segredo {secretId} não pode ser usada ({code}).',
    remedy:
      'Veja a chave no KMS: está desativada, marcada para exclusão, ou não é a que cifrou o segredo. Ative-a, ou guarde a conexão de novo com outra chave.',
  },
};

export const awsCredentialsRefusedKind: ProblemKind = {
  code: 'AWS_CREDENTIALS_REFUSED',
  status: 500,
  retry: 'afterAccessChange',
  en: {
    title: 'AWS credentials refused',
    message:
      'AWS does not accept the credentials with which Switchboard itself asks for secret {secretId} ({code}).',
    remedy:
      "These are the AWS credentials of this process, not those of the connection. In Lambda they are its role's: deploy again or look at the role. On a laptop sign in to AWS again, and check the clock.",
  },
  'pt-BR': {
    title: 'Credenciais da AWS recusadas',
    message:
      'A AWS não aceita as credenciais com que o próprio Switchboard pede o segredo {secretId} ({code}).',
    remedy:
      'São as credenciais da AWS deste processo, não as da conexão. No Lambda são as do papel dele: implante de novo ou veja o papel. No laptop, entre de novo na AWS e confira o relógio.',
  },
};

export const awsNotConfiguredKind: ProblemKind = {
  code: 'AWS_NOT_CONFIGURED',
  status: 500,
  retry: 'afterSystemChange',
  en: {
    title: 'AWS not configured',
    message: 'Secrets Manager cannot be asked for secret {secretId}: this process {lacks}.',
    remedy:
      'Set AWS_REGION, and AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in to AWS. In Lambda they are there by themselves.',
  },
  'pt-BR': {
    title: 'AWS não configurada',
    message: 'Não dá para pedir o segredo {secretId} ao Secrets Manager: este processo {lacks}.',
    remedy:
      'Defina AWS_REGION, e AWS_ACCESS_KEY_ID e AWS_SECRET_ACCESS_KEY, ou entre na AWS. No Lambda elas já estão lá.',
  },
};

export const secretRefusedKind: ProblemKind = {
  code: 'SECRET_REFUSED',
  status: 500,
  retry: 'afterSystemChange',
  en: {
    title: 'Secret refused',
    message: 'Secrets Manager refuses what is asked of secret {secretId} ({code}).',
    remedy:
      'Trying again does not help. Look at the secret in Secrets Manager, and at what the log of this request has as the cause.',
  },
  'pt-BR': {
    title: 'Segredo recusado',
    message: 'O Secrets Manager recusa o que se pede do segredo {secretId} ({code}).',
    remedy:
      'Tentar de novo não adianta. Veja o segredo no Secrets Manager, e a causa que está no log desta requisição.',
  },
};

const credentialCodes =
  /ExpiredToken|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|InvalidClientTokenId|MissingAuthenticationToken|IncompleteSignature|InvalidToken|InvalidAccessKeyId|RequestExpired|AuthFailure|OptInRequired|NotSignedUp/;
const deniedCodes = /AccessDenied|NotAuthorized|Unauthorized|DecryptionFailure/;
const keyCodes = /KMS|DisabledException|KeyUnavailable|InvalidKeyUsage|EncryptionFailure|KeyId/i;
const busyCodes = /Throttl|TooManyRequests|LimitExceeded|RequestLimit|SlowDown/;

/** The problem that it is that Secrets Manager did not do what was asked of a secret. */
export function secretProblem(system: string, secretId: string, error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { name, message } = error instanceof Error ? error : { name: '', message: '' };
  const status = statusOf(error);
  const told = (kind: ProblemKind, values: Record<string, string | Words> = {}) =>
    new Problem(kind, { secretId, code: codeOf(name), ...values }, { system }, { cause: error });

  if (busyCodes.test(name)) return secretsManagerUnavailable(system, secretId, error, words.busy);
  if (status === undefined) {
    if (/CredentialsProvider|TokenProvider/.test(name) || /credential/i.test(message))
      return told(awsNotConfiguredKind, { lacks: words.credentials });
    if (/region/i.test(message)) return told(awsNotConfiguredKind, { lacks: words.region });
    if (/Invalid URL|endpoint/i.test(message)) return told(awsNotConfiguredKind, { lacks: words.address });
    return secretsManagerUnavailable(system, secretId, error, unreached(error));
  }
  if (credentialCodes.test(name)) return told(awsCredentialsRefusedKind);
  const isKey =
    keyCodes.test(name) ||
    /key is (disabled|pending)|pending deletion|\bKMS\b.*(disabled|state)/i.test(message);
  if (isKey && !/AccessDenied/.test(name)) return told(secretKeyUnusableKind);
  if (deniedCodes.test(name)) return connectionAccessDenied(system, secretId, error);
  if (/^InvalidRequest/.test(name) && /delet/i.test(message)) return told(connectionDeletedKind);
  if (status >= 400 && status < 500) return told(secretRefusedKind);
  return secretsManagerUnavailable(system, secretId, error, words.failed);
}

/** AWS's own name for an error, where it looks like one. */
const codeOf = (name: string): string => (/^[A-Za-z][A-Za-z.]{2,60}$/.test(name) ? name : 'unknown error');

function statusOf(error: unknown): number | undefined {
  const metadata =
    error instanceof Error && '$metadata' in error && typeof error.$metadata === 'object'
      ? error.$metadata
      : undefined;
  const status = metadata && 'httpStatusCode' in metadata ? metadata.httpStatusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}

const words = {
  busy: { en: 'it is asked too often', 'pt-BR': 'ele está sendo pedido vezes demais' },
  failed: { en: 'it failed itself', 'pt-BR': 'ele próprio falhou' },
  credentials: { en: 'has no AWS credentials', 'pt-BR': 'não tem credenciais da AWS' },
  region: { en: 'has no AWS region', 'pt-BR': 'não tem uma região da AWS' },
  address: {
    en: 'has an address for it that is not a URL (AWS_ENDPOINT_URL)',
    'pt-BR': 'tem um endereço para ele que não é endereço (AWS_ENDPOINT_URL)',
  },
};
