import * as z from 'zod';
import { AwsError, notSimulated } from './aws/error.ts';
import { bodyOf, listenAsAws, success, targetOf } from './aws/service.ts';
import type { Listener } from './listen.ts';

/** An attribute is a text or a number here. */
const attribute = z.union([z.strictObject({ S: z.string() }), z.strictObject({ N: z.string() })]);
const putItem = z.strictObject({
  TableName: z.string(),
  Item: z.record(z.string(), attribute),
  ConditionExpression: z
    .string()
    .regex(/^attribute_not_exists\(\w+\)$/)
    .optional(),
});

type Item = z.output<typeof putItem>['Item'];

export interface DynamoDbStandIn extends Listener {
  items: ReadonlyMap<string, Item>;
}

/** The largest item: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const sizeLimit = 400 * 1024;

/** A stand-in for the one operation of DynamoDB in use, PutItem, with one table whose key is text. */
export async function startDynamoDb(table: string, keys: string[]): Promise<DynamoDbStandIn> {
  const items = new Map<string, Item>();
  const listener = await listenAsAws('dynamodb', async (request) => {
    if (targetOf('dynamodb', request) !== 'PutItem') throw notSimulated(targetOf('dynamodb', request));
    const { data } = putItem.safeParse(bodyOf(request));
    if (!data) throw notSimulated('Such a PutItem');
    const { TableName, Item, ConditionExpression } = data;
    if (TableName !== table) throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
    const key = JSON.stringify(keys.map((name) => keyValue(Item, name)));
    const size = Object.entries(Item)
      .flat()
      .map((part) => (typeof part === 'string' ? part : textOf(part)));
    if (Buffer.byteLength(size.join('')) > sizeLimit)
      throw new AwsError('ValidationException', 'Item size has exceeded the maximum allowed size');
    const [, absent] = /\((\w+)\)/.exec(ConditionExpression ?? '') ?? [];
    if (absent !== undefined && Object.hasOwn(items.get(key) ?? {}, absent))
      throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed');
    items.set(key, Item);
    return success('dynamodb', {});
  });
  return { ...listener, items };
}

const textOf = (value: z.output<typeof attribute>): string => ('S' in value ? value.S : value.N);

function keyValue(item: Item, name: string): string {
  const value = item[name];
  const refused = (why: string) =>
    new AwsError('ValidationException', `One or more parameter values were invalid: ${why}`);
  if (!value) throw refused(`Missing the key ${name} in the item`);
  if (!('S' in value)) throw refused(`Type mismatch for key ${name} expected: S actual: N`);
  if (value.S === '')
    throw refused(
      `The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
    );
  return value.S;
}
