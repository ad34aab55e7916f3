import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { basename, join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { operationFiles } from './operations.ts';

const root = join(import.meta.dirname, '..');

/** Bytes of a bundle by where they come from: an npm package, `switchboard` for our own files, `esbuild` for glue. */
export type Parts = Record<string, number>;

/**
 * Bundles a handler into `outDir/index.mjs`, as Lambda runs it, with what it loads later in files beside it, and
 * answers esbuild's account of it. The stack, the
 * end-to-end tests and the benchmarks all run this very bundle. The source map lies beside `outDir`, not in it: Lambda
 * neither stores nor loads it.
 */
export async function bundle(entryFile: string, outDir: string): Promise<Metafile> {
  const { outputFiles, metafile } = await build({
    entryPoints: [entryFile],
    outdir: outDir,
    entryNames: 'index',
    outExtension: { '.js': '.mjs' },
    // What is loaded with import() stays apart, so that a start does not read it.
    splitting: true,
    absWorkingDir: root,
    write: false,
    bundle: true,
    minify: true,
    sourcemap: 'external',
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // The ES module builds of the AWS SDK can be cut down to what is used; its CommonJS builds cannot.
    mainFields: ['module', 'main'],
    // undici's own word for "bundled": it leaves out Milo, the experimental parser beside llhttp.
    define: { esbuildDetection: 'true' },
    legalComments: 'none',
    // The first that has an answer for a file gives it.
    plugins: [packagesCutDown, builtinsWithoutFacade, zodInterpreting, zodCompilerApart, allOperations],
    metafile: true,
  });
  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  for (const { path, contents } of outputFiles) {
    const name = basename(path);
    await writeFile(name.endsWith('.map') ? `${outDir}.${name}` : join(outDir, name), contents);
  }
  return metafile;
}

/** The size of a bundle by part, largest first. The parts add up to the whole. */
export function partsOf({ outputs }: Metafile): Parts {
  const parts: Parts = {};
  for (const [file, { bytes, inputs }] of Object.entries(outputs)) {
    if (file.endsWith('.map')) continue;
    let glue = bytes;
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      if (path.startsWith(builtin)) continue;
      const part = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? 'switchboard';
      parts[part] = (parts[part] ?? 0) + bytesInOutput;
      glue -= bytesInOutput;
    }
    parts['esbuild'] = (parts['esbuild'] ?? 0) + glue;
  }
  return Object.fromEntries(Object.entries(parts).toSorted(([, a], [, b]) => b - a));
}

const builtin = 'builtin';

/**
 * Gives Node's own modules out as they are. An `import` of one builds a module around it and reads every one of its
 * exports for that, lazy ones too: `node:http` then loads fetch, WebSocket and HTTP/2, `node:fs` its promises and
 * readline. That is 15 ms of the 65 that test/bench's bare `node:http` handler starts in. It also gives undici's
 * `require` what it asks for.
 */
