import { type AlertConfig, minutesAfter } from './world.ts';

/** What sets one alert configuration apart: its event, and the threshold or the filter that the event calls for. */
type Kind = Pick<AlertConfig, 'eventTypeName'> & Record<string, unknown>;

const overThreshold = (metricName: string, threshold: number, units: string, operator = 'GREATER_THAN') => ({
  eventTypeName: 'OUTSIDE_METRIC_THRESHOLD',
  metricThreshold: { metricName, mode: 'AVERAGE', operator, threshold, units },
});

/** The kinds that Atlas and Ops Manager both know. */
export const commonKinds: Kind[] = [
  { eventTypeName: 'NO_PRIMARY' },
  overThreshold('CONNECTIONS', 3_000, 'RAW'),
  { eventTypeName: 'HOST_DOWN' },
  overThreshold('QUERY_TARGETING_SCANNED_OBJECTS_PER_RETURNED', 1_000, 'RAW'),
  {
    eventTypeName: 'HOST_DOWN',
    matchers: [{ fieldName: 'TYPE_NAME', operator: 'EQUALS', value: 'SECONDARY' }],
  },
  {
    eventTypeName: 'TOO_FEW_HEALTHY_MEMBERS',
    threshold: { operator: 'LESS_THAN', threshold: 2, units: 'RAW' },
  },
  { eventTypeName: 'USERS_WITHOUT_MULTI_FACTOR_AUTH' },
];

// Secrets of notifications are answered with all but their end blotted out, so that a configuration which is read and
// written back destroys them.
const notifications = [
  {
    typeName: 'GROUP',
    intervalMin: 60,
    delayMin: 0,
    emailEnabled: true,
    smsEnabled: false,
    roles: ['GROUP_OWNER'],
  },
  { typeName: 'EMAIL', intervalMin: 15, delayMin: 5, emailAddress: 'on-call@example.com' },
  {
    typeName: 'SLACK',
    intervalMin: 30,
    delayMin: 0,
    channelName: '#databases',
    apiToken: '****************c0de',
  },
  { typeName: 'PAGER_DUTY', intervalMin: 5, delayMin: 0, region: 'US', serviceKey: '****************f00d' },
];

/** So many alert configurations of a project, the same each time: the kinds in turn, every fifth disabled. */
export function alertConfigsOf(groupId: string, kinds: Kind[], length: number): AlertConfig[] {
  return Array.from({ length }, (_, index) => ({
    id: `a1e27c0f${groupId.slice(0, 8)}${index.toString(16).padStart(8, '0')}`,
    groupId,
    enabled: index % 5 !== 4,
    created: minutesAfter('2025-03-01T08:00:00Z', index * 11),
    updated: minutesAfter('2025-09-01T08:00:00Z', index * 13),
    matchers: [],
    ...(kinds[index % kinds.length] ?? { eventTypeName: 'HOST_DOWN' }),
    notifications: notificationsOf(index),
  }));
}

function notificationsOf(index: number): unknown[] {
  const chosen = index % 3 === 0 ? notifications.slice(0, 1) : notifications.slice(1 + (index % 3));
  return chosen.map((notification, position) => ({
    ...notification,
    notifierId: `0071f1e2${index.toString(16).padStart(8, '0')}${position.toString(16).padStart(8, '0')}`,
  }));
}
