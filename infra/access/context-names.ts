import type { Node } from 'constructs';
import * as z from 'zod';
import { hint } from '../../lib/field-errors.ts';
import { ContextError, contextValue } from './context-value.ts';

const names = ['schedules', 'auth', 'kmsKey', 'vpc', 'connections', 'audit', 'alarms', 'reservedConcurrency'];

/** What CDK and its command line know: `aws:…`, `@aws-cdk/…`, `vpc-provider:…` and the like. */
const isOfCdk = (name: string): boolean =>
  /[:/@]/.test(name) || ['cli-telemetry', 'acknowledged-issue-numbers'].includes(name);

/** Throws where the context has a name that nothing reads: what was meant, encryption for one, would be missing. */
export function checkContextNames(node: Node): void {
  const unknown = Object.keys(node.getAllContext()).filter((name) => !names.includes(name) && !isOfCdk(name));
  if (unknown.length > 0)
    throw new ContextError(
      `cdk.json cannot be used:\n${unknown.map((name) => `  ${name} is not known here${hint(name, names)}`).join('\n')}`,
    );
  contextValue('reservedConcurrency', reserved, node.tryGetContext('reservedConcurrency'));
}

// From the command line it comes as text.
const reserved = z
  .unknown()
  .refine((value) => ['undefined', 'true', 'false'].includes(String(value)), 'must be true or false');
