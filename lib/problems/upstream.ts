import type { Words } from '../language.ts';
import { Problem, type ProblemKind } from './problem.ts';
import type { ProblemDetails } from './problem-details.ts';

// The problems that any upstream system can make.

type Upstream = NonNullable<ProblemDetails['upstream']>;

export const credentialsRefusedKind: ProblemKind = {
  code: 'UPSTREAM_CREDENTIALS_REFUSED',
  status: 502,
  retry: 'afterAccessChange',
  en: {
    title: 'Credentials refused',
    message: '{system} does not accept the credentials of connection {connection}.',
    remedy:
      'Check whether the credentials of {connection} have expired, were deleted or lack the role that this needs (here {role}), and store valid ones in secret {secretId}. New ones are used at once.',
  },
  'pt-BR': {
    title: 'Credenciais recusadas',
    message: '{system} não aceita as credenciais da conexão {connection}.',
    remedy:
      'Verifique se as credenciais de {connection} venceram, foram excluídas ou não têm o papel que isto exige (aqui {role}), e guarde credenciais válidas no segredo {secretId}. As novas valem na hora.',
  },
};

/** What a client throws when its secret may be out of date: the sign to read it again. */
export class CredentialsRefused extends Problem {
  constructor(
    system: string,
    connection: string,
    upstream: Upstream,
    role?: string,
    kind: ProblemKind = credentialsRefusedKind,
    values: Record<string, string | undefined> = {},
  ) {
    const secretId = `switchboard/${system}/${connection}`;
    super(
      kind,
      { connection, role, secretId, ...values },
      { system, upstream, status: credentialsRefusedKind.status },
    );
  }
}

export const signInUnknownKind: ProblemKind = {
  code: 'UPSTREAM_SIGN_IN_UNKNOWN',
  status: 502,
  retry: 'afterSystemChange',
  en: {
    title: 'Sign-in not possible',
    message: 'Switchboard cannot sign in to {system} in the way that its answer asks for ({why}).',
    remedy:
      "Check that the connection's baseUrl leads to {system} itself and not to a proxy. An API key signs in with HTTP Digest: with MD5, SHA-256 or SHA-512-256, and with qop=auth or none.",
  },
  'pt-BR': {
    title: 'Login impossível',
    message: 'O Switchboard não consegue entrar em {system} do modo que a resposta dele pede ({why}).',
    remedy:
      'Confira se a baseUrl da conexão leva mesmo a {system} e não a um proxy. Uma chave de API entra por HTTP Digest: com MD5, SHA-256 ou SHA-512-256, e com qop=auth ou sem qop.',
  },
};

/** The upstream asks for a sign-in that we cannot make; the credentials were not even looked at. */
export const signInUnknown = (system: string, why: Words): Problem =>
  new Problem(signInUnknownKind, { why }, { system, upstream: { status: 401 } });

export const upstreamUnreachableKind: ProblemKind = {
  code: 'UPSTREAM_UNREACHABLE',
  status: 502,
  retry: 'afterWaiting',
  retryAfter: 5,
  en: {
    title: 'Upstream unreachable',
    message: 'The connection to {system} failed: {cause} ({code}).',
    remedy:
      "Try again shortly. If it stays, check {system}'s status, the connection's baseUrl, and the network path to it.",
  },
  'pt-BR': {
    title: 'Sistema inacessível',
    message: 'A conexão com {system} falhou: {cause} ({code}).',
    remedy:
      'Tente de novo em instantes. Se continuar, confira o status de {system}, a baseUrl da conexão e o caminho de rede até lá.',
  },
};

// What trying again cannot mend: no `retryAfter`.
const { retryAfter: _retryAfter, ...withoutWait } = upstreamUnreachableKind;
const unreachableAsIs: ProblemKind = {
  ...withoutWait,
  retry: 'afterSystemChange',
  en: {
    ...upstreamUnreachableKind.en,
    remedy:
      "Check the connection's baseUrl (https or http, name, port), what answers there, and whether only a proxy leads there (HTTPS_PROXY). Trying again does not help.",
  },
  'pt-BR': {
    ...upstreamUnreachableKind['pt-BR'],
    remedy:
      'Confira a baseUrl da conexão (https ou http, nome, porta), o que responde lá e se só se chega lá por um proxy (HTTPS_PROXY). Tentar de novo não adianta.',
  },
};

/** Why no answer came: in words, and with the code that the network gave it. */
export interface Fault {
  words: Words;
  code?: string | undefined;
  /** Whether trying again may help. */
  passing?: boolean;
}

/** The connection to the upstream failed, retries included. */
export class UpstreamUnreachable extends Problem {
  constructor(system: string, { words, code, passing }: Fault, cause: unknown) {
    const kind = passing ? upstreamUnreachableKind : unreachableAsIs;
    super(kind, { cause: words, code }, { system }, { cause });
  }
}

