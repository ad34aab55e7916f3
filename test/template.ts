import { Template } from 'aws-cdk-lib/assertions';
import * as stack from '../infra/synthesize.ts';

/** The stack as `cdk.json` with this context makes it, with handlers that are empty, and what cdk-nag finds. */
export async function synthesize(
  context: Record<string, unknown> = {},
): Promise<{ template: Template; findings: unknown[] }> {
  const { template, findings } = await stack.synthesize(context);
  return { template: Template.fromJSON(template), findings };
}

/** Its template alone, which is there sooner. */
export async function templateOf(context: Record<string, unknown> = {}): Promise<Template> {
  return Template.fromJSON(await stack.templateOf(context));
}
