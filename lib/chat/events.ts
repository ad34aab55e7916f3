import * as z from 'zod';
import { orMissing } from '../field-errors.ts';

// What Slack sends, as far as it is used, and what the receiver makes of it for the worker.
// https://docs.slack.dev/interactivity/implementing-slash-commands
// https://docs.slack.dev/reference/interaction-payloads/block_actions-payload

const id = z.string({ error: orMissing('must be text') }).min(1, 'must not be empty');

const inWorkspace = (team: string | undefined) => (team === undefined ? {} : { team });

const address = z.url({ error: 'must be an address' });

// Which workspace somebody is in, where that is told: an organization has many.
const ofWorkspace = id.optional().catch(undefined);
const workspace = z.object({ id }).optional().catch(undefined);

/** The form of a slash command. */
export const slashCommand = z
  .object({
    user_id: id,
    user_name: z.string().default(''),
    team_id: ofWorkspace,
    enterprise_id: ofWorkspace,
    text: z.string().default(''),
    response_url: address,
    trigger_id: id,
  })
  .transform(({ user_id, user_name, team_id, enterprise_id, text, response_url, trigger_id }) => ({
    kind: 'command' as const,
    user: { id: user_id, name: user_name, ...inWorkspace(team_id ?? enterprise_id) },
    text,
    responseUrl: response_url,
    id: trigger_id,
  }));

/** The payload of a pressed button. */
export const pressedButton = z
  .object({
    type: z.literal('block_actions'),
    user: z.object({
      id,
      username: z.string().optional().catch(undefined),
      name: z.string().optional().catch(undefined),
      team_id: ofWorkspace,
    }),
    // Null where the app is installed for a whole organization.
    team: workspace,
    enterprise: workspace,
    trigger_id: id,
    response_url: address,
    actions: z.array(z.object({ action_id: z.string(), value: z.string() })).length(1),
  })
  .transform(({ user, team, enterprise, trigger_id, response_url, actions }) => ({
    kind: 'press' as const,
    user: {
      id: user.id,
      name: user.username ?? user.name ?? '',
      ...inWorkspace(team?.id ?? user.team_id ?? enterprise?.id),
    },
    button: actions[0]?.action_id ?? '',
    value: actions[0]?.value ?? '',
    responseUrl: response_url,
    id: trigger_id,
  }));

/** Somebody, and the workspace in which they said something. */
export const person = z.strictObject({ id, name: z.string(), team: id.optional() });

export type Person = z.output<typeof person>;

const sent = { user: person, responseUrl: address, id };

/**
 * The worker's event: a command, a pressed button, or the end of a fan-out. `id` is the same in every delivery of it.
 */
export const chatEvent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ended'), operation: z.string(), id, actor: z.string() }),
  z.strictObject({ kind: z.literal('command'), text: z.string(), ...sent }),
  z.strictObject({ kind: z.literal('press'), button: z.string(), value: z.string(), ...sent }),
]);

export type ChatEvent = Exclude<z.output<typeof chatEvent>, { kind: 'ended' }>;

export type EndedEvent = Extract<z.output<typeof chatEvent>, { kind: 'ended' }>;
export type CommandEvent = Extract<ChatEvent, { kind: 'command' }>;
export type PressEvent = Extract<ChatEvent, { kind: 'press' }>;
