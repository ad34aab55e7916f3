import { isIPv4 } from 'node:net';
import * as z from 'zod';

/** A JSON object. */
export type Body = Record<string, unknown>;

// Each object has here the form in which it is PUT: what it refers to is a bare key.

const alert = z.strictObject({ email: z.boolean(), snmp: z.boolean() });
export type Alerts = Record<string, z.infer<typeof alert>>;

/** A map of alerts that has exactly these names. */
export const alertsNamed = (names: string[]): z.ZodType<Alerts> =>
  z.strictObject(Object.fromEntries(names.map((name) => [name, alert])));

const host = /^(?!-)[a-z\d-]{1,63}(?<!-)(\.(?!-)[a-z\d-]{1,63}(?<!-))*$/i;
const server = z.discriminatedUnion('selection', [
  z.strictObject({
    selection: z.literal('ip'),
    value: z.string().refine(isIPv4, 'is not an IPv4 address'),
  }),
  z.strictObject({ selection: z.literal('fqdn'), value: z.string().regex(host, 'is not a host name') }),
]);

// SPS's documents list sha1 and show sha: both are taken, and stay as they came.
const authMethod = z.enum(['md5', 'sha', 'sha1']);

const snmpUser = {
  auth_method: authMethod,
  auth_password: z.string(),
  encryption_method: z.enum(['none', 'aes', 'des']),
  encryption_password: z.string().nullable(),
  username: z.string().min(1),
};

const encryptionAgrees = (user: { encryption_method: string; encryption_password: string | null }) =>
  (user.encryption_method === 'none') === (user.encryption_password === null);
const disagreement = {
  path: ['encryption_password'],
  error: 'must be null without encryption, and a password with it',
};

export const trap = z.strictObject({
  enabled: z.boolean(),
  version: z.discriminatedUnion('selection', [
    z.strictObject({
      selection: z.literal('2c'),
      value: z.strictObject({ community: z.string(), server }),
    }),
    z.strictObject({
      selection: z.literal('3'),
      value: z
        .strictObject({
          ...snmpUser,
          engine_id: z.string().regex(/^0x[\dA-Fa-f]{10,}$/, 'is not 0x and ten or more hexadecimal digits'),
          server,
        })
        .refine(encryptionAgrees, disagreement),
    }),
  ]),
});

export const snmpAgent = z.strictObject({
  access_restriction: z.strictObject({
    allowed_from: z.array(z.cidrv4()).optional(),
    enabled: z.boolean(),
  }),
  enabled: z.boolean(),
  listen: z.array(z.strictObject({ address: z.string(), port: z.int().min(1).max(65_535) })),
  system_contact: z.string(),
  system_description: z.string(),
  system_location: z.string(),
  version_2c: z.strictObject({ community: z.string(), enabled: z.boolean() }),
  version_3: z.strictObject({
    enabled: z.boolean(),
    users: z.array(z.strictObject(snmpUser).refine(encryptionAgrees, disagreement)),
  }),
});

const address = z.email().nullable();

export const email = z.strictObject({
  admin_address: address,
  alerting_address: address,
  reporting_address: address,
  sender_address: address,
  smtp_auth: z.strictObject({ enabled: z.boolean() }),
  smtp_encryption: z.strictObject({ selection: z.string() }),
  smtp_server: server,
});

// Assumed: that these are plain numbers. The names are documented.
export const monitoring = z.strictObject({
  maximum_disk_utilization_ratio: z.number().min(0).max(100),
  maximum_load1: z.number().min(0),
  maximum_load5: z.number().min(0),
  maximum_load15: z.number().min(0),
  maximum_swap_utilization_ratio: z.number().min(0).max(100),
});

/** `timeout` is in minutes. */
export const webinterface = z.strictObject({ timeout: z.int().min(1) });

export const accounting = z.strictObject({ require_commitlog: z.boolean() });

export interface Nic {
  interfaces: Record<string, unknown>;
  name: string;
  speed: string;
}

/** What is configured, object by object under the last part of each one's path. */
export interface Configuration {
  system_alerts: Alerts;
  traffic_alerts: Alerts;
  trap: z.infer<typeof trap>;
  snmp_agent: z.infer<typeof snmpAgent>;
  email: z.infer<typeof email>;
  monitoring: z.infer<typeof monitoring>;
  webinterface: z.infer<typeof webinterface>;
  accounting: z.infer<typeof accounting>;
  nics: Record<string, Nic>;
}

/** One state of an appliance. */
export interface Snapshot {
  configuration: Configuration;
  /** In clear text, by key. Never shown. */
  passwords: Record<string, string>;
}