const builtinsWithoutFacade: Plugin = {
  name: 'builtins-without-facade',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z]/ }, ({ path, kind, importer }) => {
      if (!isBuiltin(path)) return undefined;
      // What is loaded later may as well come as it does: in the bundle, each would be a file more to read at start.
      if (kind === 'dynamic-import') return { path, external: true };
      const name = path.replace(/^node:/, '');
      const isUndicis = importer.includes('/undici/') && ['assert', 'http'].includes(name);
      return { path: isUndicis ? `${name} of undici` : name, namespace: builtin };
    });
    onLoad({ filter: /.*/, namespace: builtin }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('node:${path}');`,
    }));
  },
};

const leftOut = (what: string) =>
  `throw new Error('${what} is left out of this bundle: infra/bundle.ts says why');`;

/** Files of packages that a handler in Lambda needs less of, with what stands in for them. */
const standIns: { file: RegExp; contents: string }[] = [
  {
    // Of undici, a pool: whole it is 0.7 MB and loads fetch, WebSocket, caches and mocks at start.
    file: /\/undici\/index\.js$/,
    contents: `
      exports.Pool = require('./lib/dispatcher/pool');
      exports.buildConnector = require('./lib/core/connect');`,
  },
  {
    // undici asserts its own states with it. Node's module, for its coloured differences, opens stderr at start.
    file: /^assert of undici$/,
    contents: `
      module.exports = (holds, message = 'undici met a state that it rules out') => {
        if (!holds) throw message instanceof Error ? message : new Error(message);
      };`,
  },
  {
    // undici reads these two off it. Node's HTTP client and server would be loaded for nothing else.
    file: /^http of undici$/,
    contents: `module.exports = { maxHeaderSize: 16 * 1024, IncomingMessage: class {} };`,
  },
  {
    // Never called where `allowH2` is false.
    file: /\/undici\/lib\/dispatcher\/client-h2\.js$/,
    contents: `module.exports = () => { ${leftOut('HTTP/2')} };`,
  },
  {
    // Only read for a request body that is a FormData; ours are text.
    file: /\/undici\/lib\/web\/.*\.js$/,
    contents: leftOut('FormData'),
  },
  {
    // Every CPU that Lambda has runs the parser's SIMD build.
    file: /\/undici\/lib\/llhttp\/llhttp-wasm\.js$/,
    contents: leftOut('the HTTP parser without SIMD'),
  },
  {
    // Lambda hands its role's credentials over in the environment. The SDK's other sources of them (SSO, STS, files,
    // processes, instance metadata) come with clients of their own.
    file: /\/@aws-sdk\/credential-provider-node\/dist-es\/index\.js$/,
    contents: `export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';`,
  },
  {
    // Lambda has no ~/.aws: the SDK would read two files that are not there, once for each setting left open.
    file: /\/@smithy\/core\/.*\/loadSharedConfigFiles\.js$/,
    contents: `
      export const CONFIG_PREFIX_SEPARATOR = '.';
      export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });`,
  },
  {
    // lib/aws-transport.ts stands in its place.
    file: /\/@smithy\/node-http-handler\/dist-es\/index\.js$/,
    contents: `
      export const NodeHttpHandler = { create: (handler) => handler };
      export const streamCollector = () => { ${leftOut('the HTTP client of the AWS SDK')} };`,
  },
  {
    // Reads a browser's name for the user agent, and is loaded in browsers only.
    file: /\/bowser\/bowser\.mjs$/,
    contents: leftOut('bowser'),
  },
  {
    // Nothing that is asked of AWS streams. Kept, it would also keep its dependencies from being cut down.
    file: /\/@smithy\/core\/.*\/event-streams\/index\.js$/,
    contents: `
      export const resolveEventStreamSerdeConfig = (config) => config;
      export const eventStreamSerdeProvider = () => undefined;
      export class EventStreamSerde { constructor() { ${leftOut('event streams')} } }`,
  },
];

const packagesCutDown: Plugin = {
  name: 'packages-cut-down',
  setup({ onLoad }) {
    for (const { file, contents } of standIns) onLoad({ filter: file }, () => ({ contents }));
  },
};

/**
 * Has zod interpret schemas. It would otherwise find out at start whether it may generate code, and generate some at the
 * first check of each object: lib/compiled.ts has it do so later, and better. In the file of the setting itself, because
 * that is there before any schema is made.
 */
const zodInterpreting: Plugin = {
  name: 'zod-interpreting',
  setup({ onLoad }) {
    onLoad({ filter: /\/zod\/v4\/core\/core\.js$/ }, async ({ path }) => ({
      contents: `${await readFile(path, 'utf8')}\nglobalConfig.jitless = true;`,
    }));
  },
};

/**
 * Keeps zod's compiler out of what is read at start: esbuild would put it there, because the file that gathers all of
 * zod is and mentions it. lib/compiler.ts, which is loaded when it is wanted, gets it from its own file.
 */
const zodCompilerApart: Plugin = {
  name: 'zod-compiler-apart',
  setup({ onResolve, onLoad }) {
    const namespace = 'left-out';
    onResolve({ filter: /^\.\/compile\.js$/ }, ({ path, importer }) =>
      importer.endsWith('/zod/v4/core/index.js') ? { path, namespace } : undefined,
    );
    const names = ['compile', 'withParser', 'INVALID', 'ZodCompileAsyncError', 'ZodCompileUnsupportedError'];
    onLoad({ filter: /.*/, namespace }, () => ({
      contents: names.map((name) => `export function ${name}() { ${leftOut(name)} }`).join(''),
    }));
    onResolve({ filter: /^zod$/ }, ({ importer, resolveDir }) =>
      importer.endsWith('/lib/compiler.ts')
        ? { path: join(resolveDir, '..', 'node_modules', 'zod', 'v4', 'core', 'compile.js') }
        : undefined,
    );
  },
};

/** What `import { operations } from 'switchboard:operations'` brings: every operation there is, by its file. */
const allOperations: Plugin = {
  name: 'all-operations',
  setup({ onResolve, onLoad }) {
    const namespace = 'switchboard';
    onResolve({ filter: /^switchboard:operations$/ }, ({ path }) => ({ path, namespace }));
    onLoad({ filter: /.*/, namespace }, () => {
      const files = operationFiles();
      const imports = files.map(
        (file, index) => `import { operation as operation${index} } from ${JSON.stringify(`./${file}`)};`,
      );
      const names = files.map((_, index) => `operation${index}`);
      const contents = [...imports, `export const operations = [${names.join(', ')}];`].join('\n');
      return { contents, resolveDir: join(import.meta.dirname, '..') };
    });
  },
};
