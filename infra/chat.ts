import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type HttpApi, HttpMethod, HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { type EventBus, EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { notHandedOver } from '../lib/chat/hand-over.ts';
import { receiverName, slack, slackConnection, workerName } from '../lib/chat/slack.ts';
import { secretIdOf } from '../lib/connections.ts';
import { functionNameOf } from '../lib/function-name.ts';
import { metricNamespace } from '../lib/metrics.ts';
import { Encryption } from './access/encryption.ts';
import { letReadSecrets } from './access/secrets.ts';
import { AlarmAtOnce } from './alarms/alarm-at-once.ts';
import { BundledFunction } from './bundled-function.ts';
import { isDeadEnd, queueDestination } from './dead-letters.ts';
import { functionTimeoutMs } from './limits.ts';
import type { RouteThrottles } from './route-throttles.ts';
import { chatRoutes } from './routes.ts';

export interface ChatBundles {
  /** The folders with the bundled handlers. */
  receiverDir: string;
  workerDir: string;
}

interface ChatProps extends ChatBundles {
  api: HttpApi;
  throttles: RouteThrottles;
  /** The bus that is told how fan-outs ended. */
  bus: EventBus;
  /** The functions of the operations. */
  operations: LambdaFunction[];
}

/** Slack's commands and buttons: a receiver that answers at once, and a worker that runs operations. */
export class Chat extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { api, throttles, bus, operations, receiverDir, workerDir }: ChatProps,
  ) {
    super(scope, id);

    const lost = new Queue(this, 'Lost', {
      retentionPeriod: Duration.days(14),
      enforceSSL: true,
      ...Encryption.of(this).queues,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    isDeadEnd(lost);

    const { fn: worker, role } = this.#function('Worker', {
      name: workerName,
      description: 'Does what was asked for in chat and posts what came of it',
      codeDir: workerDir,
      // An operation takes its own time-out at most; then there is the posting.
      timeout: Duration.millis(2 * functionTimeoutMs),
      mayInvoke: operations,
    });
    worker.configureAsyncInvoke({
      // Whoever waits for an answer has given up by then, and Slack takes none after half an hour.
      maxEventAge: Duration.minutes(15),
      retryAttempts: 1,
      onFailure: queueDestination(role, lost),
    });

    new Rule(this, 'FanOutEnded', {
      description: 'Tells whoever asked for it in chat how a run over many connections ended',
      eventBus: bus,
      eventPattern: {
        source: ['switchboard'],
        detail: { fanOut: [{ exists: true }], actor: [{ prefix: 'slack:' }] },
      },
      targets: [
        new LambdaTarget(worker, {
          retryAttempts: 3,
          deadLetterQueue: lost,
          event: RuleTargetInput.fromObject({
            kind: 'ended',
            operation: EventField.fromPath('$.detail.operation'),
            id: EventField.fromPath('$.detail.fanOut'),
            actor: EventField.fromPath('$.detail.actor'),
          }),
        }),
      ],
    });

    new AlarmAtOnce(this, 'LostAlarm', {
      alarmDescription:
        'What somebody asked for in Slack was not done, or what came of it could not be posted. The queue has what was asked.',
      metric: lost.metricApproximateNumberOfMessagesVisible(),
    });

    const { fn: receiver, logGroup } = this.#function('Receiver', {
      name: receiverName,
      description: 'Checks that Slack has signed a request, answers, and hands it to the worker',
      codeDir: receiverDir,
      // Slack is answered within three. Then there is time to hand over, or to say that it failed.
      timeout: Duration.seconds(15),
      mayInvoke: [worker],
    });
    const failed = new MetricFilter(this, 'NotHandedOver', {
      logGroup,
      filterPattern: FilterPattern.stringValue('$.message', '=', notHandedOver),
      metricNamespace,
      metricName: 'ChatEventsNotHandedOver',
      metricValue: '1',
    });
    new AlarmAtOnce(this, 'NotHandedOverAlarm', {
      alarmDescription:
        'What somebody asked for in Slack was acknowledged and not taken on. The log of the receiver says why; who asked was told, if Slack could be reached.',
      // A time-out or a crash leaves no line of ours.
      metric: new MathExpression({
        expression: 'FILL(failed, 0) + FILL(broken, 0)',
        usingMetrics: { failed: failed.metric({ statistic: 'Sum' }), broken: receiver.metricErrors() },
        period: Duration.minutes(5),
      }),
    });
    const integration = new HttpLambdaIntegration(`${receiverName}.Integration`, receiver);
    for (const path of chatRoutes)
      for (const route of api.addRoutes({
        path,
        methods: [HttpMethod.POST],
        authorizer: new HttpNoneAuthorizer(),
        integration,
      })) {
        throttles.limit(`POST ${path}`, route, 'read');
        Validations.of(route).acknowledge({
          id: 'AwsSolutions::AwsSolutions-APIG4',
          reason:
            'Slack cannot sign with IAM. Its own signature, over the whole request, is checked instead.',
        });
      }
  }

  /** A function whose role can read the secret of the Slack app and invoke some functions, no more. */
  #function(
    id: string,
    {
      name,
      description,
      codeDir,
      timeout,
      mayInvoke,
    }: {
      name: string;
      description: string;
      codeDir: string;
      timeout: Duration;
      mayInvoke: LambdaFunction[];
    },
  ): BundledFunction {
    const bundled = new BundledFunction(this, id, {
      functionName: functionNameOf(name),
      description: `${name}: ${description}`,
      codeDir,
      timeout,
    });
    // Secrets Manager ends a secret's ARN with a hyphen and six characters of its own.
    letReadSecrets(bundled.role, `${secretIdOf(slack.name, slackConnection)}-??????`);
    bundled.role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: mayInvoke.map((fn) => fn.functionArn),
      }),
    );
    return bundled;
  }
}
