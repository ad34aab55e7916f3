import { nearestName } from '../nearest-name.ts';
import { Problem, type ProblemKind } from '../problems/problem.ts';

export const errorUnknownKind: ProblemKind = {
  code: 'ERROR_UNKNOWN',
  status: 404,
  retry: 'afterRequestChange',
  en: {
    title: 'Unknown error code',
    message: 'The catalogue has no error {code} (the nearest is {nearest}).',
    remedy:
      'Check the spelling; GET /errors lists all. A code that only the upstream system knows is explained in its own documentation, and the problem that it came with says what its HTTP status means.',
  },
  'pt-BR': {
    title: 'Código de erro desconhecido',
    message: 'O catálogo não tem o erro {code} (o mais próximo é {nearest}).',
    remedy:
      'Confira a grafia; GET /errors lista todos. Um código que só o sistema de origem conhece está na documentação dele, e o problema com que ele veio diz o que o status HTTP significa.',
  },
};

/** There is no error of this name, former names included. */
export const errorUnknown = (code: string, known: string[]): Problem =>
  new Problem(errorUnknownKind, { code, nearest: nearestName(code, known) }, { system: 'errors' });
