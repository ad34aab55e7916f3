import fc from 'fast-check';
import { demoSnapshot } from '../../infra/local/simulators/sps/world.ts';
import type { Configuration } from '../../infra/local/simulators/sps.ts';

type Alerts = Record<string, { email?: boolean; snmp?: boolean }>;
type Trap = Configuration['trap'];
type Agent = Configuration['snmp_agent'];
type AgentSettings = Partial<Pick<Agent, 'enabled' | 'system_location' | 'version_3'>>;

/** A change that a caller asks for. A password is a key, or `newPassword` where a new one is to be created. */
export type Change =
  | { operation: 'toggleSystemAlerts' | 'toggleTrafficAlerts'; alerts: Alerts }
  | { operation: 'updateSnmpTrap'; settings: Partial<Trap> }
  | { operation: 'updateSnmpAgent'; settings: AgentSettings };

const newPassword = '(new)';
const knownPasswords = Object.keys(demoSnapshot().passwords);

// Few names and few values: callers are to meet each other's changes, and states that are so already.
const states = fc.record(
  { email: fc.boolean(), snmp: fc.boolean() },
  { requiredKeys: [], noNullPrototype: true },
);
const alertsOf = (...names: string[]) =>
  fc
    .dictionary(
      fc.constantFrom(...names, '*'),
      states.filter((state) => Object.keys(state).length > 0),
      { minKeys: 1, maxKeys: 2, noNullPrototype: true },
    )
    .map((alerts): Alerts => alerts);

const password = fc.constantFrom(newPassword, ...knownPasswords);
const user = fc
  .record({ auth_password: password, encryption_password: fc.option(password) })
  .map((passwords) => ({
    auth_method: 'sha' as const,
    encryption_method: passwords.encryption_password === null ? ('none' as const) : ('aes' as const),
    username: 'somebody',
    ...passwords,
  }));
const server = fc.constantFrom('10.20.30.40', '10.20.30.50').map((value) => ({
  selection: 'ip' as const,
  value,
}));
const version = fc.oneof(
  fc
    .record({ community: fc.constantFrom('public', 'private'), server })
    .map((value): Trap['version'] => ({ selection: '2c', value })),
  fc.record({ user, server }).map(({ user, server }): Trap['version'] => ({
    selection: '3',
    value: { ...user, engine_id: '0x0123456789ABCDEF', server },
  })),
);

const isNotEmpty = (value: object) => Object.keys(value).length > 0;

export const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      operation: fc.constant('toggleSystemAlerts' as const),
      alerts: alertsOf('xcbDiskFull', 'xcbLogin'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      operation: fc.constant('toggleTrafficAlerts' as const),
      alerts: alertsOf('scbAuthFailure', 'scbCredStoreClosed'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      operation: fc.constant('updateSnmpTrap' as const),
      settings: fc
        .record({ enabled: fc.boolean(), version }, { requiredKeys: [], noNullPrototype: true })
        .filter(isNotEmpty),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      operation: fc.constant('updateSnmpAgent' as const),
      settings: fc
        .record(
          {
            enabled: fc.boolean(),
            system_location: fc.constantFrom('mylocation', 'Rack 4', 'Rack 5'),
            version_3: fc.record({ enabled: fc.boolean(), users: fc.array(user, { maxLength: 2 }) }),
          },
          { requiredKeys: [], noNullPrototype: true },
        )
        .filter(isNotEmpty),
    }),
  },
);

/** A change as the operation takes it. */
export function inputOf(change: Change): object {
  if ('alerts' in change) return { alerts: change.alerts };
  const text = JSON.stringify(change.settings, (_name, value) =>
    value === newPassword ? { plain: 'simulated-password' } : value,
  );
  return { settings: JSON.parse(text) };
}

/** The part of a configuration that an operation is about. */
export function partOf(operation: string, configuration: Configuration): unknown {
  const { system_alerts, traffic_alerts, trap, snmp_agent } = configuration;
  if (/SystemAlerts$/.test(operation)) return system_alerts;
  if (/TrafficAlerts$/.test(operation)) return traffic_alerts;
  return /SnmpTrap$/.test(operation) ? trap : snmp_agent;
}

/** What a configuration is to become by a change, worked out without any of the code under test. */
export function changed(configuration: Configuration, change: Change): Configuration {
  switch (change.operation) {
    case 'toggleSystemAlerts':
      return { ...configuration, system_alerts: toggled(configuration.system_alerts, change.alerts) };
    case 'toggleTrafficAlerts':
      return { ...configuration, traffic_alerts: toggled(configuration.traffic_alerts, change.alerts) };
    case 'updateSnmpTrap':
      return { ...configuration, trap: { ...configuration.trap, ...change.settings } };
    case 'updateSnmpAgent':
      return { ...configuration, snmp_agent: { ...configuration.snmp_agent, ...change.settings } };
  }
}

const toggled = (present: Configuration['system_alerts'], alerts: Alerts) =>
  Object.fromEntries(
    Object.entries(present).map(([name, state]) => [name, { ...state, ...alerts['*'], ...alerts[name] }]),
  );

/**
 * A value in which references are bare keys and all new passwords look the same, to compare it with another; without
 * the member that is hidden in one of them.
 */
export const comparable = (value: unknown, hidden?: string): unknown =>
  JSON.parse(
    JSON.stringify(value, (name, part) => {
      if (name === hidden) return undefined;
      const bare = typeof part?.key === 'string' ? part.key : part;
      const isNew =
        /^(auth|encryption)_password$/.test(name) && bare !== null && !knownPasswords.includes(bare);
      return isNew ? newPassword : bare;
    }),
  );

/** How many passwords a change creates. */
export const newPasswordsIn = (change: Change): number =>
  JSON.stringify(change).split(JSON.stringify(newPassword)).length - 1;
