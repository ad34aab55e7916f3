import type * as z from 'zod';
import { successStatuses } from './assumed.ts';
import {
  type Alerts,
  accounting,
  alertsNamed,
  type Body,
  type Configuration,
  email,
  monitoring,
  snmpAgent,
  trap,
  webinterface,
} from './configuration.ts';
import { showSnmpAgent, showTrap, withBareKeys } from './references.ts';
import { parse } from './refusal.ts';
import type { SpsSettings } from './settings.ts';

/** One object of the configuration. */
export interface Resource {
  path: string;
  /** The object as a GET shows it. */
  show(configuration: Configuration, settings: SpsSettings): unknown;
  /** Absent where it can only be read. */
  put?: {
    status: number;
    /** The configuration with this object in it. Throws a `Refusal`. */
    apply(configuration: Configuration, body: Body, settings: SpsSettings): Configuration;
  };
}

interface Kind<Stored> {
  /** 200, which is assumed, unless given. */
  putStatus?: number;
  schema(current: Stored): z.ZodType<Stored>;
  /** What is there, as it would be PUT. What is stored unless given. */
  current?(stored: Stored, settings: SpsSettings): Stored;
  /** The same as a GET shows it. */
  show?(current: Stored): unknown;
}

function editable<Name extends keyof Configuration>(
  parent: string,
  name: Name,
  kind: Kind<Configuration[Name]>,
): Resource {
  const { putStatus = successStatuses.put, schema, current = (stored) => stored, show } = kind;
  return {
    path: `${parent}/${name}`,
    show: (configuration, settings) => {
      const now = current(configuration[name], settings);
      return show ? show(now) : now;
    },
    put: {
      status: putStatus,
      apply: (configuration, body, settings) => {
        const now = current(configuration[name], settings);
        const whole = settings.strictKeys ? body : { ...now, ...body };
        const data = parse(schema(now), settings.strictRefs ? whole : withBareKeys(whole));
        return { ...configuration, [name]: data };
      },
    },
  };
}

const off = { email: false, snmp: false };
const alerts: Pick<Kind<Alerts>, 'schema' | 'current'> = {
  schema: (current) => alertsNamed(Object.keys(current)),
  current: (stored, { extraAlertKeys }) => ({
    ...Object.fromEntries(extraAlertKeys.map((name) => [name, off])),
    ...stored,
  }),
};

const nic = (name: string): Resource => ({
  path: `/api/configuration/network/nics/${name}`,
  show: ({ nics }) => nics[name],
});

const alerting = '/api/configuration/alerting';
const localServices = '/api/configuration/local_services';
const management = '/api/configuration/management';

// The two that answer 201 are documented to.
const resources: Resource[] = [
  editable(alerting, 'system_alerts', { putStatus: 201, ...alerts }),
  editable(alerting, 'traffic_alerts', alerts),
  editable(`${management}/snmp`, 'trap', { putStatus: 201, schema: () => trap, show: showTrap }),
  editable(localServices, 'snmp_agent', { schema: () => snmpAgent, show: showSnmpAgent }),
  editable(management, 'email', { schema: () => email }),
  editable(management, 'monitoring', { schema: () => monitoring }),
  editable(management, 'webinterface', { schema: () => webinterface }),
  editable(management, 'accounting', { schema: () => accounting }),
  nic('nic1'),
  nic('nic2'),
  nic('nic3'),
];

/** Every object of the configuration that is simulated, by its path. */
export const resourcesByPath = new Map(resources.map((resource) => [resource.path, resource]));
