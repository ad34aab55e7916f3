import { Problem } from '../problems/problem.ts';
import { type Fault, proxyFailed, UpstreamUnreachable, upstreamUntrusted } from '../problems/upstream.ts';
import { ProxyError } from './proxy-error.ts';

// Loaded at the first fault: most processes meet none. What Node, OpenSSL and undici say of a fault is looked for in
// its code and message; the first that is found counts, and what is not found has words as well.

type Named = [said: RegExp, en: string, pt: string];

/** The certificate is to blame. Trying again helps with none of these. */
const untrusted: Named[] = [
  [
    /KEY_TOO_SMALL|key too (small|weak)/i,
    'its key, or that of an authority which signed it, is too weak',
    'a chave dele, ou a de uma autoridade que o assinou, é fraca demais',
  ],
  [
    /MD_TOO_WEAK|(md|digest|algorithm) too weak/i,
    'it was signed with a digest that is too weak',
    'ele foi assinado com um digest fraco demais',
  ],
  [/CERT_HAS_EXPIRED|has expired/, 'it has expired', 'ele venceu'],
  [/NOT_YET_VALID|not yet valid/, 'it is not valid yet', 'ele ainda não vale'],
  [/REVOKED|revoked/, 'it has been revoked', 'ele foi revogado'],
  [
    /ALTNAME|HOSTNAME_MISMATCH|IP_ADDRESS_MISMATCH|hostname mismatch|IP address mismatch/i,
    'it is for another name than the one that was called',
    'ele é de outro nome, não do que foi chamado',
  ],
  [
    /DEPTH_ZERO_SELF_SIGNED/,
    'it is signed by itself, and is not one that this connection trusts',
    'ele é assinado por si mesmo, e não é um em que esta conexão confia',
  ],
  [
    /SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER|UNABLE_TO_VERIFY|CERT_UNTRUSTED|CERT_REJECTED/,
    'the authority that signed it is not known here, or a certificate between the two was not sent',
    'a autoridade que o assinou não é conhecida aqui, ou não foi enviado um certificado entre os dois',
  ],
  [
    /INVALID_PURPOSE|unsuitable certificate purpose|unsupported certificate purpose/i,
    'it, or one that signed it, was not made for that use',
    'ele, ou um que o assinou, não foi feito para esse uso',
  ],
  [
    /INVALID_CA|PATH_LENGTH|CHAIN_TOO_LONG|KEYUSAGE|invalid CA|path length|basic constraints|key usage/i,
    'a certificate signed it that must not sign it',
    'quem o assinou foi um certificado que não pode assiná-lo',
  ],
  [
    /critical extension|name constraint|subtree|excluded|permitted/i,
    'it has a restriction that does not hold or is not understood',
    'ele tem uma restrição que não se cumpre ou não é entendida',
  ],
  [
    /CERT_SIGNATURE|DECODE_ISSUER|DECRYPT_CERT|ERROR_IN_CERT|certificate signature failure/,
    'it is damaged: its signature or its dates cannot be read',
    'ele está danificado: a assinatura ou as datas não podem ser lidas',
  ],
  [
    /^(CERT_|CRL_|UNABLE_TO_GET_CRL|UNSPECIFIED|AKID_|SUBJECT_ISSUER)|X509|certificate/i,
    'it does not pass verification',
    'ele não passa na verificação',
  ],
];

/** Trying again does not help: what answers there is another thing than what was asked for. */
const lasting: Named[] = [
  [
    /ERR_SSL_[\w/]*ALERT_(CERTIFICATE|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)/,
    'it wants a client certificate, which a connection cannot have',
    'ele exige um certificado de cliente, o que uma conexão não pode ter',
  ],
  [
    /ERR_SSL_[\w/]*(WRONG_VERSION_NUMBER|PACKET_LENGTH|HTTP_REQUEST|HTTPS_PROXY_REQUEST|UNEXPECTED_MESSAGE|BAD_RECORD_TYPE|RECORD_LAYER|RECORD_TOO|LENGTH_MISMATCH)/,
    'https was asked for, but what answers at that port does not speak TLS',
    'o que responde na porta pedida não fala TLS, embora se tenha pedido https',
  ],
  [
    /ERR_SSL_[\w/]*(PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|INAPPROPRIATE_FALLBACK|VERSION_TOO|NO_PROTOCOLS)/,
    'there is no version of TLS that both sides take; the one there is too old',
    'não há versão de TLS que os dois lados aceitem; a de lá é antiga demais',
  ],
  [
    /ERR_SSL_[\w/]*(HANDSHAKE_FAILURE|CIPHER|DH_KEY|NO_SHARED|SIGNATURE_ALGORITHM|INSUFFICIENT_SECURITY|BAD_ECPOINT|WRONG_CURVE|ILLEGAL_PARAMETER)/,
    'there is no TLS cipher or key exchange that both sides take, or it wants a client certificate',
    'não há cifra ou troca de chaves de TLS que os dois lados aceitem, ou ele exige um certificado de cliente',
  ],
  [
    /UNRECOGNIZED_NAME/,
    'TLS there does not know the host name that was called',
    'o TLS de lá não conhece o nome do host que foi chamado',
  ],
  [/ENOTFOUND|ENODATA/, 'DNS does not know its host name', 'o DNS não conhece o nome do host dele'],
  [
    /HTTPParserError.*(Expected HTTP|HTTP version|status code|HTTP_NOT|ICY|PRI\b)|HPE_INVALID_(CONSTANT|VERSION|STATUS|METHOD)|HPE_PAUSED_H2/i,
    'what answers there does not speak HTTP/1.1; perhaps its port wants https',
    'o que responde lá não fala HTTP/1.1; talvez a porta exija https',
  ],
  [
    /HEADERS?_OVERFLOW/,
    'the headers of its answer are larger than 16 kB',
    'os cabeçalhos da resposta passam de 16 kB',
  ],
  [/EXCEEDED_MAX_SIZE/, 'its answer is larger than 16 MB', 'a resposta passa de 16 MB'],
  [
    /bad upgrade|unexpected (upgrade|\d+)|bad response|HPE_(PAUSED_UPGRADE|CB_UPGRADE)/i,
    'it answered by wanting to switch to another protocol',
    'a resposta dele foi querer mudar para outro protocolo',
  ],
  [
    /UND_ERR_INVALID_ARG|ERR_INVALID_CHAR|ERR_INVALID_HTTP_TOKEN/,
    'what it gave to sign in with has characters that no HTTP header can carry',
    'o que ele deu para o login tem caracteres que nenhum cabeçalho HTTP pode levar',
  ],
  [
    /EACCES|EPERM/,
    'this machine does not allow connections there',
    'esta máquina não permite conexões para lá',
  ],
];

