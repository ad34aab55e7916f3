import type { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';

const several = z.union([z.unknown().array(), z.unknown().transform((one) => [one])]);

const policy = z.object({
  Properties: z.object({
    Roles: z.array(z.object({ Ref: z.string() })),
    PolicyDocument: z.object({
      Statement: z.array(
        z.strictObject({
          Effect: z.enum(['Allow', 'Deny']),
          Action: several,
          Resource: several,
          Condition: z.unknown().optional(),
        }),
      ),
    }),
  }),
});

const fn = z.object({
  Properties: z.object({
    FunctionName: z.string(),
    Role: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
    LoggingConfig: z.object({ LogGroup: z.object({ Ref: z.string() }) }),
  }),
});

const role = z.object({ Properties: z.object({ Description: z.string() }) });

const reference = z.union([
  z.object({ Ref: z.string() }).transform(({ Ref }) => Ref),
  z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }).transform((it) => it['Fn::GetAtt'][0]),
]);

const join = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) });

/**
 * What each role of a template may, in lines to read: `<actions> on <resources>`, by the function that has the role, or
 * by the role's description.
 */
export function rightsIn(template: Template): Record<string, string[]> {
  const functions = Object.entries(template.findResources('AWS::Lambda::Function')).map(
    ([id, resource]) => [id, fn.parse(resource).Properties] as const,
  );
  const logs = new Map(
    functions.map(([, { LoggingConfig, FunctionName }]) => [
      LoggingConfig.LogGroup.Ref,
      `log of ${FunctionName}`,
    ]),
  );
  const names = new Map([...functions.map(([id, { FunctionName }]) => [id, FunctionName] as const), ...logs]);

  const text = (value: unknown): string => {
    const referred = reference.safeParse(value).data;
    // CDK ends each logical id in a hash.
    if (referred !== undefined) return names.get(referred) ?? referred.replace(/[\dA-F]{8}$/, '');
    const joined = join.safeParse(value).data;
    if (joined)
      return joined['Fn::Join'][1]
        .map(text)
        .join('')
        .replace(/^arn:AWS::Partition:(\w+):AWS::Region:AWS::AccountId:/, '$1:');
    return typeof value === 'string' ? value : JSON.stringify(value, (_key, part) => deeper(part));
  };
  const deeper = (part: unknown) =>
    reference.safeParse(part).success || join.safeParse(part).success ? text(part) : part;

  const rights: Record<string, string[]> = {};
  for (const [id, resource] of Object.entries(template.findResources('AWS::IAM::Role'))) {
    const owner = functions.find(([, { Role }]) => Role['Fn::GetAtt'][0] === id)?.[1].FunctionName;
    rights[owner ?? role.parse(resource).Properties.Description] = Object.values(
      template.findResources('AWS::IAM::Policy'),
    )
      .map((found) => policy.parse(found).Properties)
      .filter(({ Roles }) => Roles.some(({ Ref }) => Ref === id))
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .map(({ Effect, Action, Resource, Condition }) =>
        [
          Effect === 'Deny' ? 'never ' : '',
          Action.map(text).join(' '),
          ' on ',
          Resource.map(text).join(' '),
          Condition === undefined ? '' : ` if ${text(Condition)}`,
        ].join(''),
      );
  }
  return rights;
}
