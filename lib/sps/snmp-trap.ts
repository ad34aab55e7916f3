import * as z from 'zod';
import { invalidInput } from '../problems/call.ts';
import { notForAWhile } from '../temporary/problems.ts';
import { planFor, resource, settingSwitches, whole } from './resource.ts';
import { showing } from './showing.ts';
import { community, engineId, server, shownCommunity, shownUser, user, withEncryptionRule } from './snmp.ts';

const version = z
  .discriminatedUnion(
    'selection',
    [
      z.strictObject({ selection: z.literal('2c'), value: z.strictObject({ community, server }) }),
      z.strictObject({
        selection: z.literal('3'),
        value: withEncryptionRule(z.strictObject({ ...user, engine_id: engineId, server })),
      }),
    ],
    { error: 'must have selection 2c or 3, and value' },
  )
  .describe('The protocol, SNMP v2c or v3, and the server with what it asks for.');

/** What to set of the trap's settings; what is left out stays as it is. */
export const trapSettings = z
  .strictObject({
    enabled: z.boolean({ error: 'must be true or false' }).describe('Whether alerts go to the server.'),
    version,
  })
  .partial()
  .refine((settings) => Object.keys(settings).length > 0, 'must set enabled, version or both')
  .describe('Settings of the trap; those left out stay as they are.')
  .meta({
    examples: [
      {
        enabled: true,
        version: { selection: '2c', value: { server: { selection: 'ip', value: '10.20.30.50' } } },
      },
    ],
  });

const shownServer = z.object({ selection: z.string(), value: z.string() });

/** The trap's settings, as a change has to have them. */
export const trap = z.object({
  enabled: z.boolean(),
  version: z
    .discriminatedUnion('selection', [
      z.object({
        selection: z.literal('2c'),
        value: z.object({ community: shownCommunity, server: shownServer }),
      }),
      z.object({
        selection: z.literal('3'),
        value: z.object({ ...shownUser, engine_id: z.string(), server: shownServer }),
      }),
    ])
    .optional(),
});

type Trap = z.input<typeof trap>;

export const snmpTrap = resource('/management/snmp/trap', whole(trap));

/** The trap's settings for who only looks: without the community, and of whatever version. */
export const trapShown = showing(
  snmpTrap,
  z
    .object({
      enabled: z.boolean(),
      version: z
        .object({
          selection: z.string().describe('2c or 3.'),
          value: z
            .object({ ...shownUser, engine_id: z.string(), server: shownServer.partial().optional() })
            .partial()
            .optional(),
        })
        .partial()
        .optional(),
    })
    .partial(),
  ['enabled', 'version.selection', 'version.value.server.value'],
);

/** Works out new settings of the trap. `duration` is there where they are to be put back. */
export function planTrap(before: Trap, settings: z.output<typeof trapSettings>, duration?: string) {
  const { enabled = before.enabled, version } = settings;
  const after = { ...before, enabled, ...(version && { version: completed(version, before) }) };
  if (duration !== undefined && communityOf(before) !== communityOf(after))
    throw notForAWhile('sps', 'its community would have to be kept until then, and it is a secret');
  return planFor(before, after);
}

const communityOf = ({ version }: Trap): string | undefined =>
  version?.selection === '2c' ? version.value.community : undefined;

/** Each setting is a switch; the community is no part of it, since it stays as it is then. */
export const trapSwitches = settingSwitches<Trap>({
  enabled: ({ enabled }) => enabled,
  version: ({ version }) => {
    if (version?.selection !== '2c') return version;
    const { community: _community, ...value } = version.value;
    return { ...version, value };
  },
});

function completed(
  version: z.output<typeof trapSettings>['version'] & object,
  before: Trap,
): Trap['version'] {
  if (version.selection === '3') {
    const present = before.version?.selection === '3' ? before.version.value : undefined;
    return { selection: '3', value: { ...present, ...version.value } };
  }
  const present = before.version?.selection === '2c' ? before.version.value : undefined;
  const { community = present?.community, server } = version.value;
  if (community === undefined)
    throw invalidInput([
      { field: 'settings.version.value.community', detail: 'is required: the trap has no community so far' },
    ]);
  return { selection: '2c', value: { ...present, community, server } };
}
