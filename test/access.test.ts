import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { readAuth } from '../infra/access/auth-context.ts';
import { readConnections } from '../infra/access/connections-context.ts';
import { ContextError } from '../infra/access/context-value.ts';
import { readKmsKey } from '../infra/access/kms-context.ts';
import { readVpc } from '../infra/access/vpc-context.ts';
import { findOperations, systemsOf } from '../infra/operations.ts';
import { slack } from '../lib/chat/slack.ts';
import { functionNameOf } from '../lib/function-name.ts';
import { synthesize, templateOf } from './template.ts';

const operations = (await findOperations()).map(({ operation }) => operation);
const systems = [...systemsOf(await findOperations()), slack];

const jwt = { issuer: 'https://login.example.com', audience: 'switchboard' };
const vpc = {
  vpcId: 'vpc-0a1b2c3d4e5f60718',
  subnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-0a1b2c3d4e5f60719'],
};
const schedules = [
  { name: 'nightly', operation: 'sps.getSystemAlerts', connection: 'dc1', expression: 'rate(1 day)' },
];
const ownKey = 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555';

/** The properties of each resource of a type. */
const propertiesOf = (template: Template, type: string): Record<string, unknown>[] =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties);

describe('auth', async () => {
  const { template, findings } = await synthesize({ auth: { jwt } });

  test('leaves nothing for cdk-nag to find', () => assert.deepEqual(findings, []));

  test('has every route want a token with the scope of its effect, and public ones nothing', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: jwt.issuer, Audience: [jwt.audience] },
    });
    for (const { http, effect, system } of operations)
      template.hasResourceProperties('AWS::ApiGatewayV2::Route', {
        RouteKey: `${http.method} ${http.path}`,
        ...(http.isPublic
          ? { AuthorizationType: 'NONE', AuthorizationScopes: Match.absent() }
          : {
              AuthorizationType: 'JWT',
              AuthorizationScopes: [`switchboard/${effect}`, `switchboard/${system.name}/${effect}`],
            }),
      });
    for (const { AuthorizationType } of propertiesOf(template, 'AWS::ApiGatewayV2::Route'))
      assert.notEqual(AuthorizationType, 'AWS_IAM');
  });

  test('takes one audience or several', () => {
    assert.deepEqual(readAuth({ jwt: { ...jwt, audience: ['a', 'b'] } })?.audience, ['a', 'b']);
    assert.equal(readAuth(undefined), undefined);
  });
});

describe('vpc', async () => {
  const { template, findings } = await synthesize({ vpc });

  const placed = (found: Template) =>
    propertiesOf(found, 'AWS::Lambda::Function')
      .filter(({ VpcConfig }) => VpcConfig)
      .map(({ FunctionName }) => FunctionName);
  const ofSystems = (...names: string[]) =>
    operations.filter(({ system }) => names.includes(system.name)).map(({ name }) => functionNameOf(name));

  test('leaves nothing for cdk-nag to find', () => assert.deepEqual(findings, []));

  test('puts the functions of SPS and Ops Manager into its subnets, and no others', () => {
    assert.deepEqual(placed(template), ofSystems('sps', 'opsManager'));
    const [group] = Object.keys(
      template.findResources('AWS::EC2::SecurityGroup', {
        Properties: { SecurityGroupIngress: Match.absent() },
      }),
    );
    for (const { VpcConfig } of propertiesOf(template, 'AWS::Lambda::Function'))
      if (VpcConfig)
        assert.deepEqual(VpcConfig, {
          SubnetIds: vpc.subnetIds,
          SecurityGroupIds: [{ 'Fn::GetAtt': [group, 'GroupId'] }],
        });
  });

  test('has an endpoint for each AWS service that functions in it ask, open to those functions alone', () => {
    // Lambda itself writes the log, sends traces, hands on outcomes, and sets up interfaces; Scheduler takes the role
    // that is passed.
    const elsewhere = /^(logs|xray|lambda|ec2|iam|kms)$/;
    const statement = z.object({ Action: z.union([z.string(), z.array(z.string())]) });
    const roles = z.array(z.object({ Ref: z.string() }));
    const inVpc = propertiesOf(template, 'AWS::Lambda::Function')
      .filter(({ VpcConfig }) => VpcConfig)
      .map(({ Role }) => z.object({ 'Fn::GetAtt': z.array(z.string()) }).parse(Role)['Fn::GetAtt'][0]);
    const asked = propertiesOf(template, 'AWS::IAM::Policy')
      .filter(({ Roles }) => roles.parse(Roles).some(({ Ref }) => inVpc.includes(Ref)))
      .flatMap(
        ({ PolicyDocument }) => z.object({ Statement: z.array(statement) }).parse(PolicyDocument).Statement,
      )
      .flatMap(({ Action }) => [Action].flat().map((action) => action.split(':')[0] ?? ''))
      .filter((service) => !elsewhere.test(service));
    const endpoints = propertiesOf(template, 'AWS::EC2::VPCEndpoint');
    const served = endpoints.map(
      ({ ServiceName }) => JSON.stringify(ServiceName).match(/\.(\w+)"\]\]\}$/)?.[1],
    );
    assert.deepEqual(new Set(served), new Set(asked));
    for (const endpoint of endpoints)
      assert.partialDeepStrictEqual(endpoint, {
        VpcId: vpc.vpcId,
        VpcEndpointType: 'Interface',
        PrivateDnsEnabled: true,
        SubnetIds: vpc.subnetIds,
      });
    const [functions] = Object.keys(
      template.findResources('AWS::EC2::SecurityGroup', {
        Properties: { SecurityGroupIngress: Match.absent() },
      }),
    );
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [
        Match.objectLike({
          FromPort: 443,
          ToPort: 443,
          SourceSecurityGroupId: { 'Fn::GetAtt': [functions, 'GroupId'] },
        }),
      ],
    });
  });

  test('makes nothing that the VPC has already, and takes other systems', async () => {
    const own = await synthesize({
      vpc: { ...vpc, securityGroupIds: ['sg-0a1b2c3d4e5f60718'], endpoints: [], systems: ['atlas'] },
    });
    assert.deepEqual(own.findings, []);
    assert.deepEqual(placed(own.template), ofSystems('atlas'));
    for (const type of ['VPCEndpoint', 'SecurityGroup']) own.template.resourceCountIs(`AWS::EC2::${type}`, 0);
  });
});

