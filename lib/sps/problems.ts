import * as z from 'zod';
import { cleanText } from '../foreign/clean-text.ts';
import { listed } from '../lenient.ts';
import { StateMoved } from '../problems/change.ts';
import { Problem, type ProblemKind } from '../problems/problem.ts';
import type { ProblemDetails } from '../problems/problem-details.ts';
import { CredentialsRefused, credentialsRefusedKind, kindByStatus } from '../problems/upstream.ts';
import type { UpstreamResponse } from '../upstream/http-client.ts';

type Upstream = NonNullable<ProblemDetails['upstream']>;

const errorBody = z.object({
  error: z.object({
    type: cleanText,
    message: cleanText.optional().catch(undefined),
    details: z
      .looseObject({ user: z.string().optional().catch(undefined) })
      .optional()
      .catch(undefined),
  }),
});

/** What SPS says of an error; empty where the body is not in SPS's own format. */
const errorOf = ({ text }: UpstreamResponse) => errorBody.safeParse(text.json()).data?.error;

export function upstreamOf(response: UpstreamResponse): Upstream {
  const error = errorOf(response);
  return {
    status: response.status,
    ...(error && { errorCode: error.type }),
    ...(error?.message && { detail: error.message }),
    ...(response.during && { during: response.during }),
  };
}

/**
 * The problem that an SPS answer other than success amounts to. The HTTP status decides. Of SPS's error types only
 * Unauthenticated, Unauthorized and NotFound are documented, so the others are handed on and not relied on.
 */
export function spsProblem(response: UpstreamResponse, connection: string, role?: string): Problem {
  const upstream = upstreamOf(response);
  const kind = kindByStatus(response.status);
  return new Problem(
    kind,
    { connection, principal: 'user', role, said: upstream.detail, upstreamStatus: String(response.status) },
    {
      system: 'sps',
      upstream,
      ...(response.status === 503 && { status: 503 }),
      // An SPS that restarts or upgrades answers like this.
      ...(kind.retry === 'afterWaiting' && { retryAfter: 30 }),
    },
  );
}

export const loginMethodUnknownKind: ProblemKind = {
  code: 'LOGIN_METHOD_UNKNOWN',
  status: 502,
  retry: 'afterAccessChange',
  en: {
    title: 'Unknown login method',
    message: 'SPS has no login method {method}, which connection {connection} names; it has {methods}.',
    remedy:
      'Set loginMethod in secret {secretId} to the login method that the user belongs to, or leave it out for the default one of the SPS.',
  },
  'pt-BR': {
    title: 'Método de login desconhecido',
    message: 'O SPS não tem o método de login {method}, que a conexão {connection} indica; tem {methods}.',
    remedy:
      'Ponha em loginMethod, no segredo {secretId}, o método de login a que o usuário pertence, ou tire o campo para usar o padrão do SPS.',
  },
};

// With the code that it has for every system; at an SPS there is one thing more to look at.
const spsCredentialsRefusedKind: ProblemKind = {
  ...credentialsRefusedKind,
  en: {
    ...credentialsRefusedKind.en,
    remedy: `${credentialsRefusedKind.en.remedy} Where the SPS has several login methods, loginMethod in the secret names the one of this user (here {method}).`,
  },
  'pt-BR': {
    ...credentialsRefusedKind['pt-BR'],
    remedy: `${credentialsRefusedKind['pt-BR'].remedy} Se o SPS tem vários métodos de login, loginMethod no segredo indica o deste usuário (aqui {method}).`,
  },
};

/** What a refused login amounts to. `methods` are those that SPS has, each by its names; none where that is unknown. */
export function loginRefused(
  refusal: UpstreamResponse,
  loginMethod: string | undefined,
  methods: string[][],
  connection: string,
): Problem {
  const upstream = upstreamOf(refusal);
  if (loginMethod !== undefined && methods.length > 0 && !methods.flat().includes(loginMethod))
    return new CredentialsRefused('sps', connection, upstream, undefined, loginMethodUnknownKind, {
      method: loginMethod,
      methods: listed(methods.flatMap(([name]) => name ?? [])),
    });
  if (refusal.status !== 401) return spsProblem(refusal, connection);
  return new CredentialsRefused('sps', connection, upstream, undefined, spsCredentialsRefusedKind, {
    method: loginMethod,
  });
}

/**
 * Whether a refused attempt to open a transaction can mean that the configuration is locked. No source says what
 * SPS answers then, so every refusal counts that is not about the request or about who sends it.
 */
export function mayBeLock(response: UpstreamResponse): boolean {
  const type = errorOf(response)?.type;
  if (response.status === 403 || response.status === 503)
    return type !== undefined && type !== 'Unauthorized';
  return response.status === 409 || response.status === 423;
}

export const configurationLockedKind: ProblemKind = {
  code: 'CONFIGURATION_LOCKED',
  status: 423,
  retry: 'afterWaiting',
  retryAfter: 60,
  en: {
    title: 'Configuration locked',
    message:
      'The configuration of the SPS is locked by somebody else (user {user}). Nothing was changed (SPS says: {said}).',
    remedy:
      'Try again in a minute. The lock is held by whoever has a configuration page, a console login or a transaction open; they free it by leaving, or SPS does when they have been idle.',
  },
  'pt-BR': {
    title: 'Configuração bloqueada',
    message:
      'A configuração do SPS está bloqueada por outra pessoa (usuário {user}). Nada foi mudado (o SPS diz: {said}).',
    remedy:
      'Tente de novo em um minuto. O bloqueio é de quem tem aberta uma página de configuração, um login no console ou uma transação; acaba quando essa pessoa sai, ou quando o SPS a vê parada.',
  },
};

