import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { switchboardApp } from './app.ts';

type Context = Record<string, unknown>;
type Template = Record<string, unknown>;

const report = z.object({ pluginReports: z.array(z.object({ violations: z.array(z.unknown()) })) });

/** The stack as `cdk.json` with this context makes it, with handlers that are empty, and what cdk-nag and CDK find. */
export async function synthesize(context: Context): Promise<{ template: Template; findings: unknown[] }> {
  return synthesized(context, true, async (template, outdir) => {
    const text = await readFile(join(outdir, 'validation-report.json'), 'utf8');
    const findings = report.parse(JSON.parse(text)).pluginReports.flatMap(({ violations }) => violations);
    return { template, findings };
  });
}

/** Its template alone: CDK's own check of it takes longer than everything else. */
export async function templateOf(context: Context): Promise<Template> {
  return synthesized(context, false, async (template) => template);
}

async function synthesized<T>(
  context: Context,
  builtinCloudFormationValidation: boolean,
  resultOf: (template: Template, outdir: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-'));
  try {
    const outdir = join(folder, 'cdk.out');
    const app = await switchboardApp(
      join(folder, 'bundles'),
      { outdir, analyticsReporting: false, builtinCloudFormationValidation, context },
      emptyHandler,
    );
    return await resultOf(app.synth().getStackByName('Switchboard').template, outdir);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function emptyHandler(_entryFile: string, outDir: string): Promise<void> {
  await mkdir(outDir, { recursive: true });
  await writeFile(join(outDir, 'index.mjs'), '');
}
