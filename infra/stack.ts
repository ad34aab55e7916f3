import { CfnOutput, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Operation } from '../lib/operation.ts';
import type { Access } from './access/access-context.ts';
import { authorizerOf, scopesOf } from './access/authorization.ts';
import { ConnectionSecrets } from './access/connection-secrets.ts';
import { Encryption } from './access/encryption.ts';
import { Network } from './access/network.ts';
import { AlarmTopic } from './alarms/alarm-topic.ts';
import type { AlarmsContext } from './alarms/alarms-context.ts';
import { OperationAlarms } from './alarms/operation-alarms.ts';
import { AtlasTokens } from './atlas-tokens.ts';
import type { AuditContext } from './audit/audit-context.ts';
import { AuditTrail } from './audit/audit-trail.ts';
import { Chat } from './chat.ts';
import { Dashboard } from './dashboard.ts';
import { FanOut } from './fan-out.ts';
import { apiThrottle, checkTimeOuts, timeOuts } from './limits.ts';
import { OperationFunction } from './operation-function.ts';
import { Outcomes } from './outcomes.ts';
import { RouteThrottles } from './route-throttles.ts';
import type { Schedule } from './schedule-context.ts';
import { Schedules } from './schedules.ts';
import { TemporaryChanges } from './temporary-changes.ts';

interface SwitchboardStackProps extends StackProps {
  operations: { operation: Operation; codeDir: string }[];
  /** The folders with the bundled functions that are no operations. */
  codeDirs: Record<'atlasToken' | 'forwardAudit' | 'publishOutcome' | 'chatReceiver' | 'chatWorker', string>;
  schedules: Schedule[];
  access: Access;
  audit: AuditContext;
  alarms: AlarmsContext | undefined;
}

/** A line of the access log. CDK's own format is for REST APIs, and names what HTTP APIs do not know. */
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    time: '$context.requestTime',
    route: '$context.routeKey',
    path: '$context.path',
    status: '$context.status',
    ip: '$context.identity.sourceIp',
    user: '$context.identity.userArn',
    sub: '$context.authorizer.claims.sub',
    latencyMs: '$context.responseLatency',
    bytes: '$context.responseLength',
    error: '$context.error.message',
    integrationError: '$context.integrationErrorMessage',
  }),
);

/** The HTTP API, one function for each operation, and what else starts them. */
export class SwitchboardStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { operations, codeDirs, schedules, access, audit, alarms, ...props }: SwitchboardStackProps,
  ) {
    super(scope, id, props);
    checkTimeOuts(timeOuts);

    const { jwt, kmsKey, vpc, connections } = access;
    const encryption = new Encryption(this, kmsKey);
    const network = vpc && new Network(this, 'Network', vpc);
    new ConnectionSecrets(this, 'Connections', connections);

    const api = new HttpApi(this, 'Api', {
      description: 'Switchboard: one route for each operation.',
      createDefaultStage: false,
      defaultAuthorizer: authorizerOf(jwt),
    });
    const accessLog = new LogGroup(this, 'AccessLog', {
      ...encryption.logs,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const stage = new HttpStage(this, 'DefaultStage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      // Admin calls come by the dozen; a script gone wild must not spend the upstream's rate limit.
      throttle: apiThrottle,
      accessLogSettings: { destination: new LogGroupLogDestination(accessLog), format: accessLogFormat },
    });
    const throttles = new RouteThrottles(stage);

    const outcomes = new Outcomes(this, 'Outcomes', { codeDir: codeDirs.publishOutcome });
    const auditTrail = new AuditTrail(this, 'AuditTrail', {
      ...audit,
      codeDir: codeDirs.forwardAudit,
      bus: outcomes.bus,
    });
    const tokens = new AtlasTokens(this, 'AtlasTokens', { codeDir: codeDirs.atlasToken });
    const functions = new Map<string, OperationFunction>();

    for (const { operation, codeDir } of operations) {
      const { method, path } = operation.http;
      const operationFunction = new OperationFunction(this, operation.name, { operation, codeDir });
      const { fn } = operationFunction;
      functions.set(operation.name, operationFunction);
      outcomes.listenTo(operationFunction);
      if (operation.effect !== 'read') auditTrail.follow(operationFunction, operation.name);
      if (operation.system.sharesTokens) tokens.serve(operationFunction);
      network?.place(operationFunction);
      const routes = api.addRoutes({
        path,
        methods: [HttpMethod[method]],
        authorizationScopes: scopesOf(jwt, operation),
        ...(operation.http.isPublic && { authorizer: new HttpNoneAuthorizer() }),
        integration: new HttpLambdaIntegration(`${operation.name}.Integration`, fn),
      });
      for (const route of routes) {
        throttles.limit(`${method} ${path}`, route, operation.effect);
        if (!operation.http.isPublic) continue;
        Validations.of(route).acknowledge({
          id: 'AwsSolutions::AwsSolutions-APIG4',
          reason: `${operation.name} explains errors to whoever follows the link in a problem; it tells nothing else and reads no secret.`,
        });
      }
    }

    new TemporaryChanges(this, 'TemporaryChanges', { functions: [...functions.values()] });
    new Schedules(this, 'Schedules', { schedules, functions });
    new FanOut(this, 'FanOut', { functions, outcomes });
    new Chat(this, 'Chat', {
      throttles,
      api,
      bus: outcomes.bus,
      operations: [...functions.values()].map(({ fn }) => fn),
      receiverDir: codeDirs.chatReceiver,
      workerDir: codeDirs.chatWorker,
    });

    const all = [...functions.values()];
    new OperationAlarms(this, 'Alarms', { operations: all });
    const allAlarms = this.node.findAll().filter((construct) => construct instanceof Alarm);
    if (alarms) new AlarmTopic(this, 'AlarmTopic', { ...alarms, alarms: allAlarms });
    new Dashboard(this, 'Dashboard', { alarms: allAlarms, operations: all });

    new CfnOutput(this, 'ApiUrl', { value: api.apiEndpoint, description: 'Where the operations answer.' });
  }
}
