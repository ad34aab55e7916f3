/** A key that signs requests with HTTP Digest. */
export interface ApiKey {
  publicKey: string;
  privateKey: string;
}

/** An alert configuration as the API gives it, but for its links. What else it holds depends on the event. */
export interface AlertConfig {
  id: string;
  groupId: string;
  eventTypeName: string;
  enabled: boolean;
  created: string;
  updated: string;
  notifications: unknown[];
  [name: string]: unknown;
}

/** A project, which the API calls a group. */
export interface Group {
  groupId: string;
  alertConfigs: AlertConfig[];
}

/** What Atlas's organizations and Ops Manager's have in common. */
export interface Organization {
  orgId: string;
  apiKeys: ApiKey[];
  groups: Group[];
}

/** A number of whole minutes after a start, as the API writes it. */
export const minutesAfter = (start: string, minutes: number): string =>
  timestamp(Date.parse(start) + minutes * 60_000);

/** A time in milliseconds as the API writes it: ISO 8601 in UTC, to the second. */
export const timestamp = (time: number): string => new Date(time).toISOString().replace(/\.\d+/, '');
