import type { Applied } from '../change.ts';
import type { ErrorCode } from '../error-catalogue/catalogue.ts';
import { Problem, type ProblemKind } from '../problems/problem.ts';
import type { AdminClient } from './client.ts';

export const linkNotFoundKind: ProblemKind = {
  code: 'LINK_NOT_FOUND',
  status: 404,
  retry: 'never',
  en: {
    title: 'No link',
    message: 'There is no link: organization {orgId} has nothing to delete here.',
    remedy:
      'Nothing, if the link was to go. Otherwise check the organization: the link of the other side of a migration is a thing of its own.',
  },
  'pt-BR': {
    title: 'Sem vínculo',
    message: 'Não há vínculo: a organização {orgId} não tem nada a excluir aqui.',
    remedy:
      'Nada, se era para o vínculo sair. Senão, confira a organização: o vínculo do outro lado da migração é outra coisa.',
  },
};

// Atlas says that there is no link with the code UNEXPECTED_ERROR; what Ops Manager says is not documented, so it is
// assumed to be any 404 that is not about the organization.
const aboutOrganization: ReadonlySet<string> = new Set<ErrorCode>(['ORG_NOT_FOUND', 'RESOURCE_NOT_FOUND']);

const deletedBefore =
  'The answer to the first attempt was lost, and the second found no link: the first is taken to have deleted it.';
const noneLeft =
  'There is no link: there was none, or an earlier delivery of the same request has deleted it.';

/**
 * Deletes a live-migration link. A 404 means that there is none: after an answer that was lost, the deletion took
 * effect and its repetition found nothing left. A trigger that delivers at least once is content with that as well.
 */
export async function deleteLink<After>(
  client: AdminClient,
  path: string,
  orgId: string,
  after: After,
): Promise<Applied<After>> {
  const response = await client.delete(path);
  const problem =
    response.status >= 200 && response.status <= 299 ? undefined : await client.problem(response);
  if (!problem) return { after };
  const { status, upstream } = problem.details;
  if (status !== 404 || aboutOrganization.has(upstream?.errorCode ?? '')) throw problem;
  if (response.afterLoss) return { after, warnings: [deletedBefore] };
  if (client.mayBeRepeat) return { after, warnings: [noneLeft], repeat: true };
  throw new Problem(linkNotFoundKind, { orgId }, { system: client.system, upstream });
}
