import type { Call } from './connections.ts';
import type { Effect } from './operation.ts';
import { scopeMissing } from './problems/access.ts';

/** The scopes that let a token do something to a system: to any, or to this one. No effect implies another. */
export const scopesFor = (effect: Effect, system: string): string[] => [
  `switchboard/${effect}`,
  `switchboard/${system}/${effect}`,
];

/** Whether a caller may do something to an operation's system: whoever comes without a token, IAM has let in. */
export function hasScope({ scopes }: Pick<Call, 'scopes'>, effect: Effect, operation: string): boolean {
  return !scopes || wantedFor(effect, operation).some((scope) => scopes.includes(scope));
}

function wantedFor(effect: Effect, operation: string): string[] {
  const [system = ''] = operation.split('.');
  return scopesFor(effect, system);
}

/**
 * Throws a `Problem` where the caller came with a token that may not do this. API Gateway knows the effect of a route
 * only; what one operation does through another is checked here. Whoever comes without a token, IAM has let in.
 */
export function requireScope(call: Pick<Call, 'scopes'>, effect: Effect, operation: string): void {
  if (!hasScope(call, effect, operation)) throw scopeMissing(operation, wantedFor(effect, operation));
}

/**
 * The scopes of a token, from its claims as API Gateway hands them on: `scope`, or `scp` as some issuers have it. A
 * claim that was a list comes as `[one two]`, or as a list.
 */
export const scopesIn = ({ scope, scp }: { scope?: unknown; scp?: unknown }): string[] =>
  [scope, scp]
    .flat()
    .flatMap((claim) => (typeof claim === 'string' ? claim.replace(/^\[(.*)\]$/s, '$1').split(/\s+/) : []))
    .filter(Boolean);
