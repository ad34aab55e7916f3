import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IDestination } from 'aws-cdk-lib/aws-lambda';
import { type IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Encryption } from './access/encryption.ts';

/** A queue for what could not be delivered: kept for two weeks, the longest that SQS allows. */
export class DeadLetters extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      retentionPeriod: Duration.days(14),
      enforceSSL: true,
      ...Encryption.of(this).queues,
    });
    isDeadEnd(this.queue);
  }
}

/** Records why a queue for what could not be delivered has no such queue itself. */
export function isDeadEnd(queue: Queue): void {
  for (const id of ['AwsSolutions::AwsSolutions-SQS3', 'Serverless::Serverless-SQSRedrivePolicy'])
    Validations.of(queue).acknowledge({
      id,
      reason: 'It is a dead-letter queue itself; people read it, and nothing else does.',
    });
}

/** Lets a role send to a queue, and do nothing else with it. */
export function letSend(role: Role, queue: IQueue): void {
  role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
  Encryption.of(queue).letSend(role);
}

/** A queue as the destination of a function's failed invocations. CDK's own would let the role ask about it as well. */
export function queueDestination(role: Role, queue: IQueue): IDestination {
  letSend(role, queue);
  return { bind: () => ({ destination: queue.queueArn }) };
}
