import * as z from 'zod';
import type { Deadline } from '../deadline.ts';
import { causeOf } from '../foreign/cause.ts';
import { log } from '../log.ts';
import { problemOf } from '../problems/call.ts';
import { HttpClient } from '../upstream/http-client.ts';
import { parseJson } from '../upstream/json.ts';
import type { SlackSecret } from './slack.ts';

const freshMs = 5 * 60_000;

const answer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), users: z.array(z.string()) }),
  z.object({ ok: z.literal(false), error: z.string() }),
]);

interface Group {
  members: string[];
  readAt: number;
}

// A secret that is read anew is another object, so that its groups are asked for anew.
const known = new WeakMap<SlackSecret, Map<string, Group>>();

/**
 * The users in a user group, kept for five minutes. Nobody is in a group that cannot be asked for: the log says why.
 * https://docs.slack.dev/reference/methods/usergroups.users.list
 */
export async function membersOfGroup(
  secret: SlackSecret,
  groupId: string,
  deadline: Deadline,
): Promise<string[]> {
  const groups = known.get(secret) ?? new Map<string, Group>();
  known.set(secret, groups);
  const present = groups.get(groupId);
  if (present && Date.now() - present.readAt < freshMs) return present.members;
  const nobody = (why: string, cause?: string) => {
    log('WARN', 'user group not matched', { userGroup: groupId, why, cause });
    return [];
  };
  if (secret.botToken === undefined) return nobody('there is no botToken in the secret');
  const http = new HttpClient({ system: 'chat', baseUrl: secret.baseUrl });
  try {
    const response = await http.send(
      {
        method: 'GET',
        path: `/api/usergroups.users.list?usergroup=${encodeURIComponent(groupId)}`,
        headers: { authorization: `Bearer ${secret.botToken}` },
      },
      deadline,
    );
    const parsed = parseJson('chat', response, answer);
    if (!parsed.ok) return nobody(`Slack answered ${parsed.error}`);
    groups.set(groupId, { members: parsed.users, readAt: Date.now() });
    return parsed.users;
  } catch (error) {
    const { details, cause } = problemOf(error);
    return nobody(details.detail, causeOf(cause));
  } finally {
    void http.close();
  }
}
