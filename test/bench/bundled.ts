import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { bundle, type Parts, partsOf } from '../../infra/bundle.ts';
import { demo } from '../../infra/local/simulators/atlas.ts';

const root = join(import.meta.dirname, '..', '..');

// The operations that are measured: one that reads and one that changes.
export const listAccessList = 'functions/atlas/list-access-list.ts';
export const toggleSystemAlerts = 'functions/sps/toggle-system-alerts.ts';

/** Bundles an entry file the way it is deployed. */
export async function bundled(entryFile: string): Promise<{ dir: string; parts: Parts }> {
  const dir = join(root, '.bundles', 'bench', basename(entryFile, '.ts'));
  return { dir, parts: partsOf(await bundle(join(root, entryFile), dir)) };
}

/** Bundles an entry file the way esbuild does when it is asked for nothing special. */
export async function bundledPlainly(entryFile: string): Promise<{ dir: string }> {
  const dir = join(root, '.bundles', 'bench', `${basename(entryFile, '.ts')}-plain`);
  await build({
    entryPoints: [join(root, entryFile)],
    outfile: join(dir, 'index.mjs'),
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
  });
  return { dir };
}

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

const isHandlerModule = (module: unknown): module is { handler: Handler } =>
  typeof module === 'object' && module !== null && 'handler' in module;

/** A bundled handler in this process. */
export async function loadHandler(entryFile: string): Promise<Handler> {
  const { dir } = await bundled(entryFile);
  const module: unknown = await import(pathToFileURL(join(dir, 'index.mjs')).href);
  if (!isHandlerModule(module)) throw new Error(`${entryFile} exports no handler.`);
  return module.handler;
}

/** A bundled operation in this process; answers the body of its response. */
export async function loadOperation(entryFile: string): Promise<(event: object) => Promise<string>> {
  const handler = await loadHandler(entryFile);
  return async (event) => {
    const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 28_000 };
    return bodyOf(await handler(event, context));
  };
}

/** The body of an HTTP API response; throws for any but a 200. */
export function bodyOf(response: unknown): string {
  const isResponse = typeof response === 'object' && response !== null && 'body' in response;
  if (isResponse && 'statusCode' in response && response.statusCode === 200) return String(response.body);
  throw new Error(`The handler did not answer 200: ${JSON.stringify(response)}`);
}

/** The HTTP API event that lists the demo account's access list over a connection. */
export const listEvent = (connection: string, query?: Record<string, string>) => ({
  version: '2.0',
  pathParameters: { connection, orgId: demo.orgId, clientId: demo.clientId },
  ...(query && { queryStringParameters: query }),
  requestContext: {},
});

/** The HTTP API event that switches one system alert of the demo appliance on or off for e-mail. */
export const alertEvent = (email: boolean) => ({
  version: '2.0',
  pathParameters: { connection: 'near' },
  body: JSON.stringify({ xcbSwapFull: { email } }),
  requestContext: {},
});
