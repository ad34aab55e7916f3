import { Problem, type ProblemKind } from './problem.ts';

export const awsUnavailableKind: ProblemKind = {
  code: 'AWS_UNAVAILABLE',
  status: 503,
  retry: 'afterWaiting',
  retryAfter: 5,
  en: {
    title: 'AWS service unavailable',
    message: '{service} of AWS gave no usable answer ({cause}).',
    remedy:
      "Try again in a few seconds. If it stays, look at the function's rights for {service}, at its quotas, and at the AWS status page.",
  },
  'pt-BR': {
    title: 'Serviço da AWS indisponível',
    message: '{service} da AWS não deu resposta utilizável ({cause}).',
    remedy:
      'Tente de novo em alguns segundos. Se continuar, veja os direitos da função sobre {service}, as cotas dele e a página de status da AWS.',
  },
};

/** A service of AWS other than Secrets Manager could not be asked, or would not do what it was asked. */
export async function awsUnavailable(service: string, cause: unknown): Promise<Problem> {
  const { awsCause } = await import('./aws-cause.ts');
  return new Problem(awsUnavailableKind, { service, cause: awsCause(cause) }, {}, { cause });
}
