import { ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { connectionName } from './arguments/shared.ts';
import { secretIdOf } from './connections.ts';
import type { Deadline } from './deadline.ts';
import { secretsManager } from './secrets.ts';

/** The names of all connections to a system, in alphabetical order. */
export async function connectionNames(system: string, deadline: Deadline): Promise<string[]> {
  const prefix = secretIdOf(system, '');
  const names: string[] = [];
  let token: string | undefined;
  do {
    const command = new ListSecretsCommand({
      // Its own idea of a prefix does not tell upper from lower case.
      Filters: [{ Key: 'name', Values: [prefix] }],
      MaxResults: 100,
      NextToken: token,
    });
    const page = await secretsManager()
      .send(command, { abortSignal: deadline.signal })
      .catch(async (error: unknown) => {
        const { secretProblem } = await import('./problems/secret.ts');
        throw secretProblem(system, `${prefix}*`, error);
      });
    for (const { Name = '' } of page.SecretList ?? [])
      if (Name.startsWith(prefix)) names.push(Name.slice(prefix.length));
    token = page.NextToken;
  } while (token !== undefined);
  return names.filter((name) => connectionName.safeParse(name).success).toSorted();
}
