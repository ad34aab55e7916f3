import type { FieldError } from '../field-errors.ts';
import { listed } from '../problems/call.ts';
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
    message: 'The response_url is not one of {hooks}. Nothing was done.',
    remedy:
      'Nothing that Slack sends from this workspace has another one: find out who made the request. If the workspace is one of GovSlack, put "host": "slack-gov.com" into the secret.',
  },
  'pt-BR': {
    title: 'As respostas não vão para lá',
    message: 'A response_url não é de {hooks}. Nada foi feito.',
    remedy:
      'Nada que o Slack envia deste workspace tem outra: descubra quem fez a requisição. Se o workspace é do GovSlack, ponha "host": "slack-gov.com" no segredo.',
  },
};

/** Somebody would have the answers sent elsewhere. */
export const responseUrlRefused = (hooks: string): Problem =>
  new Problem(responseUrlRefusedKind, { hooks }, { system: 'chat' });

export const chatRequestMalformedKind: ProblemKind = {
  code: 'CHAT_REQUEST_MALFORMED',
  status: 400,
  retry: 'never',
  en: {
    title: 'Nothing that Slack sends',
    message: 'The request is signed, but it is not one that Slack makes ({errors}). Nothing was done.',
    remedy:
      "Compare the app's request URLs with those in the README, and find out who else has its Signing Secret.",
  },
  'pt-BR': {
    title: 'Nada que o Slack envie',
    message: 'A requisição está assinada, mas não é uma que o Slack faz ({errors}). Nada foi feito.',
    remedy:
      'Compare as URLs de requisição do aplicativo com as do README, e descubra quem mais tem o Signing Secret dele.',
  },
};

/** A signed request that says nothing which Slack says. */
export const chatRequestMalformed = (errors: FieldError[]): Problem =>
  new Problem(chatRequestMalformedKind, { errors: listed(errors) }, { system: 'chat', errors });

export const chatRequestTooLargeKind: ProblemKind = {
  code: 'CHAT_REQUEST_TOO_LARGE',
  status: 413,
  retry: 'never',
  en: {
    title: 'Too large for Slack',
    message: 'The request is larger than any that Slack makes. It was not read.',
    remedy: 'Find out who made the request.',
  },
  'pt-BR': {
    title: 'Grande demais para o Slack',
    message: 'A requisição é maior do que qualquer uma que o Slack faz. Não foi lida.',
    remedy: 'Descubra quem fez a requisição.',
  },
};

/** A request that is larger than any of Slack's. */
export const chatRequestTooLarge = (): Problem =>
  new Problem(chatRequestTooLargeKind, {}, { system: 'chat' });

export const chatUnavailableKind: ProblemKind = {
  code: 'CHAT_UNAVAILABLE',
  status: 503,
  retry: 'afterWaiting',
  retryAfter: 5,
  en: {
    title: 'No chat just now',
    message: 'Chat cannot be used just now. Nothing was done.',
    remedy:
      "Try again. If it stays, the log of the receiver says what is wrong with chat's secret {secretId}.",
  },
  'pt-BR': {
    title: 'Sem chat agora',
    message: 'O chat não pode ser usado agora. Nada foi feito.',
    remedy: 'Tente de novo. Se continuar, o log do receptor diz o que há com o segredo {secretId} do chat.',
  },
};

/** The signature cannot be checked; why is for the log alone. */
export const chatUnavailable = (secretId: string): Problem =>
  new Problem(chatUnavailableKind, { secretId }, { system: 'chat' });