describe('kmsKey and connections', async () => {
  const connections = { sps: ['dc1'], atlas: ['prod', 'old'], opsManager: ['prod'], chat: ['slack'] };
  const made = await synthesize({ kmsKey: 'new', connections, schedules });
  const imported = await synthesize({ kmsKey: ownKey, connections, schedules });
  const [key = ''] = Object.keys(made.template.findResources('AWS::KMS::Key'));

  test('leave nothing for cdk-nag to find', () => {
    assert.deepEqual([made.findings, imported.findings], [[], []]);
  });

  test('encrypt every secret, log and queue', () => {
    for (const [template, arn] of [
      [made.template, { 'Fn::GetAtt': [key, 'Arn'] }],
      [imported.template, ownKey],
    ] as const)
      for (const [type, field] of [
        ['AWS::SecretsManager::Secret', 'KmsKeyId'],
        ['AWS::Logs::LogGroup', 'KmsKeyId'],
        ['AWS::SQS::Queue', 'KmsMasterKeyId'],
      ] as const) {
        const all = propertiesOf(template, type);
        assert.ok(all.length > 2, type);
        for (const properties of all) assert.deepEqual(properties[field], arn);
      }
  });

  test('make a key that rotates, stays, and lets the logs of this account in; an imported one is left alone', () => {
    made.template.hasResource('AWS::KMS::Key', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        EnableKeyRotation: true,
        KeyPolicy: {
          Statement: [
            Match.objectLike({ Action: 'kms:*', Principal: { AWS: Match.anyValue() } }),
            Match.objectLike({
              Principal: {
                Service: { 'Fn::Join': ['', ['logs.', { Ref: 'AWS::Region' }, '.amazonaws.com']] },
              },
              Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': Match.anyValue() } },
            }),
            Match.objectLike({
              Principal: { Service: 'events.amazonaws.com' },
              Condition: { StringEquals: { 'aws:SourceAccount': Match.anyValue() } },
            }),
          ],
        },
      },
    });
    imported.template.resourceCountIs('AWS::KMS::Key', 0);
  });

  test('make secrets without a value, which stay, and whose description has every field', () => {
    const secrets = Object.values(made.template.findResources('AWS::SecretsManager::Secret'));
    assert.deepEqual(
      secrets.map(({ Properties }) => Properties.Name).toSorted(),
      Object.entries(connections)
        .flatMap(([system, names]) => names.map((name) => `switchboard/${system}/${name}`))
        .toSorted(),
    );
    for (const { Properties, DeletionPolicy, UpdateReplacePolicy } of secrets) {
      assert.deepEqual([DeletionPolicy, UpdateReplacePolicy], ['Retain', 'Retain']);
      assert.deepEqual(Object.keys(Properties).toSorted(), ['Description', 'KmsKeyId', 'Name']);
      const system = systems.find(({ name }) => Properties.Name.startsWith(`switchboard/${name}/`));
      const { secret } = system ?? {};
      assert.ok(secret);
      const shapes = secret instanceof z.ZodUnion ? secret.options : [secret];
      for (const shape of shapes) {
        assert.ok(shape instanceof z.ZodObject);
        for (const [field, schema] of Object.entries(shape.shape)) {
          const optional = z.safeParse(schema, undefined).success ? ' (optional)' : '';
          assert.ok(Properties.Description.includes(`"${field}"${optional}`), `${Properties.Name} ${field}`);
        }
      }
    }
  });
});

