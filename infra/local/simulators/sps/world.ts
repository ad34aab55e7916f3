import type { Alerts, Configuration, Snapshot } from './configuration.ts';

/** Somebody who may sign in. */
export interface User {
  name: string;
  password: string;
  /** The login method that knows the user; `local` unless given. */
  loginMethod?: string;
  /** What the user may do: these methods on all that begins with this path. */
  endpoints: { methods: string[]; url: string }[];
}

/** Credentials of the demo appliance. None of them is real. */
export const demo = {
  username: 'admin',
  password: 'simulação-not-a-real-secret',
  readOnlyUsername: 'auditor',
  readOnlyPassword: 'simulated-reader',
} as const;

/** A fresh list of the demo's users: one that may do everything, and one that may only read. */
export function demoUsers(): User[] {
  const { username, password, readOnlyUsername, readOnlyPassword } = demo;
  return [
    {
      name: username,
      password,
      endpoints: [{ methods: ['GET', 'POST', 'PUT', 'DELETE'], url: '/api' }],
    },
    {
      name: readOnlyUsername,
      password: readOnlyPassword,
      endpoints: [{ methods: ['GET'], url: '/api' }],
    },
  ];
}

// The first two are in use by the SNMP agent; the others wait for somebody to refer to them.
const passwordKeys = [
  '5476940c-ba38-4002-96d4-cb09d6921c68',
  '99782a91-63de-4a5c-82ff-b82273894dc7',
  'd21f3675-8dff-43c5-a982-17839390a6b3',
  '0f5f646d-d6e7-4a4a-bc66-ead670faff3f',
  '6237d67a-b6b4-49e0-b0f6-6d68d0f08cc3',
] as const;

const systemAlerts = [
  'xcbAlert',
  'xcbArchiveFailed',
  'xcbBackupFailed',
  'xcbBruteForceAttempt',
  'xcbConfigChange',
  'xcbDBError',
  'xcbDiskFull',
  'xcbError',
  'xcbFirmwareTainted',
  'xcbHWError',
  'xcbHaNodeChanged',
  'xcbLicenseAlmostExpired',
  'xcbLimitReached',
  'xcbLoadAvgHigh',
  'xcbLogin',
  'xcbLoginFailure',
  'xcbLogout',
  'xcbRaidStatus',
  'xcbSwapFull',
  'xcbTimeSyncLost',
  'xcbTimestampError',
];

// The last three are assumed: the part of the list that could be read ends before them.
const trafficAlerts = [
  'scbAuthFailure',
  'scbAuthSuccess',
  'scbChannelDenied',
  'scbConnectionDenied',
  'scbConnectionFailed',
  'scbConnectionTimedout',
  'scbCredStoreClosed',
  'scbCredStoreDecryptError',
  'scbCredStoreUnlockFailure',
  'scbGWAuthFailure',
  'scbGWAuthSuccess',
  'scbProtocolViolation',
  'scbSshHostKeyLearned',
  'scbSshHostKeyMismatch',
  'scbUserMappingFailure',
];

const alerts = (names: string[], email: string[], snmp: string[]): Alerts =>
  Object.fromEntries(names.map((name) => [name, { email: email.includes(name), snmp: snmp.includes(name) }]));

/** A fresh configuration of the demo appliance. */
export const demoConfiguration = (): Configuration => ({
  system_alerts: alerts(
    systemAlerts,
    ['xcbBackupFailed', 'xcbDiskFull', 'xcbHWError', 'xcbLicenseAlmostExpired', 'xcbRaidStatus'],
    ['xcbDiskFull', 'xcbHWError', 'xcbHaNodeChanged'],
  ),
  traffic_alerts: alerts(trafficAlerts, ['scbCredStoreClosed', 'scbProtocolViolation'], []),
  trap: {
    enabled: true,
    version: {
      selection: '2c',
      value: { community: 'public', server: { selection: 'ip', value: '10.20.30.40' } },
    },
  },
  snmp_agent: {
    access_restriction: { enabled: false },
    enabled: true,
    listen: [{ address: 'nic1.interfaces.ff7574025754b3df1647001.addresses.1', port: 161 }],
    system_contact: 'mycontact',
    system_description: 'mydescription',
    system_location: 'mylocation',
    version_2c: { community: 'mycommunity', enabled: true },
    version_3: {
      enabled: true,
      users: [
        {
          auth_method: 'sha',
          auth_password: passwordKeys[0],
          encryption_method: 'aes',
          encryption_password: passwordKeys[1],
          username: 'myusername',
        },
      ],
    },
  },
  email: {
    admin_address: 'admin@sps.example',
    alerting_address: 'alerts@sps.example',
    reporting_address: 'reports@sps.example',
    sender_address: null,
    smtp_auth: { enabled: false },
    smtp_encryption: { selection: 'disabled' },
    smtp_server: { selection: 'ip', value: '10.20.30.41' },
  },
  monitoring: {
    maximum_disk_utilization_ratio: 80,
    maximum_load1: 15,
    maximum_load5: 12,
    maximum_load15: 10,
    maximum_swap_utilization_ratio: 70,
  },
  webinterface: { timeout: 10 },
  accounting: { require_commitlog: false },
  nics: {
    nic1: {
      interfaces: {
        '@order': ['ff7574025754b3df1647001'],
        ff7574025754b3df1647001: {
          addresses: { '1': '10.40.255.171/24', '@order': ['1'] },
          name: 'default',
          vlantag: 0,
        },
      },
      name: 'eth0',
      speed: 'auto',
    },
    nic2: { interfaces: { '@order': [] }, name: 'eth1', speed: 'auto' },
    nic3: { interfaces: { '@order': [] }, name: 'eth2', speed: 'auto' },
  },
});

/** What the appliance starts with. */
export const demoSnapshot = (configuration = demoConfiguration()): Snapshot => ({
  configuration,
  passwords: Object.fromEntries(passwordKeys.map((key) => [key, 'simulated-password'])),
});
