// Slack's Web API says in one word why it refuses: https://docs.slack.dev/reference/methods/chat.postMessage#errors

const token = 'store the present bot token of the app in the secret';

const sentences: Record<string, string> = {
  invalid_auth: `the bot token is not valid: ${token}`,
  not_authed: `no bot token came with the request: ${token}`,
  token_expired: `the bot token has expired: ${token}`,
  token_revoked: `the bot token was revoked: ${token}`,
  account_inactive: 'the app was removed from the workspace: install it again, and store its new bot token',
  missing_scope: 'the bot token lacks a scope: add chat:write and usergroups:read, and install the app again',
  not_allowed_token_type: 'it takes a bot token, xoxb-…, and the secret has another one',
  no_permission: 'the app may not do this in the workspace',
  access_denied: 'the app may not do this in the workspace',
  ekm_access_denied: 'an administrator of the workspace has locked it',
  org_login_required: 'the workspace is being moved into an organization: wait until that is done',
  team_access_not_granted: 'the app is not installed in this workspace of the organization: add it there',
  team_not_found: 'there is no such workspace, or the app is not installed in it',
  missing_argument: 'it wants to know the workspace, and the request from Slack named none',
  no_such_subteam: 'there is no user group of this id in the workspace',
  subteam_not_found: 'there is no user group of this id in the workspace',
  plan_upgrade_required: 'the plan of the workspace has no user groups',
  channel_not_found: 'there is no such user, or the app may not write to them',
  user_not_found: 'there is no such user',
  is_archived: 'the channel is archived',
  msg_too_long: 'the message is too long',
  msg_blocks_too_long: 'the message is too long',
  invalid_blocks: 'it does not take the layout of the message',
  ratelimited: 'it was asked too often',
  rate_limited: 'it was asked too often',
  accesslimited: 'it lets nobody in just now',
  fatal_error: 'it has a fault of its own',
  internal_error: 'it has a fault of its own',
  service_unavailable: 'it is not available just now',
  team_added_to_org: 'the workspace is being moved into an organization: wait until that is done',
  request_timeout: 'the request did not arrive in time',
};

const passing = new Set([
  ...['ratelimited', 'rate_limited', 'fatal_error', 'internal_error', 'service_unavailable'],
  ...['request_timeout', 'team_added_to_org'],
]);

/** Whether what Slack refuses now may be taken later. */
export const isPassing = (error: string): boolean => passing.has(error);

/** Why Slack refused something, in words. */
export function inWords(error: string): string {
  const known = Object.hasOwn(sentences, error) ? sentences[error] : undefined;
  const code = /^[a-z_]{1,50}$/.test(error) ? ` (${error})` : '';
  return known === undefined ? `Slack refused it${code}` : `Slack refused it${code}: ${known}`;
}