describe('cdk.json is refused', () => {
  const refused: [why: string, read: () => unknown, says: string][] = [
    ['with auth that is no object', () => readAuth('jwt'), 'auth must be an object with jwt'],
    ['without an issuer', () => readAuth({ jwt: { audience: 'a' } }), 'auth.jwt.issuer is required'],
    [
      'with an issuer in the clear',
      () => readAuth({ jwt: { ...jwt, issuer: 'http://login.example.com' } }),
      'auth.jwt.issuer must be the https address of the issuer',
    ],
    [
      'with the address of the document about the issuer',
      () => readAuth({ jwt: { ...jwt, issuer: `${jwt.issuer}/.well-known/openid-configuration` } }),
      'auth.jwt.issuer must be the https address of the issuer',
    ],
    [
      'with text for an object',
      () => readAuth('{"jwt":{}}'),
      'auth must be an object with jwt (-c passes it',
    ],
    ['without an audience', () => readAuth({ jwt: { issuer: jwt.issuer } }), 'auth.jwt.audience is required'],
    [
      'with no audience in the list',
      () => readAuth({ jwt: { ...jwt, audience: [] } }),
      'auth.jwt.audience must not be empty',
    ],
    [
      'with a field misspelt',
      () => readAuth({ jwt: { ...jwt, audiences: 'a' } }),
      'auth.jwt.audiences is not known here',
    ],
    [
      'with another kind of auth',
      () => readAuth({ iam: true, jwt }),
      'auth.iam is not known here; only jwt is',
    ],
    [
      'with a key by its alias',
      () => readKmsKey('alias/switchboard'),
      'kmsKey must be "new", or the ARN of a key',
    ],
    ['with true for a key', () => readKmsKey(true), 'kmsKey must be "new", or the ARN of a key'],
    ['without subnets', () => readVpc({ vpcId: vpc.vpcId }, systems), 'vpc.subnetIds is required'],
    ['with no subnet', () => readVpc({ ...vpc, subnetIds: [] }, systems), 'vpc.subnetIds must not be empty'],
    [
      'with a subnet that is none',
      () => readVpc({ ...vpc, subnetIds: ['10.0.0.0/24'] }, systems),
      'vpc.subnetIds.0 must be an id, subnet-…',
    ],
    [
      'with a system that has no connections',
      () => readVpc({ ...vpc, systems: ['errors'] }, systems),
      'vpc.systems.0 must be one of atlas, opsManager, sps',
    ],
    [
      'with chat, which calls no system of yours',
      () => readVpc({ ...vpc, systems: ['chat'] }, systems),
      'vpc.systems.0 must be one of atlas, opsManager, sps',
    ],
    [
      'with an endpoint that nothing needs',
      () => readVpc({ ...vpc, endpoints: ['s3'] }, systems),
      'vpc.endpoints.0 must be one of secretsmanager, scheduler',
    ],
    [
      'with a VPC field misspelt',
      () => readVpc({ ...vpc, subnets: [] }, systems),
      'vpc.subnets is not known here',
    ],
    [
      'with connections to a system that there is not',
      () => readConnections({ sap: ['dc1'] }, systems),
      'connections.sap is not known here (did you mean sps?); known are atlas, opsManager, sps, chat',
    ],
    [
      'with a connection to Slack that nothing reads',
      () => readConnections({ chat: ['teams'] }, systems),
      'connections.chat can only have slack',
    ],
    [
      'with a connection of no good name',
      () => readConnections({ sps: ['dc1', 'dc 2'] }, systems),
      'connections.sps.1 must be 1 to 64 letters',
    ],
    [
      'with a connection twice',
      () => readConnections({ sps: ['dc1', 'dc1'] }, systems),
      'connections.sps must not name a connection twice',
    ],
  ];
  for (const [why, read, says] of refused)
    test(why, () => {
      assert.throws(
        read,
        (error: Error) => error instanceof ContextError && error.message.includes(`\n  ${says}`),
      );
    });

  const unread: [context: object, says: string][] = [
    [{ kmskey: 'new' }, 'kmskey is not known here (did you mean kmsKey?)'],
    [{ Vpc: {} }, 'Vpc is not known here (did you mean vpc?)'],
    [{ authorization: {} }, 'authorization is not known here; known are schedules, auth,'],
    [{ reservedConcurrency: 'no' }, 'reservedConcurrency must be true or false'],
  ];
  for (const [context, says] of unread)
    test(`with ${JSON.stringify(context)}, which nothing would read`, async () => {
      await assert.rejects(
        synthesize({ ...context }),
        (error: Error) => error instanceof ContextError && error.message.includes(`\n  ${says}`),
      );
    });

  test('when the stack is made', async () => {
    await assert.rejects(synthesize({ auth: { jwt: {} } }), (error: Error) => error instanceof ContextError);
  });
});

test('without settings, nothing is made that costs', async () => {
  const template = await templateOf();
  for (const type of ['KMS::Key', 'EC2::VPCEndpoint', 'SecretsManager::Secret'])
    template.resourceCountIs(`AWS::${type}`, 0);
});
