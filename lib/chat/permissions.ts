import type { Deadline } from '../deadline.ts';
import type { Effect } from '../operation.ts';
import { type Grant, isUserGroup, notAllowed, type Target } from './grants.ts';
import type { SlackSecret } from './slack.ts';
import { type GroupLookup, membersOfGroup } from './user-groups.ts';

/** What a user may do: by the grants to the user, and by those to the user's groups in the workspace. */
export async function grantsOf(
  secret: SlackSecret,
  userId: string,
  deadline: Deadline,
  lookup: GroupLookup = {},
): Promise<Grant[]> {
  const held = await Promise.all(
    Object.entries(secret.grants).map(async ([id, grant]) => {
      const covers = isUserGroup(id)
        ? (await membersOfGroup(secret, id, deadline, lookup)).includes(userId)
        : id === userId;
      return covers ? [grant] : [];
    }),
  );
  return held.flat();
}

/** Whether anybody but one user may do something. */
export async function someoneElseMay(
  secret: SlackSecret,
  userId: string,
  { effect, system, ...target }: { effect: Effect; system: string } & Target,
  deadline: Deadline,
  lookup: GroupLookup = {},
): Promise<boolean> {
  for (const [id, grant] of Object.entries(secret.grants)) {
    if (notAllowed([grant], effect, system, target).length > 0) continue;
    const users = isUserGroup(id) ? await membersOfGroup(secret, id, deadline, lookup) : [id];
    if (users.some((user) => user !== userId)) return true;
  }
  return false;
}
