import { isIPv4 } from 'node:net';
import * as z from 'zod';
import { cidrBlock } from '../addresses.ts';
import { orMissing } from '../field-errors.ts';
import { notForAWhile } from '../temporary/problems.ts';
import { given, planFor, resource, settingSwitches, whole } from './resource.ts';
import { showing } from './showing.ts';
import { community, shownCommunity, shownUser, user, withEncryptionRule } from './snmp.ts';

const flag = z.boolean({ error: orMissing('must be true or false') });
const text = z.string({ error: 'must be text' });

const address = z
  .union(
    [
      text.min(1, 'must not be empty').transform((key) => ({ key })),
      z.strictObject({ key: text, meta: z.unknown().optional() }).transform(({ key }) => ({ key })),
    ],
    { error: orMissing('must be the key of an interface address') },
  )
  .describe('An address of a network interface, such as nic1.interfaces.<id>.addresses.1.');

/** What to set of the agent's settings; what is left out stays as it is. */
export const agentSettings = z
  .strictObject({
    enabled: flag.describe('Whether the agent answers at all; where not, SPS ignores the rest.'),
    access_restriction: z
      .strictObject({
        enabled: flag,
        allowed_from: z
          .array(cidrBlock.refine((block) => isIPv4(block.split('/')[0] ?? ''), 'must be IPv4'))
          .optional()
          .describe('The networks that may ask, as IPv4 address/prefix.'),
      })
      .refine(({ enabled, allowed_from = [] }) => !enabled || allowed_from.length > 0, {
        path: ['allowed_from'],
        error: 'must name at least one network where enabled is true',
      })
      .describe('From where the agent may be asked.'),
    listen: z
      .array(
        z.strictObject({
          address,
          port: z
            .int('must be a whole number')
            .min(1, 'must be at least 1')
            .max(65_535, 'must be at most 65535'),
        }),
      )
      .describe('Where the agent listens.'),
    system_contact: text,
    system_description: text,
    system_location: text,
    version_2c: z.strictObject({ community, enabled: flag }),
    version_3: z.strictObject({ enabled: flag, users: z.array(withEncryptionRule(z.strictObject(user))) }),
  })
  .partial()
  .refine((settings) => Object.keys(settings).length > 0, 'must set at least one of the settings')
  .describe('Settings of the agent; those left out stay as they are.')
  .meta({ examples: [{ system_location: 'Rack 4, room 2' }] });

const shownAddress = z.object({ key: z.string() });

/** The agent's settings, as a change has to have them. */
export const agent = z.object({
  enabled: z.boolean(),
  access_restriction: z.object({ enabled: z.boolean(), allowed_from: z.array(z.string()).optional() }),
  listen: z.array(z.object({ address: shownAddress, port: z.int() })),
  system_contact: z.string().optional(),
  system_description: z.string().optional(),
  system_location: z.string().optional(),
  version_2c: z.object({ community: shownCommunity.optional(), enabled: z.boolean() }),
  version_3: z.object({ enabled: z.boolean(), users: z.array(z.object(shownUser)) }),
});

type Agent = z.input<typeof agent>;

export const snmpAgent = resource('/local_services/snmp_agent', whole(agent));

const { access_restriction, listen, version_2c, version_3 } = agent.shape;

/** The agent's settings for who only looks: without the community, and as far as they can be read. */
export const agentShown = showing(
  snmpAgent,
  agent.partial().extend({
    access_restriction: access_restriction.partial().optional(),
    listen: z
      .array(listen.element.partial().extend({ address: shownAddress.partial().optional() }))
      .optional(),
    version_2c: version_2c.omit({ community: true }).partial().optional(),
    version_3: version_3
      .partial()
      .extend({ users: z.array(version_3.shape.users.element.partial()).optional() })
      .optional(),
  }),
  [
    'enabled',
    'access_restriction.enabled',
    'listen.address.key',
    'listen.port',
    'version_2c.enabled',
    'version_3.enabled',
    'version_3.users.username',
  ],
);

/** Works out new settings of the agent. `duration` is there where they are to be put back. */
export function planAgent(
  before: Agent,
  { version_2c, ...settings }: z.output<typeof agentSettings>,
  duration?: string,
) {
  const community = version_2c?.community ?? before.version_2c.community;
  if (duration !== undefined && community !== before.version_2c.community)
    throw notForAWhile('sps', 'its community would have to be kept until then, and it is a secret');
  return planFor(before, {
    ...before,
    ...given(settings),
    ...(version_2c && { version_2c: { ...before.version_2c, ...given(version_2c) } }),
  });
}

/** Each setting is a switch; the community is no part of it, since it stays as it is then. */
export const agentSwitches = settingSwitches<Agent>({
  enabled: ({ enabled }) => enabled,
  access_restriction: ({ access_restriction }) => access_restriction,
  listen: ({ listen }) => listen,
  system_contact: ({ system_contact }) => system_contact,
  system_description: ({ system_description }) => system_description,
  system_location: ({ system_location }) => system_location,
  version_2c: ({ version_2c: { community: _community, ...rest } }) => rest,
  version_3: ({ version_3 }) => version_3,
});
