import type { EventBus } from 'aws-cdk-lib/aws-events';
import { FilterPattern, SubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { Construct } from 'constructs';
import { AlarmAtOnce } from '../alarms/alarm-at-once.ts';
import { BundledFunction } from '../bundled-function.ts';
import { DeadLetters, queueDestination } from '../dead-letters.ts';
import type { AuditContext } from './audit-context.ts';
import { AuditTable } from './audit-table.ts';

interface AuditTrailProps extends AuditContext {
  /** The folder with the bundled forwarder. */
  codeDir: string;
  bus: EventBus;
}

/**
 * Where the records of changes go from the log: a subscription of each log that has any hands them to one function,
 * which tells the event bus of them and, where there is one, adds them to the table.
 */
export class AuditTrail extends Construct {
  readonly #forwarder: BundledFunction;

  constructor(scope: Construct, id: string, { codeDir, bus, table }: AuditTrailProps) {
    super(scope, id);
    this.#forwarder = new BundledFunction(this, 'Forwarder', {
      functionName: 'switchboard-forward-audit',
      description: 'Hands the audit records of the logs on to the event bus and the table',
      codeDir,
    });
    const { fn, role } = this.#forwarder;
    fn.addEnvironment('EVENT_BUS', bus.eventBusName);
    bus.grantPutEventsTo(fn);
    if (table) fn.addEnvironment('AUDIT_TABLE', new AuditTable(this, 'Table', role).tableName);

    const { queue } = new DeadLetters(this, 'NotForwarded');
    fn.configureAsyncInvoke({ onFailure: queueDestination(role, queue), retryAttempts: 2 });
    new AlarmAtOnce(this, 'NotForwardedAlarm', {
      alarmDescription:
        'Records of changes did not get to the event bus or the table. They are in the log; the queue has them as CloudWatch Logs handed them over, and invoking switchboard-forward-audit with that again hands them on.',
      metric: queue.metricApproximateNumberOfMessagesVisible(),
    });
  }

  /** Has the records in a function's log handed on. */
  follow({ logGroup }: BundledFunction, id: string): void {
    new SubscriptionFilter(this, id, {
      logGroup,
      filterPattern: FilterPattern.exists('$.auditId'),
      destination: new LambdaDestination(this.#forwarder.fn),
    });
  }
}
