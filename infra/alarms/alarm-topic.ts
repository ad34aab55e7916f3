import { CfnOutput, Stack, Validations } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { Encryption } from '../access/encryption.ts';
import type { AlarmsContext } from './alarms-context.ts';

interface AlarmTopicProps extends AlarmsContext {
  alarms: Alarm[];
}

/** The topic that alarms tell. */
export class AlarmTopic extends Construct {
  constructor(scope: Construct, id: string, { email, alarms }: AlarmTopicProps) {
    super(scope, id);
    const topic = new Topic(this, 'Topic', {
      displayName: 'Switchboard alarms',
      masterKey: this.#key(),
      enforceSSL: true,
    });
    // Any statement takes the place of the policy that SNS would give the topic, which let CloudWatch in.
    topic.addToResourcePolicy(
      new PolicyStatement({
        ...this.#cloudWatch(),
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
      }),
    );
    if (email !== undefined)
      Validations.of(topic.addSubscription(new EmailSubscription(email))).acknowledge({
        id: 'Serverless::Serverless-SNSRedrivePolicy',
        reason:
          'An alarm that could not be mailed is still red in CloudWatch; nobody would look into a queue for it.',
      });
    new CfnOutput(this, 'Arn', { value: topic.topicArn, description: 'What alarms tell; subscribe to it.' });

    for (const alarm of alarms) alarm.addAlarmAction(new SnsAction(topic));
  }

  /** AWS's own key for SNS is not open to CloudWatch, and its policy cannot be changed: no alarm would get through. */
  #key(): IKey {
    const key =
      Encryption.of(this).key ??
      new Key(this, 'Key', { description: 'What alarms of Switchboard say.', enableKeyRotation: true });
    key.addToResourcePolicy(
      new PolicyStatement({
        ...this.#cloudWatch(),
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
      }),
    );
    return key;
  }

  #cloudWatch() {
    return {
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    };
  }
}
