/** The name of an operation's Lambda function. */
export const functionNameOf = (operation: string): string => `switchboard-${operation.replace('.', '-')}`;

/** The operation whose function has this name; `undefined` where it is none's. */
export function operationOf(functionName: string): string | undefined {
  const [, system, verbNoun] = /^switchboard-([^-]+)-([^-]+)$/.exec(functionName) ?? [];
  return system && verbNoun && `${system}.${verbNoun}`;
}
