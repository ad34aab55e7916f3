import { Problem, type ProblemKind } from '../problems/problem.ts';

export const notFromSlackKind: ProblemKind = {
  code: 'NOT_FROM_SLACK',
  status: 401,
  retry: 'never',
  en: {
    title: 'Not from Slack',
    message: 'The request is not one that Slack has signed just now. Nothing was done.',
    remedy:
      'If Slack did send it, compare signingSecret in secret {secretId} with the Signing Secret of the app in Slack, and check the clock here.',
  },
  'pt-BR': {
    title: 'Não é do Slack',
    message: 'A requisição não é uma que o Slack acabou de assinar. Nada foi feito.',
    remedy:
      'Se foi mesmo o Slack que a enviou, compare signingSecret no segredo {secretId} com o Signing Secret do aplicativo no Slack, e confira o relógio daqui.',
  },
};

/** A request to the chat routes without a good signature of Slack's; why is for the log alone. */
export const notFromSlack = (secretId: string): Problem =>
  new Problem(notFromSlackKind, { secretId }, { system: 'chat' });

export const responseUrlRefusedKind: ProblemKind = {
  code: 'RESPONSE_URL_REFUSED',
  status: 400,
  retry: 'never',
  en: {
    title: 'Answers do not go there',
    message: 'The response_url is not one of https://hooks.slack.com. Nothing was done.',
    remedy: 'Nothing that Slack sends has another one: find out who made the request.',
  },
  'pt-BR': {
    title: 'As respostas não vão para lá',
    message: 'A response_url não é de https://hooks.slack.com. Nada foi feito.',
    remedy: 'Nada que o Slack envia tem outra: descubra quem fez a requisição.',
  },
};

/** Somebody would have the answers sent elsewhere. */
export const responseUrlRefused = (): Problem => new Problem(responseUrlRefusedKind, {}, { system: 'chat' });
