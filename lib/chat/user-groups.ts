import * as z from 'zod';
import type { Deadline } from '../deadline.ts';
import { causeOf } from '../foreign/cause.ts';
import { log } from '../log.ts';
import { problemOf } from '../problems/call.ts';
import { HttpClient } from '../upstream/http-client.ts';
import { parseJson } from '../upstream/json.ts';
import { addressesOf, type SlackSecret } from './slack.ts';
import { inWords } from './slack-errors.ts';

const freshMs = 5 * 60_000;

const answer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), users: z.array(z.string()) }),
  z.object({ ok: z.literal(false), error: z.string().catch('unknown') }),
]);

interface Group {
  members: string[];
  readAt: number;
}

// A secret that is read anew is another object, so that its groups are asked for anew.
const known = new WeakMap<SlackSecret, Map<string, Group>>();

/** Where to look for a user group, and why that could not be done. */
export interface GroupLookup {
  /** The workspace: the token of an organization is good for many. */
  team?: string | undefined;
  /** Is given a sentence for each group that cannot be asked for. */
  failed?: string[];
}

/**
 * The users in a user group, kept for five minutes. Nobody is in a group that cannot be asked for: the log says why.
 * https://docs.slack.dev/reference/methods/usergroups.users.list
 */
export async function membersOfGroup(
  secret: SlackSecret,
  groupId: string,
  deadline: Deadline,
  { team, failed }: GroupLookup = {},
): Promise<string[]> {
  const groups = known.get(secret) ?? new Map<string, Group>();
  known.set(secret, groups);
  const query = new URLSearchParams({
    usergroup: groupId,
    ...(team !== undefined && { team_id: team }),
  }).toString();
  const present = groups.get(query);
  if (present && Date.now() - present.readAt < freshMs) return present.members;
  try {
    const members = await askedFor(secret, query, deadline);
    groups.set(query, { members, readAt: Date.now() });
    return members;
  } catch (error) {
    const { details, cause } = problemOf(error);
    const why = error instanceof Refused ? error.message : details.detail;
    failed?.push(`${groupId}: ${why}`);
    log('WARN', 'user group not matched', {
      userGroup: groupId,
      team,
      why,
      ...(!(error instanceof Refused) && { cause: causeOf(cause) }),
    });
    return [];
  }
}

/** Slack does not tell; the message says why. */
class Refused extends Error {}

async function askedFor(secret: SlackSecret, query: string, deadline: Deadline): Promise<string[]> {
  if (secret.botToken === undefined) throw new Refused('there is no botToken in the secret');
  const http = new HttpClient({ system: 'chat', baseUrl: addressesOf(secret).api, ca: secret.ca });
  try {
    const response = await http.send(
      {
        method: 'GET',
        path: `/api/usergroups.users.list?${query}`,
        headers: { authorization: `Bearer ${secret.botToken}` },
      },
      deadline,
    );
    const parsed = parseJson('chat', response, answer);
    if (!parsed.ok) throw new Refused(inWords(parsed.error));
    return parsed.users;
  } finally {
    void http.close();
  }
}
