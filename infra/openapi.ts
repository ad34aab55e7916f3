import * as z from 'zod';
import { connectionName } from '../lib/arguments/shared.ts';
import type { Operation } from '../lib/operation.ts';
import { problemDetails } from '../lib/problems/problem-details.ts';
import manifest from '../package.json' with { type: 'json' };
import { bodyExample, pathParameters } from './operations.ts';

const problemStatuses: Record<number, string> = {
  400: 'The input is wrong; `errors` names each bad field.',
  403: 'The caller may not do this. Where API Gateway itself says so, its body has a `message` and nothing else.',
  404: 'There is no such connection, or the upstream has nothing under this path.',
  413: 'The body is larger than anything that an operation takes.',
  429: 'The upstream limits how often this may be asked.',
  500: 'The connection cannot be used as it is stored, or Switchboard has a defect.',
  502: 'The upstream refused our credentials, could not be reached, or answered something unexpected.',
  503: 'Secrets Manager or the upstream is unavailable for the moment.',
  504: 'The time ran out.',
};

const changeStatuses: Record<number, string> = {
  409: 'The state has moved; where a digest was given, `preview` shows what the change would do now.',
  423: 'Somebody else holds the lock on the configuration.',
  428: 'What cannot be undone was not confirmed; `preview` shows what it would do.',
};

/** Values for arguments, by system and then by the argument's name. */
export type Examples = Record<string, Record<string, string>>;

/** The OpenAPI 3.1 description of the HTTP API, derived from the operations. */
export function openApi(operations: Operation[], examples: Examples = {}) {
  const paths: Record<string, Record<string, ReturnType<typeof describe>>> = {};
  for (const operation of operations) {
    const { method, path } = operation.http;
    paths[path] = {
      ...paths[path],
      [method.toLowerCase()]: describe(operation, examples[operation.system.name] ?? {}),
    };
  }
  const systems = new Map(operations.map(({ system }) => [system.name, system]));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Switchboard',
      version: manifest.version,
      summary: manifest.description,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [...systems.values()].map(({ name, title }) => ({ name, description: title })),
    security: [{ sigv4: [] }],
    paths,
    components: {
      schemas: { Problem: jsonSchema(problemDetails, 'output') },
      securitySchemes: {
        sigv4: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description:
            'AWS Signature Version 4 (service execute-api). On a laptop only asked for with `--sigv4`.',
          'x-amazon-apigateway-authtype': 'awsSigv4',
        },
      },
    },
  };
}

function describe(operation: Operation, examples: Record<string, string>) {
  const { name, system, summary, description, role, impact, effect, http, input, output } = operation;
  const inPath = pathParameters(http.path);
  const inBody = [http.body ?? []].flat();
  const fields: Record<string, z.core.$ZodType> = {
    ...(system.secret && { connection: connectionName }),
    ...input.shape,
  };
  const parameters = Object.entries(fields)
    .filter(([field]) => !inBody.includes(field))
    .map(([field, schema]) => {
      const { description: about, ...rest } = jsonSchema(schema, 'input');
      return {
        name: field,
        in: inPath.includes(field) ? 'path' : 'query',
        required: inPath.includes(field) || !z.safeParse(schema, undefined).success,
        ...(about !== undefined && { description: about }),
        ...(examples[field] !== undefined && { example: examples[field] }),
        schema: rest,
      };
    });
  const answer = jsonSchema(output, 'output');
  return {
    operationId: name,
    tags: [system.name],
    ...(http.isPublic && { security: [] }),
    summary,
    description: [
      description,
      `Effect: **${effect}**.${system.secret ? ` The connection needs the ${system.title} role **${role}**.` : ''} When it fails: ${impact}`,
    ].join('\n\n'),
    ...(http.body && { requestBody: requestBody(operation) }),
    parameters: parameters.toSorted((a, b) => Number(a.in === 'query') - Number(b.in === 'query')),
    responses: {
      [http.status ?? 200]: {
        description: http.status === 202 ? 'Begun.' : 'Done.',
        content: { 'application/json': { schema: 'envelope' in input.shape ? enveloped(answer) : answer } },
      },
      ...Object.fromEntries(
        Object.entries({ ...problemStatuses, ...(effect !== 'read' && changeStatuses) }).map(
          ([status, what]) => [
            status,
            {
              description: what,
              content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
            },
          ],
        ),
      ),
    },
  };
}

function requestBody(operation: Operation) {
  const { http, input } = operation;
  const members = [http.body ?? []].flat().map((field) => [field, input.shape[field]] as const);
  const [[, whole] = []] = members;
  const schema =
    typeof http.body === 'string' ? whole : z.strictObject(Object.fromEntries(members.filter(isPresent)));
  const { examples: _examples, ...body } = schema ? jsonSchema(schema, 'input') : {};
  return {
    required: true,
    content: { 'application/json': { schema: body, example: bodyExample(operation) } },
  };
}

const isPresent = (
  member: readonly [string, z.core.$ZodType | undefined],
): member is readonly [string, z.core.$ZodType] => member[1] !== undefined;

function jsonSchema(schema: z.core.$ZodType, io: 'input' | 'output'): z.core.JSONSchema.BaseSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

/** The answer with what `envelope=true` adds: a list gets a status, anything else is wrapped. */
function enveloped(answer: z.core.JSONSchema.BaseSchema): z.core.JSONSchema.BaseSchema {
  const status = { type: 'integer', description: 'The HTTP status, with envelope=true.' } as const;
  return answer.properties?.['results'] === undefined
    ? {
        anyOf: [
          answer,
          { type: 'object', required: ['status', 'content'], properties: { status, content: answer } },
        ],
      }
    : { ...answer, properties: { ...answer.properties, status } };
}