export const upstreamUntrustedKind: ProblemKind = {
  code: 'UPSTREAM_UNTRUSTED',
  status: 502,
  retry: 'afterSystemChange',
  en: {
    title: 'Certificate not trusted',
    message: 'The TLS certificate of {system} cannot be trusted: {cause} ({code}).',
    remedy:
      "If the authority is unknown, add its certificate to the connection as ca (PEM). If the name differs, use a name from the certificate in the connection's baseUrl. Otherwise, replace the certificate. Trying again does not help.",
  },
  'pt-BR': {
    title: 'Certificado não confiável',
    message: 'Não dá para confiar no certificado TLS de {system}: {cause} ({code}).',
    remedy:
      'Se a autoridade é desconhecida, ponha o certificado dela na conexão, em ca (PEM). Se o nome é outro, use na baseUrl da conexão um nome que está no certificado. Nos outros casos, troque o certificado. Tentar de novo não adianta.',
  },
};

/** The upstream's certificate is not one that we trust. */
export const upstreamUntrusted = (system: string, { words, code }: Fault, cause: unknown): Problem =>
  new Problem(upstreamUntrustedKind, { cause: words, code }, { system }, { cause });

export const proxyFailedKind: ProblemKind = {
  code: 'PROXY_FAILED',
  status: 502,
  retry: 'afterSystemChange',
  en: {
    title: 'Proxy failed',
    message:
      'The proxy on the way to {system} ({proxy}) did not let the connection through: {cause} ({code}).',
    remedy:
      'Check HTTPS_PROXY, with its user and password, and what the proxy allows; or name the host of {system} in NO_PROXY where it can be reached without.',
  },
  'pt-BR': {
    title: 'Falha do proxy',
    message: 'O proxy no caminho até {system} ({proxy}) não deixou a conexão passar: {cause} ({code}).',
    remedy:
      'Confira HTTPS_PROXY, com usuário e senha, e o que o proxy permite; ou ponha o host de {system} em NO_PROXY se ele pode ser alcançado sem proxy.',
  },
};

const proxyFailedForNow: ProblemKind = { ...proxyFailedKind, retry: 'afterWaiting', retryAfter: 5 };

/** The proxy that the environment names stood in the way, not the upstream. `proxy` is its host and port. */
export const proxyFailed = (
  system: string,
  { words, code, passing, proxy }: Fault & { proxy: string },
  cause: unknown,
): Problem =>
  new Problem(
    passing ? proxyFailedForNow : proxyFailedKind,
    { proxy, cause: words, code },
    { system },
    { cause },
  );

export const upstreamAnswerUnexpectedKind: ProblemKind = {
  code: 'UPSTREAM_ANSWER_UNEXPECTED',
  status: 502,
  retry: 'afterWaiting',
  retryAfter: 5,
  en: {
    title: 'Unexpected answer',
    message: '{system} answered with status {upstreamStatus}, but not as its API promises ({what}).',
    remedy:
      "Try again. If it stays, check that the connection's baseUrl leads to {system} itself and not to a proxy or a sign-in page.",
  },
  'pt-BR': {
    title: 'Resposta inesperada',
    message: '{system} respondeu com status {upstreamStatus}, mas não como a API dele promete ({what}).',
    remedy:
      'Tente de novo. Se continuar, veja se a baseUrl da conexão leva mesmo a {system} e não a um proxy ou a uma página de login.',
  },
};

/** The upstream answered with something that is not what its API promises. */
export const upstreamAnswerUnexpected = (system: string, what: Words, upstream: Upstream): Problem =>
  new Problem(
    upstreamAnswerUnexpectedKind,
    { what, upstreamStatus: String(upstream.status) },
    { system, upstream },
  );

export const badRequestKind: ProblemKind = {
  code: 'UPSTREAM_BAD_REQUEST',
  status: 400,
  retry: 'afterRequestChange',
  en: {
    title: 'Refused as invalid',
    message: '{system} refused the request as invalid ({said}). Nothing was changed.',
    remedy: 'Correct the input as {system} says and call again.',
  },
  'pt-BR': {
    title: 'Recusado como inválido',
    message: '{system} recusou a requisição como inválida ({said}). Nada foi mudado.',
    remedy: 'Corrija a entrada como {system} diz e chame de novo.',
  },
};

export const permissionDeniedKind: ProblemKind = {
  code: 'UPSTREAM_PERMISSION_DENIED',
  status: 502,
  retry: 'afterAccessChange',
  en: {
    title: 'Permission denied',
    message: '{system} signed connection {connection} in, but does not let it do this ({said}).',
    remedy:
      'Give the {principal} of connection {connection} what this needs (in words of {system}: {role}), and check that it belongs where the call is aimed.',
  },
  'pt-BR': {
    title: 'Permissão negada',
    message: '{system} deixou a conexão {connection} entrar, mas não a deixa fazer isto ({said}).',
    remedy:
      'Dê à credencial da conexão {connection} ({principal}) o que isto exige (nas palavras de {system}: {role}), e confira se ela pertence ao lugar a que a chamada se dirige.',
  },
};