/** Somebody else's lock outlasted the time that there was to wait. */
export function configurationLocked(response: UpstreamResponse): Problem {
  const upstream = upstreamOf(response);
  const user = errorOf(response)?.details?.user;
  return new Problem(configurationLockedKind, { user, said: upstream.detail }, { system: 'sps', upstream });
}

export const changesQueuedKind: ProblemKind = {
  code: 'CHANGES_QUEUED',
  status: 423,
  retry: 'afterWaiting',
  retryAfter: 30,
  en: {
    title: 'Earlier changes under way',
    message: 'Earlier calls by Switchboard to the same SPS are not finished yet. Nothing was changed.',
    remedy: 'Try again shortly: calls to one SPS are made one after the other.',
  },
  'pt-BR': {
    title: 'Mudanças anteriores em andamento',
    message: 'Chamadas anteriores do Switchboard ao mesmo SPS ainda não terminaram. Nada foi mudado.',
    remedy: 'Tente de novo em instantes: as chamadas a um SPS são feitas uma depois da outra.',
  },
};

/** Earlier calls to the same appliance took all the time that there was. */
export const queuedTooLong = (): Problem => new Problem(changesQueuedKind, {}, { system: 'sps' });

export const sessionRefusedKind: ProblemKind = {
  code: 'SESSION_REFUSED',
  status: 502,
  retry: 'afterSystemChange',
  en: {
    title: 'Session refused',
    message:
      'SPS accepted the login of connection {connection} and then refused its session, which is what a wrong clock looks like (its clock is {minutes} min off ours).',
    remedy:
      'Set the clock of the SPS (Basic Settings > Date & Time, with NTP): a session is good for minutes, so with clock skew it is over before it is used.',
  },
  'pt-BR': {
    title: 'Sessão recusada',
    message:
      'O SPS aceitou o login da conexão {connection} e depois recusou a sessão, que é o que um relógio errado causa (o dele difere {minutes} min do nosso).',
    remedy:
      'Acerte o relógio do SPS (Basic Settings > Date & Time, com NTP): uma sessão vale minutos, e com o relógio fora de hora acaba antes de ser usada.',
  },
};

/** The login was accepted and its session was not. `skewMs` is how far the appliance's clock is ahead of ours. */
export function sessionRefused(connection: string, response: UpstreamResponse, skewMs: number): Problem {
  const minutes = Math.round(skewMs / 60_000);
  const signed = minutes > 0 ? `+${minutes}` : String(minutes);
  return new Problem(
    sessionRefusedKind,
    { connection, minutes: signed },
    { system: 'sps', upstream: upstreamOf(response) },
  );
}

/** SPS does not know our session in the middle of a transaction, or says so. */
export class SessionLost extends StateMoved {
  constructor() {
    super('sps', 'SPS answered 401 inside our transaction, as it does when a session has ended');
  }
}

const whenIdle = 'when the session has been idle for some 10 to 20 minutes';

/** A warning: a call is over, and SPS has not said that its transaction is. */
export const lockMayStay = (why: string): string =>
  `SPS did not confirm that the transaction of this call is over (${why}). Its configuration may stay locked until the next call over this connection, or until SPS frees it ${whenIdle}.`;

/** A warning: the lock that a call has met may be that of an earlier one. */
export const lockMayBeOurs = `The lock may be left over from an earlier call of Switchboard, whose transaction could not be ended. SPS then frees it ${whenIdle}.`;

export const outcomeUnknownKind: ProblemKind = {
  code: 'OUTCOME_UNKNOWN',
  status: 504,
  retry: 'afterWaiting',
  retryAfter: 30,
  en: {
    title: 'Outcome unknown',
    message:
      'The connection to SPS failed while it was committing the change of {path}, and SPS cannot be asked whether it took.',
    remedy:
      'Call again: the change sets a state, so repeating it does no harm, and the answer says what the state is.',
  },
  'pt-BR': {
    title: 'Resultado desconhecido',
    message:
      'A conexão com o SPS falhou enquanto ele confirmava a mudança de {path}, e não dá para perguntar a ele se valeu.',
    remedy:
      'Chame de novo: a mudança define um estado, então repetir não faz mal, e a resposta diz qual é o estado.',
  },
};

/** The answer to a commit was lost, and so were the means to find out. */
export const outcomeUnknown = (path: string, cause: unknown): Problem =>
  new Problem(outcomeUnknownKind, { path }, { system: 'sps' }, { cause });

export const stateRedactedKind: ProblemKind = {
  code: 'STATE_REDACTED',
  status: 409,
  retry: 'afterSystemChange',
  en: {
    title: 'Secret among the settings',
    message:
      'The settings of {path} cannot be written back: where “[redacted]” stands in them, SPS shows a secret of the connection or of this call. Nothing was changed.',
    remedy:
      'Choose a secret that is no word of the settings: look at them in SPS. Where “[redacted]” was in the input, give the value itself.',
  },
  'pt-BR': {
    title: 'Segredo entre as configurações',
    message:
      'As configurações de {path} não podem ser gravadas de volta: onde há “[redacted]”, o SPS mostra um segredo da conexão ou desta chamada. Nada foi mudado.',
    remedy:
      'Escolha um segredo que não seja uma palavra das configurações: veja-as no SPS. Se “[redacted]” estava na entrada, dê o próprio valor.',
  },
};

/** What would be written back is not what SPS has: a secret was taken out of it. */
export const stateRedacted = (path: string): Problem =>
  new Problem(stateRedactedKind, { path }, { system: 'sps' });
