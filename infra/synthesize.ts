import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { switchboardApp } from './app.ts';

const report = z.object({ pluginReports: z.array(z.object({ violations: z.array(z.unknown()) })) });

/** The stack as `cdk.json` with this context makes it, with handlers that are empty, and what cdk-nag finds. */
export async function synthesize(
  context: Record<string, unknown>,
): Promise<{ template: Record<string, unknown>; findings: unknown[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-'));
  try {
    const outdir = join(folder, 'cdk.out');
    const app = await switchboardApp(
      join(folder, 'bundles'),
      { outdir, analyticsReporting: false, context },
      emptyHandler,
    );
    const { template } = app.synth().getStackByName('Switchboard');
    const text = await readFile(join(outdir, 'validation-report.json'), 'utf8');
    const findings = report.parse(JSON.parse(text)).pluginReports.flatMap(({ violations }) => violations);
    return { template, findings };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function emptyHandler(_entryFile: string, outDir: string): Promise<void> {
  await mkdir(outDir, { recursive: true });
  await writeFile(join(outDir, 'index.mjs'), '');
}