export const notFoundKind: ProblemKind = {
  code: 'NOT_FOUND',
  status: 404,
  retry: 'afterRequestChange',
  en: {
    title: 'Not found',
    message: '{system} knows nothing under this path ({said}).',
    remedy:
      'Check the ids. What connection {connection} may not see is answered alike, so check as well that it is the right one.',
  },
  'pt-BR': {
    title: 'Não encontrado',
    message: '{system} não conhece nada neste caminho ({said}).',
    remedy:
      'Confira os ids. O que a conexão {connection} não pode ver recebe a mesma resposta: confira também se ela é a certa.',
  },
};

export const versionRefusedKind: ProblemKind = {
  code: 'UPSTREAM_VERSION_REFUSED',
  status: 502,
  retry: 'afterSystemChange',
  en: {
    title: 'API version refused',
    message: '{system} does not serve the API version that Switchboard asks for ({said}).',
    remedy: 'Update Switchboard.',
  },
  'pt-BR': {
    title: 'Versão da API recusada',
    message: '{system} não serve a versão da API que o Switchboard pede ({said}).',
    remedy: 'Atualize o Switchboard.',
  },
};

export const conflictKind: ProblemKind = {
  code: 'CONFLICT',
  status: 409,
  retry: 'afterSystemChange',
  en: {
    title: 'Conflict',
    message: 'What was asked for conflicts with the present state of {system} ({said}).',
    remedy: 'Resolve what {system} names and call again.',
  },
  'pt-BR': {
    title: 'Conflito',
    message: 'O que foi pedido conflita com o estado atual de {system} ({said}).',
    remedy: 'Resolva o que {system} aponta e chame de novo.',
  },
};

export const rateLimitedKind: ProblemKind = {
  code: 'UPSTREAM_RATE_LIMITED',
  status: 429,
  retry: 'afterWaiting',
  en: {
    title: 'Too many requests',
    message: '{system} limits how often this may be asked, and the limit is reached ({said}).',
    remedy: 'Wait for retryAfter seconds, and wait clearly longer if it is refused again.',
  },
  'pt-BR': {
    title: 'Requisições demais',
    message: '{system} limita quantas vezes isto pode ser pedido, e o limite foi atingido ({said}).',
    remedy: 'Espere os segundos de retryAfter, e bem mais se for recusado outra vez.',
  },
};

export const upstreamFailedKind: ProblemKind = {
  code: 'UPSTREAM_ERROR',
  status: 502,
  retry: 'afterWaiting',
  en: {
    title: 'Upstream error',
    message: '{system} failed with status {upstreamStatus} ({said}).',
    remedy: 'Try again in a while. If it stays, look at the state of {system} itself.',
  },
  'pt-BR': {
    title: 'Erro do sistema',
    message: '{system} falhou com status {upstreamStatus} ({said}).',
    remedy: 'Tente de novo daqui a pouco. Se continuar, veja o estado do próprio {system}.',
  },
};

export const upstreamRefusedKind: ProblemKind = {
  code: 'UPSTREAM_REFUSED',
  status: 502,
  retry: 'afterSystemChange',
  en: {
    title: 'Refused',
    message: '{system} refused the request with status {upstreamStatus} ({said}).',
    remedy: 'Check that the baseUrl of connection {connection} leads to {system} itself.',
  },
  'pt-BR': {
    title: 'Recusado',
    message: '{system} recusou a requisição com status {upstreamStatus} ({said}).',
    remedy: 'Confira se a baseUrl da conexão {connection} leva mesmo a {system}.',
  },
};

const redirected: ProblemKind = {
  ...upstreamRefusedKind,
  en: {
    title: 'Redirected',
    message: '{system} answered with a redirect (status {upstreamStatus}), which its API never does.',
    remedy:
      'Check that the baseUrl of connection {connection} leads to {system} itself, and not to a sign-in page before it or to an old name.',
  },
  'pt-BR': {
    title: 'Redirecionado',
    message:
      '{system} respondeu com um redirecionamento (status {upstreamStatus}), o que a API dele nunca faz.',
    remedy:
      'Confira se a baseUrl da conexão {connection} leva mesmo a {system}, e não a uma página de login antes dele ou a um nome antigo.',
  },
};

/** The kind of problem that a refusal amounts to by its HTTP status alone. Not for 401. */
export function kindByStatus(status: number): ProblemKind {
  switch (status) {
    case 400:
      return badRequestKind;
    case 403:
      return permissionDeniedKind;
    case 404:
      return notFoundKind;
    case 406:
    case 410:
      return versionRefusedKind;
    case 409:
      return conflictKind;
    case 429:
      return rateLimitedKind;
    default:
      // A success other than the one that was asked for.
      if (status < 300) return upstreamAnswerUnexpectedKind;
      if (status < 400 && status !== 304) return redirected;
      return status >= 500 ? upstreamFailedKind : upstreamRefusedKind;
  }
}
