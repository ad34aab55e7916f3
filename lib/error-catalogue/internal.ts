import type { ErrorEntry } from './entry.ts';

/** The upstream failed by itself. */
export const internal = {
  UNEXPECTED_ERROR: {
    status: 500,
    parameters: [],
    retry: 'afterWaiting',
    en: {
      message: 'Something failed inside Ops Manager while it handled the call.',
      remedy:
        "Wait a minute and make the call again. If it still fails, look in the Ops Manager server's mms0.log at the time of the call.",
    },
    'pt-BR': {
      message: 'Algo falhou dentro do Ops Manager enquanto ele tratava a chamada.',
      remedy:
        'Aguarde um minuto e repita a chamada. Se ainda falhar, procure no mms0.log do servidor do Ops Manager a hora da chamada.',
    },
  },
} as const satisfies Record<string, ErrorEntry>;
