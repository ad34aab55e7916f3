import { Problem, type ProblemKind } from '../problems/problem.ts';

// The problems of running an operation over many connections.

export const fanOutNotFoundKind: ProblemKind = {
  code: 'FAN_OUT_NOT_FOUND',
  status: 404,
  retry: 'afterRequestChange',
  en: {
    title: 'Unknown fan-out',
    message: 'There is no fan-out {id} of {operation}.',
    remedy: 'Check the id and the operation. Step Functions forgets a fan-out 90 days after its end.',
  },
  'pt-BR': {
    title: 'Execução desconhecida',
    message: 'Não há execução {id} de {operation} em várias conexões.',
    remedy: 'Confira o id e a operação. O Step Functions esquece uma execução 90 dias depois do fim dela.',
  },
};

/** There is no such fan-out, or it is one of another operation. */
export const fanOutNotFound = (operation: string, id: string): Problem =>
  new Problem(fanOutNotFoundKind, { operation, id });

export const stepFunctionsUnavailableKind: ProblemKind = {
  code: 'STEP_FUNCTIONS_UNAVAILABLE',
  status: 503,
  retry: 'afterWaiting',
  retryAfter: 5,
  en: {
    title: 'Step Functions unavailable',
    message: 'Step Functions gave no usable answer ({cause}).',
    remedy:
      'Try again in a few seconds. If it stays, look at the AWS status page and at the quotas of Step Functions.',
  },
  'pt-BR': {
    title: 'Step Functions indisponível',
    message: 'O Step Functions não deu resposta utilizável ({cause}).',
    remedy:
      'Tente de novo em alguns segundos. Se continuar, veja a página de status da AWS e as cotas do Step Functions.',
  },
};

/** Step Functions could not be asked just now. */
export async function stepFunctionsUnavailable(cause: unknown): Promise<Problem> {
  const { awsCause } = await import('../problems/aws-cause.ts');
  return new Problem(stepFunctionsUnavailableKind, { cause: awsCause(cause) }, {}, { cause });
}
