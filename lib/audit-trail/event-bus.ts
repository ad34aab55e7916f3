import { putEvent } from '../event-bus.ts';
import { jsonWithoutSecrets } from '../secret-fields.ts';
import { type AuditRecord, stateJson } from './record.ts';

const detailTypes = {
  intended: 'Change Intended',
  made: 'Change Made',
  partial: 'Change Made In Part',
  failed: 'Change Failed',
  unknown: 'Change Outcome Unknown',
  unchanged: 'Change Not Needed',
  repeat: 'Change Repeated',
} as const satisfies Record<AuditRecord['outcome'], string>;

/** Tells an event bus of a record. Throws where the bus does not take it. */
export async function tell(eventBus: string, record: AuditRecord): Promise<void> {
  const { before, after, ...about } = record;
  await putEvent(eventBus, {
    detailType: detailTypes[record.outcome],
    detail: jsonWithoutSecrets({ ...about, ...states({ before, after }) }),
    time: new Date(record.timestamp),
  });
}

const states = (given: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(given)
      .filter(([, state]) => state !== undefined)
      .map(([name, state]) => [name, JSON.parse(stateJson(state))]),
  );
