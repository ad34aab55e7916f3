/** The name of an operation's Lambda function. */
export const functionNameOf = (operation: string): string => `switchboard-${operation.replace('.', '-')}`;
