import type { ErrorEntry } from './entry.ts';

/** Nobody is recognised behind the request. */
export const authentication = {
  NO_CURRENT_USER: {
    status: 401,
    parameters: [],
    retry: 'afterAccessChange',
    en: {
      message: 'Ops Manager cannot tell who makes this call: it carries no identity.',
      remedy:
        'Sign the call by HTTP Digest with a public and a private API key, and see that the connection holds both of them.',
    },
    'pt-BR': {
      message: 'O Ops Manager não sabe quem faz esta chamada: ela não traz identidade.',
      remedy:
        'Autentique a chamada por HTTP Digest com a chave de API pública e a privada, e veja se a conexão guarda as duas.',
    },
  },
} as const satisfies Record<string, ErrorEntry>;
