import * as z from 'zod';
import { cleanText } from '../foreign/clean-text.ts';
import { apiErrorOf } from '../mongodb/api-error.ts';
import { apiProblem, type Caller, type SpecialKinds, upstreamOf } from '../mongodb/problems.ts';
import { Problem, type ProblemKind } from '../problems/problem.ts';
import { CredentialsRefused, notFoundKind } from '../problems/upstream.ts';
import type { UpstreamResponse } from '../upstream/http-client.ts';

// Problems that only Atlas has.

// The token was minted, so the credentials are good; what refuses is the access list of the credential that
// calls. People take it for the list that the call asks about, so the texts keep the two apart.
export const addressNotOnAccessListKind: ProblemKind = {
  code: 'IP_ADDRESS_NOT_ON_ACCESS_LIST',
  status: 502,
  retry: 'afterAccessChange',
  en: {
    title: 'Address not on the access list',
    message:
      "Atlas signed the {principal} of connection {connection} in, but that {principal}'s own access list lacks the address that Switchboard calls from (here {address}).",
    remedy:
      'Add the address (here {address}) to the access list of the {principal} of connection {connection}; not to the list that was asked about, nor to the IP access list of a project. The address stays the same only behind a NAT gateway.',
  },
  'pt-BR': {
    title: 'Endereço fora da lista de acesso',
    message:
      'O Atlas deixou a conexão {connection} entrar, mas falta na lista de acesso da própria credencial dela ({principal}) o endereço de onde o Switchboard chama (aqui {address}).',
    remedy:
      'Inclua o endereço (aqui {address}) na lista de acesso da credencial ({principal}) da conexão {connection}; não na lista que foi consultada, nem na lista de IPs de um projeto. O endereço só é fixo atrás de um gateway NAT.',
  },
};

export const orgRequiresAccessListKind: ProblemKind = {
  ...addressNotOnAccessListKind,
  code: 'ORG_REQUIRES_ACCESS_LIST',
  en: {
    ...addressNotOnAccessListKind.en,
    message:
      'Atlas signed the {principal} of connection {connection} in, but its organization demands access lists, and that of this {principal} lacks the address that Switchboard calls from (here {address}).',
  },
  'pt-BR': {
    ...addressNotOnAccessListKind['pt-BR'],
    message:
      'O Atlas deixou a conexão {connection} entrar, mas a organização exige listas de acesso, e na da credencial dela ({principal}) falta o endereço de onde o Switchboard chama (aqui {address}).',
  },
};

export const linkInUseKind: ProblemKind = {
  code: 'CANNOT_DELETE_ORG_ACTIVE_LIVE_MIGRATION_ATLAS_ORG_LINK',
  status: 409,
  retry: 'afterSystemChange',
  en: {
    title: 'Link in use',
    message:
      'The link cannot be deleted while live migrations use it (projects: {projects}). Nothing was deleted.',
    remedy: 'Let the migrations of these projects finish, or cancel them, and call again.',
  },
  'pt-BR': {
    title: 'Vínculo em uso',
    message:
      'O vínculo não pode ser excluído enquanto migrações o usam (projetos: {projects}). Nada foi excluído.',
    remedy: 'Espere as migrações desses projetos terminarem, ou cancele-as, e chame de novo.',
  },
};

export const tokenLimitKind: ProblemKind = {
  code: 'ACCESS_TOKEN_REFUSED',
  status: 503,
  retry: 'afterWaiting',
  retryAfter: 600,
  en: {
    title: 'No further access token',
    message: 'Atlas gives the service account of connection {connection} no further access token ({said}).',
    remedy:
      'Atlas allows 100 live tokens for each service account, and each lives an hour: wait, or give the callers service accounts of their own.',
  },
  'pt-BR': {
    title: 'Sem novo token de acesso',
    message: 'O Atlas não dá mais tokens de acesso à conta de serviço da conexão {connection} ({said}).',
    remedy:
      'O Atlas permite 100 tokens vivos por conta de serviço, e cada um vive uma hora: espere, ou dê contas próprias a quem chama.',
  },
};

export const apiKeyNotReadableKind: ProblemKind = {
  code: 'API_KEY_NOT_READABLE',
  status: 500,
  retry: 'afterAccessChange',
  en: {
    title: 'API key not readable',
    message:
      'Connection {connection} signs in with an API key, and Secrets Manager does not let this function read it: secret {secretId} lacks the tag that says so.',
    remedy:
      'Give the secret the tag switchboard-sign-in with the value api-key: aws secretsmanager tag-resource --secret-id {secretId} --tags Key=switchboard-sign-in,Value=api-key',
  },
  'pt-BR': {
    title: 'Chave de API sem acesso',
    message:
      'A conexão {connection} usa uma chave de API, e o Secrets Manager não deixa esta função lê-la: falta no segredo {secretId} a etiqueta que diz isso.',
    remedy:
      'Dê ao segredo a etiqueta switchboard-sign-in com o valor api-key: aws secretsmanager tag-resource --secret-id {secretId} --tags Key=switchboard-sign-in,Value=api-key',
  },
};

/** Operations read only the secrets that are marked as API keys, so that no client secret gets to them. */
export const apiKeyNotReadable = (connection: string): Problem =>
  new Problem(
    apiKeyNotReadableKind,
    { connection, secretId: `switchboard/atlas/${connection}` },
    { system: 'atlas' },
  );

const withAddress =
  (kind: ProblemKind): SpecialKinds[string] =>
  ({ parameters }) => ({
    kind,
    values: { address: parameters?.[0]?.toString() },
  });

export const atlasKinds: SpecialKinds = {
  [addressNotOnAccessListKind.code]: withAddress(addressNotOnAccessListKind),
  [orgRequiresAccessListKind.code]: withAddress(orgRequiresAccessListKind),
  [linkInUseKind.code]: ({ detail }) => ({
    kind: linkInUseKind,
    values: { projects: detail?.match(/\b[a-f\d]{24}\b/g)?.join(', ') },
  }),
  // In Ops Manager it is about a path that leads nowhere; in Atlas about an id.
  RESOURCE_NOT_FOUND: () => ({ kind: notFoundKind }),
};

// The token endpoint answers OAuth errors, except for 429, which has the Admin API's shape.
const oauthError = z.object({ error: cleanText, error_description: cleanText.optional() });

/** The problem that a refused mint amounts to. A 403 is about the number of tokens: 100 may live at a time. */
export async function mintProblem(response: UpstreamResponse, caller: Caller): Promise<Problem> {
  if (apiErrorOf(response)) return apiProblem(response, caller);
  const { connectionName: connection } = caller;
  const said = oauthError.safeParse(response.text.json()).data;
  const upstream = {
    ...upstreamOf(response, undefined),
    ...(said && { errorCode: said.error }),
    ...(said?.error_description && { detail: said.error_description }),
  };
  if (response.status === 401 || said?.error === 'invalid_client')
    return new CredentialsRefused('atlas', connection, upstream);
  if (response.status === 403)
    return new Problem(
      tokenLimitKind,
      { connection, said: said?.error_description },
      { system: 'atlas', upstream },
    );
  return apiProblem(response, caller);
}
