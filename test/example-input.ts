import { demoExamples } from '../infra/local/demo.ts';
import { bodyExample } from '../infra/operations.ts';
import type { Operation } from '../lib/operation.ts';

/** The input that an operation's own examples and the demo's ids make, confirmed where it has to be. */
export function exampleInput(operation: Operation): Record<string, unknown> {
  const { input, http, system, confirms } = operation;
  const ids: Record<string, unknown> = {
    ...Object.entries(demoExamples).find(([name]) => name === system.name)?.[1],
  };
  const example = bodyExample(operation);
  const filled = Object.fromEntries(Object.entries(ids).filter(([name]) => name in input.shape));
  if (typeof http.body === 'string') filled[http.body] = example;
  else Object.assign(filled, example);
  if (confirms !== undefined) filled['confirm'] = filled[confirms];
  return filled;
}
