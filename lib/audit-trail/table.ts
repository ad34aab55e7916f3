import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { AwsTransport } from '../aws-transport.ts';
import { type AuditRecord, stateJson } from './record.ts';

const client = new DynamoDBClient({ requestHandler: new AwsTransport() });

/** Adds a record to a table, never in the place of another one: a record that came before is there already. */
export async function keep(table: string, record: AuditRecord): Promise<void> {
  try {
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: itemOf(record),
        ConditionExpression: 'attribute_not_exists(auditId)',
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

/** Intent and outcome are an item each. `target` is what the change was made to: `sps/dc1`. */
function itemOf({
  before,
  after,
  durationMs,
  actorProven,
  putsBack,
  ...texts
}: AuditRecord): Record<string, AttributeValue> {
  const [system] = texts.operation.split('.');
  const attributes = {
    ...texts,
    target: `${system}/${texts.connection}`,
    ...(actorProven !== undefined && { actorProven: String(actorProven) }),
    ...(putsBack && { putsBack: JSON.stringify(putsBack) }),
    ...(before !== undefined && { before: stateJson(before) }),
    ...(after !== undefined && { after: stateJson(after) }),
  };
  return {
    // No index takes an empty text, and what is empty tells nothing.
    ...Object.fromEntries(
      Object.entries(attributes).flatMap(([name, text]) => (text ? [[name, { S: text }]] : [])),
    ),
    ...(durationMs !== undefined && { durationMs: { N: String(durationMs) } }),
  };
}
