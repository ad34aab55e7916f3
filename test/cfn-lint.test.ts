import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import * as z from 'zod';
import { templateOf } from '../infra/synthesize.ts';
import { cfnLint, toolMissing } from './python-tools.ts';

const run = promisify(execFile);
const cfnLintMissing = await toolMissing(cfnLint);
const readme = await readFile(join(import.meta.dirname, '..', 'README.md'), 'utf8');

const context = z.object({ context: z.record(z.string(), z.unknown()) });

/** What the README's examples put into the context, each as it is there, with ids in the place of dots. */
const examples = [...readme.matchAll(/^```json\n(.*?)^```/gms)].flatMap(([, text = '']) => {
  const data = context.safeParse(JSON.parse(text.replaceAll(/[\da-f]*…/g, '0'.repeat(24)))).data;
  return data ? [data.context] : [];
});

const contexts: Record<string, unknown>[] = [
  {},
  // All at once.
  Object.assign({ kmsKey: 'new', audit: { table: true }, alarms: {} }, ...examples),
  ...examples,
  // What it describes in a sentence.
  { audit: { table: true } },
  { kmsKey: 'new' },
  { kmsKey: 'arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000000' },
  { reservedConcurrency: 'false' },
  { alarms: {} },
];

/** What cfn-lint is not asked for, and why. */
const leftOut = {
  W3005: 'CDK has a function depend on its role by name as well, which does no harm.',
};

const template = z.looseObject({ Resources: z.record(z.string(), z.unknown()) });

/**
 * A template cut down to the resources that were in none before, and to what they refer to: the rest has been looked at.
 * The first is whole.
 */
function newIn({ Resources, ...rest }: z.output<typeof template>, seen: Set<string>) {
  const textOf = (name: string) => `${name} ${JSON.stringify(Resources[name])}`;
  const names = Object.keys(Resources);
  const kept = new Set(names.filter((name) => !seen.has(textOf(name))));
  const isWhole = seen.size === 0;
  for (const name of names) seen.add(textOf(name));
  if (isWhole) return { ...rest, Resources };
  for (const name of kept)
    for (const [, quoted = ''] of JSON.stringify(Resources[name]).matchAll(/["{]([A-Za-z\d]+)[.}"]/g))
      if (Object.hasOwn(Resources, quoted)) kept.add(quoted);
  const { Outputs: _outputs, ...others } = rest;
  return { ...others, Resources: Object.fromEntries([...kept].map((name) => [name, Resources[name]])) };
}

const finding = z.object({
  Rule: z.object({ Id: z.string() }),
  Level: z.string(),
  Message: z.string(),
  Filename: z.string(),
  Location: z.object({ Path: z.array(z.union([z.string(), z.number()])).nullish() }),
});

test('CI has cfn-lint', () => {
  if (process.env['CI']) assert.equal(cfnLintMissing, undefined);
});

describe('cfn-lint', { skip: cfnLintMissing ?? false }, () => {
  test('finds nothing in the stack, in any context that the README describes', async (t) => {
    assert.ok(examples.length >= 5, 'the README has examples');
    const folder = await mkdtemp(join(tmpdir(), 'switchboard-'));
    t.after(() => rm(folder, { recursive: true }));
    const files: string[] = [];
    const seen = new Set<string>();
    for (const one of contexts) {
      const cut = newIn(template.parse(await templateOf(one)), seen);
      if (Object.keys(cut.Resources).length === 0) continue;
      const file = join(folder, `${contexts.indexOf(one)}.json`);
      await writeFile(file, JSON.stringify(cut));
      files.push(file);
    }
    const ignored = Object.keys(leftOut).flatMap((rule) => ['--ignore-checks', rule]);
    const { stdout } = await run('cfn-lint', ['--format', 'json', ...ignored, '--', ...files], {
      maxBuffer: 64e6,
    }).catch((error: unknown) => z.object({ stdout: z.string() }).parse(error));
    const findings = z.array(finding).parse(JSON.parse(stdout));
    assert.deepEqual(
      findings.map(({ Rule, Level, Message, Filename, Location }) => {
        const [index = ''] = /\d+(?=\.json$)/.exec(Filename) ?? [];
        const where = `${Location.Path?.join('/')} with ${JSON.stringify(contexts[Number(index)])}`;
        return `${Level} ${Rule.Id} ${Message} at ${where}`;
      }),
      [],
    );
  });
});
