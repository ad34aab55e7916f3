import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from './protocol.ts';

interface Version {
  id: string;
  text: string;
  /** Seconds since 1970. */
  createdAt: number;
}

interface Secret {
  name: string;
  createdAt: number;
  current?: Version;
  previous?: Version;
}

const secretId = z.string().min(1).max(2048);
const versionId = z.string().min(32).max(64);

const getInput = z.object({
  SecretId: secretId,
  VersionId: versionId.optional(),
  VersionStage: z.string().optional(),
});

const putInput = z.object({
  SecretId: secretId,
  SecretString: z.string(),
  ClientRequestToken: versionId.optional(),
  // Labels of one's own are not kept, so they are refused.
  VersionStages: z.tuple([z.literal('AWSCURRENT')]).optional(),
});

const createInput = z.object({
  Name: z.string().min(1).max(512),
  SecretString: z.string(),
  ClientRequestToken: versionId.optional(),
});

const listInput = z.object({
  MaxResults: z.int().min(1).max(100).default(100),
  // The one filter in use: by how a name begins.
  Filters: z.tuple([z.object({ Key: z.literal('name'), Values: z.tuple([z.string()]) })]).optional(),
  /** Here it is the number of secrets on the pages before. */
  NextToken: z.string().regex(/^\d+$/).optional(),
});

/** The secrets, and the operations on them with AWS's own inputs and outputs. Each is in every region. */
export class SecretStore {
  readonly #secrets = new Map<string, Secret>();

  readonly operations: Record<string, (input: unknown, region: string) => object> = {
    GetSecretValue: (input, region) => this.#get(parse(getInput, input), region),
    CreateSecret: (input, region) => this.#create(parse(createInput, input), region),
    PutSecretValue: (input, region) => this.#put(parse(putInput, input), region),
    ListSecrets: (input, region) => this.#list(parse(listInput, input), region),
  };

  /** Creates a secret, with no value where it is `undefined`, or makes a new version its current one. */
  put(name: string, value: string | undefined, versionId: string = randomUUID()): void {
    const createdAt = Date.now() / 1_000;
    const secret = this.#secrets.get(name) ?? { name, createdAt };
    this.#secrets.set(name, secret);
    if (value === undefined) return;
    if (secret.current) secret.previous = secret.current;
    secret.current = { id: versionId, text: value, createdAt };
  }

  #find(id: string, region: string): Secret {
    for (const secret of this.#secrets.values()) {
      const arn = arnOf(secret.name, region);
      if ([secret.name, arn, arn.slice(0, -7)].includes(id)) return secret;
    }
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }

  #get({ SecretId, VersionId, VersionStage }: z.output<typeof getInput>, region: string): object {
    const secret = this.#find(SecretId, region);
    const label = VersionStage ?? (VersionId === undefined ? 'AWSCURRENT' : undefined);
    const found = staged(secret).find(
      ([stage, { id }]) => stage === (label ?? stage) && id === (VersionId ?? id),
    );
    if (!found)
      throw new AwsError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for ${VersionId ? `VersionId: ${VersionId}` : `staging label: ${label}`}`,
      );
    const [stage, version] = found;
    return {
      ARN: arnOf(secret.name, region),
      Name: secret.name,
      VersionId: version.id,
      SecretString: version.text,
      VersionStages: [stage],
      CreatedDate: version.createdAt,
    };
  }

  #put({ SecretId, SecretString, ClientRequestToken }: z.output<typeof putInput>, region: string): object {
    const secret = this.#find(SecretId, region);
    const same = staged(secret).find(([, { id }]) => id === ClientRequestToken);
    if (same && same[1].text !== SecretString)
      throw new AwsError('ResourceExistsException', 'This version exists and has another value.');
    if (!same) this.put(secret.name, SecretString, ClientRequestToken);
    return {
      ARN: arnOf(secret.name, region),
      Name: secret.name,
      VersionId: (same?.[1] ?? secret.current)?.id,
      VersionStages: [same?.[0] ?? 'AWSCURRENT'],
    };
  }

  #create({ Name, SecretString, ClientRequestToken }: z.output<typeof createInput>, region: string): object {
    if (this.#secrets.has(Name))
      throw new AwsError('ResourceExistsException', 'A secret of this name exists.');
    this.put(Name, SecretString, ClientRequestToken);
    return { ARN: arnOf(Name, region), Name, VersionId: this.#secrets.get(Name)?.current?.id };
  }

  #list({ MaxResults, Filters, NextToken = '0' }: z.output<typeof listInput>, region: string): object {
    const prefix = Filters?.[0].Values[0] ?? '';
    const found = [...this.#secrets.values()].filter(({ name }) => name.startsWith(prefix));
    const end = Number(NextToken) + MaxResults;
    return {
      SecretList: found.slice(Number(NextToken), end).map((secret) => ({
        ARN: arnOf(secret.name, region),
        Name: secret.name,
        CreatedDate: secret.createdAt,
        LastChangedDate: secret.current?.createdAt ?? secret.createdAt,
        SecretVersionsToStages: Object.fromEntries(staged(secret).map(([stage, { id }]) => [id, [stage]])),
      })),
      ...(end < found.length && { NextToken: String(end) }),
    };
  }
}

function staged({ current, previous }: Secret): [stage: string, Version][] {
  const versions: [string, Version][] = [];
  if (current) versions.push(['AWSCURRENT', current]);
  if (previous) versions.push(['AWSPREVIOUS', previous]);
  return versions;
}

// AWS ends each ARN in six characters of its own; here they follow from the name, so that they stay the same.
function arnOf(name: string, region: string): string {
  const suffix = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `arn:aws:secretsmanager:${region}:123456789012:secret:${name}-${suffix}`;
}

function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  // The field's name only: what is in it may be a secret.
  const field = parsed.error.issues[0]?.path.join('.') || 'The body';
  throw new AwsError('InvalidParameterException', `${field} is not valid here.`);
}