/** Trying again may help. */
const passing: Named[] = [
  [/CONTENT_LENGTH/, 'its answer is not as long as it said', 'a resposta não tem o tamanho que ela diz'],
  [
    /HPE_\w*(EOF|CLOSED)|UND_ERR_SOCKET|ECONNRESET|EPIPE|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE|UND_ERR_ABORTED|other side closed/,
    'it closed the connection before its answer was complete',
    'ele fechou a conexão antes de a resposta estar completa',
  ],
  // undici takes a status below 100 for a defect of its own.
  [/HPE_|HTTPParserError|ERR_ASSERTION/, 'its answer is not valid HTTP', 'a resposta não é HTTP válido'],
  [
    /ECONNREFUSED/,
    'nothing takes connections at its address and port',
    'nada aceita conexões no endereço e na porta dele',
  ],
  [/CONNECT_TIMEOUT|ETIMEDOUT/, 'no connection came about in time', 'nenhuma conexão se formou a tempo'],
  [
    /EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN/,
    'the network has no way there',
    'a rede não tem caminho até lá',
  ],
  [/EAI_|ESERVFAIL|EREFUSED|ETIMEOUT/, 'DNS gave no answer', 'o DNS não respondeu'],
  [
    /EMFILE|ENFILE|ENOBUFS|ENOMEM|EADDRNOTAVAIL/,
    'this process cannot open another connection',
    'este processo não consegue abrir mais uma conexão',
  ],
  [/ERR_SSL|ERR_TLS|EPROTO|TLS/, 'the TLS handshake failed', 'o acordo de TLS falhou'],
  [/UND_ERR_(DESTROYED|CLOSED)/, 'it was being closed', 'ela estava sendo fechada'],
];

/** Why a request got no answer, in words. */
export function faultOf(error: unknown): Fault & { isCertificate: boolean } {
  const { code, said } = saidOf(error);
  const find = (table: Named[]) => table.find(([pattern]) => pattern.test(said));
  const isTls = /^(ERR_SSL|EPROTO|ERR_TLS_(?!CERT))/.test(code);
  const weak = isTls && /DH_KEY/.test(code) ? undefined : find(untrusted.slice(0, 2));
  const isNetwork = isTls || /^(HPE_|UND_ERR_|E[A-Z]+ |EAI_)|HTTPParserError/.test(said);
  const certificate = weak ?? (isNetwork ? undefined : find(untrusted));
  const lasts = certificate ? undefined : find(lasting);
  const [, en, pt] = certificate ??
    lasts ??
    find(passing) ?? [undefined, 'for a reason that has no name here', 'por um motivo que não tem nome aqui'];
  return {
    words: { en, 'pt-BR': pt },
    ...(/^(?!UNSPECIFIED)[A-Z][A-Z\d_/]{1,60}$/.test(code) && { code }),
    passing: certificate === undefined && lasts === undefined,
    isCertificate: certificate !== undefined,
  };
}

/** The problem that it is for a system's callers that a request got no answer. */
export function faultProblem(system: string, error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ProxyError) return proxyFailed(system, error, error);
  const fault = faultOf(error);
  return fault.isCertificate
    ? upstreamUntrusted(system, fault, error)
    : new UpstreamUnreachable(system, fault, error);
}

/** The first of an error and its causes that has a code, and all that is said of it. */
function saidOf(error: unknown): { code: string; said: string } {
  if (error instanceof AggregateError && !('code' in error)) return saidOf(error.errors[0]);
  if (!(error instanceof Error)) return { code: '', said: '' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === '' && error.cause instanceof Error) return saidOf(error.cause);
  return { code, said: `${code} ${error.name} ${error.message}` };
}
